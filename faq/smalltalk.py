"""Greetings, thanks, curses and chatter: a message that wants a kind word and nothing else. The pieces stand in `smalltalk.txt`."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from faq.reading import SmallTalk
from faq.text import has_words, tidy

#: A longer message says more than small talk does.
_LONGEST: Final = 160
_EDGE: Final = re.compile(r"[\s,.!?;:~()*\"'&+/|<>=_^°¡¿-]*")
_ANY: Final = r"(?: [^\s,.!?]+){0,6}"
#: Letters of the scripts that write blanks: a piece may not end inside a word. Chinese has no blanks to tell.
_LETTER: Final = r"[a-z0-9\u00df-\u024f\u0370-\u052f]"
#: The section of words that tell nothing by themselves, and the one of names.
_FILLER, _NAMES = "filler", "names"
#: Keys hit without a word: no vowel among many letters, or one of the rows of the keyboard.
_MASHED: Final = re.compile(
    r"(?:[bcdfghjklmnpqrstvwxz]{5,}|(?:asdf|qwer|zxcv|hjkl|sdfg|dfgh|jkl|fgh|uiop|wert)[a-z]*|([a-z]{2,3})\1{2,}|[a-z]*[bcdfghjklmnpqrstvwxz]{6,}[a-z]*)"
)
_ONLY_SIGNS: Final = re.compile(r"[?!.,;:~*#@%^&()\[\]{}/\\|<>=+_'\"`-]+")


def smalltalk(text: str) -> SmallTalk | None:
    """What kind of small talk a text is, where it is nothing else; None where it asks or tells anything."""
    bare = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C").strip()
    if not bare or len(bare) > _LONGEST:
        return None
    tidied = tidy(bare)
    if not has_words(tidied):
        signs = re.sub(r"\s+", "", bare)
        return SmallTalk("nonsense" if _ONLY_SIGNS.fullmatch(signs) else "emoji")
    kinds = _pieces(tidied)
    if kinds is not None:
        told = [kind for kind in _sections() if kind in kinds and kind != _FILLER]
        return SmallTalk(told[0]) if told else None
    return SmallTalk("nonsense") if _is_mash(tidied) else None


def _pieces(tidied: str) -> set[str] | None:
    """The kinds of the pieces that cover the whole text; None where something is left over."""
    kinds: set[str] = set()
    at = _EDGE.match(tidied).end()  # type: ignore[union-attr]  # the edge may be empty, so it always matches
    while at < len(tidied):
        best, best_kind = at, ""
        for kind, patterns in _sections().items():
            for pattern in patterns:
                found = pattern.match(tidied, at)
                if found is not None and found.end() > best:
                    best, best_kind = found.end(), kind
        if best == at:
            return None
        kinds.add(best_kind)
        at = _EDGE.match(tidied, best).end()  # type: ignore[union-attr]
    return kinds


def _is_mash(tidied: str) -> bool:
    words = tidied.split()
    return len(words) <= 3 and all(_MASHED.fullmatch(word.strip("?!.,")) for word in words)


@lru_cache(maxsize=1)
def _sections() -> dict[str, tuple[re.Pattern[str], ...]]:
    """The patterns by kind, in the order of the file, where the more telling kind stands first."""
    lines: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "smalltalk.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = lines.setdefault(line.strip("[] "), [])
        elif line.strip() and not line.startswith("#"):
            current.append(line.strip())
    names = "|".join(lines.pop(_NAMES))
    return {kind: tuple(_compiled(line, names) for line in patterns) for kind, patterns in lines.items()}


def _compiled(line: str, names: str) -> re.Pattern[str]:
    written = re.sub(r"\((?!\?)", "(?:", line.replace("{names}", f"({names})")).replace("{any}", _ANY)
    return re.compile(f"(?:{written})(?!(?<={_LETTER}){_LETTER})")
