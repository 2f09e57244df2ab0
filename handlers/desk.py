"""What a use-case may use: knowledge, memory, numbers and a clock, handed to it as its first argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from faq.knowledge import Knowledge
from handlers.decision import Thresholds
from handlers.order import Order
from handlers.policy import Policy
from handlers.translator import NoTranslator, Translator
from storage.database import Storage


def utc_now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything behind the counter. Frozen: what changes while Linli runs (the FAQ, the rows) changes inside its parts."""

    faq: Knowledge
    storage: Storage
    policy: Policy = field(default_factory=Policy)
    now: Callable[[], datetime] = utc_now
    order: Order = field(default_factory=Order)
    #: Off unless an operator sets one up.
    translator: Translator = field(default_factory=NoTranslator)
    #: Addresses where a worker is paged who has none of their own, such as a group robot's; they may hold secrets.
    notify: tuple[str, ...] = field(default=(), repr=False)
    #: Where anybody can open our pages, without a slash at the end; empty where only people of some channels can.
    url: str = ""
    #: By channel: where its people have our pages open anyway.
    page_urls: Mapping[str, str] = field(default_factory=dict)

    def link(self, channel: str, path: str) -> str:
        """The address of one of our pages for somebody on that channel; empty where they cannot open it."""
        url = self.page_urls.get(channel) or self.url
        return f"{url}{path}" if url else ""

    @property
    def thresholds(self) -> Thresholds:
        """From where on Linli answers and suggests: the policy's own figures, else those that the calibration proposes."""
        return thresholds(self.faq, self.policy)


def thresholds(faq: Knowledge, policy: Policy) -> Thresholds:
    """The policy's own thresholds, else those that the calibration of the matcher proposes."""
    proposed = faq.thresholds
    return Thresholds(
        answer=proposed.answer if policy.answer_at is None else policy.answer_at,
        suggest=proposed.suggest if policy.suggest_at is None else policy.suggest_at,
    )
