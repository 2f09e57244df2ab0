"""`linli demo`: an invented community with thirty days behind it, in a database of its own."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.words import _, run, say

if TYPE_CHECKING:
    from bot.settings import Settings


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew. · 重新开始。")] = False,
    fill_only: Annotated[bool, typer.Option("--fill-only", help="Make it, but do not serve. · 只生成数据，不启动。")] = False,
    days: Annotated[int, typer.Option(min=1, max=90, help="How many days lie behind it. · 天数。")] = 30,
    seed: Annotated[int, typer.Option(help="The same number gives the same story. · 随机种子。")] = 1,
) -> None:
    """Show the desk alive: an invented community, apart from all real data. · 演示：虚构社区，与真实数据分开。"""
    import shutil

    from bot import logs
    from bot.cli.run import first_link
    from bot.serve import serve
    from handlers.desk import Desk

    settings = demo_settings()
    logs.set_up(settings.log_format)
    if reset:
        shutil.rmtree(settings.data_dir, ignore_errors=True)

    async def work() -> None:
        await _fill(settings, days, seed)
        if not fill_only:
            await serve(settings, ready)

    async def ready(desk: Desk) -> None:
        typer.echo(say(_("The demonstration is ready: {url}"), url=settings.url))
        typer.echo(say(_("Console: {link} (signs in {name} once)"), link=await first_link(desk, settings.url), name="Admin"))

    run(work())


def demo_settings() -> "Settings":
    """The operator's settings, but a folder below theirs, its own database, and nobody outside this machine."""
    from pydantic import SecretStr

    from bot.settings import Settings

    own = Settings()
    quiet = {"telegram_token": SecretStr(""), "notify_urls": SecretStr(""), "translator": "off", "database_url": "", "demo": True}
    return own.model_copy(update={"data_dir": own.data_dir / "demo", **quiet})


async def _fill(settings: "Settings", days: int, seed: int) -> None:
    from bot.wiring import open_desk
    from handlers import demo

    async with open_desk(settings) as desk:
        if not await demo.filled(desk):
            typer.echo(say(_("Thirty days are being lived through; this takes about a minute …") if days == 30 else _("One moment …")))
            await demo.fill(desk, days=days, seed=seed)
