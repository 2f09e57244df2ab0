"""`linli ask` and `linli replay`: what Linli would do, and why, without touching the database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.words import _, fail, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faq.knowledge import Knowledge
    from handlers.asked import Asked
    from handlers.replay import Line

    Answer = Callable[[dict[str, Any]], dict[str, Any]]

Folder = Annotated[Path | None, typer.Option("--faq", metavar="DIR", help="Another FAQ folder. · 另一个问答库文件夹。")]


def ask(
    text: Annotated[str | None, typer.Argument(help="The question. · 问题。")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read questions as JSON lines, write decisions. · 逐行 JSON。")] = False,
    faq: Folder = None,
    examples: Annotated[
        Path | None, typer.Option(metavar="FILE.tsv", help="Entries from a table entry<TAB>text instead of the FAQ. · 用表格代替问答库。")
    ] = None,
) -> None:
    """Show what a question would be answered with, and why. · 看看一个问题会怎么回答、为什么。"""
    if jsonl:
        _lines(_from_table(examples) if examples else _from_faq(_knowledge(faq)))
    elif text:
        _explain(_knowledge(faq), text)
    else:
        fail(say(_("Give a question: linli ask “how do I register my address?”")))


def _knowledge(folder: Path | None) -> "Knowledge":
    from bot.settings import Settings
    from bot.wiring import knowledge

    settings = Settings()
    return knowledge(settings.model_copy(update={"faq_dir": folder}) if folder else settings)


def _lines(answer: "Answer") -> None:
    """One decision a line, in order, written out at once."""
    import json
    import sys

    for line in _input(sys.stdin.buffer):
        sys.stdout.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _input(lines: Any) -> "Iterator[dict[str, Any]]":
    import json

    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw.decode("utf-8", errors="replace"))
            yield {"id": line["id"], "text": str(line["text"]), "context": line.get("context") or {}}
        except (ValueError, KeyError, TypeError):
            fail(say(_('Line {number} is not of the form {{"id": …, "text": …}}.'), number=number))


def _from_faq(faq: "Knowledge") -> "Answer":
    from faq.reading import Context
    from handlers.asked import ask as decide
    from handlers.policy import Policy

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        given = line["context"]
        context = Context(given.get("entry"), tuple(given.get("choices") or ()), tuple(given.get("turns") or ()))
        asked = decide(faq, Policy(), line["text"], context)
        decision, reading = asked.decision, asked.reading
        return {
            "id": line["id"],
            "action": decision.action,
            "entry": decision.entries[0] if decision.entries else None,
            "entries": list(decision.entries),
            "candidates": [{"entry": match.entry, "score": round(match.score, 4)} for match in decision.candidates],
            "confidence": round(decision.confidence, 4),
            "language": reading.language.code,
            "urgent": reading.urgency is not None,
        }

    return answer


def _from_table(path: Path) -> "Answer":
    """The bare matcher over the entries of a table; an empty entry is a text that nothing answers."""
    from bot.settings import Settings
    from faq.encoders import available
    from faq.language import detect
    from faq.matcher import Matcher

    settings = Settings()
    examples: dict[str, list[tuple[str, str]]] = {}
    none = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        entry, _tab, text = line.partition("\t")
        if entry:
            examples.setdefault(entry, []).append((detect(text).code, text))
        elif text:
            none.append(text)
    matcher = Matcher.fit(examples, none, encoders=available(settings.encoders), cache_dir=settings.cache_dir, shells=False)
    limits = matcher.calibration

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        ranking = matcher.rank(line["text"])
        best = ranking.matches[0].entry if ranking.matches and ranking.confidence >= limits.answer else None
        action = "answer" if best else "suggest" if ranking.confidence >= limits.suggest else "escalate"
        return {
            "id": line["id"],
            "action": action,
            "entry": best,
            "entries": [best] if best else [],
            "candidates": [{"entry": match.entry, "score": round(match.score, 4)} for match in ranking.matches],
            "confidence": round(ranking.confidence, 4),
            "language": detect(line["text"]).code,
            "urgent": False,
        }

    return answer


def _explain(faq: "Knowledge", text: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from handlers.asked import ask as decide
    from handlers.desk import thresholds
    from handlers.policy import Policy

    asked = decide(faq, Policy(), text)
    out = Console()
    reading = asked.reading
    out.print(
        say(_("Language: {language}"), language=" ".join(filter(None, (reading.language.code, reading.language.script)))), highlight=False
    )
    out.print(say(_("Read as: {text}"), text=reading.cleaned), highlight=False)
    for step in asked.decision.steps:
        table = Table(title=step.question)
        for heading in (_("Entry"), _("Probability"), _("Words"), _("Meaning"), _("Nearest example")):
            table.add_column(say(heading))
        for match in step.matches[:5]:
            table.add_row(match.entry, f"{match.score:.2f}", f"{match.lexical:.2f}", f"{match.semantic:.2f}", match.question)
        out.print(table)
    out.print(_why(asked, thresholds(faq, Policy())), highlight=False)


def _why(asked: "Asked", limits: Any) -> str:
    """The reason for the decision in a sentence."""
    reading, decision = asked.reading, asked.decision
    if reading.urgency is not None:
        return say(_("Urgent ({kind}), because of “{phrase}”."), kind=reading.urgency.kind, phrase=reading.urgency.phrase)
    if decision.action == "smalltalk" and reading.smalltalk is not None:
        return say(_("Small talk ({kind})."), kind=reading.smalltalk.kind)
    figures = {"confidence": f"{decision.confidence:.2f}", "answer": f"{limits.answer:.2f}", "suggest": f"{limits.suggest:.2f}"}
    sentences = {
        "answer": _("Answered: {confidence} is at least {answer}."),
        "suggest": _("Offered: {confidence} lies between {suggest} and {answer}."),
        "escalate": _("To a person: {confidence} is below {suggest}."),
    }
    return say(sentences[decision.action], **figures)


def replay(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Transcripts as JSON lines. · 逐行 JSON。")] = True,
    faq: Folder = None,
) -> None:
    """Play group transcripts and show what Linli would have done. · 重放群聊记录。"""
    import json
    import sys

    from handlers.policy import Policy
    from handlers.replay import replay as play

    knowledge = _knowledge(faq)
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        try:
            transcript = json.loads(raw.decode("utf-8", errors="replace"))
            lines = [_line(message) for message in transcript["messages"]]
        except (ValueError, KeyError, TypeError):
            fail(say(_('Line {number} is not of the form {{"id": …, "messages": […]}}.'), number=number))
        messages = [
            {
                "n": done.n,
                "action": done.action,
                "entry": done.entry,
                "candidates": [{"entry": match.entry, "score": round(match.score, 4)} for match in done.candidates],
            }
            for done in play(knowledge, Policy(), lines)
        ]
        sys.stdout.write(json.dumps({"id": transcript["id"], "messages": messages}, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _line(message: dict[str, Any]) -> "Line":
    from datetime import datetime

    from handlers.replay import Line

    at = message.get("at")
    return Line(
        message["n"],
        str(message["from"]),
        str(message["text"]),
        message.get("reply_to"),
        bool(message.get("mentions_bot")),
        datetime.fromisoformat(at) if at else None,
    )
