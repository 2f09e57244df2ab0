"""`linli db …`: the database's form."""

import typer

from bot.cli.words import _, run, say

app = typer.Typer(help="The database. · 数据库。", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest form; `serve` does it by itself. · 升级表结构。"""
    from bot.settings import Settings
    from bot.wiring import open_storage

    async def work() -> None:
        storage = await open_storage(Settings())
        await storage.close()
        typer.echo(say(_("The database has its newest form.")))

    run(work())
