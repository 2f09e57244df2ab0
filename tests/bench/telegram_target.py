"""What the Telegram bench measures, in a process of its own: Linli without encoders, or a bare echo bot of python-telegram-bot."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from pydantic import SecretStr


async def linli(given: dict[str, Any]) -> None:
    """Linli over SQLite with the whole FAQ, as `linli serve` runs it, without the console's pages."""
    from fastapi import FastAPI

    from bot.channels.telegram.application import Telegram
    from bot.courier import Courier
    from bot.settings import Settings
    from bot.wiring import open_desk
    from tests.telegram.conftest import serving

    with tempfile.TemporaryDirectory() as folder:
        values: dict[str, Any] = {
            "telegram_token": SecretStr(given["token"]),
            "telegram_base_url": given["base_url"],
            "telegram_mode": given["mode"],
            "telegram_groups": given["groups"],
            "encoders": given["encoders"],
            "data_dir": Path(folder),
            "_env_file": None,
        }
        app = FastAPI()
        async with serving(app) as url:
            settings = Settings(**values, public_url=url)
            async with open_desk(settings) as desk:
                telegram = Telegram(desk, settings)
                app.include_router(telegram.router())
                courier = Courier(desk, {telegram.name: telegram})
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(courier.run())
                    tasks.create_task(telegram.run(courier))
                    await telegram.listening.wait()
                    print("ready", flush=True)


def echo(given: dict[str, Any]) -> None:
    """The library's own way, its defaults everywhere."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def back(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None and update.message.text:
            await update.message.reply_text(update.message.text)

    async def ready(application: Any) -> None:
        print("ready", flush=True)

    application = Application.builder().token(given["token"]).base_url(given["base_url"]).concurrent_updates(True).post_init(ready).build()
    application.add_handler(MessageHandler(filters.TEXT, back))
    application.run_polling(stop_signals=None)


if __name__ == "__main__":
    told = json.loads(sys.argv[2])
    if sys.argv[1] == "echo":
        echo(told)
    else:
        asyncio.run(linli(told))
