"""How long the whole FAQ takes to be read and checked, beside PyYAML reading the same content in the same run.

    python -m tests.bench.bench_faq_load [--faq DIR] [--rounds N]

Prints the best of N rounds in milliseconds: reading the folder, a reload after one change, the checks without encoders, and PyYAML
(pure Python and, where it is there, its C parser) on one YAML document an entry with the same content.
"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import yaml

import faq
from faq.catalogue import load
from faq.checks import check
from faq.export import export


def best(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the fastest round."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times) * 1000


def parse(documents: list[str], loader: type[yaml.SafeLoader]) -> list[object]:
    """What PyYAML reads from the documents."""
    return [yaml.load(text, loader) for text in documents]


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faq", type=Path, default=Path(faq.__file__).parent)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    today = datetime.now(UTC).date()
    loaded = load(given.faq)
    documents = [yaml.safe_dump(entry, allow_unicode=True) for entry in export(loaded.catalogue)]
    ours = best(lambda: load(given.faq), given.rounds)
    checked = best(lambda: check(loaded, today), given.rounds)
    rows = [
        (f"read {len(loaded.documents)} entries with register, glossary and profiles", ours),
        ("reload with nothing changed", best(lambda: load(given.faq, loaded), given.rounds)),
        ("check the whole set, without encoders", checked),
        ("read and check", ours + checked),
    ]
    rows += [
        (f"PyYAML {name}, the entries alone", best(partial(parse, documents, getattr(yaml, name)), given.rounds))
        for name in ("SafeLoader", "CSafeLoader")
        if hasattr(yaml, name)
    ]
    for name, milliseconds in rows:
        print(f"{name:60} {milliseconds:8.0f} ms   {milliseconds / ours:6.2f} × read")


if __name__ == "__main__":
    main()
