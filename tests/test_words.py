"""Every word for people stands in both languages, and every setting in the readme."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "handlers" / "locale"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[㐀-鿿]")


def messages(path: Path) -> dict[str, Message]:
    """The messages of a catalogue by their English words."""
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file)
    return {str(message.id): message for message in catalogue if message.id}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Message]:
    """What stands in the code now."""
    path = tmp_path_factory.mktemp("words") / "linli.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "pyproject.toml",
        "--no-location",
        "-o",
        str(path),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return messages(path)


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_catalogue_has_each_message_of_the_code_and_no_other(template: dict[str, Message], locale: str) -> None:
    catalogue = messages(LOCALE / locale / "LC_MESSAGES" / "linli.po")
    assert set(catalogue) == set(template)
    assert [name for name, message in catalogue.items() if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_translation_fills_the_same_placeholders(locale: str) -> None:
    for name, message in messages(LOCALE / locale / "LC_MESSAGES" / "linli.po").items():
        assert sorted(set(PLACEHOLDER.findall(str(message.string)))) == sorted(set(PLACEHOLDER.findall(name))), name


def test_chinese_words_are_chinese() -> None:
    for name, message in messages(LOCALE / "zh" / "LC_MESSAGES" / "linli.po").items():
        assert HAN.search(str(message.string)) or not re.search(r"[a-z]{3}", name), name


def test_chinese_words_keep_a_space_beside_latin_letters_and_figures() -> None:
    for message in messages(LOCALE / "zh" / "LC_MESSAGES" / "linli.po").values():
        assert not re.search(r"[㐀-鿿][A-Za-z0-9]|[A-Za-z0-9][㐀-鿿]", str(message.string)), message.string


def test_every_setting_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`LINLI_{name.upper()}`" not in readme] == []
