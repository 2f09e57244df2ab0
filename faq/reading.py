"""What can be known from a text alone: the values that reading a message gives. Pure, so they are tested without any fixture."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Language:
    """Which language a text is in.

    `code` is `en`, `zh`, `mixed` (English and Chinese together), another BCP 47 code such as `ru`, or `und` where there are no words.
    `script` is `hans`, `hant` or None where no Chinese character tells; `pinyin` marks Chinese written in Latin letters.
    """

    code: str
    script: str | None = None
    pinyin: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that may answer a text. `score` is the calibrated probability, 0–1, that it settles the text."""

    entry: str
    question: str
    locale: str
    score: float
    lexical: float = 0.0
    semantic: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """One question found in a message, with the entries that may answer it, best first."""

    text: str
    matches: tuple[Match, ...]

    @property
    def confidence(self) -> float:
        """The probability, 0–1, that the best match settles the question; 0 where nothing matches."""
        return self.matches[0].score if self.matches else 0.0


@dataclass(frozen=True, slots=True)
class Urgency:
    """Somebody's life, health, safety, freedom or money is in danger now. `kind` names the file in `faq/urgency/` that says what to do."""

    kind: str
    entry: str
    phrase: str


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A line that wants a kind word and nothing else; `kind` is one of those that `faq/smalltalk.py` knows."""

    kind: str


class FollowUpKind(StrEnum):
    """How a message leans on what was shown before."""

    pick = "pick"
    none = "none"
    part = "part"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a message means in the light of what was shown before.

    `pick` chooses `entry` among the choices offered; `none` says that none of them fits; `part` asks on about `entry`,
    namely for one part of its answer (`part` is a name of `faq.entry.PARTS`) or, where `part` is None, for the whole of it.
    """

    kind: FollowUpKind
    entry: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What was shown and said before: the entry shown last, the ids offered last in their order, the person's last texts, oldest first."""

    entry: str | None = None
    choices: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that can be known from a text and its context. `questions` is never empty, also when the text is urgent or small talk."""

    text: str
    cleaned: str
    language: Language
    questions: tuple[Question, ...]
    urgency: Urgency | None = None
    smalltalk: SmallTalk | None = None
    follow_up: FollowUp | None = None
