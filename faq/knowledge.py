"""What Linli knows now: the live catalogue, the matcher fitted to it and the rules of danger, each swapped whole when its files change."""

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from faq import alarms
from faq.alarms import Alarm
from faq.alertness import SecondLook
from faq.catalogue import Catalogue, Live, Loaded
from faq.clauses import read_questions
from faq.encoders import Encoder, Vectors
from faq.entry import Entry
from faq.fault import Fault, ordered
from faq.followup import points_back, resolve
from faq.judge import Calibration
from faq.language import detect
from faq.lexical import Sketch
from faq.matcher import Matcher
from faq.reading import Context, FollowUp, FollowUpKind, Question, Reading, Urgency
from faq.rehearsal import Rehearsed
from faq.serving import Serving
from faq.smalltalk import smalltalk
from faq.text import clean
from faq.urgency import Lookout

log = logging.getLogger(__name__)

#: A text that asks what an entry answers with this probability is not looked at for danger that no rule names.
_SURELY = 0.8
#: Shorter examples of the entries on danger ask about it; longer ones tell of it.
_SHORT = 50


class Knowledge:
    """Reads texts and holds the entries. Readers may ask from any thread while a reload prepares the next state.

    `matching=False` leaves the matcher out, for short commands that ask nothing; `soon` serves with the first encoder until all are
    ready. Danger is noticed by rules alone, and an encoder only adds to them; a matcher that fails costs the candidates, never the alarm.
    """

    def __init__(
        self, folder: Path, *, encoders: Sequence[Encoder] = (), cache_dir: Path | None = None, matching: bool = True, soon: bool = False
    ) -> None:
        self._live = Live(folder)
        self._urgency_folder = Path(folder) / "urgency"
        self._alarms = alarms.load(self._urgency_folder)
        self._lookout = Lookout(self._alarms)
        self._reloading = threading.Lock()
        self._failed = False
        self._serving = Serving(self.catalogue, encoders=encoders, cache_dir=cache_dir, soon=soon) if matching else None
        first = encoders[0] if encoders and matching else None
        self._second = SecondLook(first, cache_dir, self._urgency_folder, self._ordinary)

    @property
    def catalogue(self) -> Catalogue:
        """The entries that serve now."""
        return self._live.catalogue

    @property
    def loaded(self) -> Loaded:
        """The folder as it was read last: its entries, their files and what is wrong in them."""
        return self._live.loaded

    @property
    def _matcher(self) -> Matcher | None:
        return self._serving.matcher if self._serving is not None else None

    @property
    def thresholds(self) -> Calibration:
        """From which probability on an answer is given, and from which entries are offered."""
        matcher = self._matcher
        return matcher.calibration if matcher is not None else Calibration()

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
        talk = None if urgency else smalltalk(text)
        questions = self._questions(text, whole=urgency is not None or talk is not None)
        follow_up = None if urgency else resolve(text, context, questions[0].matches, sure=self.thresholds.answer)
        if talk is not None and follow_up is not None and follow_up.kind is FollowUpKind.part:
            follow_up = None  # "ok, thanks" asks for no part of anything
        if follow_up is None and urgency is None and talk is None:
            urgency = self._second_look(text, questions)
            if urgency is None and len(questions) == 1:
                follow_up = self._in_context(text, context, questions[0])
        return Reading(text, clean(text), detect(text), questions, urgency=urgency, smalltalk=talk, follow_up=follow_up)

    def _questions(self, text: str, *, whole: bool) -> tuple[Question, ...]:
        """The one or two questions of a text with what may answer them; one without candidates where the matcher fails."""
        matcher = self._matcher
        if matcher is None:
            return (Question(text, ()),)
        try:
            found = ((text, matcher.rank(text)),) if whole else read_questions(matcher, text)
        except Exception:
            if not self._failed:
                log.exception("matcher failed", extra={"action": "matcher_failed"})
            self._failed = True
            return (Question(text, ()),)
        entries = self.catalogue.entries
        return tuple(Question(part, tuple(match for match in ranking.matches if match.entry in entries)) for part, ranking in found)

    def _second_look(self, text: str, questions: Sequence[Question]) -> Urgency | None:
        """Danger that no rule names, unless the text speaks of it as past or supposed, or surely asks what an entry answers."""
        asked = questions[0].matches[0] if questions[0].matches else None
        if asked is not None and asked.score >= _SURELY and asked.entry not in {alarm.entry for alarm in self.alarms}:
            return None
        if self._lookout.silenced(text):
            return None
        kind = self._second.look(self._lookout.spoken(text))
        known = self._alarms.kinds.get(kind) if kind is not None else None
        return Urgency(known.kind, known.entry, "") if known is not None else None

    def _ordinary(self) -> list[str]:
        """Questions that are none of danger: of every other example of the entries that belong to no alarm, short ones of those that do."""
        dangerous = {alarm.entry for alarm in self.alarms}
        found = list(self.catalogue.none)
        for entry in self.catalogue.entries.values():
            texts = [text for texts in entry.questions.values() for text in texts]
            found += [t for t in texts if len(t) < _SHORT and not self.urgent(t)] if entry.id in dangerous else texts[::2]
        return found

    def _in_context(self, text: str, context: Context, alone: Question) -> FollowUp | None:
        """A question that points back ("do they take cards there?") and means little alone is read together with the one before it."""
        shown = self.entry(context.entry) if context.entry is not None else None
        if shown is None or alone.confidence >= self.thresholds.answer or not points_back(text):
            return None
        before = context.turns[-1] if context.turns else shown.titles["zh" if detect(text).code == "zh" else "en"]
        joined = self._questions(f"{before}\n{text}", whole=True)[0]
        if joined.matches and joined.matches[0].entry == shown.id and joined.confidence >= self.thresholds.answer:
            return FollowUp(FollowUpKind.part, shown.id)
        return None

    def reload(self) -> tuple[Fault, ...]:
        """Read the folder again; returns the faults that are new. What was good before goes on serving.

        Answers are new at once, questions within about a second; the fit of everything follows behind, see `settled`.
        """
        with self._reloading:
            before = self.catalogue.version
            new = self._live.reload()
            if self.catalogue.version != before and self._serving is not None:
                self._serving.follow(self.catalogue)
                self._failed = False
            return ordered((*new, *self._reload_alarms()))

    def settled(self, timeout_s: float | None = None) -> bool:
        """Wait until the matcher is fitted to all that was reloaded; whether it is by then."""
        return self._serving is None or self._serving.settled(timeout_s)

    def rehearse(self) -> Iterator[tuple[Rehearsed, ...]]:
        """How each example question fares when it is left out, a fifth of them at a time. Raises `LookupError` without a matcher."""
        matcher = self._matcher
        if matcher is None:
            raise LookupError("no matcher")
        return matcher.rehearse()

    def vectors(self, texts: Sequence[str]) -> tuple[Vectors, bool]:
        """Rows of length 1 by which texts are compared, and whether they tell meaning; without an encoder they tell letters alone."""
        matcher = self._matcher
        if matcher is None:
            return Sketch.of(texts).encode(texts), False
        return matcher.vectors(texts)

    def _reload_alarms(self) -> set[Fault]:
        known = set(self._alarms.faults)
        found = alarms.load(self._urgency_folder, self._alarms)
        if found != self._alarms:
            self._alarms, self._lookout = found, Lookout(found)
        return set(found.faults) - known

    def _danger(self, text: str) -> Urgency | None:
        return self._lookout.look(text)
