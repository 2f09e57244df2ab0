"""What Linli knows now: the live catalogue, the matcher fitted to it and the rules of danger, each swapped whole when its files change."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from faq import alarms
from faq.alarms import Alarm
from faq.catalogue import Catalogue, Live
from faq.encoders import Encoder
from faq.entry import LOCALES, Entry
from faq.fault import Fault, ordered
from faq.followup import resolve
from faq.judge import Calibration
from faq.language import detect
from faq.matcher import Matcher
from faq.reading import Context, Match, Question, Reading, Urgency
from faq.smalltalk import smalltalk
from faq.text import clean
from faq.urgency import Lookout

log = logging.getLogger(__name__)


class Knowledge:
    """Reads texts and holds the entries. Readers may ask from any thread while a reload prepares the next state.

    Danger is noticed by rules alone; a matcher that fails costs the candidates, never the alarm.
    """

    def __init__(self, folder: Path, *, encoders: Sequence[Encoder] = (), cache_dir: Path | None = None) -> None:
        self._live = Live(folder)
        self._urgency_folder = Path(folder) / "urgency"
        self._alarms = alarms.load(self._urgency_folder)
        self._lookout = Lookout(self._alarms)
        self._encoders = tuple(encoders)
        self._cache_dir = cache_dir
        self._reloading = threading.Lock()
        self._failed = False
        self._matcher = self._fit()

    @property
    def catalogue(self) -> Catalogue:
        """The entries that serve now."""
        return self._live.catalogue

    @property
    def thresholds(self) -> Calibration:
        """From which probability on an answer is given, and from which entries are offered."""
        return self._matcher.calibration if self._matcher is not None else Calibration()

    @property
    def faults(self) -> Sequence[Fault]:
        """What is wrong in the folder now."""
        return ordered((*self._live.loaded.faults, *self._alarms.faults))

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What is said at once about each kind of danger."""
        return tuple(self._alarms.kinds.values())

    def alarm(self, kind: str) -> Alarm:
        """What is said at once about one kind of danger; `KeyError` for a kind that no file tells of."""
        return self._alarms.kinds[kind]

    def entry(self, entry_id: str) -> Entry | None:
        """The entry, or None where there is none of that id (any more)."""
        return self.catalogue.entry(entry_id)

    def urgent(self, text: str) -> bool:
        """Whether a text tells of danger now. Cheap, without any model."""
        return self._danger(text) is not None

    def read(self, text: str, context: Context = Context()) -> Reading:  # noqa: B008 - a frozen value
        """All that can be known from a text and what was said before. Never raises for what a text holds."""
        urgency = self._danger(text)
        matches = self._matches(text)
        return Reading(
            text,
            clean(text),
            detect(text),
            (Question(text, matches),),
            urgency=urgency,
            smalltalk=None if urgency else smalltalk(text),
            follow_up=None if urgency else resolve(text, context, matches, sure=self.thresholds.answer),
        )

    def reload(self) -> tuple[Fault, ...]:
        """Read the folder again; returns the faults that are new. What was good before goes on serving."""
        with self._reloading:
            before = self.catalogue.version
            new = self._live.reload()
            if self.catalogue.version != before:
                self._matcher = self._fit()
            return ordered((*new, *self._reload_alarms()))

    def _reload_alarms(self) -> set[Fault]:
        known = set(self._alarms.faults)
        found = alarms.load(self._urgency_folder, self._alarms)
        if found != self._alarms:
            self._alarms, self._lookout = found, Lookout(found)
        return set(found.faults) - known

    def _danger(self, text: str) -> Urgency | None:
        return self._lookout.look(text)

    def _matches(self, text: str) -> tuple[Match, ...]:
        if self._matcher is None:
            return ()
        try:
            ranking = self._matcher.rank(text)
        except Exception:
            if not self._failed:
                log.exception("matcher failed", extra={"action": "matcher_failed"})
            self._failed = True
            return ()
        return tuple(match for match in ranking.matches if match.entry in self.catalogue.entries)

    def _fit(self) -> Matcher | None:
        """A matcher of all encoders; of the letters alone where they fail; None where not even that can be made."""
        self._failed = False
        catalogue = self.catalogue
        examples = {
            entry.id: [(locale, text) for locale in LOCALES for text in entry.questions[locale]] for entry in catalogue.entries.values()
        }
        evidence = {entry.id: [(locale, entry.titles[locale]) for locale in LOCALES] for entry in catalogue.entries.values()}
        for encoders in (self._encoders, ()):
            try:
                return Matcher.fit(examples, catalogue.none, evidence=evidence, encoders=encoders, cache_dir=self._cache_dir)
            except Exception:
                log.exception("matcher not made", extra={"action": "matcher_not_made", "encoders": len(encoders)})
        return None
