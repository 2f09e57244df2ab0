"""A transcript of a group played through the group sense: what Linli would have done after each message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from faq.knowledge import Knowledge
from faq.reading import Context, Match, Reading
from handlers.desk import thresholds
from handlers.policy import Policy
from handlers.resident.group import GroupAction, Heard, Manners, Said, Sense, sense

#: A transcript without times begins here; its messages are a minute apart.
BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
#: Transcripts are replayed without the hourly cap: each message is judged for itself.
MANNERS = Manners(hourly_cap=None)
BOT = "Linli"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a transcript. `reply_to` is the number of an earlier message or "bot"."""

    n: int
    who: str
    text: str
    reply_to: int | str | None = None
    mentions_bot: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """What Linli would do about one message; pointing back to an answer counts as giving it."""

    n: int
    action: str
    entry: str | None
    candidates: tuple[Match, ...]


def replay(faq: Knowledge, policy: Policy, lines: Sequence[Line]) -> list[Played]:
    """Play a transcript: group mode `normal`, no staff among the writers, no hourly cap."""
    recent: list[Heard] = []
    who_of: dict[int, str] = {}
    played = []
    for place, line in enumerate(lines):
        at = line.at or BEGIN + timedelta(minutes=place)
        to_bot = line.mentions_bot or line.reply_to == "bot"
        reply_to = BOT if line.reply_to == "bot" else who_of.get(line.reply_to) if isinstance(line.reply_to, int) else None
        last = next((heard.entry for heard in reversed(recent) if heard.by_bot and heard.entry), None) if to_bot else None
        done = _judge(faq, policy, Said(line.who, at, line.text, reply_to, to_bot), recent, Context(entry=last))
        who_of[line.n] = line.who
        recent.append(Heard(line.who, at, reply_to))
        if done.action is not GroupAction.silent:
            recent.append(Heard(BOT, at, line.who if to_bot else None, by_bot=True, entry=done.entry))
        action = GroupAction.answer if done.action is GroupAction.pointer else done.action
        played.append(Played(line.n, "smalltalk" if action is GroupAction.command else action, done.entry, done.candidates))
    return played


def _judge(faq: Knowledge, policy: Policy, said: Said, recent: Sequence[Heard], context: Context) -> Sense:
    def read(text: str) -> Reading:
        return faq.read(text[: policy.read_characters], context)

    return sense(said, recent, read, thresholds(faq, policy), manners=MANNERS, urgent=faq.urgent)
