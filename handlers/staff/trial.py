"""A changed FAQ tried on what residents really asked: who gets another answer, who gets one at last, who gets none any more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from faq.knowledge import Knowledge
from handlers.asked import ask
from handlers.desk import Desk
from handlers.policy import Policy
from handlers.privacy import mask
from storage import questions


class Effect(StrEnum):
    """What a change does to a question: another entry answers it, one does at last, none does any more, the words of its answer are others."""

    other = "other"
    gained = "gained"
    lost = "lost"
    reworded = "reworded"


@dataclass(frozen=True, slots=True)
class Tried:
    """A question with the entry (None: no answer) and probability before and after; `effect` is None where nothing changes."""

    text: str
    before: str | None
    after: str | None
    sure_before: float
    sure_after: float
    effect: Effect | None


async def last_questions(desk: Desk, limit: int) -> Sequence[str]:
    """The last questions of residents, newest first. Nothing is written."""
    async with desk.storage.reading() as tx:
        return await questions.last(tx, limit)


def compare(before: Knowledge, after: Knowledge, policy: Policy, texts: Sequence[str]) -> Iterator[Tried]:
    """Question after question, asked of both; numbers of persons are masked in what is told."""
    for text in texts:
        old, new = (ask(faq, policy, text).decision for faq in (before, after))
        was, now = (next(iter(decision.entries), None) for decision in (old, new))
        yield Tried(mask(text), was, now, old.confidence, new.confidence, _effect(before, after, was, now))


def _effect(before: Knowledge, after: Knowledge, was: str | None, now: str | None) -> Effect | None:
    if was != now:
        return Effect.gained if was is None else Effect.lost if now is None else Effect.other
    if now is None:
        return None
    old, new = before.entry(now), after.entry(now)
    same = old is not None and new is not None and (old.answers, old.titles) == (new.answers, new.titles)
    return None if same else Effect.reworded
