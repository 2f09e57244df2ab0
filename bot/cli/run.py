"""`linli serve` and `linli chat`, and what bare `linli` says."""

from typing import TYPE_CHECKING

import typer

from bot.cli.words import _, fail, run, say

if TYPE_CHECKING:
    from handlers.desk import Desk


def serve() -> None:
    """Serve the web chat, the console and every channel that is set up. · 启动服务。"""
    from pydantic import ValidationError

    from bot import logs
    from bot.serve import serve as serve_until_stopped
    from bot.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        fail("\n".join(f"LINLI_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()))
    logs.set_up(settings.log_format)

    async def ready(desk: "Desk") -> None:
        typer.echo(say(_("Linli is ready: {url}"), url=settings.url))
        typer.echo(say(_("Console: {link} (signs in {name} once)"), link=await first_link(desk, settings.url), name=NAME))

    run(serve_until_stopped(settings, ready))


#: The name of the worker who is made at the first start, so that somebody can sign in.
NAME = "Admin"


async def first_link(desk: "Desk", url: str) -> str:
    """A fresh one-time link to the console for the first admin, who is made when there is nobody yet."""
    from handlers.staff import roster
    from storage.workers import Role

    workers = await roster.everyone(desk)
    admin = next((worker for worker in workers if worker.role == "admin"), None) or await roster.add(desk, NAME, role=Role.admin)
    return f"{url}/console/link/{await roster.link(desk, admin.id)}"


def chat() -> None:
    """Talk to Linli in this terminal; no token, no browser. · 在终端里聊天。"""
    import asyncio
    from functools import partial

    from bot.channels.console import NAME as CONSOLE
    from bot.channels.console import Console, talk
    from bot.courier import Courier
    from bot.settings import Settings
    from bot.wiring import open_desk
    from handlers.resident.receive import receive

    async def conversation() -> None:
        async with open_desk(Settings()) as desk:
            courier = Courier(desk, {CONSOLE: Console()})
            typer.echo(say(_("Ask something; Ctrl-D ends.")))
            delivering = asyncio.create_task(courier.run())
            try:
                await talk(desk, courier, partial(receive, desk))
            finally:
                delivering.cancel()
                await asyncio.gather(delivering, return_exceptions=True)

    run(conversation())


def state() -> None:
    """What is there and what to do next."""
    from bot.settings import Settings

    settings = Settings()
    entries = sum(1 for _path in (settings.faq_dir / "entries").rglob("*.md"))
    typer.echo(say(_("Linli 邻里: {entries} FAQ files in {folder}"), entries=entries, folder=settings.faq_dir))
    if settings.database.startswith("sqlite"):
        there = (settings.data_dir / "linli.db").exists()
        typer.echo(
            say(_("Database: {path}"), path=settings.data_dir / "linli.db")
            if there
            else say(_("No database yet; it is made at the first start."))
        )
    else:
        typer.echo(say(_("Database: PostgreSQL")))
    typer.echo(say(_("Next: “linli serve” starts everything, “linli ask TEXT” tries a question, “linli --help” shows the rest.")))
