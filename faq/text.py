"""Cleaning a message before it is compared: signs, letters and scripts made alike, politeness taken off. Meaning stays as it is."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from opencc import OpenCC

#: What usual chat characters are not: symbols, emoji and their joiners, private use, invisible format characters.
_UNSPOKEN: Final = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc"})
_KEPT_SIGNS: Final = frozenset("°©®™^`")
_HAN: Final = re.compile(r"[㐀-鿿豈-﫿]")
_KANA_OR_HANGUL: Final = re.compile(r"[぀-ヿㇰ-ㇿ가-힯ᄀ-ᇿ]")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "´": "'", "。": ".", "、": ",", "…": ".", "—": "-", "–": "-"})
_LINK: Final = re.compile(r"https?://\S+|www\.\S+")
_MENTION: Final = re.compile(r"(?<!\w)@\w+")
_LONG_LETTERS: Final = re.compile(r"([^\W\d_])\1{2,}")
_LONG_SIGNS: Final = re.compile(r"([^\w\s])(?:\s*\1)+")
_SPACE: Final = re.compile(r"\s+")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """The text with traditional Chinese characters written in simplified ones; Japanese and Korean are left alone."""
    if not _HAN.search(text) or _KANA_OR_HANGUL.search(text):
        return text
    return str(_simplifier().convert(text))


def tidy(text: str) -> str:
    """The same words in one spelling: full-width signs, case, quotes, emoji, links, drawn-out letters and spaces made alike."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _MENTION.sub(" ", _LINK.sub(" ", text))
    text = "".join(c if c in _KEPT_SIGNS or unicodedata.category(c) not in _UNSPOKEN else " " for c in text)
    text = simplify(text.casefold() if text.isascii() else text.lower())
    text = _LONG_LETTERS.sub(_shortened, text)
    return _SPACE.sub(" ", _LONG_SIGNS.sub(r"\1", text)).strip()


def _shortened(drawn_out: re.Match[str]) -> str:
    """ "sooooo" → "soo" (English has double letters), "啊啊啊啊" → "啊". Roman numerals and "www" do not matter here."""
    letter = drawn_out[1]
    return letter if _HAN.match(letter) else letter * 2


@lru_cache(maxsize=1)
def _shells() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand before a question and what behind it, from `shells.txt` beside this file."""
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "shells.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sections[line.strip("[] ")] = patterns = []
        elif line.strip() and not line.startswith("#"):
            patterns.append(re.sub(r"\((?!\?)", "(?:", line.strip()))
    parts = {name: "|".join(patterns) for name, patterns in sections.items()}
    opening, closing = (parts[f"{place} en"].replace("{names}", parts["names"]) for place in ("opening", "closing"))
    edge = r"[\s,.!?;:~()*\"'-]*"
    before = rf"(?:{opening})(?!\w)|(?:{parts['opening zh']})|(?:{closing})(?= *[,.!;:-])|(?:{parts['closing zh']})(?= *[,.!;:~])"
    behind = rf"(?:^|[\s,.!?;:~)-])(?:{closing})|(?:{parts['closing zh']})"
    return re.compile(rf"^{edge}(?:{before}){edge}"), re.compile(rf"(?:{behind}){edge}$")


#: The least that may stay when a shell goes: two Chinese characters, three letters of a word, or another script's word.
_LEFT_OVER: Final = re.compile(r"[㐀-鿿].*[㐀-鿿]|[a-z]{3}|[^\W\d_a-z㐀-鿿]{2}", re.DOTALL)


def unwrap(tidied: str) -> str:
    """A tidied text without greetings and thanks around it; the text itself where it holds nothing else."""
    core, before = tidied, ""
    while core != before:
        before = core
        for shell in _shells():
            rest = shell.sub("", core)
            if _LEFT_OVER.search(rest):
                core = _closed(core, rest)
    return core.rstrip(" ,;:-~") or tidied


def _closed(whole: str, rest: str) -> str:
    """A question keeps its mark when the thanks behind it go."""
    return f"{rest}?" if whole.startswith(rest) and whole[len(rest) :].lstrip().startswith("?") else rest


def has_words(text: str) -> bool:
    """Whether there is at least one letter or figure in it."""
    return any(c.isalnum() for c in text)


def clean(text: str, *, shells: bool = True) -> str:
    """The form in which texts are compared. `shells=False` keeps greetings and thanks."""
    tidied = tidy(text)
    return unwrap(tidied) if shells else tidied
