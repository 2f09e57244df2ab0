"""`linli faq gaps`: what was asked and not answered, and a draft of what is missing."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.words import _, fail, run, say

if TYPE_CHECKING:
    from handlers.staff.gaps import Gap

#: Questions of a gap that are shown.
SHOWN = 3


def gaps(
    days: Annotated[int, typer.Option(min=1, help="How far back. · 最近多少天。")] = 90,
    draft: Annotated[int | None, typer.Option(min=1, metavar="N", help="Begin a draft of gap N. · 为第 N 项生成草稿。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs. · 供程序使用。")] = False,
) -> None:
    """Show what was asked and not answered, grouped by meaning. · 列出没有答上的问题，按意思归类。"""
    from datetime import timedelta

    from bot.settings import Settings
    from bot.wiring import open_desk
    from handlers.staff import drafts
    from handlers.staff.gaps import gaps as find

    async def work() -> tuple[list["Gap"], Path | None]:
        async with open_desk(Settings()) as desk:
            found = await find(desk, None, within=timedelta(days=days))
            if draft is None:
                return found, None
            if draft > len(found):
                fail(say(_("There are {count} gaps."), count=len(found)))
            name = await drafts.make(desk, None, [one.ticket for one in found[draft - 1].told])
            return found, desk.faq.loaded.folder / "drafts" / f"{name}.md"

    found, written = run(work())
    if written is not None:
        typer.echo(say(_("Written: {path}. Complete it, then move it to its topic's folder, or accept it in the console."), path=written))
    elif as_json:
        typer.echo(json.dumps([_plain(gap) for gap in found], ensure_ascii=False, indent=1))
    elif not found:
        typer.echo(say(_("Nothing was asked that stayed without an answer.")))
    else:
        for number, gap in enumerate(found, start=1):
            _tell(number, gap)


def _tell(number: int, gap: "Gap") -> None:
    counts = say(
        _("{number}. Asked: {count}, by residents: {residents} ({languages})"),
        number=number,
        count=gap.count,
        residents=gap.residents,
        languages=", ".join(gap.languages),
    )
    typer.echo(counts)
    for one in gap.told[:SHOWN]:
        typer.echo(f"   – {' '.join(one.text.split())}")
    if gap.count > SHOWN:
        typer.echo(say(_("   and {count} more"), count=gap.count - SHOWN))
    if gap.unhelpful:
        typer.echo(say(_("   “{entry}” was the answer and did not help {count} times."), entry=gap.entry or "–", count=gap.unhelpful))
    elif gap.entry:
        typer.echo(say(_("   The nearest entry is “{entry}”."), entry=gap.entry))


def _plain(gap: "Gap") -> dict[str, Any]:
    return {
        "count": gap.count,
        "residents": gap.residents,
        "languages": list(gap.languages),
        "unhelpful": gap.unhelpful,
        "entry": gap.entry,
        "last_at": gap.last_at.isoformat(),
        "questions": [{"ticket": one.ticket, "text": one.text, "reason": one.reason, "at": one.at.isoformat()} for one in gap.told],
    }
