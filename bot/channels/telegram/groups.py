"""Residents' groups: what is said there goes to the group sense; what must not stand there is removed; raids are shut out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot, CallbackQuery, ChatMemberUpdated, ChatPermissions, ReactionTypeEmoji, error
from telegram import Message as Shown

from bot.channels.telegram.faults import says
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import NAME, message_of, tap_of
from bot.courier import Courier
from handlers.desk import Desk
from handlers.errors import DeliveryError, EmptyMessage, RetryAfter, Unreachable
from handlers.messages import Message, Reply, ReplyKind
from handlers.resident import company, rooms
from handlers.resident.ears import Ears
from handlers.resident.group import GroupAction, Manners
from handlers.resident.receive import Received, receive

log = logging.getLogger(__name__)

#: A welcome is taken away again after this many seconds.
WELCOME_STANDS_S = 600.0
#: What Telegram allows in the answer to a tap, in characters.
LONGEST_ALERT = 200
SEEN = "👀"
#: What a tap answers in an alert that only the tapper sees, where it is short enough.
FOR_ONE = frozenset({ReplyKind.notice, ReplyKind.receipt, ReplyKind.error})


class Groups:
    """`listed` are the groups that the operator has named; `later` runs what need not be waited for."""

    def __init__(self, desk: Desk, bot: Bot, sender: Sender, courier: Courier, listed: frozenset[str], later: Callable[..., None]) -> None:
        self._desk = desk
        self._bot = bot
        self._sender = sender
        self._courier = courier
        self._listed = listed
        self._later = later
        self._at_home_in: set[str] = set()
        self._ears = Ears(desk)
        self.manners = Manners()

    async def said(self, shown: Shown) -> Received | None:
        """Somebody wrote in a group, or joined it. What is to be said, None where Linli does not belong there."""
        if not await self._at_home(shown):
            return None
        if shown.new_chat_members:
            await self._joined(shown)
            return None
        message = message_of(shown, self._bot.bot)
        if message is None:
            return None
        outcome = await company.hear(self._desk, self._ears, message, self.manners)
        if outcome.remove:
            removed = await self._remove(message)
            if outcome.action is GroupAction.privacy_warning and not outcome.received.again:
                self._later(f"warn {message.sender_id}", self._warn(message, removed=removed))
        if outcome.seen and not outcome.received.again:
            self._later(f"sign {message.chat_id}", self._sign(shown))
        return outcome.received

    async def tapped(self, query: CallbackQuery) -> Received | None:
        """A button in a group. What concerns only the tapper is shown to them alone."""
        message = tap_of(query)
        if message is None:
            return None
        try:
            received = await receive(self._desk, message)
        except EmptyMessage:
            return None
        alert = next((reply for reply in received.replies if reply.kind in FOR_ONE and len(reply.text) <= LONGEST_ALERT), None)
        self._later(f"tap {query.id}", self._answer(query, alert.text if alert else None))
        if alert is None or received.again:
            return received
        self._courier.sent(alert)
        return Received(tuple(reply for reply in received.replies if reply is not alert), received.conversation_id)

    async def moved_me(self, change: ChatMemberUpdated) -> None:
        """Linli was brought into a group, or put out of it."""
        chat = str(change.chat.id)
        if change.new_chat_member.status in {"left", "kicked"}:
            self._at_home_in.discard(chat)
            await rooms.out(self._desk, NAME, chat)
            return
        if not await self._admitted(chat, change.chat.title or "", str(change.from_user.id)):
            await self._leave(chat)

    async def tidy(self) -> None:
        """Open the groups whose closing time after a raid is over, and forget the facts that have had their hour."""
        await company.forget_facts(self._desk)
        for chat in await rooms.reopen_due(self._desk, NAME):
            await self._try(self._bot.set_chat_permissions(chat, ChatPermissions.all_permissions()))

    async def _at_home(self, shown: Shown) -> bool:
        chat = str(shown.chat.id)
        if chat in self._at_home_in or await rooms.known(self._desk, NAME, chat) is not None:
            self._at_home_in.add(chat)
            return True
        if chat in self._listed and await self._admitted(chat, shown.chat.title or "", ""):
            return True
        if any(member.id == self._bot.id for member in shown.new_chat_members):
            return False  # who brought us in is told by an update of its own
        await self._leave(chat)
        return False

    async def _admitted(self, chat: str, title: str, by: str) -> bool:
        return await rooms.admit(self._desk, NAME, chat, title=title, added_by=by, listed=self._listed)

    async def _leave(self, chat: str) -> None:
        self._at_home_in.discard(chat)
        await self._say(rooms.farewell(NAME, chat))
        await self._try(self._bot.leave_chat(chat))

    async def _joined(self, shown: Shown) -> None:
        who = [(str(member.id), member.full_name) for member in shown.new_chat_members if not member.is_bot]
        if not who:
            return
        chat = str(shown.chat.id)
        arrival = await rooms.joined(self._desk, NAME, chat, str(shown.message_id), who)
        if arrival.lock:
            await self._try(self._bot.set_chat_permissions(chat, ChatPermissions.no_permissions()))
            log.warning("raid", extra={"chat": chat})
            if self._sender.staff_chat:
                self._later("raid", self._say(rooms.raid_alert(NAME, self._sender.staff_chat, shown.chat.title or "")))
        elif arrival.welcome is not None:
            self._later(f"welcome {chat}", self._welcome(arrival.welcome))

    async def _welcome(self, reply: Reply) -> None:
        message_id = await self._say(reply)
        if message_id:
            asyncio.get_running_loop().call_later(
                WELCOME_STANDS_S,
                lambda: self._later(f"unwelcome {reply.chat_id}", self._try(self._bot.delete_message(reply.chat_id, int(message_id)))),
            )

    async def _remove(self, message: Message) -> bool:
        return await self._try(self._bot.delete_message(message.chat_id, int(message.message_id)), "message to delete not found")

    async def _warn(self, message: Message, *, removed: bool) -> None:
        """Tell the writer alone: in private, else in a message that only they see, else in a line that says nothing of it."""
        reply = await company.warning(self._desk, message, removed=removed)
        try:
            await self._insist(reply)
        except Unreachable:
            if not await self._to_one(message, reply.text) and removed:
                await self._say(await company.warning(self._desk, message, removed=True, in_group=True))

    async def _to_one(self, message: Message, text: str) -> bool:
        """A message in the group that one person sees (Bot API 10.2; newer than the library, hence a raw call)."""
        asked = {"chat_id": message.chat_id, "text": text, "ephemeral_message_parameters": {"receiver_user_id": int(message.sender_id)}}
        return await self._try(self._bot.do_api_request("send_Message", asked))

    async def _say(self, reply: Reply) -> str:
        try:
            return await self._insist(reply)
        except DeliveryError as fault:
            log.info("group_not_told", extra={"says": str(fault)})
            return ""

    async def _insist(self, reply: Reply) -> str:
        while True:
            try:
                return await self._sender.send(reply)
            except RetryAfter as fault:
                await asyncio.sleep(fault.seconds)

    async def _sign(self, shown: Shown) -> None:
        await self._try(shown.set_reaction(ReactionTypeEmoji(SEEN)))

    async def _answer(self, query: CallbackQuery, text: str | None) -> None:
        await self._try(query.answer(text, show_alert=text is not None), "query is too old")

    async def _try(self, act: Awaitable[object], *expected: str) -> bool:
        """Do what is nice to have: a failure is told in the log and changes nothing."""
        try:
            await act
        except error.TelegramError as fault:
            if not says(fault, *expected):
                log.warning("telegram_refused", extra={"says": fault.message})
            return False
        return True
