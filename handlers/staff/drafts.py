"""Answered once, known for ever: a worker's answer, or what is asked again and again, becomes the draft of an entry for the admin."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from faq import folder, form, writer
from faq.entry import LOCALES
from faq.folder import Overtaken, Unnameable
from faq.language import detect
from handlers.desk import Desk
from handlers.errors import NotFound
from handlers.privacy import mask
from handlers.staff import keeping
from handlers.staff.keeping import Checked, FolderClosed, NotAName, SavedMeanwhile, Sheet
from handlers.staff.rights import ticket_for, worker_of
from handlers.voice import RULE
from storage import audit, conversations, people, tickets, workers
from storage.conversations import Author
from storage.tickets import Ticket
from storage.transaction import Transaction

#: The most questions that one draft begins with.
_QUESTIONS: Final = 12
#: Names shorter than this stand in too many texts to be taken out; up to the second figure they may be everyday words ("May", "Will")
#: and are taken out only as a name is written.
_SHORTEST_NAME: Final = 2
_WORDLIKE_NAME: Final = 4
_TOPIC: Final = re.compile(r"^(?:Topic|主题) *[:：] *(\S+)", re.MULTILINE)
_HEADING: Final = re.compile(r"^# *(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a ticket tells: the question, and the worker's answer line by line."""

    question: str
    answer: tuple[str, ...]


async def make(desk: Desk, worker_id: int | None, numbers: Sequence[int]) -> str:
    """A draft from these tickets (their numbers): their questions, and the answer of the first that has one; returns the draft's name.

    Numbers and names of persons are taken out. None is the operator, who may see all tickets. The same ticket gives the same draft: what an admin has written into it stays.
    Raises `NotFound` where the worker may see none of the tickets, `FolderClosed` where nothing can be written.
    """
    async with desk.storage.reading() as tx:
        mine = [ticket for number in numbers if (ticket := await tickets.by_number(tx, number)) is not None]
        if worker_id is not None:
            worker = await worker_of(tx, worker_id)
            mine = [await ticket_for(tx, worker, ticket.id) for ticket in mine]
        if not mine:
            raise NotFound
        known = [await _known(tx, ticket) for ticket in mine]
    name = f"ticket-{mine[0].number}"
    text = _text(desk, name, mine, known)
    try:
        await asyncio.to_thread(folder.write, folder.draft_path(desk.faq.loaded.folder, name), text, "")
    except Overtaken:
        return name
    except OSError:
        raise FolderClosed from None
    async with desk.storage.transaction() as tx:
        await audit.record(tx, "entry_drafted", f"draft:{name}", worker_id=worker_id, now=desk.now())
    return name


async def take(desk: Desk, worker_id: int, name: str) -> Sheet:
    """A draft to be worked on by an admin. Raises `NotFound`."""
    async with desk.storage.reading() as tx:
        await keeping.admin_of(tx, worker_id)
    found = await asyncio.to_thread(folder.read, _path(desk, name))
    if not found.base:
        raise NotFound
    return named(found.text, found.base)


def named(text: str, base: str) -> Sheet:
    """A draft as the entry that it wants to be: its topic and id stand in the text."""
    topic, heading = _TOPIC.search(text), _HEADING.search(text)
    return Sheet(topic[1] if topic else "", heading[1] if heading else "", text, base)


async def keep(desk: Desk, worker_id: int, name: str, sheet: Sheet) -> None:
    """Keep a draft as far as it is; it may be as wrong as it likes. Raises `SavedMeanwhile` and `FolderClosed`."""
    async with desk.storage.reading() as tx:
        await keeping.admin_of(tx, worker_id)
    try:
        await asyncio.to_thread(folder.write, _path(desk, name), sheet.text, sheet.base)
    except Overtaken:
        raise SavedMeanwhile from None
    except OSError:
        raise FolderClosed from None


async def accept(desk: Desk, worker_id: int, name: str, sheet: Sheet) -> Checked:
    """Make an entry of a draft and serve it; the draft goes. Where something must be mended both stay as they were.

    Raises `NotAName` where no id was chosen yet, `SavedMeanwhile` where there is an entry of that id already.
    """
    if sheet.id in ("", name):
        raise NotAName(sheet.id or name)
    found = await keeping.save(desk, worker_id, replace(sheet, text=writer.without_origins(sheet.text), base=""))
    if not found.wrong:
        await asyncio.to_thread(folder.remove, _path(desk, name))
    return found


async def discard(desk: Desk, worker_id: int, name: str) -> None:
    """Throw a draft away."""
    async with desk.storage.transaction() as tx:
        await keeping.admin_of(tx, worker_id)
        await audit.record(tx, "draft_discarded", f"draft:{name}", worker_id=worker_id, now=desk.now())
    try:
        await asyncio.to_thread(folder.remove, _path(desk, name))
    except OSError:
        raise FolderClosed from None


def _path(desk: Desk, name: str) -> Path:
    try:
        return folder.draft_path(desk.faq.loaded.folder, name)
    except Unnameable:
        raise NotFound from None


async def _known(tx: Transaction, ticket: Ticket) -> _Known:
    resident = await people.get(tx, ticket.resident_id)
    staff = [member.name for member in await workers.everyone(tx, also_left=True)]
    names = [*staff, *filter(None, [resident.name if resident else None])]
    spoken = [
        one
        for one in await conversations.of_ticket(tx, ticket.id)
        if one.author == Author.worker and not one.internal and one.entry_id is None
    ]
    lines = [line for one in spoken for part in one.text.split(RULE) for line in _signed_off(part, staff).split("\n")]
    return _Known(_nobody(ticket.question, names), tuple(_nobody(line, names) for line in lines if line.strip()))


def _signed_off(text: str, staff: Iterable[str]) -> str:
    """A worker's words without the name that stands above them."""
    head, _line, rest = text.partition("\n")
    return rest if head.rstrip(":： ") in staff and rest else text


def _nobody(text: str, names: Iterable[str]) -> str:
    """A text in which nobody is named and no number leads to a person."""
    text = mask(text)
    for name in names:
        if len(name) >= _SHORTEST_NAME:
            flags = re.IGNORECASE if len(name) > _WORDLIKE_NAME else re.NOFLAG
            text = re.sub(rf"(?<![^\W\d_㐀-鿿]){re.escape(name)}(?![^\W\d_㐀-鿿])", "…", text, flags=flags)
    return text


def _half(text: str) -> str:
    """The half of an entry in which a text belongs."""
    language = detect(text)
    return "zh" if language.code in ("zh", "mixed") and not language.pinyin else "en"


def _text(desk: Desk, name: str, mine: Sequence[Ticket], known: Sequence[_Known]) -> str:
    answer = next((one.answer for one in known if one.answer), ())
    questions = list(dict.fromkeys(one.question for one in known if one.question))[:_QUESTIONS]
    nearest = next((entry for ticket in mine for one in ticket.nearest if (entry := desk.faq.entry(one))), None)
    topic = next(
        (ticket.topic for ticket in mine if ticket.topic), nearest.topic if nearest else next(iter(desk.faq.catalogue.topics), "new")
    )
    today = desk.now().date()
    return writer.draft(
        topic if form.ID.fullmatch(topic) else "new",
        name,
        today.isoformat(),
        (today + desk.policy.review_after).isoformat(),
        answers={locale: [line for line in answer if _half(line) == locale] for locale in LOCALES},
        questions={locale: [text for text in questions if _half(text) == locale] for locale in LOCALES},
        origins=[ticket.number for ticket in mine],
    )
