"""Is somebody in danger now? Rules alone, so that it works when every model is missing; they stand in `urgency/`, one file a kind."""

from collections import Counter
from functools import lru_cache
from typing import Final

from faq.alarms import SHIPPED, Alarms, load
from faq.language import detect
from faq.pinyin import Pinyin
from faq.reading import Urgency
from faq.text import tidy
from faq.wording import Met, Rulebook, Span, Words, cut

#: Where a text speaks of several dangers, the one that most rules notice is answered; among equals the first of these.
_FIRST: Final = ("suicide", "fire", "gas", "captivity", "violence", "drowning", "childbirth", "poisoning", "accident", "missing", "trapped")
#: The kind of a cry for help that does not say what for.
_ANY: Final = "help"
#: Characters that are read; a longer text says what matters before its end or at it.
_HEAD, _TAIL = 3000, 1000


class Lookout:
    """Notices danger in a text. Never changes once made."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._danger = Rulebook(alarms.danger, alarms.known)
        self._calm = Rulebook(alarms.calm)
        self._past = Rulebook(alarms.past)
        self._pinyin = Pinyin((*self._danger.characters, *self._calm.characters))

    def look(self, text: str) -> Urgency | None:
        """The danger that a text tells of, or None."""
        text = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
        return self._look(cut(text)) or (self._look(cut(self.spoken(text))) if detect(text).pinyin else None)

    def silenced(self, text: str) -> bool:
        """Whether a text has words that make danger an idiom, past or supposed."""
        words = cut(self.spoken(text[: _HEAD + _TAIL]))
        return any(True for book in (self._calm, self._past) for _ in book.met(words))

    def spoken(self, text: str) -> str:
        """A text with pinyin turned into characters, so far as dangers are spoken of."""
        return self._pinyin.read(tidy(text)) if detect(text).pinyin else text

    def _look(self, words: Words) -> Urgency | None:
        dangers = list(self._danger.met(words))
        if not dangers:
            return None
        calm = [met.hull for met in self._calm.met(words)]
        past = {words.sentences[at] for met in self._past.met(words) for at in range(*met.hull)}
        real = [met for met in dangers if _holds(met, words, calm, past)]
        if not real:
            return None
        votes = Counter(met.rule.label for met in real)
        if len(votes) > 1:
            votes.pop(_ANY, None)
        kind = max(votes, key=lambda label: (votes[label], -_FIRST.index(label) if label in _FIRST else -len(_FIRST)))
        phrase = next(words.phrase(met.hull) for met in real if met.rule.label == kind)
        return Urgency(kind, self._alarms.kinds[kind].entry, phrase)


def _holds(met: Met, words: Words, calm: list[Span], past: set[int]) -> bool:
    if any(span.start < other.end and other.start < span.end for span in met.spans for other in calm):
        return False
    return met.rule.strong or not any(words.sentences[span.start] in past for span in met.spans)


@lru_cache(maxsize=1)
def _shipped() -> Lookout:
    return Lookout(load(SHIPPED))


def urgency(text: str) -> Urgency | None:
    """The danger that a text tells of by the rules that come with Linli, or None."""
    return _shipped().look(text)
