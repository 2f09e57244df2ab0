"""The staff group: cards and threads kept up to date, taps and words of workers taken."""

import asyncio
import logging
import time

from telegram import Bot, CallbackQuery, ReactionTypeEmoji, error
from telegram import Message as Shown

from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import ANONYMOUS, NAME, message_of, topic_of
from handlers.desk import Desk
from handlers.errors import DeliveryError, LinliError, RetryAfter, Unavailable
from handlers.messages import Audience, Message, Reply, ReplyKind
from handlers.staff import notify, phone
from handlers.staff.card import Room, both
from handlers.staff.news import news

log = logging.getLogger(__name__)

#: Who is in the staff group is asked again after this many seconds: so long, at most, has somebody rights who was put out of it.
MEMBER_S = 60.0
#: How often changes are looked for when nothing wakes us, in seconds.
LOOK_S = 1.0
#: What Telegram allows in the answer to a tap, in characters.
LONGEST_ALERT = 200
RECEIPT = "👌"
#: How often something is said to a worker that the limit does not allow at once.
TRIES = 5


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


STRANGER = _("You are not in the staff table. An admin adds you: linli staff add NAME --telegram-id {id}")
NOBODY = _("Write under your own name: switch off “Remain anonymous” in the group's settings. A ticket needs a person.")
HELP = _(
    "Each ticket has a thread. What you write there goes to the resident under your name; a line that begins with // is a note for"
    " colleagues. The buttons on the card do the rest. /queue lists what is open."
)


class StaffGroup:
    """One staff group. What workers may do is decided behind it; here is only who they are."""

    def __init__(self, desk: Desk, bot: Bot, sender: Sender, console_url: str) -> None:
        self._desk = desk
        self._bot = bot
        self._sender = sender
        self._console_url = console_url
        self._members: dict[str, float] = {}
        self.sending = Lanes()

    @property
    def room(self) -> Room:
        """The group by the id that it has now."""
        return Room(NAME, self._sender.staff_chat, self._console_url)

    async def follow(self) -> None:
        """Until cancelled: queue what has changed for the group."""
        seen = 0
        while True:
            try:
                while await notify.behind(self._desk, self.room):
                    await notify.follow(self._desk, self.room)
                seen = await news(self._desk, seen, LOOK_S)
            except Unavailable:
                log.warning("staff_group_waits")
                await asyncio.sleep(LOOK_S)
            except Exception:  # a fault of ours in one card must not leave the group blind
                log.exception("staff_group_fault")
                await asyncio.sleep(LOOK_S)

    def left(self, user_id: str) -> None:
        """Somebody's place in the group has changed: ask again before they act."""
        self._members.pop(user_id, None)

    async def said(self, shown: Shown) -> None:
        """Something was written in the group: for a resident, for colleagues, or for nobody of ours."""
        message = message_of(shown, self._bot.bot, staff_chat=self.room.chat_id)
        number = await phone.ticket_at(
            self._desk,
            self.room,
            topic=topic_of(shown),
            reply_to=str(shown.reply_to_message.message_id) if shown.reply_to_message else None,
        )
        command = message is not None and message.text.startswith("/") and not message.text.startswith(phone.NOTE)
        if message is None or (number is None and not command):
            return
        refusal = await self._refusal(message.sender_id)
        worker = None if refusal else await phone.who(self._desk, message.sender_id)
        if worker is None:
            await self._answer(number, refusal or both(STRANGER, id=message.sender_id), message)
        elif command:
            text = await phone.overview(self._desk, worker) if message.text.startswith("/queue") else both(HELP)
            await self._answer(number, text, message)
        elif number is not None:
            try:
                await phone.say(
                    self._desk,
                    worker,
                    NAME,
                    number,
                    message.text,
                    attachments=message.attachments,
                    message_id=f"{self.room.chat_id}/{message.message_id}",
                )
            except LinliError as fault:
                await self._answer(number, phone.sorry(fault), message)
            else:
                await self._receipt(shown)

    async def tapped(self, query: CallbackQuery) -> None:
        """A button of a card."""
        refusal = await self._refusal(str(query.from_user.id))
        worker = None if refusal else await phone.who(self._desk, str(query.from_user.id))
        if worker is None:
            await self._tell(query, refusal or both(STRANGER, id=query.from_user.id), alert=True)
            return
        try:
            done = await phone.tap(self._desk, self.room, worker, query.data or "", message_id=f"{self.room.chat_id}/q{query.id}")
        except LinliError as fault:
            await self._tell(query, phone.sorry(fault), alert=True)
            return
        await self._tell(query, done.says)
        if done.card is not None:
            self._send(done.card)

    async def closed_by_hand(self, shown: Shown, *, opened: bool) -> None:
        """A worker closed a topic, or opened it again, with Telegram's own button: the ticket follows."""
        if shown.from_user is None or shown.from_user.id == self._bot.id:
            return
        number = await phone.ticket_at(self._desk, self.room, topic=topic_of(shown), reply_to=None)
        worker = await phone.who(self._desk, str(shown.from_user.id))
        if number is None or worker is None or await self._refusal(str(shown.from_user.id)):
            return
        act = "reopen" if opened else "close"
        try:
            await phone.tap(self._desk, self.room, worker, f"staff:{act}:{number}", message_id=str(shown.message_id))
        except LinliError as fault:
            log.info("topic_left_as_it_is", extra={"says": type(fault).__name__, "ticket": number})

    async def _refusal(self, user_id: str) -> str:
        """Why this account may do nothing here, "" where it may: it stands for many people, or is not in the group."""
        if user_id == str(ANONYMOUS):
            return both(NOBODY)
        if self._members.get(user_id, 0.0) > time.monotonic():
            return ""
        try:
            member = await self._bot.get_chat_member(self.room.chat_id, int(user_id))
        except error.TelegramError as fault:
            log.warning("membership_unknown", extra={"says": fault.message})
            return both(_("Telegram does not tell me now who is in this group. Try again in a minute."))
        if member.status in {"left", "kicked"}:
            return both(_("You are not in the staff group any more."))
        self._members[user_id] = time.monotonic() + MEMBER_S
        return ""

    async def _answer(self, number: int | None, text: str, message: Message) -> None:
        if number is None:
            room = self.room
            self._send(Reply(room.channel, room.chat_id, Audience.staff, ReplyKind.notice, text, "en", quote=message.message_id))
        else:
            self._send(await phone.told(self._desk, self.room, number, text, message.message_id))

    def _send(self, reply: Reply) -> None:
        """Say it as soon as the group's limit allows; what comes in meanwhile does not wait for that."""
        self.sending.start(reply.thread.name if reply.thread else "", self._sent(reply))

    async def _sent(self, reply: Reply) -> None:
        for _try in range(TRIES):
            try:
                await self._sender.send(reply)
            except RetryAfter as fault:
                await asyncio.sleep(fault.seconds)
            except DeliveryError as fault:
                log.warning("staff_not_told", extra={"says": str(fault)})
                return
            else:
                return

    async def _tell(self, query: CallbackQuery, text: str, *, alert: bool = False) -> None:
        try:
            await query.answer(text[:LONGEST_ALERT] or None, show_alert=alert)
        except error.TelegramError as fault:
            log.info("tap_not_answered", extra={"says": fault.message})

    async def _receipt(self, shown: Shown) -> None:
        """Taken: a sign on the message costs none of the group's twenty messages a minute."""
        try:
            await shown.set_reaction(ReactionTypeEmoji(RECEIPT))
        except error.TelegramError as fault:
            log.info("no_reaction", extra={"says": fault.message})
