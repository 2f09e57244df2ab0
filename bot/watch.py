"""Watches the FAQ's folder and has it read again within two seconds of a change.

The system's notices tell of most changes at once: also of a folder that was replaced, a checkout, or a symbolic link that now points
elsewhere, because what is above the folder is watched too. A sweep over the content finds the rest (network drives, machines that
have no notices left).
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from watchfiles import Change, awatch

from faq.form import REPORT_NAME

T = TypeVar("T")

#: Seconds between two sweeps, and between two where the system gives no notices.
SWEEP_S = 30.0
SWEEP_ALONE_S = 1.5

#: Seconds in which the content must stay the same before it is read, so that a file is not read while it is written.
SETTLED_S = 0.1

_DEBOUNCE_MS = 300
_ENDINGS = (".md", ".txt", ".tsv", ".yaml", ".yml", ".json")

log = logging.getLogger(__name__)


def fingerprint(folder: Path) -> str:
    """Equal as long as the FAQ's files have the same names and content; the report of a check and code do not count."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.name.casefold().endswith(_ENDINGS) and path.name != REPORT_NAME:
            with suppress(OSError):
                content = path.read_bytes()
                digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
                digest.update(content)
    return digest.hexdigest()


async def watch(
    folder: Path, reload: Callable[[], T], changed: Callable[[T], Awaitable[None]], *, since: str | None = None, sweep_s: float = SWEEP_S
) -> None:
    """Calls `reload` in a thread after each change and hands its result to `changed`; runs until it is cancelled.

    `since` is the folder's fingerprint when it was last read; without it the folder counts as read now. Whatever `reload` raises is
    logged, and watching goes on.
    """
    woken = asyncio.Event()
    last = since if since is not None else await asyncio.to_thread(fingerprint, folder)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_listen(folder, woken))
        tasks.create_task(_sweep(woken, sweep_s))
        while True:
            now = await _settled(folder)
            if now != last:
                last = now
                try:
                    result = await asyncio.to_thread(reload)
                except Exception:
                    log.exception("faq_reload_failed")
                else:
                    await changed(result)
            await woken.wait()
            woken.clear()


async def _settled(folder: Path) -> str:
    before = await asyncio.to_thread(fingerprint, folder)
    while True:
        await asyncio.sleep(SETTLED_S)
        now = await asyncio.to_thread(fingerprint, folder)
        if now == before:
            return now
        before = now


async def _sweep(woken: asyncio.Event, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        woken.set()


async def _listen(folder: Path, woken: asyncio.Event) -> None:
    """Listens below the folder and above it; begins anew when another folder has taken its place."""
    while True:
        identity = _identity(folder)
        moved = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_above(folder, identity, moved))
                if identity is not None:
                    tasks.create_task(_below(folder, woken, moved))
        except* OSError:
            log.warning("faq_watch_limited", extra={"sweep_s": SWEEP_ALONE_S})
            await _sweep(woken, SWEEP_ALONE_S)
        woken.set()


async def _above(folder: Path, identity: tuple[int, int, int] | None, moved: asyncio.Event) -> None:
    notices = awatch(*_parents(folder), recursive=False, stop_event=moved, debounce=_DEBOUNCE_MS, watch_filter=_any, step=50)
    async for _ in notices:
        if _identity(folder) != identity:
            moved.set()


async def _below(folder: Path, woken: asyncio.Event, moved: asyncio.Event) -> None:
    notices = awatch(folder, recursive=True, stop_event=moved, debounce=_DEBOUNCE_MS, watch_filter=_of_the_faq, step=50)
    async for _ in notices:
        woken.set()


def _parents(folder: Path) -> set[Path]:
    """Each folder whose change may put another folder at this path: the parent, and where a link stands on the way."""
    absolute = folder.absolute()
    links = [path.parent for path in (absolute, *absolute.parents) if path.is_symlink()]
    return {next(path for path in (one, *one.parents) if path.is_dir()) for one in (absolute.parent, *links)}


def _identity(folder: Path) -> tuple[int, int, int] | None:
    """Tells a folder from the one that took its place; the number of a deleted one is used again, hence the time."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_ctime_ns


def _any(change: Change, path: str) -> bool:
    return True


def _of_the_faq(change: Change, path: str) -> bool:
    return not path.endswith((".py", ".pyc", REPORT_NAME))
