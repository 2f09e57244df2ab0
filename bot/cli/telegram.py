"""`linli telegram check`: whether the bot, its groups and the way of its updates are set up as they should be."""

import typer

from bot.cli.words import _, run, say

app = typer.Typer(help="The Telegram bot. · Telegram 机器人。", no_args_is_help=True)


@app.callback()
def telegram() -> None:
    """The Telegram bot. · Telegram 机器人。"""


@app.command()
def check() -> None:
    """Look at token, rights, staff group and webhook, and say what to do. · 检查令牌、权限、工作群和回调。"""
    from bot.channels.telegram.check import Level, Point
    from bot.channels.telegram.check import check as look
    from bot.settings import Settings
    from bot.wiring import open_storage
    from handlers.places import now_called
    from storage import groups

    signs = {Level.ok: "✓", Level.warn: "!", Level.fail: "✗"}

    async def points() -> list[Point]:
        settings = Settings()
        storage = await open_storage(settings)
        try:
            async with storage.reading() as tx:
                known = {group.chat_id for group in await groups.all_groups(tx, "telegram")}
                staff_chat = await now_called(tx, "telegram", settings.telegram_staff_chat)
        finally:
            await storage.close()
        return await look(settings, sorted(known | settings.telegram_known_groups), staff_chat)

    found = run(points())
    for point in found:
        values = dict(point.values)
        typer.echo(f"{signs[point.level]} {point.level:<4} {say(point.says, **values)}")
        if point.todo:
            typer.echo(f"       {say(point.todo)}")
    wrong = sum(point.level is Level.fail for point in found)
    typer.echo(say(_("All set.")) if not wrong else say(_("{count} to put right."), count=wrong))
    raise typer.Exit(1 if wrong else 0)
