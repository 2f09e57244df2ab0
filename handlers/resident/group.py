"""Group sense: when Linli speaks in a group of people, as a pure function of who spoke before and what is said now.

Of unaddressed talk only facts without words are known: who, when, in reply to whom, calling whom, and whether Linli or a worker spoke.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from faq.asking import asks
from faq.reading import Match, Reading
from faq.spam import is_spam
from handlers import privacy
from handlers.decision import Action, Decision, Thresholds, decide


class Mode(StrEnum):
    """How much a group wants to hear of Linli: only when called, a sure answer now and then, or any good answer."""

    quiet = "quiet"
    normal = "normal"
    helpful = "helpful"


class GroupAction(StrEnum):
    """What Linli does about a message in a group. `pointer` stands for an answer that the group has had a while ago."""

    silent = "silent"
    answer = "answer"
    pointer = "pointer"
    suggest = "suggest"
    escalate = "escalate"
    command = "command"
    privacy_warning = "privacy_warning"
    urgent = "urgent"
    spam = "spam"
    smalltalk = "smalltalk"


@dataclass(frozen=True, slots=True)
class Heard:
    """What is kept of a message that somebody said in the group: no words. `entry` is what Linli answered with it, if Linli spoke."""

    who: str
    at: datetime
    reply_to: str | None = None
    by_bot: bool = False
    by_worker: bool = False
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The message that is judged. `reply_to` names the person it replies to; `to_bot` is true where that is Linli or it calls Linli."""

    who: str
    at: datetime
    text: str
    reply_to: str | None = None
    to_bot: bool = False
    by_worker: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """The figures by which Linli keeps its manners. Probabilities are 0–1."""

    #: Unaddressed, an entry must settle the question with this probability (in a helpful group, what a private chat asks for).
    unmistakable: float = 0.88
    #: An answer is not given again within this time; Linli points back to it.
    repeat_after: timedelta = timedelta(minutes=30)
    #: So many answers an hour may be given without being asked; None: no cap.
    hourly_cap: int | None = 10
    #: A worker who spoke so recently is answering: Linli keeps out.
    worker_speaks: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Sense:
    """What to do, about which entry, and what else might have been meant. `decision` is there where the message was read."""

    action: GroupAction
    entry: str | None = None
    candidates: tuple[Match, ...] = ()
    decision: Decision | None = None


#: Commands that are questions to an entry.
ENTRY_COMMANDS = {
    "card": "community-service-card",
    "events": "community-events",
    "notices": "community-notices",
    "volunteer": "community-volunteer",
}
#: Laughter: people are joking with each other.
_JOKE = re.compile(r"\b(?:lol|lmao|rofl|ha(?:ha)+|jk|xd)\b|[😂🤣😅💀😜😝🙃]|哈哈|笑死|233", re.I)
#: A person is called by a title.
_TITLE = re.compile(r"(?:^|[\s,，。！!])[一-鿿]{1,2}(?:阿姨|叔叔|叔|姐|哥|老师|师傅|医生|主任|奶奶|爷爷|总)[，,\s]|^@?\w+[,，]\s")
#: Fewer signs than this are too short to be unmistakable.
_SHORTEST = 8


def sense(
    said: Said,
    recent: Sequence[Heard],
    read: Callable[[str], Reading],
    thresholds: Thresholds,
    *,
    urgent: Callable[[str], bool],
    mode: Mode = Mode.normal,
    manners: Manners = Manners(),
) -> Sense:
    """What Linli does about a message. Danger, private numbers and advertising are acted on whoever is addressed.

    `read` is called only where it matters: most talk between people is not read for meaning at all. `urgent` is cheap and needs no model.
    """
    text = said.text
    if urgent(text):
        reading = read(text)
        return Sense(GroupAction.urgent, reading.urgency.entry if reading.urgency else None, reading.questions[0].matches)
    if privacy.private(text):
        return Sense(GroupAction.privacy_warning)
    if is_spam(text) and not said.by_worker:
        return Sense(GroupAction.spam)
    if text.startswith("/"):
        return _command(text)
    if said.to_bot:
        return _addressed(said, recent, read(text), thresholds, manners)
    return _unaddressed(said, recent, read, thresholds, mode, manners)


def _command(text: str) -> Sense:
    word = text[1:].split(maxsplit=1)[0].partition("@")[0].lower() if len(text) > 1 else ""
    if word == "human":
        return Sense(GroupAction.escalate)
    if word in ENTRY_COMMANDS:
        return Sense(GroupAction.answer, ENTRY_COMMANDS[word])
    return Sense(GroupAction.command if word in {"help", "start", "language", "privacy", "ticket"} else GroupAction.silent)


def _addressed(said: Said, recent: Sequence[Heard], reading: Reading, thresholds: Thresholds, manners: Manners) -> Sense:
    decision = decide(reading, thresholds)
    if decision.action is Action.answer:
        return _answered(decision, said, recent, manners)
    if decision.action is Action.escalate and said.reply_to is not None and not asks(said.text):
        return Sense(GroupAction.silent, None, decision.candidates, decision)  # "good to know", said to Linli, wants nothing
    return Sense(GroupAction(decision.action), None, decision.candidates, decision)


def _unaddressed(
    said: Said, recent: Sequence[Heard], read: Callable[[str], Reading], thresholds: Thresholds, mode: Mode, manners: Manners
) -> Sense:
    silent = Sense(GroupAction.silent)
    if mode is Mode.quiet or said.reply_to is not None or said.by_worker or len(said.text) < _SHORTEST:
        return silent
    if not asks(said.text) or _JOKE.search(said.text) or calls_somebody(said, recent) or _kept_out(said, recent, manners):
        return silent
    reading = read(said.text)
    decision = decide(reading, thresholds)
    bar = thresholds.answer if mode is Mode.helpful else max(manners.unmistakable, thresholds.answer)
    if decision.action is not Action.answer or reading.smalltalk is not None or decision.confidence < bar:
        return Sense(GroupAction.silent, None, decision.candidates, decision)
    return _answered(decision, said, recent, manners)


def _answered(decision: Decision, said: Said, recent: Sequence[Heard], manners: Manners) -> Sense:
    entry = decision.entries[0]
    since = said.at - manners.repeat_after
    again = any(heard.by_bot and heard.entry == entry and heard.at >= since for heard in recent)
    return Sense(GroupAction.pointer if again else GroupAction.answer, entry, decision.candidates, decision)


def _kept_out(said: Said, recent: Sequence[Heard], manners: Manners) -> bool:
    """Whether Linli has said enough for an hour, or a worker is speaking with this person right now."""
    hour = said.at - timedelta(hours=1)
    spoken = sum(heard.by_bot and heard.reply_to is None and heard.at >= hour for heard in recent)
    if manners.hourly_cap is not None and spoken >= manners.hourly_cap:
        return True
    return any(heard.by_worker and heard.reply_to == said.who and heard.at >= said.at - manners.worker_speaks for heard in recent)


def calls_somebody(said: Said, recent: Sequence[Heard]) -> bool:
    """Whether a text calls a person who has spoken here, or anybody by a title."""
    lowered = said.text.lower()
    for name in {heard.who for heard in recent if not heard.by_bot and heard.who != said.who}:
        for part in {name.lower(), *re.split(r"[\s(（]", name.lower())}:
            if len(part) > 1 and re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", lowered):
                return True
    return _TITLE.search(said.text) is not None
