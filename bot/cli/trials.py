"""`linli faq test` and `linli faq dry-run`: how good the answers are, and what a change would do, before a resident notices."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.words import _, fail, say

if TYPE_CHECKING:
    from bot.settings import Settings
    from faq.diversity import Spread
    from faq.knowledge import Knowledge
    from handlers.staff.exam import Mark, Measure, Paper, Tally
    from handlers.staff.trial import Tried

T = TypeVar("T")

Folder = Annotated[Path | None, typer.Option("--faq", metavar="DIR", help="Another FAQ folder. · 另一个问答库文件夹。")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs. · 供程序使用。")]

#: The heading of each measure in a table.
MEASURES = {
    "first": _("right first"),
    "strict": _("strictly"),
    "among_three": _("of three"),
    "answered": _("answered right"),
    "wrong": _("answered wrong"),
    "missed": _("not answered"),
    "refused": _("not answered, as is right"),
    "small_talk": _("small talk"),
    "noticed": _("danger noticed"),
    "false_alarm": _("false alarm"),
    "both": _("both found"),
    "one": _("one found"),
    "acted_rightly": _("right when it spoke"),
    "acted_when_due": _("spoke when due"),
}
EFFECTS = {
    "other": _("Another entry answers"),
    "gained": _("Answered at last"),
    "lost": _("Not answered any more"),
    "reworded": _("The same entry in other words"),
}
#: Rows of a table that a person still reads.
ROWS = 15


def examine(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]…", help="Labelled sets (.tsv, .jsonl) instead of the own examples. · 测试集。")
    ] = None,
    faq: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Ask the FAQ its own examples without knowing them, or labelled sets. · 测试问答库答得准不准。"""
    from bot.settings import Settings
    from bot.wiring import knowledge
    from handlers.policy import Policy

    papers = [_paper(path) for path in paths or ()]
    settings = Settings()
    with _busy(say(_("Reading the FAQ"))):
        asked = _changed(settings, faq) if faq else knowledge(settings)
    if not asked.catalogue.entries:
        fail(say(_("There are no entries in this folder.")))
    results = [_sat(asked, Policy(), paper) for paper in papers] if papers else [_own(asked, Policy())]
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=1))
        return
    for result in results:
        _tell(result)


def dry_run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The changed FAQ folder. · 改过的问答库文件夹。")],
    last: Annotated[int, typer.Option(min=1, metavar="N", help="How many questions of residents. · 最近多少个问题。")] = 500,
    as_json: AsJson = False,
) -> None:
    """Try a changed FAQ on the last real questions; nothing is changed. · 用最近的真实问题试一试改过的问答库。"""
    from bot.cli.words import run
    from bot.settings import Settings
    from bot.wiring import knowledge, open_roster, policy_of
    from handlers.staff.trial import compare, last_questions

    if not (folder / "entries").is_dir():
        fail(say(_("There is no folder “entries” in {folder}."), folder=folder))
    settings = Settings()

    async def work() -> Sequence[str]:
        async with open_roster(settings) as desk:
            return await last_questions(desk, last)

    texts = run(work())
    with _busy(say(_("Reading both folders"))):
        before, after = knowledge(settings), _changed(settings, folder)
    tried = list(_progress(compare(before, after, policy_of(settings), texts), len(texts), say(_("Asking both"))))
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in tried if one.effect], ensure_ascii=False, indent=1))
        return
    _tell_effects(tried)


def _changed(settings: "Settings", folder: Path) -> "Knowledge":
    """Another FAQ folder, read without touching what the server keeps between its starts: the vectors it has are borrowed."""
    import shutil
    from contextlib import suppress

    from faq.encoders import available
    from faq.knowledge import Knowledge

    cache = settings.cache_dir / "changed"
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        for vectors in settings.cache_dir.glob("vectors-*.npz"):
            shutil.copy(vectors, cache)
    return Knowledge(folder, encoders=available(settings.encoders), cache_dir=cache)


def _paper(path: Path) -> "Paper":
    from handlers.staff.exam import NoSet, read

    try:
        return read(path)
    except OSError as error:
        fail(say(_("{path} cannot be read: {reason}."), path=path, reason=error.strerror or error))
    except (NoSet, UnicodeDecodeError):
        fail(say(_("{path} is no set of labelled messages: it needs the columns utterance, lang and expected, or transcripts."), path=path))


def _own(faq: "Knowledge", policy: Any) -> dict[str, Any]:
    """The entries' own examples, and how different they are."""
    from faq.diversity import spread
    from faq.fitting import FOLDS
    from handlers.staff.exam import examples, tallies

    marks = [mark for fold in _progress(examples(faq, policy), FOLDS, say(_("Asking each example without itself"))) for mark in fold]
    entries = list(faq.catalogue.entries.values())
    spreads = list(_progress(spread(entries, faq.vectors), 2 * len(entries), say(_("Comparing the examples of each entry"))))
    return {
        "name": "examples",
        "kind": "examples",
        **_figures(marks),
        "entries": {name: _shares(found) for name, found in tallies(marks, lambda row: row.style).items() if name},
        "diversity": [_spread(one) for one in spreads],
    }


def _sat(faq: "Knowledge", policy: Any, paper: "Paper") -> dict[str, Any]:
    from handlers.staff.exam import sit, tallies

    marks = [mark for part in _progress(sit(faq, policy, paper), paper.size, paper.name) for mark in part]
    return {
        "name": paper.name,
        "kind": paper.kind.value,
        **_figures(marks),
        "by_style": {name: _shares(found) for name, found in tallies(marks, lambda row: row.style).items() if name},
    }


def _figures(marks: Sequence["Mark"]) -> dict[str, Any]:
    from handlers.staff.exam import confusions, tallies, tally

    return {
        "messages": len(marks),
        "all": _shares(tally(marks)),
        "by_language": {name: _shares(found) for name, found in tallies(marks, lambda row: row.language).items() if name},
        "confusions": [{"expected": right, "found": found, "count": count} for right, found, count in confusions(marks)],
    }


def _shares(tallies: Mapping["Measure", "Tally"]) -> dict[str, dict[str, float]]:
    return {measure.value: {"hits": one.hits, "of": one.of, "share": round(one.share, 4)} for measure, one in tallies.items()}


def _spread(one: "Spread") -> dict[str, Any]:
    return {
        "entry": one.entry,
        "language": one.locale,
        "questions": one.questions,
        "mean": round(one.mean, 3),
        "nearest": round(one.nearest, 3),
        "situations": one.situations,
        "narrow": one.narrow,
    }


def _tell(result: Mapping[str, Any]) -> None:
    """The figures for a person."""
    name = say(_("Own examples, each asked without itself")) if result["kind"] == "examples" else result["name"]
    rows = {say(_("all")): result["all"], **result["by_language"], **result.get("by_style", {})}
    measures = list(dict.fromkeys(measure for row in rows.values() for measure in row))
    _table(
        f"{name} ({result['messages']})",
        ["", *(say(MEASURES[measure]) for measure in measures)],
        [[label or "–", *(_share(row.get(measure)) for measure in measures)] for label, row in rows.items()],
    )
    if result["confusions"]:
        said = [[one["expected"], one["found"] or "–", str(one["count"])] for one in result["confusions"][:ROWS]]
        _table(say(_("Taken for another")), [say(_("meant")), say(_("found")), say(_("how often"))], said)
    if "entries" in result:
        _tell_entries(result)


def _tell_entries(result: Mapping[str, Any]) -> None:
    worst = sorted(result["entries"].items(), key=lambda one: (one[1]["first"]["share"], one[0]))[:ROWS]
    _table(
        say(_("Entries that are found worst")),
        [say(_("Entry")), say(MEASURES["first"]), say(MEASURES["answered"]), say(MEASURES["wrong"])],
        [[name, *(_share(row.get(measure)) for measure in ("first", "answered", "wrong"))] for name, row in worst],
    )
    spreads = result["diversity"]
    narrow = [one for one in spreads if one["narrow"]]
    mean, nearest = (sum(one[key] for one in spreads) / max(1, len(spreads)) for key in ("mean", "nearest"))
    text = _("Two examples of an entry are {mean} alike on average, each and its nearest {nearest} (0: nothing in common, 1: the same).")
    typer.echo(say(text, mean=f"{mean:.2f}", nearest=f"{nearest:.2f}"))
    if not narrow:
        typer.echo(say(_("Every entry has examples of at least six situations in each language.")))
        return
    _table(
        say(_("Fewer than six situations: write down how other people would come to ask")),
        [say(_("Entry")), say(_("Language")), say(_("examples")), say(_("situations")), say(_("nearest"))],
        [[one["entry"], one["language"], str(one["questions"]), str(one["situations"]), f"{one['nearest']:.2f}"] for one in narrow],
    )


def _tell_effects(tried: Sequence["Tried"]) -> None:
    if not tried:
        typer.echo(say(_("No resident has asked anything yet.")))
        return
    for effect, words in EFFECTS.items():
        found = [one for one in tried if one.effect == effect]
        if found:
            rows = [[one.text[:100], _entry(one.before, one.sure_before), _entry(one.after, one.sure_after)] for one in found]
            _table(f"{say(words)} ({len(found)})", [say(_("Question")), say(_("now")), say(_("then"))], rows)
    same = sum(one.effect is None for one in tried)
    typer.echo(say(_("{same} of {all} questions get the same answer as now, or as now a person."), same=same, all=len(tried)))


def _entry(entry: str | None, sure: float) -> str:
    return f"{entry or '–'} {sure:.2f}"


def _plain(one: "Tried") -> dict[str, Any]:
    return {
        "text": one.text,
        "effect": one.effect.value if one.effect else None,
        "before": {"entry": one.before, "confidence": round(one.sure_before, 4)},
        "after": {"entry": one.after, "confidence": round(one.sure_after, 4)},
    }


def _share(one: Mapping[str, float] | None) -> str:
    return f"{one['share']:.1%} ({one['hits']:.0f}/{one['of']:.0f})" if one else "–"


def _table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; without lines and colours where the output is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = Console()
    if not out.is_terminal:
        out = Console(width=200)
    table = Table(*headings, title=title, title_justify="left", box=box.ROUNDED if out.is_terminal else None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)
    out.print()


def _progress(parts: Iterator[T], total: int, words: str) -> Iterator[T]:
    """The same parts with a bar on the terminal; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import track

    screen = Console(stderr=True)
    return iter(track(parts, words, total, console=screen, transient=True, disable=not screen.is_terminal))


def _busy(words: str) -> Any:
    from contextlib import nullcontext

    from rich.console import Console

    screen = Console(stderr=True)
    return screen.status(words) if screen.is_terminal else nullcontext()
