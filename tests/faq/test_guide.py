"""The guide for admins can be followed word for word: its example is put into a copy of the FAQ and checked."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import faq
from faq.catalogue import load
from faq.checks import check
from faq.entry import LOCALES
from faq.form import PLACEHOLDERS

FAQ = Path(faq.__file__).parent
DOCS = FAQ.parent / "docs"


def guide(locale: str) -> str:
    return (DOCS / locale / "faq-guide.md").read_text(encoding="utf-8")


def block(text: str, name: str) -> str:
    """The words between ```name and ```."""
    found = re.search(rf"^```{name}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_example_of_the_guide_is_clean_when_it_is_followed(locale: str, tmp_path: Path) -> None:
    folder = tmp_path / "faq"
    for name in ("entries", "communities"):
        shutil.copytree(FAQ / name, folder / name)
    for name in ("facts.md", "glossary.md"):
        shutil.copy(FAQ / name, folder)
    with (folder / "facts.md").open("a", encoding="utf-8") as register:
        register.write(block(guide(locale), "fact"))
    (folder / "entries" / "lending").mkdir()
    (folder / "entries" / "lending" / "lending-drill.md").write_text(block(guide(locale), "entry"), encoding="utf-8")
    loaded = load(folder)
    assert [found.render() for found in check(loaded, date(2026, 11, 22))] == []
    assert loaded.catalogue.topics["lending"] == ("lending-drill",)


def test_both_guides_hold_the_same_example() -> None:
    entries = [load_example(locale) for locale in LOCALES]
    assert entries[0] == entries[1]


def load_example(locale: str) -> object:
    from faq import reader

    return reader.read(block(guide(locale), "entry").encode(), Path("entries/lending/lending-drill.md")).entry


def test_both_guides_have_the_same_headings_and_steps() -> None:
    shapes = []
    for locale in LOCALES:
        text = re.sub(r"^```.*?^```$", "", guide(locale), flags=re.MULTILINE | re.DOTALL)
        shapes.append([re.match(r"#+|\d+\.|-|\|", line)[0] for line in text.splitlines() if re.match(r"#+|\d+\.|-|\|", line)])  # type: ignore[index]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_guide_names_every_placeholder(locale: str) -> None:
    assert [name for name in PLACEHOLDERS if f"`{{{name}}}`" not in guide(locale)] == []
