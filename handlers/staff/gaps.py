"""Gaps of the FAQ: what residents asked and no answer settled, grouped by meaning, so that the next entry is the one most needed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from faq.gaps import gathered, spoken
from faq.knowledge import Knowledge
from faq.language import detect
from handlers.asked import ask
from handlers.decision import Action
from handlers.desk import Desk
from handlers.policy import Policy
from handlers.privacy import mask
from handlers.staff.rights import communities_of, require, worker_of
from storage import questions
from storage.questions import Unsettled
from storage.tickets import Reason
from storage.workers import Role

#: How far back is looked, and how many gaps are told at most.
WITHIN: Final = timedelta(days=90)
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Told:
    """One question of a gap, with nothing in it by which a person is known. `reason`: why it became a ticket."""

    ticket: int
    text: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """What several residents asked for, the most typical question first. `entry`: the nearest entry, or the one that did not help.

    `answered`: an entry that answers the typical question by now; then nothing is missing any more.
    """

    told: tuple[Told, ...]
    residents: int
    languages: tuple[str, ...]
    entry: str | None
    answered: str | None

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.told)

    @property
    def unhelpful(self) -> int:
        """How often an answer was given and did not help."""
        return sum(one.reason == Reason.unhelpful for one in self.told)

    @property
    def last_at(self) -> datetime:
        """When it was asked last."""
        return max(one.at for one in self.told)


async def gaps(desk: Desk, worker_id: int | None, *, within: timedelta = WITHIN, most: int = MOST) -> list[Gap]:
    """The gaps that stand open, the largest first. Raises `NotAllowed` for who is no supervisor or admin; None is the operator."""
    since = desk.now() - within
    async with desk.storage.reading() as tx:
        communities = None
        if worker_id is not None:
            worker = await worker_of(tx, worker_id)
            require(worker, Role.supervisor, Role.admin)
            communities = await communities_of(tx, worker)
        found = [one for one in await questions.unsettled(tx, since, communities=communities) if not _outage(one)]
    return await asyncio.to_thread(_gaps, desk.faq, desk.policy, found, most)


def _outage(one: Unsettled) -> bool:
    """A message without any candidate: not the FAQ was wanting then but the matcher."""
    return one.reason is Reason.unmatched and one.choice is None and not one.nearest


def _gaps(faq: Knowledge, policy: Policy, found: Sequence[Unsettled], most: int) -> list[Gap]:
    rows, by_meaning = faq.vectors([one.question[: policy.read_characters] for one in found])
    made = []
    for places in gathered(rows, by_meaning=by_meaning):
        gap = _gap(faq, policy, [found[place] for place in places])
        if gap.answered is None:
            made.append(gap)
        if len(made) == most:
            break
    return made


def _gap(faq: Knowledge, policy: Policy, asked: Sequence[Unsettled]) -> Gap:
    typical = asked[0]
    disliked = [one.shown for one in asked if one.shown is not None]
    decision = ask(faq, policy, typical.question).decision
    answered = decision.entries[0] if decision.action is Action.answer and typical.reason is not Reason.unhelpful else None
    nearest = max(disliked, key=disliked.count) if disliked else decision.candidates[0].entry if decision.candidates else None
    return Gap(
        told=tuple(Told(one.number, mask(one.question), one.reason, one.opened_at) for one in asked),
        residents=len({one.resident_id for one in asked}),
        languages=spoken([detect(one.question).code for one in asked]),
        entry=nearest,
        answered=answered,
    )
