"""What a message means in the light of what was shown before: "2", "how much is it?", "and my wife?", 「那要多久」. A new matter leans on nothing."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from faq.asking import asks
from faq.entry import PARTS
from faq.reading import Context, FollowUp, FollowUpKind, Match
from faq.text import tidy

#: Longer messages tell enough to be understood alone.
_LONGEST: Final = 90
_EDGE: Final = r"[\s,.!?;:~()*\"'&+/|-]*"
_LETTERS: Final = r"[a-z\u00df-\u024f0-9]"
_POLITE: Final = r"(?:(?:ok|okay|yes|yeah|yep|sure|please|pls|i (?:choose|pick|want|mean|meant|think|take)|option|number|no\.?|nr\.?|choice|answer|the|it'?s|is|that'?s|maybe|probably|对|是|是的|好的?|嗯|选|我选|我要|我想问|要|应该是?|就|请|看|问的是|是问)[\s,.:#]*)*"
_TAIL: Final = r"(?:[\s,.!)]*(?:one|please|pls|thanks|thank you|option|question|choice|i think|个|条|项|号|种|件|那个|的|吧|谢谢|选项|问题|就是|那条|了|。)*)*"
_ORDINALS: Final = (
    r"1(?:st)?|one|first|①|一|a|1️⃣",
    r"2(?:nd)?|two|second|②|二|两|b|2️⃣",
    r"3(?:rd)?|three|third|③|三|c|3️⃣",
    r"4(?:th)?|four|fourth|④|四|d",
    r"5(?:th)?|five|fifth|⑤|五|e",
)
_LAST: Final = re.compile(rf"{_POLITE}(?:(?:the )?last(?: one)?|(?:最后|末尾|最下面)(?:一)?(?:个|条|项)?(?:的)?){_TAIL}")
_YES: Final = re.compile(
    rf"(?:yes+|yeah|yep|yup|exactly|correct|right|that'?s (?:it|right|the one)|that one|this one|是|是的|对|对的|没错|就是(?:这个|它)|嗯+|对对){_TAIL}"
)
_ABOUT: Final = re.compile(r"(?:the (?:one|question|answer) (?:about|with|on|for|that)|关于|问?.{1,12}(?:那个|那条|的那个|那一条))")
#: What opens a message that only changes the person or the case.
_TURNED: Final = re.compile(
    r"^\W*(?:and|but|so|what about|how about|same for|what if|also for|is it the same|does (?:it|this|that)|那|那么|如果|要是|万一|还有)"
)
_POINTS: Final = re.compile(r"\b(?:it|its|this|that|they|them|these|those|there|one|the same)\b|这|那|它|他们|刚才|上面")
_LIKEWISE: Final = re.compile(r"\b(?:also|too|same|as well)\b|也|一样|同样")
_QUESTION_PARTS: Final = ("cost", "time", "documents", "where", "if_it_goes_wrong", "caution", "steps")


def resolve(text: str, context: Context, matches: Sequence[Match] = (), *, sure: float = 0.6) -> FollowUp | None:
    """What a text refers to, or None where it is a new matter. `matches` is what it would mean alone, `sure` when that counts."""
    tidied = tidy(text).strip()
    if not tidied or len(tidied) > _LONGEST:
        return None
    if context.choices:
        found = _choice(tidied, context.choices, matches)
        if found is not None:
            return found
    if context.entry is None:
        return None
    return _part(tidied, context.entry, matches, sure)


def points_back(text: str) -> bool:
    """Whether a short question speaks of something that was named before: "do they …", 「那个…」."""
    tidied = tidy(text)
    return len(tidied) <= _LONGEST and (_POINTS.search(tidied) is not None or _TURNED.match(tidied) is not None)


def _choice(tidied: str, choices: Sequence[str], matches: Sequence[Match]) -> FollowUp | None:
    for place, words in enumerate(_ORDINALS[: len(choices)]):
        if re.fullmatch(rf"[\s(#]*{_POLITE}第?(?:{words}){_TAIL}", tidied):
            return FollowUp(FollowUpKind.pick, choices[place])
    if _LAST.fullmatch(tidied):
        return FollowUp(FollowUpKind.pick, choices[-1])
    if len(choices) == 1 and _YES.fullmatch(tidied):
        return FollowUp(FollowUpKind.pick, choices[0])
    if any(re.fullmatch(rf"{_EDGE}(?:{pattern}){_EDGE}", tidied) for pattern in _sections()["none"]):
        return FollowUp(FollowUpKind.none)
    if _ABOUT.match(tidied):
        named = next((match.entry for match in matches if match.entry in choices), None)
        return FollowUp(FollowUpKind.pick, named) if named else None
    return None


def _part(tidied: str, entry: str, matches: Sequence[Match], sure: float) -> FollowUp | None:
    alone = matches[0] if matches else None
    asked = _asked(tidied)
    left = _left_over(tidied)
    if left:
        return None
    leans = _TURNED.match(tidied) or _POINTS.search(tidied) or _LIKEWISE.search(tidied)
    somebody = any(pattern.search(tidied) for pattern in _words("whom_else"))
    if somebody and not leans and alone is not None and alone.entry != entry and alone.score >= sure:
        return None
    if not (asked or leans or (somebody and asks(tidied))):
        return None
    return FollowUp(FollowUpKind.part, entry, asked)


def _asked(tidied: str) -> str | None:
    """The part of an answer that a text asks for: the first that is named, a case that goes wrong before all others."""
    found = []
    for rank, part in enumerate(_QUESTION_PARTS):
        places = [match.start() for pattern in _words(part) for match in pattern.finditer(tidied)]
        if places:
            found.append((min(places), rank, part))
    if not found:
        return None
    wrong = any(part == "if_it_goes_wrong" for *_, part in found)
    best = "if_it_goes_wrong" if wrong else min(found)[2]
    return best if best in PARTS else None


def _left_over(tidied: str) -> str:
    """What is said beyond words that lean on something."""
    left = tidied
    for section in ("opening", *_QUESTION_PARTS, "pointing", "whom_else", "whom", "light"):
        for pattern in _words(section):
            left = pattern.sub(" ", left)
    return re.sub(r"[\W_]+", " ", left).strip()


@lru_cache(maxsize=1)
def _sections() -> dict[str, tuple[str, ...]]:
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "followup.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[] "), [])
        elif line.strip() and not line.startswith("#"):
            current.append(re.sub(r"\((?!\?)", "(?:", line.strip()))
    return {name: tuple(patterns) for name, patterns in sections.items()}


@lru_cache(maxsize=16)
def _words(section: str) -> tuple[re.Pattern[str], ...]:
    """A section's patterns, each for whole words of the scripts that write blanks."""
    return tuple(
        re.compile(f"(?<!{_LETTERS})(?:{pattern})(?!{_LETTERS})" if re.search("[a-z]", pattern) else pattern)
        for pattern in _sections()[section]
    )
