"""What Linli would do with a text, without doing it: the same reading and the same decision as in a private chat."""

from dataclasses import dataclass

from faq.knowledge import Knowledge
from faq.reading import Context, Reading
from handlers.decision import Decision, decide
from handlers.desk import thresholds
from handlers.policy import Policy


@dataclass(frozen=True, slots=True)
class Asked:
    """How a text was read and what would be done about it."""

    reading: Reading
    decision: Decision


def ask(faq: Knowledge, policy: Policy, text: str, context: Context = Context()) -> Asked:  # noqa: B008 - a frozen value
    """Read a text and decide about it. Nothing is kept and nobody is told."""
    reading = faq.read(text[: policy.read_characters], context)
    return Asked(reading, decide(reading, thresholds(faq, policy), tuple(faq.catalogue.entries)))
