"""`linli retain`, `breach`, `mydata`, `forget`: keeping little, and telling people what is kept."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.words import _, fail, language, run, say

Alias = Annotated[str, typer.Argument(help="What lists and cards call the resident, such as R-0128. · 居民代号。")]


def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go. · 只显示，不删除。")] = False,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Also rewrite the tables, so that no trace stays in free space. · 重写数据表。")
    ] = False,
) -> None:
    """Let go of what has been kept for its time; a running server does it every hour. · 清理到期数据。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.routine import retain as routine

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            gone = await (routine.overdue(desk) if dry_run else routine.retain(desk))
            if rewrite and not dry_run:
                await desk.storage.scrub(rewrite=True)
            for kind, rows in gone.rows.items():
                typer.echo(f"{say(KINDS[kind])}\t{rows}")
            typer.echo(f"{say(_('people not heard of'))}\t{gone.people}")
            typer.echo(say(_("Nothing was changed.")) if dry_run else say(_("Done.")))

    run(work())


#: What each kind of row is called.
KINDS = {
    "tickets": _("closed tickets with words"),
    "talk": _("messages outside tickets"),
    "attachments": _("references to files"),
    "deliveries": _("what went out"),
    "records": _("audit records"),
}


def breach(
    since: Annotated[str, typer.Option(help="From when on: 2026-11-22 or 2026-11-22T08:00+08:00. · 起始时间。")],
    worker: Annotated[str | None, typer.Option(help="Only what this worker saw. · 仅此工作人员。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs. · 供程序读取。")] = False,
) -> None:
    """List whose data was laid open, which fields, by whom. · 列出被查看的数据。"""
    from dataclasses import asdict

    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.staff.breach import breach as told

    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        fail(say(_("Write the time as 2026-11-22 or 2026-11-22T08:00+08:00.")))
    moment = moment if moment.tzinfo else moment.astimezone()

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            found = await told(desk, moment.astimezone(UTC), worker=worker)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str, indent=1))
            return
        for one in found:
            numbers = " ".join(f"#{number}" for number in one.tickets)
            who = one.who or say(_("the operator"))
            span = f"{one.first_at.astimezone():%Y-%m-%d %H:%M} – {one.last_at.astimezone():%Y-%m-%d %H:%M}"
            typer.echo(f"{one.alias or '–'}\t{who}\t{one.times}\t{span}\t{numbers or '–'}\t{', '.join(one.fields)}")
        typer.echo(
            say(_("{people} residents, {times} looks."), people=len({one.alias for one in found}), times=sum(one.times for one in found))
        )

    run(work())


def mydata(
    alias: Alias,
    out: Annotated[Path, typer.Option(help="The file; .json for programs, else a page. · 输出文件。")] = Path("linli-mydata.html"),
) -> None:
    """Write everything held about a resident, for them. · 导出居民的全部数据。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.export_page import page
    from handlers.staff import affairs

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            export = await affairs.export(desk, None, alias)
        text = json.dumps(export, ensure_ascii=False, indent=1) if out.suffix == ".json" else page(export, language())
        out.write_text(text, encoding="utf-8")
        typer.echo(say(_("Written: {path}"), path=out))

    run(work())


def forget(
    alias: Alias,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. · 不再确认。")] = False,
) -> None:
    """Delete everything held about a resident who asked for it. · 按居民要求删除其数据。"""
    from bot.settings import Settings
    from bot.wiring import open_roster
    from handlers.routine.retain import scrub
    from handlers.staff import affairs

    if not yes and not typer.confirm(say(_("Delete everything held about {alias}? It cannot be undone."), alias=alias)):
        raise typer.Exit(1)

    async def work() -> None:
        async with open_roster(Settings()) as desk:
            staying = await affairs.forget(desk, None, alias)
            await scrub(desk)
        typer.echo(say(_("{alias} is forgotten."), alias=alias))
        if staying:
            numbers = ", ".join(map(str, staying))
            typer.echo(say(_("Urgent and still open, deleted when closed: ticket {numbers}."), numbers=numbers))

    run(work())
