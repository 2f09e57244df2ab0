"""The numbers of the desk: how many, how soon, how well, by community, topic, language and week; each opens the tickets behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from handlers.desk import Desk
from handlers.hours import HERE, announced
from handlers.staff.rights import communities_of, require, worker_of
from storage import audit, figures
from storage.figures import Cell, Measure, Narrow, Said
from storage.tickets import QueueRow
from storage.workers import Role

__all__ = ["PAGE", "By", "Line", "Measure", "Narrow", "Period", "Report", "Said", "behind", "export", "last_days", "report"]

#: How many tickets behind a number stand on a page.
PAGE = 50


class By(StrEnum):
    """By what the numbers are told apart."""

    community = "community"
    topic = "topic"
    language = "language"
    week = "week"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both counted, as the calendar here names them."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.first, time(), HERE)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), HERE)


@dataclass(frozen=True, slots=True)
class Line:
    """Numbers of one community, topic, language or week (its Monday); `key` None: not known. By the names of `Measure` and `Said`."""

    key: str | date | None
    counts: Mapping[str, int]

    def share(self, part: str, whole: str) -> float | None:
        """How much of one number another one is, 0–1; None where there is nothing to share."""
        return self.counts.get(part, 0) / self.counts[whole] if self.counts.get(whole) else None


@dataclass(frozen=True, slots=True)
class Report:
    """A period in numbers. `answered_by_bot`: the share of what was asked that ended with an answer of the bot, 0–1.

    `unannounced`: years of the period whose working weekends are not announced yet, so that standards may shift by days.
    """

    period: Period
    total: Line
    by: Mapping[By, Sequence[Line]]
    median_first_answer: timedelta | None
    unannounced: tuple[int, ...]

    @property
    def answered_by_bot(self) -> float | None:
        """Answers that nobody called wrong, of these and the tickets together."""
        good = self.total.counts[Said.answers] - self.total.counts[Said.wrong]
        asked = good + self.total.counts[Measure.opened]
        return good / asked if asked else None


def last_days(desk: Desk, days: int = 30) -> Period:
    """The period that ends today."""
    today = desk.now().astimezone(HERE).date()
    return Period(today - timedelta(days=days - 1), today)


async def report(desk: Desk, worker_id: int, period: Period) -> Report:
    """The numbers of the communities that this worker looks after."""
    async with desk.storage.reading() as tx:
        mine = await communities_of(tx, await worker_of(tx, worker_id))
        tickets = await figures.of_tickets(tx, period.since, period.until, communities=mine)
        answers = await figures.of_answers(tx, period.since, period.until, communities=mine)
        median = await figures.median_first_answer(tx, period.since, period.until, communities=mine)
    cells = [*tickets, *(_with_topic(desk, cell) for cell in answers)]
    years = range(period.first.year, period.last.year + 1)
    return Report(
        period,
        Line(None, _sum(cells)),
        {by: _lines(by, cells) for by in By},
        median,
        tuple(year for year in years if not announced(year)),
    )


async def behind(
    desk: Desk,
    worker_id: int,
    period: Period,
    measure: Measure,
    narrow: Narrow = Narrow(),  # noqa: B008 - a frozen value
    *,
    offset: int = 0,
) -> list[QueueRow]:
    """The tickets that a number counts, newest first; counted and listed by the same condition."""
    async with desk.storage.reading() as tx:
        mine = await communities_of(tx, await worker_of(tx, worker_id))
        return await figures.behind(
            tx, measure, period.since, period.until, narrow, communities=mine, limit=PAGE, offset=offset
        )  # fmt: skip


async def export(desk: Desk, worker_id: int, period: Period) -> Report:
    """The numbers to take away, for `handlers.staff.sheets`; a supervisor's right, and recorded."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        require(worker, Role.supervisor, Role.admin)
        days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
        await audit.record(tx, "figures_exported", f"worker:{worker.id}", worker_id=worker.id, now=desk.now(), detail=days)
    return await report(desk, worker_id, period)


def narrowed(by: By, key: str | date | None) -> Narrow:
    """What the line of that key counts, for `behind`."""
    if by is By.community:
        return Narrow(community=key)
    if by is By.topic:
        return Narrow(topic=key)
    if by is By.language:
        return Narrow(language=str(key))
    assert isinstance(key, date)
    return Narrow(week=figures.week_of(datetime.combine(key, time(12), HERE)))


def _with_topic(desk: Desk, cell: Cell) -> Cell:
    entry = desk.faq.entry(cell.topic) if cell.topic else None
    return Cell(cell.week, cell.community, entry.topic if entry else None, cell.language, cell.counts)


def _sum(cells: Iterable[Cell]) -> dict[str, int]:
    total = dict.fromkeys((*map(str, Measure), *map(str, Said)), 0)
    for cell in cells:
        for name, count in cell.counts.items():
            total[name] += count
    return total


def _lines(by: By, cells: Sequence[Cell]) -> list[Line]:
    """One line a value: weeks in order, the others by how much there is."""
    found: dict[str | date | None, list[Cell]] = {}
    for cell in cells:
        found.setdefault(_key(by, cell), []).append(cell)
    lines = [Line(key, _sum(same)) for key, same in found.items()]
    if by is By.week:
        return sorted(lines, key=lambda line: str(line.key))
    return sorted(lines, key=lambda line: (-line.counts[Measure.opened] - line.counts[Said.answers], str(line.key)))


def _key(by: By, cell: Cell) -> str | date | None:
    if by is By.week:
        return figures.week_begins(cell.week).astimezone(HERE).date()
    return {By.community: cell.community, By.topic: cell.topic, By.language: cell.language}[by]
