"""The FAQ in memory: an immutable set of entries with what belongs to it, read from a folder, and the holder that reloads it."""

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from faq import communities, form, reader, supplements
from faq.canned import Canned
from faq.communities import Profile
from faq.entry import Entry
from faq.facts import Fact
from faq.fault import Fault, fault, ordered
from faq.glossary import Term
from faq.reader import Document
from faq.supplements import Supplements
from faq.textfile import stem

#: Endings of an entry's file; the second is what an office computer makes of the first.
_ENDINGS = (".md", ".md.txt", ".txt")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that Linli knows at one moment. Nothing in it changes; a reload builds another one.

    `version` is equal for equal content, whatever the folder or machine; `order` is by topic, then id.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    glossary: Mapping[str, Term] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    communities: Mapping[str, Profile] = field(default_factory=dict)
    replies: Mapping[str, Canned] = field(default_factory=dict)
    version: str = ""

    def entry(self, entry_id: str) -> Entry | None:
        """The entry, or `None`."""
        return self.entries.get(entry_id)

    def profile(self, community: str | None) -> Profile | None:
        """The community's profile, or `None`, for `communities.fill`."""
        return self.communities.get(community) if community else None

    def fill(self, lines: Iterable[str], community: str | None, locale: str) -> tuple[str, ...]:
        """The lines of an answer as a resident of that community reads them: every placeholder replaced."""
        return communities.fill(lines, self.profile(community), locale)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder gave: the good entries as a catalogue, every fault, and each entry's file as read (for checks and reloads)."""

    folder: Path
    catalogue: Catalogue
    faults: tuple[Fault, ...]
    documents: Mapping[Path, Document] = field(default_factory=dict)
    supplements: Supplements = field(default_factory=Supplements)

    def document(self, entry_id: str) -> Document | None:
        """The file in which an entry stands."""
        return next(
            (one for one in self.documents.values() if one.entry and one.id == entry_id),
            None,
        )


def load(folder: Path, previous: Loaded | None = None) -> Loaded:
    """Reads a whole FAQ folder. Broken files are left out, with their faults, while the good ones serve.

    Files that are the same as in `previous` are not parsed again. Never raises for what stands in the folder.
    """
    folder = Path(folder)
    faults: list[Fault] = []
    documents: dict[Path, Document] = {}
    for path in _entry_files(folder, faults):
        data = _bytes(path, faults)
        if data is None:
            continue
        known = previous.documents.get(path) if previous else None
        documents[path] = known if known and known.digest == reader.digest(data) else reader.read(data, path)
    taken: dict[str, Path] = {}
    entries: dict[str, Entry] = {}
    for path, document in documents.items():
        faults += document.faults
        if document.id in taken:
            line, column = document.place("id")
            faults.append(
                fault(
                    "id_taken",
                    path,
                    line,
                    column,
                    id=document.id,
                    other=taken[document.id].relative_to(folder),
                )
            )
            continue
        taken[document.id] = path
        if document.entry is not None:
            entries[document.id] = document.entry
    if not documents:
        faults.append(fault("folder_missing", folder))
    beside = supplements.load(folder, previous.supplements if previous else Supplements())
    return Loaded(
        folder,
        _catalogue(entries, beside),
        ordered((*faults, *beside.faults)),
        documents,
        beside,
    )


class Live:
    """The catalogue that serves now. Readers take `catalogue`, which is swapped whole; a reload never takes away a good answer.

    When a file breaks, the last good version of its entry goes on serving until the file is mended or removed.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._loaded = load(folder)
        self._told: frozenset[Fault] = frozenset(self._loaded.faults)

    @property
    def catalogue(self) -> Catalogue:
        """What serves now."""
        return self._loaded.catalogue

    @property
    def loaded(self) -> Loaded:
        """What serves now, with the faults of the folder."""
        return self._loaded

    def reload(self) -> tuple[Fault, ...]:
        """Reads the folder again and returns the faults that were not there before, so that staff are told once.

        Safe to call from any thread; the folder may be gone or half written.
        """
        with self._lock:
            before = self._loaded
            self._loaded = _kept(load(before.folder, before), before)
            found = frozenset(self._loaded.faults)
            new = found - self._told
            self._told = found
            return ordered(new)


def _kept(now: Loaded, before: Loaded) -> Loaded:
    """`now`, with the last good version of what is broken or, when the folder is empty for a moment, of everything."""
    if not now.documents and before.documents:
        return replace(before, faults=now.faults)
    entries = dict(now.catalogue.entries)
    for document in now.documents.values():
        last = before.catalogue.entries.get(document.id)
        if document.entry is None and last is not None:
            entries.setdefault(document.id, last)
    beside = supplements.kept(now.supplements, before.supplements)
    return replace(now, catalogue=_catalogue(entries, beside), supplements=beside)


def _catalogue(entries: Mapping[str, Entry], beside: Supplements) -> Catalogue:
    topics: dict[str, list[str]] = {}
    for entry in sorted(entries.values(), key=lambda one: (one.topic, one.id)):
        topics.setdefault(entry.topic, []).append(entry.id)
    order = tuple(entry_id for ids in topics.values() for entry_id in ids)
    profiles = {one.content.id: one.content for one in beside.profiles.values()}
    version = hashlib.blake2b(digest_size=16)
    for content in (
        *(entries[entry_id] for entry_id in order),
        profiles,
        beside.glossary.content,
        beside.facts.content,
        beside.none.content,
        beside.replies.content,
    ):
        version.update(repr(content).encode())
    return Catalogue(
        entries=MappingProxyType({entry_id: entries[entry_id] for entry_id in order}),
        order=order,
        topics=MappingProxyType({topic: tuple(ids) for topic, ids in topics.items()}),
        glossary=MappingProxyType(dict(beside.glossary.content)),
        facts=MappingProxyType(dict(beside.facts.content)),
        none=beside.none.content,
        communities=MappingProxyType(profiles),
        replies=MappingProxyType(dict(beside.replies.content)),
        version=version.hexdigest(),
    )


def _entry_files(folder: Path, faults: list[Fault]) -> list[Path]:
    """The files below `entries/` that may be entries, in a fixed order; others that people may take for entries are named."""
    files = []
    for path in sorted((folder / "entries").rglob("*")):
        if path.name == form.REPORT_NAME or path.name.startswith((".", "~")) or not path.is_file():
            continue
        ending = path.name[len(stem(path)) :]
        if ending.casefold() not in _ENDINGS:
            faults.append(fault("file_ignored", path))
            continue
        if ending != ".md":
            faults.append(fault("file_name", path, ending=ending, name=f"{stem(path)}.md"))
        files.append(path)
    return files


def _bytes(path: Path, faults: list[Fault]) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        faults.append(fault("file_unreadable", path, reason=error.strerror))
        return None
