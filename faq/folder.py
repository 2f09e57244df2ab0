"""The FAQ's folder as it is written to: one file at a time, whole or not at all, and never over what somebody else has saved meanwhile."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import which
from typing import Final

from faq import form, writer
from faq.catalogue import Loaded
from faq.reader import digest
from faq.textfile import plain

#: Beside `entries/`: files that are not entries yet. Nobody is answered from them.
DRAFTS: Final = "drafts"
#: Seconds after which git is not waited for any longer, and the most of its records that are told.
_GIT_S: Final = 3
_RECORDS: Final = 30

_writing = threading.Lock()


class Unnameable(ValueError):
    """A topic or an id that cannot be a name: small letters, digits and hyphens."""


class Overtaken(Exception):
    """The file is another one than was read, or is there already."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it stands. `base` tells its content from any other; it is empty where there is no file."""

    path: Path
    text: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One change of a file in the history of its folder."""

    at: datetime
    who: str
    what: str


def entry_path(loaded: Loaded, topic: str, entry_id: str) -> Path:
    """Where an entry's file lies, or will lie. Raises `Unnameable`."""
    known = next((document.path for document in loaded.documents.values() if document.id == entry_id), None)
    return known or loaded.folder / "entries" / _name(topic) / f"{_name(entry_id)}.md"


def draft_path(folder: Path, name: str) -> Path:
    """Where the draft of that name lies, or will lie. Raises `Unnameable`."""
    return folder / DRAFTS / f"{_name(name)}.md"


def drafts(folder: Path) -> list[File]:
    """All drafts, the newest first."""
    paths = [path for path in (folder / DRAFTS).glob("*.md") if form.ID.fullmatch(path.stem)]
    return [read(path) for path in sorted(paths, key=lambda path: (-_modified(path), path.name))]


def discard(folder: Path, origins: Collection[int]) -> None:
    """Take the drafts away that were made from any of these."""
    for draft in drafts(folder):
        if not writer.origins_of(draft.text).isdisjoint(origins):
            remove(draft.path)


def read(path: Path) -> File:
    """A file's words, whatever encoding an office computer has given it; what cannot be read as text shows as far as it can."""
    try:
        data = path.read_bytes()
    except OSError:
        return File(path)
    text = plain(data)
    return File(path, text if text is not None else data.decode("utf-8", errors="replace"), digest(data))


def write(path: Path, text: str, base: str) -> File:
    """The words in place of the file whose content `base` names, or in a new file where `base` is empty.

    Raises `Overtaken`, and then nothing was changed; `OSError` where the folder cannot be written.
    """
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n") + "\n"
    data = lines.encode("utf-8", "replace")
    with _writing:
        if read(path).base != base:
            raise Overtaken(path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(part).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(part).replace(path)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
    return File(path, lines, digest(data))


def remove(path: Path) -> None:
    """Take a file away; one that is not there is no fault."""
    path.unlink(missing_ok=True)


def history(path: Path) -> tuple[Record, ...]:
    """What git knows of a file, the newest first; nothing where the folder is no checkout or git is not there."""
    git = which("git")
    if git is None:
        return ()
    command = [git, "-C", str(path.parent), "log", f"--max-count={_RECORDS}", "--format=%aI%x1f%an%x1f%s", "--", path.name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_GIT_S, check=False)  # noqa: S603 - no shell, a path of our own
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(_records(done.stdout.decode("utf-8", errors="replace").splitlines())) if done.returncode == 0 else ()


def _records(lines: Sequence[str]) -> Iterator[Record]:
    for line in lines:
        at, who, what = line.split("\x1f")
        yield Record(datetime.fromisoformat(at), who, what)


def _name(name: str) -> str:
    if not form.ID.fullmatch(name) or len(name) > 80:
        raise Unnameable(name)
    return name


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
