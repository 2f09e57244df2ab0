"""From a raw update to the use-case that handles it, in order within each chat; returns when it is kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, CallbackQuery, Update, error
from telegram import Message as Shown

from bot.channels.telegram.faults import says
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.staff import StaffGroup
from bot.channels.telegram.updates import message_of, tap_of
from bot.courier import Courier
from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.messages import ChatKind, Message, Reply
from handlers.resident.edited import edited
from handlers.resident.receive import Received, receive, settle

log = logging.getLogger(__name__)

#: What Telegram is asked for; the last one only comes where Linli is an administrator.
KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
#: How long replies under way may take to go out when Linli stops, in seconds.
DRAIN_S = 5.0


class Intake:
    """Takes updates for one bot. `take` may be called for many at once; those of one chat keep their order."""

    def __init__(
        self, desk: Desk, bot: Bot, courier: Courier, sender: Sender, staff: StaffGroup, listed: frozenset[str] = frozenset()
    ) -> None:
        self._desk = desk
        self._bot = bot
        self._courier = courier
        self._sender = sender
        self._staff = staff
        self._lanes = Lanes()
        self._sending = Lanes()
        self._later: set[asyncio.Task[None]] = set()
        self.groups = Groups(desk, bot, sender, courier, listed, self._sending.start)

    async def take(self, raw: dict[str, Any]) -> None:
        """Handle an update; when this returns it is kept and need not come again. Raises `Unavailable` where nothing could be kept."""
        try:
            update = Update.de_json(raw, self._bot)
        except Exception:
            log.exception("update_unreadable", extra={"update": raw.get("update_id") if isinstance(raw, dict) else None})
            return
        chat = update.effective_chat
        async with self._lanes.lane(str(chat.id) if chat else ""):
            await self._handle(update)

    async def idle(self) -> None:
        """Return when everything that was taken is answered."""
        await self._sending.empty()
        await self._staff.sending.empty()

    async def close(self) -> None:
        """Let replies under way go out; the clock answers what still waits."""
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        await asyncio.gather(self._sending.close(DRAIN_S), self._staff.sending.close(DRAIN_S))

    async def _handle(self, update: Update) -> None:
        if update.message is not None:
            await self._message(update.message)
        elif update.edited_message is not None:
            await self._edited(update.edited_message)
        elif update.callback_query is not None:
            await self._tap(update.callback_query)
        elif update.chat_member is not None and str(update.chat_member.chat.id) == self._sender.staff_chat:
            self._staff.left(str(update.chat_member.new_chat_member.user.id))
        elif update.my_chat_member is not None:
            chat = update.my_chat_member.chat
            if chat.type != "private" and str(chat.id) != self._sender.staff_chat:
                await self.groups.moved_me(update.my_chat_member)

    async def _message(self, shown: Shown) -> None:
        if shown.migrate_to_chat_id is not None:
            await self._sender.moved(str(shown.chat.id), str(shown.migrate_to_chat_id))
        elif str(shown.chat.id) == self._sender.staff_chat:
            if shown.forum_topic_closed or shown.forum_topic_reopened:
                await self._staff.closed_by_hand(shown, opened=bool(shown.forum_topic_reopened))
            else:
                await self._staff.said(shown)
        elif shown.chat.type == "private":
            message = message_of(shown, self._bot.bot)
            if message is not None:
                await self._receive(message)
        elif shown.migrate_from_chat_id is None:
            received = await self.groups.said(shown)
            if received is not None:
                self._answer(str(shown.chat.id), received)

    async def _edited(self, shown: Shown) -> None:
        message = message_of(shown, self._bot.bot, edited=True)
        if message is None or str(shown.chat.id) == self._sender.staff_chat:
            return
        self._answer(message.chat_id, await edited(self._desk, message, str(shown.message_id)))

    async def _tap(self, query: CallbackQuery) -> None:
        message = tap_of(query)
        if message is not None and message.chat_id == self._sender.staff_chat:
            await self._staff.tapped(query)
            return
        if message is not None and message.chat_kind is ChatKind.group:
            received = await self.groups.tapped(query)
            if received is not None:
                self._answer(message.chat_id, received)
            return
        if message is not None:
            await self._receive(message)
        self._sending.start(f"tap {query.id}", self._quietly(query.answer))

    async def _receive(self, message: Message) -> None:
        try:
            received = await receive(self._desk, message)
        except EmptyMessage:
            return
        self._answer(message.chat_id, received)

    def _answer(self, chat_id: str, received: Received) -> None:
        if received.again:
            return
        if received.replies:
            self._sending.start(chat_id, self._send(received.replies))
        if received.settle_at is not None:
            task = asyncio.create_task(self._settle(chat_id, received))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    async def _settle(self, chat_id: str, received: Received) -> None:
        assert received.settle_at is not None
        await asyncio.sleep(max((received.settle_at - self._desk.now()).total_seconds(), 0))
        async with self._lanes.lane(chat_id):
            replies = await settle(self._desk, received.conversation_id, received.settle_at)
        if replies:
            self._sending.start(chat_id, self._send(replies))

    async def _send(self, replies: Sequence[Reply]) -> None:
        await self._courier.send(replies)

    async def _quietly(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do what is nice to have: a failure is told in the log and changes nothing."""
        try:
            await act()
        except error.TelegramError as fault:
            if not says(fault, "query is too old"):
                log.warning("telegram_refused", extra={"says": fault.message})
