"""What Linli knows now: the live catalogue and the matcher fitted to it, swapped whole when the FAQ changes."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from faq.catalogue import Catalogue, Live
from faq.encoders import Encoder
from faq.entry import LOCALES, Entry
from faq.fault import Fault
from faq.judge import Calibration
from faq.language import detect
from faq.matcher import Matcher
from faq.reading import Context, Question, Reading
from faq.text import clean

log = logging.getLogger(__name__)


class Knowledge:
    """Reads texts and holds the entries. Readers may ask from any thread while a reload prepares the next state."""

    def __init__(self, folder: Path, *, encoders: Sequence[Encoder] = (), cache_dir: Path | None = None) -> None:
        self._live = Live(folder)
        self._encoders = tuple(encoders)
        self._cache_dir = cache_dir
        self._reloading = threading.Lock()
        self._matcher = self._fit(self._encoders)

    @property
    def catalogue(self) -> Catalogue:
        """The entries that serve now."""
        return self._live.catalogue

    @property
    def thresholds(self) -> Calibration:
        """From which probability on an answer is given, and from which entries are offered."""
        return self._matcher.calibration

    @property
    def faults(self) -> Sequence[Fault]:
        """What is wrong in the folder now."""
        return self._live.loaded.faults

    def entry(self, entry_id: str) -> Entry | None:
        """The entry, or None where there is none of that id (any more)."""
        return self.catalogue.entry(entry_id)

    def read(self, text: str, context: Context = Context()) -> Reading:  # noqa: B008 - a frozen value
        """All that can be known from a text and what was said before."""
        language = detect(text)
        ranking = self._matcher.rank(text)
        matches = tuple(match for match in ranking.matches if match.entry in self.catalogue.entries)
        return Reading(text, clean(text), language, (Question(text, matches),))

    def reload(self) -> tuple[Fault, ...]:
        """Read the folder again; returns the faults that are new. What was good before goes on serving."""
        with self._reloading:
            before = self.catalogue.version
            new = self._live.reload()
            if self.catalogue.version != before:
                self._matcher = self._fit(self._encoders)
            return new

    def _fit(self, encoders: Sequence[Encoder]) -> Matcher:
        catalogue = self.catalogue
        examples = {
            entry.id: [(locale, text) for locale in LOCALES for text in entry.questions[locale]] for entry in catalogue.entries.values()
        }
        evidence = {entry.id: [(locale, entry.titles[locale]) for locale in LOCALES] for entry in catalogue.entries.values()}
        return Matcher.fit(examples, catalogue.none, evidence=evidence, encoders=encoders, cache_dir=self._cache_dir)
