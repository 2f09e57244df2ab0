"""The demonstration: thirty days in an invented community, lived through the same use-cases as real ones, on a clock of its own."""

import heapq
import random
import re
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from handlers.desk import Desk
from handlers.hours import HERE, hours
from handlers.messages import Message, ReplyKind
from handlers.resident.payloads import HELPED, NONE_FITS, RATE, UNHELPFUL, payload
from handlers.resident.receive import Received, receive, settle
from handlers.routine import deliver
from handlers.routine.standards import keep_standards
from handlers.staff import queue, reply, roster
from storage import marks, tickets
from storage.workers import Role

SCRIPT = Path(__file__).with_name("demo.toml")
#: The mark by which a database is known to be a demonstration; it holds the moment at which it was filled.
MARK = "demo"
#: The community of the shipped sample profile; where it is not there, the first that is.
COMMUNITY = "sample"
#: The channel of its residents: what they hear stays on their pages.
CHANNEL = "web"
_ONE_OF = re.compile(r"\{([^{}]*\|[^{}]*)\}")


@dataclass
class Clock:
    """A clock that the story moves."""

    time: datetime

    def __call__(self) -> datetime:
        return self.time


@dataclass
class _Story:
    """What happens next, in the order of time; everything random comes from one seed."""

    desk: Desk
    clock: Clock
    chance: random.Random
    script: dict[str, Any]
    workers: list[int] = field(default_factory=list)
    todo: list[tuple[datetime, int, Callable[[], Awaitable[object]]]] = field(default_factory=list)
    numbers: Any = field(default_factory=count)

    @property
    def community(self) -> str:
        known = self.desk.faq.catalogue.communities
        return COMMUNITY if COMMUNITY in known else next(iter(known), COMMUNITY)

    def at(self, moment: datetime, act: Callable[[], Awaitable[object]]) -> None:
        heapq.heappush(self.todo, (moment, next(self.numbers), act))

    def words(self, lines: Sequence[str]) -> str:
        return _ONE_OF.sub(lambda found: self.chance.choice(found[1].split("|")), self.chance.choice(lines))


async def filled(desk: Desk) -> bool:
    """Whether this database holds a demonstration."""
    async with desk.storage.reading() as tx:
        return await marks.get(tx, MARK) is not None


async def fill(desk: Desk, *, days: int = 30, seed: int = 1) -> int:
    """Live through the last `days` days in an empty database; returns how many messages were written. The same seed gives the same story."""
    until = desk.now()
    first = (until.astimezone(HERE) - timedelta(days=days)).date()
    clock = Clock(datetime.combine(first, time(8), HERE))
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    story = _Story(replace(desk, now=clock), clock, chance, tomllib.loads(SCRIPT.read_text(encoding="utf-8")))
    for one in story.script["workers"]:
        worker = await roster.add(story.desk, one["name"], role=Role(one["role"]), languages=one["languages"])
        story.workers += [worker.id] if worker.role is Role.worker else []
    for number, name in enumerate(story.script["residents"]):
        story.at(clock.time, partial(_say, story, number, name, f"/start c-{story.community}"))
    for day in range(days + 1):
        _plan(story, datetime.combine(first + timedelta(days=day), time(), HERE))
    said = 0
    while story.todo and story.todo[0][0] <= until:
        moment, _number, act = heapq.heappop(story.todo)
        clock.time = max(clock.time, moment)
        await act()
        await keep_standards(story.desk)
        said += 1
    await _delivered(story)
    async with desk.storage.transaction() as tx:
        await marks.put(tx, MARK, until.isoformat(), until)
    return said


def _plan(story: _Story, day: datetime) -> None:
    """Who asks what on a day: more on weekdays, most in the evening."""
    busy = 1.0 if day.weekday() < 5 else 0.5
    for _ask in range(round(story.chance.randint(5, 9) * busy)):
        story.at(day + _clock_of(story), partial(_asks, story))
    for _ask in range(round(story.chance.randint(3, 6) * busy)):
        story.at(day + _clock_of(story), partial(_opens, story))


def _clock_of(story: _Story) -> timedelta:
    return timedelta(minutes=story.chance.triangular(7 * 60, 23 * 60, 19 * 60))


def _somebody(story: _Story, words: str) -> tuple[int, str]:
    """Whoever could have written these words, by their script."""
    chinese = bool(re.search(r"[\u4e00-\u9fff]", words))
    people = [(n, name) for n, name in enumerate(story.script["residents"]) if bool(re.search(r"[\u4e00-\u9fff]", name)) is chinese]
    return story.chance.choice(people)


async def _say(story: _Story, number: int, name: str, text: str, choice: str | None = None) -> Received:
    """A resident writes, or taps."""
    who, message_id = f"demo-{number:03}", f"demo-{next(story.numbers)}"
    message = Message(CHANNEL, who, who, message_id, story.clock.time, text, choice=choice, sender_name=name)
    received = await receive(story.desk, message)
    if received.settle_at is not None:
        story.clock.time = max(story.clock.time, received.settle_at)
        received = replace(received, replies=tuple(await settle(story.desk, received.conversation_id)))
    await _delivered(story)
    return received


async def _asks(story: _Story) -> None:
    """A question that the FAQ answers, and sometimes a word whether it helped."""
    words = story.words(story.chance.choice(story.script["asks"])["say"])
    number, name = _somebody(story, words)
    received = await _say(story, number, name, words)
    answer = next((one for one in received.replies if one.kind is ReplyKind.answer), None)
    mood = story.chance.random()
    if answer is None or mood > 0.5:
        return
    later = story.clock.time + timedelta(minutes=story.chance.randint(1, 20))
    if mood < 0.42:
        story.at(later, partial(_say, story, number, name, "", payload(HELPED, answer.id)))
    else:
        story.at(later, partial(_disagrees, story, number, name, answer.id))


async def _disagrees(story: _Story, number: int, name: str, answer_id: int) -> None:
    received = await _say(story, number, name, "", payload(UNHELPFUL, answer_id))
    _hand_over(story, number, name, received, {"reply": story.script["again"]["en"]})


async def _opens(story: _Story) -> None:
    """A question that nobody has written down."""
    about = story.chance.choice(story.script["tickets"])
    words = story.words(about["say"])
    number, name = _somebody(story, words)
    received = await _say(story, number, name, words)
    for kind, verb in ((ReplyKind.suggestion, NONE_FITS), (ReplyKind.answer, UNHELPFUL)):  # what is near is still not what was meant
        near = next((one for one in received.replies if one.kind is kind), None)
        if near is not None and not any(one.ticket for one in received.replies):
            story.clock.time += timedelta(seconds=story.chance.randint(8, 90))
            received = await _say(story, number, name, "", payload(verb, near.id))
    _hand_over(story, number, name, received, about)


def _hand_over(story: _Story, number: int, name: str, received: Received, about: dict[str, Any]) -> None:
    """A worker answers in office time, mostly soon; at once where there is danger."""
    ticket = next((one.ticket for one in received.replies if one.ticket is not None), None)
    if ticket is None:
        return
    urgent = any(one.kind is ReplyKind.urgent for one in received.replies)
    wait = timedelta(minutes=story.chance.randint(1, 4) if urgent else min(600, story.chance.expovariate(1 / 45) + 3))
    now = story.clock.time
    due = now + wait if urgent else hours(story.desk, story.community).after(now, wait)
    if due is not None and story.chance.random() < 0.97:
        story.at(due, partial(_answers, story, number, name, ticket, about))


async def _answers(story: _Story, number: int, name: str, ticket_number: int, about: dict[str, Any]) -> None:
    async with story.desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, ticket_number)
    if ticket is None or not ticket.live:
        return
    worker = ticket.assignee_id or story.chance.choice(story.workers)
    chinese = ticket.locale.startswith("zh")
    fitting = [line for line in about["reply"] if bool(re.search(r"[\u4e00-\u9fff]{6}", line)) is chinese] or about["reply"]
    if story.chance.random() < 0.15:
        await reply.note(story.desk, worker, ticket.id, story.words(story.script["notes"]["text"]))
    await reply.reply(story.desk, worker, ticket.id, story.words(fitting))
    await _delivered(story)
    later = story.clock.time + timedelta(minutes=story.chance.randint(5, 240))
    mood = story.chance.random()
    if mood < 0.45:
        story.at(later, partial(_thanks, story, number, name, ticket_number, about))
    elif mood < 0.85:
        story.at(later + timedelta(hours=20), partial(_closes, story, number, name, ticket_number, about))


async def _thanks(story: _Story, number: int, name: str, ticket_number: int, about: dict[str, Any]) -> None:
    async with story.desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, ticket_number)
    if ticket is None or not ticket.live:
        return
    language = "zh" if ticket.locale.startswith("zh") else "en"
    await _say(story, number, name, story.words(story.script["more"][language]))
    if ticket.assignee_id is not None and story.chance.random() < 0.6:
        story.clock.time += timedelta(minutes=story.chance.randint(2, 25))
        await reply.reply(story.desk, ticket.assignee_id, ticket.id, story.words(story.script["again"][language]))
    later = story.clock.time + timedelta(hours=story.chance.randint(1, 40))
    story.at(later, partial(_closes, story, number, name, ticket_number, about))


async def _closes(story: _Story, number: int, name: str, ticket_number: int, about: dict[str, Any]) -> None:
    async with story.desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, ticket_number)
    if ticket is None or not ticket.live:
        return
    await queue.close(story.desk, ticket.assignee_id or story.workers[0], ticket.id, about.get("outcome", "solved"))
    await _delivered(story)
    if story.chance.random() < 0.5:
        stars = story.chance.choices([5, 4, 3, 2], [60, 28, 9, 3])[0]
        later = story.clock.time + timedelta(minutes=story.chance.randint(1, 90))
        story.at(later, partial(_say, story, number, name, "", payload(RATE, f"{ticket.number}:{stars}")))


async def _delivered(story: _Story) -> None:
    """What was said has reached the pages."""
    while (taken := await deliver.take(story.desk, CHANNEL, 50, ())).replies:
        await deliver.settle(story.desk, {one.delivery_id: "" for one in taken.replies}, {})
