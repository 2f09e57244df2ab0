"""Telegram as a channel: one bot, opened, listened to and closed."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from telegram import Bot, error

from bot.channels.telegram import menus, webhook
from bot.channels.telegram.intake import KINDS, Intake
from bot.channels.telegram.polling import LONG_POLL_S, LONGEST_PAUSE_S, PAUSE_S, Polling
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.staff import StaffGroup
from bot.channels.telegram.updates import NAME
from bot.courier import Courier
from bot.settings import Settings
from handlers import places
from handlers.desk import Desk
from handlers.errors import DeliveryError, Unavailable
from handlers.messages import Reply

log = logging.getLogger(__name__)

#: Updates that Telegram may send at the same time.
CONNECTIONS = 40
#: How often the webhook is set again, in seconds.
WEBHOOK_AGAIN_S = 3600
#: How often groups are tidied up, in seconds.
TIDY_S = 60


class Telegram:
    """The channel. `run` listens until cancelled; before Telegram has answered once, nothing can be sent and the outbox keeps it."""

    name = NAME

    def __init__(self, desk: Desk, settings: Settings, *, long_poll_s: int = LONG_POLL_S) -> None:
        self._desk = desk
        self._settings = settings
        self._long_poll_s = long_poll_s
        request = AiohttpRequest()
        self.bot = Bot(
            settings.telegram_token.get_secret_value(),
            base_url=settings.telegram_api,
            base_file_url=settings.telegram_files,
            request=request,
            get_updates_request=request,
        )
        self._sender: Sender | None = None
        self.intake: Intake | None = None
        self.staff: StaffGroup | None = None
        self.secret = ""
        self.listening = asyncio.Event()

    async def send(self, reply: Reply) -> str:
        """Show a reply; see `Sender`."""
        if self._sender is None:
            raise DeliveryError("Telegram has not answered yet.")
        return await self._sender.send(reply)

    async def run(self, courier: Courier) -> None:
        """Until cancelled: get to know the bot, set its menus, then poll or wait to be called."""
        beside: list[asyncio.Task[None]] = []
        try:
            await self._open(courier)
            assert self.intake is not None
            assert self.staff is not None
            beside.append(asyncio.create_task(self._tidy(self.intake)))
            if self._settings.telegram_staff_chat:
                beside.append(asyncio.create_task(self.staff.follow()))
            if self._settings.telegram_mode == "webhook":
                await self._be_called()
            else:
                await self._insist(lambda: self.bot.delete_webhook())
                self.listening.set()
                await Polling(self._desk, self.bot, self.intake, long_poll_s=self._long_poll_s).run()
        finally:
            self.listening.clear()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if self.intake is not None:
                await self.intake.close()
            await self.bot.shutdown()

    def router(self) -> APIRouter:
        """The route that Telegram calls in webhook mode."""
        return webhook.router(self)

    async def _open(self, courier: Courier) -> None:
        await self._insist(self.bot.initialize)
        staff_chat = await places.chat_now(self._desk, NAME, self._settings.telegram_staff_chat)
        self._sender = Sender(self._desk, self.bot, staff_chat)
        self.staff = StaffGroup(self._desk, self.bot, self._sender, self._settings.url)
        self.intake = Intake(self._desk, self.bot, courier, self._sender, self.staff, self._settings.telegram_known_groups)
        await menus.set_up(self._desk, self.bot, staff_chat)
        log.info("telegram_open", extra={"bot": self.bot.username, "mode": self._settings.telegram_mode})

    async def _tidy(self, intake: Intake) -> None:
        while True:
            try:
                await intake.groups.tidy()
            except Unavailable:
                log.warning("groups_not_tidied")
            await asyncio.sleep(TIDY_S)

    async def _be_called(self) -> None:
        """Set the webhook and keep it set: another program with the same token may take it away."""
        given = self._settings.telegram_secret.get_secret_value()
        self.secret = given or await places.kept(self._desk, f"telegram:secret:{self.bot.id}", secrets.token_urlsafe(32))
        url = f"{self._settings.url}{webhook.PATH}"
        while True:
            await self._insist(
                lambda: self.bot.set_webhook(
                    url, secret_token=self.secret, max_connections=CONNECTIONS, allowed_updates=list(KINDS), drop_pending_updates=False
                )
            )
            self.listening.set()
            await asyncio.sleep(WEBHOOK_AGAIN_S)

    async def _insist(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do it, however long Telegram cannot be reached; the rest of Linli serves meanwhile."""
        pause_s = PAUSE_S
        while True:
            try:
                await act()
            except (error.TelegramError, Unavailable) as fault:
                # The library writes the token into what it says about a token that was refused.
                says = "the token is not accepted" if isinstance(fault, error.InvalidToken) else str(fault)
                log.warning("telegram_not_reached", extra={"says": says, "pause_s": pause_s})
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                return
