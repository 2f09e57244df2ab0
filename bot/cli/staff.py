"""`linli staff …`: who works at the desk, and how they sign in."""

from typing import Annotated

import typer

from bot.cli.words import _, run, say

app = typer.Typer(help="People of the desk. · 工作人员。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The worker's name as residents see it. · 姓名。")]


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(metavar="worker|supervisor|admin", help="What they may do. · 角色。")] = "worker",
    community: Annotated[list[str] | None, typer.Option(help="A community they serve; none means all. · 所属社区，可多次。")] = None,
    telegram_id: Annotated[str | None, typer.Option(help="Their numeric Telegram id. · Telegram 数字编号。")] = None,
    language: Annotated[list[str] | None, typer.Option(help="A language they answer in. · 会的语言，可多次。")] = None,
) -> None:
    """Add somebody to the desk. · 添加工作人员。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.staff import roster
    from storage.workers import Role

    if role not in list(Role):
        raise typer.BadParameter(say(_("The role is one of worker, supervisor, admin.")))

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            worker = await roster.add(
                desk,
                name,
                role=Role(role),
                communities=community or (),
                telegram_id=telegram_id,
                languages=language or ("en", "zh"),
            )
            typer.echo(say(_("{name} is with the desk now, as {role}."), name=worker.name, role=worker.role))

    run(work())


@app.command()
def link(name: Name) -> None:
    """Print a one-time sign-in link. · 打印一次性登录链接。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.staff import roster

    async def work() -> None:
        settings = Settings()
        async with open_roster(settings) as desk:
            worker = await roster.named(desk, name)
            typer.echo(f"{settings.url}/console/link/{await roster.link(desk, worker.id)}")

    run(work())


@app.command("list")
def list_() -> None:
    """Show who is with the desk. · 列出工作人员。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.staff import roster

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            for worker in await roster.everyone(desk):
                typer.echo(f"{worker.name}\t{worker.role}\t{','.join(worker.languages)}\t{worker.telegram_id or '–'}")

    run(work())


@app.command()
def remove(name: Name) -> None:
    """Take somebody off the desk; every session of theirs ends at once. · 移除工作人员。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.staff import roster

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            worker = await roster.named(desk, name)
            await roster.remove(desk, worker.id)
            typer.echo(say(_("{name} has left the desk; what they wrote stays."), name=worker.name))

    run(work())
