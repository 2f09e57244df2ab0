"""What a use-case may use: knowledge, memory, numbers and a clock, handed to it as its first argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from faq.knowledge import Knowledge
from handlers.decision import Thresholds
from handlers.order import Order
from handlers.policy import Policy
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
    #: Where people open our pages, without a slash at the end; empty where none are served.
    url: str = ""

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
