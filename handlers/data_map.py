"""The map of what is kept: each personal column with purpose, basis, retention and who sees it, made from the tables themselves.

`python -m handlers.data_map` writes `docs/en/data-map.md` and `docs/zh/data-map.md` anew.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from handlers.policy import Policy
from storage import outline

FILE = Path(__file__).with_name("data_map.toml")
DOCS = Path(__file__).parents[1] / "docs"
#: The fields of an entry whose words stand in lists.
FIELDS = ("for", "basis", "kept", "seen")


@cache
def entries() -> Mapping[str, Mapping[str, Any]]:
    """The file: each table's columns, and the words."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def faults() -> list[str]:
    """Columns that are not described, descriptions of columns that are not there, and words that are not in the lists."""
    found = []
    for table, names in outline.columns().items():
        told = entries().get(table, {})
        described = set(told) - {"plain"} | set(told.get("plain", ()))
        found += [f"{table}.{name} is not described" for name in names if name not in described]
        found += [f"{table}.{name} is described and not there" for name in sorted(described - set(names))]
        found += [f"{table}.{name}: {fault}" for name, entry in told.items() if name != "plain" for fault in _faults(entry)]
    return found + [f"{table} is described and not there" for table in entries() if table != "words" and table not in outline.columns()]


def _faults(entry: Mapping[str, Any]) -> Iterator[str]:
    if set(entry.get("is", ())) != {"en", "zh"}:
        yield "say what it is in both languages"
    for field in FIELDS:
        if entry.get(field) not in entries()["words"][field]:
            yield f"{field} = {entry.get(field)!r} is no word of its list"


def render(language: str, policy: Policy) -> str:
    """The map in `en` or `zh`, with the periods of the policy."""
    periods = {
        "text": policy.keep_text.days,
        "attachments": policy.keep_attachments.days,
        "logs": policy.keep_logs.days,
        "records": policy.keep_records.days,
        "people": policy.keep_people.days,
    }
    page = {name: words[language] for name, words in entries()["words"]["page"].items()}
    blocks = [page["introduction"]]
    for table, names in outline.columns().items():
        told = entries()[table]
        personal = [name for name in names if name not in told.get("plain", ())]
        if not personal:
            continue
        lines = [f"## {table}\n", _row(page["heads"]), _row(["---"] * len(page["heads"]))]
        lines += [_row([f"`{name}`", *_told(told[name], language, periods)]) for name in personal]
        plain = ", ".join(f"`{name}`" for name in names if name not in personal)
        if plain:
            lines.append(f"\n{page['plain']}: {plain}")
        blocks.append("\n".join(lines) + "\n")
    untouched = [table for table in outline.columns() if set(entries()[table]) == {"plain"}]
    blocks.append(f"## {page['plain']}\n\n{', '.join(f'`{table}`' for table in untouched)}\n")
    return "\n".join(blocks)


def _told(entry: Mapping[str, Any], language: str, periods: Mapping[str, int]) -> list[str]:
    words = entries()["words"]
    return [entry["is"][language], *(words[field][entry[field]][language].format(**periods) for field in FIELDS)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(policy: Policy) -> None:
    """Write both files anew."""
    for language in ("en", "zh"):
        path = DOCS / language / "data-map.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(language, policy), encoding="utf-8")


if __name__ == "__main__":
    write(Policy())
