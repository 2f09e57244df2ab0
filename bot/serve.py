"""`linli serve`: channels, web pages, courier and clock together, started and stopped in order."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from bot import clock, watch
from bot.channels.webchat import WebChat
from bot.courier import Courier
from bot.duty import on_duty
from bot.providers.notify import Notify
from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import open_desk
from faq.fault import Fault
from handlers.desk import Desk
from handlers.routine.deliver import begin
from handlers.staff import keeping

if TYPE_CHECKING:
    from bot.channels.telegram.application import Telegram

log = logging.getLogger(__name__)

#: How long requests that are under way may take when Linli is told to stop, in seconds.
DRAIN_S = 7


async def serve(settings: Settings, ready: Callable[[Desk], Awaitable[None]]) -> None:
    """Run until SIGINT or SIGTERM. `ready` is called once pages answer. Raises `AlreadyRunning` and `StorageUnavailable` at the start."""
    async with open_desk(settings, serving=True) as desk:
        await begin(desk)
        telegram = _telegram(desk, settings)
        courier = Courier(desk, {channel.name: channel for channel in (WebChat(), Notify(desk), telegram) if channel is not None})
        server = _server(settings, desk, courier, telegram)
        _hand_signals_on(server)
        delivering = asyncio.create_task(courier.run())
        listening = asyncio.create_task(_listen(settings, desk, courier, telegram))
        pages = asyncio.create_task(server.serve())
        try:
            while not server.started and not pages.done():  # noqa: ASYNC110 - uvicorn tells by a flag alone
                await asyncio.sleep(0.02)
            if server.started:
                log.info("serving", extra={"url": settings.url, "entries": len(desk.faq.catalogue.entries)})
                await ready(desk)
            await asyncio.wait({delivering, listening, pages}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            server.should_exit = True
            await asyncio.gather(pages, _stop(delivering, listening), return_exceptions=True)
            await courier.settle()
        log.info("stopped")
        for task in (delivering, listening):
            if not task.cancelled():
                task.result()


async def _stop(*tasks: asyncio.Task[None]) -> None:
    """One after the other: replies under way go out while their channel is still open."""
    for task in tasks:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _telegram(desk: Desk, settings: Settings) -> "Telegram | None":
    """The Telegram channel where there is a token; without one its library is not even loaded."""
    if not settings.telegram_token.get_secret_value():
        return None
    from bot.channels.telegram.application import Telegram

    return Telegram(desk, settings)


async def _listen(settings: Settings, desk: Desk, courier: Courier, telegram: "Telegram | None") -> None:
    async with asyncio.TaskGroup() as tasks:
        if telegram is not None:
            tasks.create_task(telegram.run(courier))
        tasks.create_task(on_duty(desk, clock.DUTY, lambda: clock.run(desk, courier)))
        tasks.create_task(watch.watch(settings.faq_dir, desk.faq.reload, partial(_reloaded, desk)))


async def _reloaded(desk: Desk, faults: Sequence[Fault]) -> None:
    """The FAQ was read again: what is newly wrong in it is told once, the rest serves; all of it stands beside the entries for the admin."""
    log.info("faq_reloaded", extra={"new_faults": len(faults)})
    for fault in faults:
        log.warning("faq_fault", extra={"says": fault.render()})
    try:
        await asyncio.to_thread(keeping.write_report, desk)
    except Exception:
        log.exception("faq_report_failed")


def _server(settings: Settings, desk: Desk, courier: Courier, telegram: "Telegram | None") -> uvicorn.Server:
    app = create_app(desk, courier, settings)
    if telegram is not None and settings.telegram_mode == "webhook":
        app.include_router(telegram.router())
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
        lifespan="off",
    )
    return uvicorn.Server(config)


def _hand_signals_on(server: uvicorn.Server) -> None:
    """uvicorn raises a signal once more after it has stopped; it shall then find us still tidying up, not end the process."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C arrives there as an exception
            loop.add_signal_handler(name, stop)
