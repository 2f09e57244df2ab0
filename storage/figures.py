"""Figures over a time: tickets by what became of them, answers of the bot by whether they helped; each in cells that can be added up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, SQLColumnExpression, and_, case, cast, func, or_, select, text, true

from storage.conversations import Conversation, Utterance
from storage.people import Resident
from storage.tickets import QueueRow, Reason, Status, Ticket, rows_of, within
from storage.transaction import Transaction

#: Weeks begin on Monday at midnight in China, and are numbered from the one of 5 January 1970.
_FIRST_MONDAY = datetime(1970, 1, 4, 16, tzinfo=UTC)
_WEEK_S = 7 * 24 * 3600
#: Tickets with these outcomes were no question of their own.
NOT_COUNTED = ("merged", "spam")
#: Grouped by the first four columns, by their places: PostgreSQL takes expressions with parameters for different ones.
_COLUMNS = tuple(text(place) for place in "1234")


class Measure(StrEnum):
    """What is counted of the tickets that were opened in a time.

    `answered`: a person has answered; `answered_in_time`, `closed_in_time`: within the standard; `unhelpful`: opened because an answer of
    the bot did not help; `rated_well`: 4 or 5 of 5.
    """

    opened = "opened"
    open = "open"
    urgent = "urgent"
    unhelpful = "unhelpful"
    unmatched = "unmatched"
    answered = "answered"
    answered_in_time = "answered_in_time"
    within_hour = "within_hour"
    within_4_hours = "within_4_hours"
    within_day = "within_day"
    closed = "closed"
    closed_in_time = "closed_in_time"
    rated = "rated"
    rated_well = "rated_well"


class Said(StrEnum):
    """What is counted of the bot's answers: given, confirmed as helpful, told to be wrong."""

    answers = "answers"
    helped = "helped"
    wrong = "wrong"


@dataclass(frozen=True, slots=True)
class Cell:
    """Counts of what lies in one week, community, topic (of answers: entry) and language."""

    week: int
    community: str | None
    topic: str | None
    language: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Narrow:
    """Only what lies in these; `...` stands for any, None for what has no community or topic."""

    week: int | None = None
    community: Any = field(default=...)
    topic: Any = field(default=...)
    language: str | None = None


def week_of(at: datetime) -> int:
    """The number of the week of a moment."""
    return int((at - _FIRST_MONDAY).total_seconds() // _WEEK_S)


def week_begins(week: int) -> datetime:
    """The moment at which a week begins, in UTC."""
    return _FIRST_MONDAY + timedelta(seconds=week * _WEEK_S)


async def of_tickets(tx: Transaction, since: datetime, until: datetime, *, communities: Collection[str] | None) -> list[Cell]:
    """Counts of the tickets opened from `since` and before `until`."""
    week, language = _week(tx, Ticket.opened_at), _language(Ticket.locale)
    by = (week, Ticket.community_id, Ticket.topic, language)
    sums = [func.sum(case((condition, 1), else_=0)) for condition in _conditions(tx).values()]
    query = select(*by, *sums).where(*_opened(since, until), *within(communities)).group_by(*_COLUMNS)
    names = list(Measure)
    return [
        Cell(row[0], row[1], row[2], row[3], {name: int(count or 0) for name, count in zip(names, row[4:], strict=True)})
        for row in (await tx.session.execute(query)).all()
    ]


async def of_answers(tx: Transaction, since: datetime, until: datetime, *, communities: Collection[str] | None) -> list[Cell]:
    """Counts of the bot's answers in that time; `topic` is the id of the entry."""
    week, language = _week(tx, Utterance.at), _language(Utterance.locale)
    by = (week, Resident.community_id, Utterance.entry_id, language)
    helped = func.sum(case((Utterance.feedback == 1, 1), else_=0))
    wrong = func.sum(case((Utterance.feedback == -1, 1), else_=0))
    query = (
        select(*by, func.count(), helped, wrong)
        .join(Conversation, Conversation.id == Utterance.conversation_id)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(text("utterances.kind = 'answer'"), Utterance.at >= since, Utterance.at < until, Utterance.entry_id.is_not(None))
        .group_by(*_COLUMNS)
    )
    if communities is not None:
        query = query.where(or_(Resident.community_id.in_(sorted(communities)), Resident.community_id.is_(None)))
    return [
        Cell(row[0], row[1], row[2], row[3], dict(zip(map(str, Said), (int(count) for count in row[4:]), strict=True)))
        for row in (await tx.session.execute(query)).all()
    ]


async def median_first_answer(
    tx: Transaction, since: datetime, until: datetime, *, communities: Collection[str] | None
) -> timedelta | None:
    """Half of the tickets opened in that time and answered by a person were answered sooner; None where none was."""
    took = _seconds(tx, Ticket.first_replied_at) - _seconds(tx, Ticket.opened_at)
    which = (*_opened(since, until), *within(communities), Ticket.first_replied_at.is_not(None))
    count = await tx.session.scalar(select(func.count(Ticket.id)).where(*which)) or 0
    if not count:
        return None
    seconds = await tx.session.scalar(select(took).where(*which).order_by(took).offset(count // 2).limit(1))
    return timedelta(seconds=int(seconds or 0))


async def behind(
    tx: Transaction,
    measure: Measure,
    since: datetime,
    until: datetime,
    narrow: Narrow,
    *,
    communities: Collection[str] | None,
    limit: int = 50,
    offset: int = 0,
) -> list[QueueRow]:
    """The tickets that a number counts, newest first: the same condition that counted them."""
    which: list[ColumnElement[bool]] = [*_opened(since, until), *within(communities), _conditions(tx)[measure]]
    if narrow.week is not None:
        which.append(_week(tx, Ticket.opened_at) == narrow.week)
    if narrow.community is not ...:
        which.append(Ticket.community_id.is_(None) if narrow.community is None else Ticket.community_id == narrow.community)
    if narrow.topic is not ...:
        which.append(Ticket.topic.is_(None) if narrow.topic is None else Ticket.topic == narrow.topic)
    if narrow.language is not None:
        which.append(_language(Ticket.locale) == narrow.language)
    query = select(Ticket).where(*which).order_by(Ticket.id.desc()).limit(limit).offset(offset)
    found: Sequence[Ticket] = (await tx.session.scalars(query)).all()
    return await rows_of(tx, found)


def _opened(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return Ticket.opened_at >= since, Ticket.opened_at < until, or_(Ticket.outcome.is_(None), Ticket.outcome.not_in(NOT_COUNTED))


def _conditions(tx: Transaction) -> dict[Measure, ColumnElement[bool]]:
    took = _seconds(tx, Ticket.first_replied_at) - _seconds(tx, Ticket.opened_at)
    answered = Ticket.first_replied_at.is_not(None)
    closed = Ticket.status == Status.closed
    return {
        Measure.opened: true(),
        Measure.open: Ticket.status != Status.closed,
        Measure.urgent: Ticket.urgency.is_not(None),
        Measure.unhelpful: Ticket.reason == Reason.unhelpful,
        Measure.unmatched: Ticket.reason == Reason.unmatched,
        Measure.answered: answered,
        Measure.answered_in_time: and_(answered, Ticket.first_in_time.is_(True)),
        Measure.within_hour: and_(answered, took <= 3600),
        Measure.within_4_hours: and_(answered, took <= 4 * 3600),
        Measure.within_day: and_(answered, took <= 24 * 3600),
        Measure.closed: closed,
        Measure.closed_in_time: and_(closed, Ticket.resolved_in_time.is_(True)),
        Measure.rated: Ticket.rating.is_not(None),
        Measure.rated_well: Ticket.rating >= 4,
    }


def _seconds(tx: Transaction, at: Any) -> SQLColumnExpression[int]:
    """A moment as seconds since 1970."""
    if tx.dialect == "postgresql":
        return cast(func.floor(func.extract("epoch", at)), BigInteger)
    return cast(func.strftime("%s", at), Integer)


def _week(tx: Transaction, at: Any) -> SQLColumnExpression[int]:
    """The number of the week of a moment."""
    return (_seconds(tx, at) - int(_FIRST_MONDAY.timestamp())) // _WEEK_S


def _language(locale: Any) -> SQLColumnExpression[str]:
    """`en`, or `zh` in either script."""
    return func.substr(locale, 1, 2)
