"""Keeping the FAQ: an admin reads an entry's file, changes it, sees at once what residents would read, and saves it when nothing is wrong."""

import asyncio
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from faq import checks, folder, report, writer
from faq.catalogue import Loaded
from faq.entry import LOCALES, Entry
from faq.fault import Fault, errors
from faq.folder import File, Overtaken, Unnameable
from faq.textfile import plain
from handlers.answers import tell
from handlers.desk import Desk
from handlers.errors import LinliError, NotFound
from handlers.staff.rights import require, worker_of
from handlers.voice import Voice
from storage import audit, workers
from storage.transaction import Transaction
from storage.workers import Role, Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Lines of a difference that the audit log keeps.
_DIFFERENCE: Final = 200


class SavedMeanwhile(LinliError):
    """Somebody else has saved this entry since you opened it."""

    sentence = _(
        "Somebody else has saved this entry since you opened it. Your text is kept below; compare it with theirs, then save again."
    )


class NotAName(LinliError):
    """That cannot be the name of a topic or an entry."""

    sentence = _("“{name}” cannot be used: write small letters, digits and hyphens, such as visa-photo.")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class FolderClosed(LinliError):
    """The folder of the FAQ cannot be written."""

    sentence = _("The folder of the FAQ cannot be written by Linli; nothing was changed. Ask whoever runs it.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry's file in the hands of an admin. `base` names the content that was read; empty where there is no file yet."""

    topic: str
    id: str
    text: str
    base: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text would be: its faults, and by language what residents would read (nothing where a fault forbids it)."""

    faults: tuple[Fault, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    halves: Mapping[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> int:
        """How many faults must be mended before it can be saved."""
        return len(errors(self.faults))


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an entry: `lines` is the difference where the audit log kept it."""

    at: datetime
    who: str
    what: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All entries by topic, those whose file is broken, drafts (newest first) and what is wrong in the folder now."""

    topics: Mapping[str, Sequence[Entry]]
    broken: Sequence[str]
    drafts: Sequence[str]
    faults: Sequence[Fault]


async def shelf(desk: Desk, worker_id: int) -> Shelf:
    """What there is to keep. Raises `NotAllowed` for who is no admin, as all functions here do."""
    await _admin(desk, worker_id)
    loaded = desk.faq.loaded
    drafts = await asyncio.to_thread(folder.drafts, loaded.folder)
    entries = loaded.catalogue.entries
    return Shelf(
        {topic: [entries[entry_id] for entry_id in ids] for topic, ids in loaded.catalogue.topics.items()},
        sorted(document.id for document in loaded.documents.values() if document.entry is None),
        [draft.path.stem for draft in drafts],
        desk.faq.faults,
    )


async def take(desk: Desk, worker_id: int, entry_id: str) -> Sheet:
    """An entry's file to be edited. Raises `NotFound`."""
    await _admin(desk, worker_id)
    loaded = desk.faq.loaded
    document = next((one for one in loaded.documents.values() if one.id == entry_id), None)
    if document is None:
        raise NotFound
    found = await asyncio.to_thread(folder.read, document.path)
    return Sheet(document.path.parent.name, entry_id, found.text, found.base)


async def begin(desk: Desk, worker_id: int, topic: str, entry_id: str) -> Sheet:
    """A new entry with a hint at each place; nothing is written yet. Raises `NotAName`."""
    await _admin(desk, worker_id)
    path = _path(desk.faq.loaded, topic, entry_id)
    found = await asyncio.to_thread(folder.read, path)
    if found.base:
        return Sheet(path.parent.name, entry_id, found.text, found.base)
    today = desk.now().date()
    due = today + desk.policy.review_after
    return Sheet(topic, entry_id, writer.skeleton(topic, entry_id, today.isoformat(), due.isoformat()), "")


async def check(desk: Desk, worker_id: int, sheet: Sheet) -> Checked:
    """What is wrong with a text and how residents would read it; nothing is kept."""
    await _admin(desk, worker_id)
    return await asyncio.to_thread(_checked, desk, _path(desk.faq.loaded, sheet.topic, sheet.id), sheet)


async def save(desk: Desk, worker_id: int, sheet: Sheet) -> Checked:
    """Put the text in place of the entry's file and serve it, unless something in it must be mended: then the last good one stays.

    Raises `SavedMeanwhile`, `NotAName` and `FolderClosed`; nothing was changed then. The file with the faults of the whole folder that
    stands beside the entries is written anew either way.
    """
    await _admin(desk, worker_id)
    path = _path(desk.faq.loaded, sheet.topic, sheet.id)
    found = await asyncio.to_thread(_checked, desk, path, sheet)
    if not found.wrong:
        before, after = await asyncio.to_thread(_write, path, sheet)
        await asyncio.to_thread(desk.faq.reload)
        async with desk.storage.transaction() as tx:
            action, detail = ("entry_changed", {"lines": _difference(before.text, after.text)}) if before.base else ("entry_added", {})
            await audit.record(tx, action, f"entry:{sheet.id}", worker_id=worker_id, now=desk.now(), detail=detail)
    await asyncio.to_thread(write_report, desk)
    return found


async def theirs(desk: Desk, worker_id: int, sheet: Sheet) -> Sheet:
    """The same entry as it stands on the disk now, to be compared with a text that came too late."""
    await _admin(desk, worker_id)
    path = _path(desk.faq.loaded, sheet.topic, sheet.id)
    found = await asyncio.to_thread(folder.read, path)
    return Sheet(sheet.topic, sheet.id, found.text, found.base)


async def history(desk: Desk, worker_id: int, entry_id: str) -> Sequence[Change]:
    """Who changed an entry and how, the newest first: what was done here, and what git knows where the folder is a checkout."""
    await _admin(desk, worker_id)
    document = next((one for one in desk.faq.loaded.documents.values() if one.id == entry_id), None)
    known = await asyncio.to_thread(folder.history, document.path) if document is not None else ()
    async with desk.storage.reading() as tx:
        names = {worker.id: worker.name for worker in await workers.everyone(tx, also_left=True)}
        done = await audit.of_subjects(tx, [f"entry:{entry_id}"])
    changes = [Change(one.at, names.get(one.worker_id or 0, "–"), one.action, tuple(one.detail.get("lines", ()))) for one in done]
    changes += [Change(one.at.astimezone(UTC), one.who, one.what) for one in known]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def readable(data: bytes) -> str | None:
    """The words of an uploaded file in any encoding that an office computer gives it; None where it is no text."""
    return plain(data)


def write_report(desk: Desk) -> Path | None:
    """Write the file beside the entries that says what is wrong in the folder; None where the folder cannot be written. Takes a moment."""
    loaded = desk.faq.loaded
    return report.write(checks.check(loaded, desk.now().date()), loaded.folder, desk.now().astimezone())


async def _admin(desk: Desk, worker_id: int) -> Worker:
    async with desk.storage.reading() as tx:
        return await admin_of(tx, worker_id)


async def admin_of(tx: Transaction, worker_id: int) -> Worker:
    """The admin who acts. Raises `NotAllowed` for anybody else."""
    worker = await worker_of(tx, worker_id)
    require(worker, Role.admin)
    return worker


def _path(loaded: Loaded, topic: str, entry_id: str) -> Path:
    try:
        return folder.entry_path(loaded, topic, entry_id)
    except Unnameable as error:
        raise NotAName(str(error)) from None


def _checked(desk: Desk, path: Path, sheet: Sheet) -> Checked:
    loaded = desk.faq.loaded
    today = desk.now().date()
    document, faults = checks.check_draft(sheet.text, path, loaded, today)
    entry = document.entry
    if entry is None:
        return Checked(faults)
    community = next(iter(sorted(loaded.catalogue.communities)), None)
    halves = {locale: tell(loaded.catalogue, entry, Voice(locale), today=today, community=community) for locale in LOCALES}
    return Checked(faults, entry.titles, halves)


def _write(path: Path, sheet: Sheet) -> tuple[File, File]:
    before = folder.read(path)
    try:
        return before, folder.write(path, sheet.text, sheet.base)
    except Overtaken:
        raise SavedMeanwhile from None
    except OSError:
        raise FolderClosed from None


def _difference(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))][:_DIFFERENCE]
