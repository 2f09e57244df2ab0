"""Taking a reply to where it belongs: the right room, its thread, in place of what it replaces, at the pace that is allowed."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, ReplyParameters, error
from telegram.constants import ParseMode

from bot.channels.telegram.faults import Moved, WrongAudience, delivery_error, says
from bot.channels.telegram.keyboards import keyboard
from bot.channels.telegram.layout import split, to_html
from bot.channels.telegram.pace import PATIENCE_S, PATIENCE_WITHIN_S, Pace
from bot.channels.telegram.request import TooMany
from bot.channels.telegram.updates import NAME
from handlers import places
from handlers.desk import Desk
from handlers.errors import DeliveryError
from handlers.messages import Attachment, AttachmentKind, Audience, Reply, Thread
from handlers.resident import mydata

log = logging.getLogger(__name__)
Result = TypeVar("Result")

#: Telegram's limits for a caption in UTF-16 units and for the name of a topic in characters.
LONGEST_CAPTION, LONGEST_TOPIC = 1024, 128
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Sends replies as one bot. `staff_chat` is the staff group's id, "" where there is none."""

    def __init__(self, desk: Desk, bot: Bot, staff_chat: str = "") -> None:
        self._desk = desk
        self._bot = bot
        self._pace = Pace(desk)
        self._without_topics: set[str] = set()
        self.staff_chat = staff_chat

    async def send(self, reply: Reply) -> str:
        """Show a reply and return the id of its (last) message. Raises a `DeliveryError`."""
        check_audience(reply, self.staff_chat)
        try:
            return await self._send(reply)
        except Moved as moved:
            await self.moved(reply.chat_id, moved.new)
            raise DeliveryError("The chat has a new id; the reply follows it.") from None

    async def moved(self, old: str, new: str) -> None:
        """A group became a supergroup: its id is rewritten everywhere."""
        await places.chat_moved(self._desk, NAME, old, new)
        self._without_topics.discard(new)
        if old == self.staff_chat:
            self.staff_chat = new

    async def _send(self, reply: Reply) -> str:
        topic = await self._topic(reply.chat_id, reply.thread) if reply.thread else None
        if reply.thread and topic is None and reply.quote is None:
            reply = replace(reply, quote=await self._anchor(reply.chat_id, reply.thread, reply.slot))
        buttons = keyboard(reply.choices, self._bot.username if self._bot.bot else "")
        pieces = split(reply.text) if reply.text else []
        if reply.slot and len(pieces) == 1 and not reply.attachments:
            return await self._in_place(reply, pieces[0], buttons, topic)
        sent = ""
        patience_s = PATIENCE_S
        for attachment in reply.attachments:
            sent = await self._attachment(reply, attachment, topic, patience_s)
            patience_s = PATIENCE_WITHIN_S
        for number, piece in enumerate(pieces, 1):
            sent = await self._text(reply, piece, buttons if number == len(pieces) else None, topic, patience_s)
            patience_s = PATIENCE_WITHIN_S
        if reply.thread and not reply.thread.open:
            await self._close(reply.chat_id, reply.thread)
        return sent

    async def _text(self, reply: Reply, text: str, buttons: InlineKeyboardMarkup | None, topic: int | None, patience_s: float) -> str:
        async def send(words: str, mode: ParseMode | None) -> Message:
            return await self._bot.send_message(
                reply.chat_id,
                words,
                parse_mode=mode,
                reply_markup=buttons,
                message_thread_id=topic,
                reply_parameters=_quote(reply),
                link_preview_options=_NO_PREVIEW,
            )

        await self._pace.leave(reply.chat_id, minor=reply.minor, patience_s=patience_s)
        try:
            sent = await self._call(reply, lambda: send(to_html(text), ParseMode.HTML))
        except _Unparsed:
            log.error("text_refused_as_html")
            sent = await self._call(reply, lambda: send(text, None))
        return str(sent.message_id)

    async def _in_place(self, reply: Reply, text: str, buttons: InlineKeyboardMarkup | None, topic: int | None) -> str:
        """Change the message of this slot, or send it where there is none yet (or none any more)."""
        assert reply.slot is not None
        look = _digest(text, buttons)
        place = await places.find(self._desk, NAME, reply.chat_id, reply.slot)
        message_id = place.platform_id if place else ""
        if place is not None and place.state != look:
            message_id = await self.edit(reply, text, buttons, place.platform_id)
        if not message_id:
            message_id = await self._text(reply, text, buttons, topic, PATIENCE_S)
        if place is None or place.state != look:
            await places.stands(self._desk, NAME, reply.chat_id, reply.slot, message_id, look)
        if reply.thread and not reply.thread.open:
            await self._close(reply.chat_id, reply.thread)
        return message_id

    async def edit(self, reply: Reply, text: str, buttons: InlineKeyboardMarkup | None, message_id: str) -> str:
        """Change a message of ours; its id, or "" where it is no longer there to be changed."""
        await self._pace.leave(reply.chat_id, minor=reply.minor)

        async def change() -> object:
            return await self._bot.edit_message_text(
                to_html(text),
                chat_id=reply.chat_id,
                message_id=int(message_id),
                parse_mode=ParseMode.HTML,
                reply_markup=buttons,
                link_preview_options=_NO_PREVIEW,
            )

        try:
            await self._call(reply, change)
        except _Same:
            return message_id
        except _Gone:
            return ""
        return message_id

    async def _attachment(self, reply: Reply, attachment: Attachment, topic: int | None, patience_s: float) -> str:
        """Pass a file, place or contact on by its reference: nothing is uploaded again."""
        bot, chat, what = self._bot, reply.chat_id, attachment.reference
        quote = _quote(reply)
        made = await self._made_here(attachment) if what.startswith(mydata.REFERENCE) else what
        if made is None:
            return ""

        async def send() -> Message:
            match attachment.kind:
                case AttachmentKind.photo:
                    return await bot.send_photo(chat, what, message_thread_id=topic, reply_parameters=quote)
                case AttachmentKind.voice:
                    return await bot.send_voice(chat, what, message_thread_id=topic, reply_parameters=quote)
                case AttachmentKind.video:
                    return await bot.send_video(chat, what, message_thread_id=topic, reply_parameters=quote)
                case AttachmentKind.location:
                    latitude, longitude = map(float, what.split(","))
                    return await bot.send_location(chat, latitude, longitude, message_thread_id=topic, reply_parameters=quote)
                case AttachmentKind.contact:
                    return await bot.send_contact(chat, what, attachment.name or what, message_thread_id=topic, reply_parameters=quote)
            return await bot.send_document(chat, made, message_thread_id=topic, reply_parameters=quote)

        await self._pace.leave(chat, minor=reply.minor, patience_s=patience_s)
        return str((await self._call(reply, send)).message_id)

    async def _made_here(self, attachment: Attachment) -> InputFile | None:
        """A file that no platform has yet: a person's own data, made when it is handed over; None when that is too late."""
        page = await mydata.file(self._desk, attachment.reference)
        return InputFile(page, filename=attachment.name) if page is not None else None

    async def _topic(self, chat_id: str, thread: Thread) -> int | None:
        """The forum topic of a thread, made, renamed or opened again where need be; None in a group without topics."""
        place = await places.find(self._desk, NAME, chat_id, thread.name)
        title = thread.title[:LONGEST_TOPIC]
        if place is None:
            if chat_id in self._without_topics:
                return None
            await self._pace.leave(chat_id)
            try:
                made = await self._bot.create_forum_topic(chat_id, title)
                self._pace.arrived(chat_id)
            except error.TelegramError as fault:
                if says(fault, "not a forum", "not enough rights", "chat_not_forum", "supergroup"):
                    self._without_topics.add(chat_id)
                    return None
                raise await self._translated(chat_id, fault) from None
            await places.stands(self._desk, NAME, chat_id, thread.name, str(made.message_thread_id), f"open {title}")
            return made.message_thread_id
        state, _space, shown = place.state.partition(" ")
        topic = int(place.platform_id)
        if (state, shown) != ("open", title):
            try:
                if state == "closed":
                    await self._quietly(self._bot.reopen_forum_topic, chat_id, topic)
                if shown != title:
                    await self._quietly(lambda chat, thread_id: self._bot.edit_forum_topic(chat, thread_id, name=title), chat_id, topic)
            except error.TelegramError as fault:
                raise await self._translated(chat_id, fault) from None
            await places.stands(self._desk, NAME, chat_id, thread.name, place.platform_id, f"open {title}")
        return topic

    async def _anchor(self, chat_id: str, thread: Thread, slot: str | None) -> str | None:
        """In a group without topics a thread hangs on its card: what belongs to it replies to that."""
        card = thread.name.replace("ticket:", "card:", 1)
        place = await places.find(self._desk, NAME, chat_id, card) if card != slot else None
        return place.platform_id if place else None

    async def _close(self, chat_id: str, thread: Thread) -> None:
        place = await places.find(self._desk, NAME, chat_id, thread.name)
        if place is not None and place.state.startswith("open "):
            try:
                await self._quietly(self._bot.close_forum_topic, chat_id, int(place.platform_id))
            except error.TelegramError as fault:
                raise await self._translated(chat_id, fault) from None
            await places.stands(self._desk, NAME, chat_id, thread.name, place.platform_id, "closed " + place.state.removeprefix("open "))

    async def _quietly(self, act: Callable[[str, int], Awaitable[object]], chat_id: str, topic: int) -> None:
        """Do a thing to a topic that may be done, or the topic gone, already."""
        try:
            await act(chat_id, topic)
        except error.BadRequest as fault:
            if not says(fault, "topic_not_modified", "topic_id_invalid", "thread not found"):
                raise

    async def _call(self, reply: Reply, act: Callable[[], Awaitable[Result]]) -> Result:
        """Do it, and say what a refusal means. A thread that is gone is forgotten, so that the next try makes a new one."""
        try:
            done = await act()
            self._pace.arrived(reply.chat_id)
            return done
        except error.BadRequest as fault:
            if says(fault, "can't parse entities"):
                raise _Unparsed from None
            if says(fault, "message is not modified"):
                raise _Same from None
            if says(fault, "message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message"):
                raise _Gone from None
            if reply.thread and says(fault, "thread not found", "topic_deleted"):
                await places.gone(self._desk, NAME, reply.chat_id, reply.thread.name)
                raise DeliveryError("The thread is gone; a new one is made.") from None
            if reply.thread and says(fault, "topic_closed"):
                await self._opened_again(reply.chat_id, reply.thread)
                raise DeliveryError("The thread was closed; it is opened again.") from None
            raise await self._translated(reply.chat_id, fault) from None
        except error.TelegramError as fault:
            raise await self._translated(reply.chat_id, fault) from None

    async def _opened_again(self, chat_id: str, thread: Thread) -> None:
        place = await places.find(self._desk, NAME, chat_id, thread.name)
        if place is not None:
            await places.stands(
                self._desk, NAME, chat_id, thread.name, place.platform_id, f"closed {place.state.partition(' ')[2]}"
            )  # fmt: skip

    async def _translated(self, chat_id: str, fault: error.TelegramError) -> DeliveryError:
        if isinstance(fault, TooMany):
            log.warning("telegram_asks_to_wait", extra={"seconds": fault.seconds})
            await self._pace.refused(chat_id, fault.seconds)
        return delivery_error(fault)


class _Unparsed(Exception):
    """Telegram could not parse our HTML."""


class _Same(Exception):
    """The message looks like this already."""


class _Gone(Exception):
    """The message cannot be changed any more."""


def check_audience(reply: Reply, staff_chat: str) -> None:
    """Raises `WrongAudience` rather than show a reply to more people than it is meant for."""
    room = (
        Audience.staff
        if staff_chat and reply.chat_id == staff_chat
        else Audience.group
        if reply.chat_id.startswith("-")
        else Audience.private
    )
    fitting = {
        Audience.private: {Audience.private},
        Audience.staff: {Audience.staff},
        Audience.group: {Audience.group},
        Audience.person_in_group: {Audience.group},
    }
    if room not in fitting[reply.audience]:
        raise WrongAudience


def _quote(reply: Reply) -> ReplyParameters | None:
    if reply.quote is None or not reply.quote.isdecimal():
        return None
    return ReplyParameters(int(reply.quote), allow_sending_without_reply=True)


def _digest(text: str, buttons: InlineKeyboardMarkup | None) -> str:
    """What tells one look of a message from another."""
    return hashlib.sha256(f"{text}\0{buttons.to_json() if buttons else ''}".encode()).hexdigest()[:16]
