"""What stands beside the entries: glossary, facts, texts that nothing answers, replies to use again, the communities' profiles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from faq import canned, communities, facts, glossary
from faq.canned import Canned
from faq.communities import Profile
from faq.facts import Fact
from faq.fault import Fault, errors, fault
from faq.glossary import Term
from faq.textfile import decode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A file's content, the bytes from which it was read, and its faults."""

    data: bytes
    content: T
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplements:
    """All of them as read; a file that is not there counts as empty."""

    glossary: Read[Mapping[str, Term]] = field(default_factory=lambda: Read(b"", {}))
    facts: Read[Mapping[str, Fact]] = field(default_factory=lambda: Read(b"", {}))
    none: Read[tuple[str, ...]] = field(default_factory=lambda: Read(b"", ()))
    profiles: Mapping[Path, Read[Profile]] = field(default_factory=dict)
    replies: Read[Mapping[str, Canned]] = field(default_factory=lambda: Read(b"", {}))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of every file."""
        profiles = (found for one in self.profiles.values() for found in one.faults)
        return (*self.glossary.faults, *self.facts.faults, *self.none.faults, *self.replies.faults, *profiles)


def load(folder: Path, before: Supplements) -> Supplements:
    """Reads them from the FAQ's folder; a file with the same bytes as in `before` is not parsed again."""
    profiles = {}
    for path in sorted((folder / "communities").glob("*.md")):
        if not path.name.startswith((".", "~")):
            known = before.profiles.get(path)
            profiles[path] = _read(path, communities.read, known or Read(b"", Profile(path.stem, {})))
    return Supplements(
        _read(folder / "glossary.md", glossary.read, before.glossary),
        _read(folder / "facts.md", facts.read, before.facts),
        _read(folder / "none.txt", _plain_lines, before.none),
        profiles,
        _read(folder / "replies.md", canned.read, before.replies),
    )


def kept(now: Supplements, before: Supplements) -> Supplements:
    """`now`, with the content from `before` for each file that has a fault which must be mended."""
    return Supplements(
        _kept(now.glossary, before.glossary),
        _kept(now.facts, before.facts),
        _kept(now.none, before.none),
        {path: _kept(one, before.profiles.get(path, one)) for path, one in now.profiles.items()},
        _kept(now.replies, before.replies),
    )


def _read(
    path: Path,
    parse: Callable[[bytes, Path], tuple[T, tuple[Fault, ...]]],
    before: Read[T],
) -> Read[T]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    except OSError as error:
        return replace(before, faults=(fault("file_unreadable", path, reason=error.strerror),))
    if before.data == data and data:
        return before
    content, found = parse(data, path)
    return Read(data, content, found if data else ())


def _kept(now: Read[T], before: Read[T]) -> Read[T]:
    return replace(now, content=before.content) if errors(now.faults) else now


def _plain_lines(data: bytes, path: Path) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """One text a line; `#` begins a comment line."""
    text = decode(data, path)
    return tuple(line.text for line in text.lines if not line.text.startswith("#")), text.faults
