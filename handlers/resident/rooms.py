"""The groups that Linli may be in, those who come into them, and the raids that come too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import locales
from handlers.desk import Desk
from handlers.messages import Audience, Reply, ReplyKind
from handlers.voice import Voice
from storage import groups, workers
from storage.groups import Group, GroupFact, Speaker
from storage.workers import Role

#: So many who join within a minute are a raid.
RAID = 20
MINUTE = timedelta(minutes=1)
#: A group that was raided stays closed for this long.
LOCKED = timedelta(minutes=30)
#: Newcomers of this time share one welcome.
WELCOME_EVERY = timedelta(minutes=10)
#: What a fact of somebody who joined is called, and of the welcome that was said.
JOINED, WELCOMED = "joined", "welcomed"


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


@dataclass(frozen=True, slots=True)
class Arrival:
    """What comes of people who joined: a welcome to say, or a group to close with one alert."""

    welcome: Reply | None = None
    lock: bool = False


async def admit(desk: Desk, channel: str, chat_id: str, *, title: str, added_by: str, listed: Collection[str]) -> bool:
    """Whether Linli may stay in a group: an admin of the staff table brought it there, or the operator has listed the group."""
    async with desk.storage.transaction() as tx:
        worker = await workers.by_telegram_id(tx, added_by)
        if chat_id not in listed and (worker is None or worker.role is not Role.admin):
            return await groups.get(tx, channel, chat_id) is not None
        own = sorted(await workers.communities_of(tx, worker.id)) if worker else []
        community = own[0] if len(own) == 1 else None
        await groups.ensure(tx, channel, chat_id, title=title, mode="normal", community_id=community, now=desk.now())
        return True


async def known(desk: Desk, channel: str, chat_id: str) -> Group | None:
    """The group, None where Linli has no business."""
    async with desk.storage.reading() as tx:
        return await groups.get(tx, channel, chat_id)


async def out(desk: Desk, channel: str, chat_id: str) -> None:
    """Linli was put out of a group."""
    async with desk.storage.transaction() as tx:
        await groups.remove(tx, channel, chat_id)


async def joined(desk: Desk, channel: str, chat_id: str, message_id: str, who: Collection[tuple[str, str]]) -> Arrival:
    """People (id and name) have come into a group. Each is counted once; a raid gets no welcome and closes the group once."""
    now = desk.now()
    async with desk.storage.transaction() as tx:
        before = await groups.recent(tx, channel, chat_id, now - WELCOME_EVERY)
        seen = {fact.message_id for fact in before}
        new = [_fact(channel, chat_id, f"{message_id} {user_id}", user_id, name, JOINED, now) for user_id, name in who]
        new = [fact for fact in new if fact.message_id not in seen]
        await groups.record(tx, new)
        if not new:
            return Arrival()
        came = [fact for fact in before if fact.action == JOINED and fact.at > now - MINUTE]
        if len(came) + len(new) >= RAID:
            return Arrival(lock=await groups.lock(tx, channel, chat_id, now + LOCKED, now))
        if any(fact.action == WELCOMED for fact in before):
            return Arrival()
        await groups.record(tx, [_fact(channel, chat_id, f"welcome {message_id}", "Linli", "Linli", WELCOMED, now)])
    return Arrival(welcome=_welcome(channel, chat_id))


async def reopen_due(desk: Desk, channel: str) -> list[str]:
    """Groups whose closing time is over; they count as open from now on."""
    async with desk.storage.reading() as tx:
        if not await groups.locked_before(tx, desk.now()):
            return []
    async with desk.storage.transaction() as tx:
        over = [group for group in await groups.locked_before(tx, desk.now()) if group.channel == channel]
        for group in over:
            group.locked_until = None
        return [group.chat_id for group in over]


def raid_alert(channel: str, staff_chat: str, title: str) -> Reply:
    """One line to the staff group."""
    voice = Voice(locales.BOTH)
    text = voice.say(_("Many accounts joined “{title}” within a minute. I closed the group for half an hour."), title=title)
    return Reply(channel, staff_chat, Audience.staff, ReplyKind.notice, text, voice.first)


def farewell(channel: str, chat_id: str) -> Reply:
    """The one sentence to a group that nobody has registered."""
    voice = Voice(locales.BOTH)
    text = voice.say(_("I only work in groups that my community has registered. An admin of its staff can add me again."))
    return Reply(channel, chat_id, Audience.group, ReplyKind.notice, text, voice.first)


def _welcome(channel: str, chat_id: str) -> Reply:
    voice = Voice(locales.BOTH)
    text = voice.say(
        _("Welcome. I am Linli 邻里, the helpdesk here: call me by my name when you have a question, or write to me in private.")
    )
    return Reply(channel, chat_id, Audience.group, ReplyKind.welcome, text, voice.first)


def _fact(channel: str, chat_id: str, message_id: str, sender_id: str, name: str, action: str, now: datetime) -> GroupFact:
    return GroupFact(
        channel=channel,
        chat_id=chat_id,
        message_id=message_id,
        sender_id=sender_id,
        name=name[:80],
        speaker=Speaker.resident if action == JOINED else Speaker.bot,
        calls=[],
        addressed=False,
        action=action,
        at=now,
    )
