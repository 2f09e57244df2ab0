"""What was asked and not answered, put together by meaning: one gap for all the ways in which people asked for the same."""

from collections.abc import Sequence
from typing import Final

from faq.encoders import Vectors
from faq.grouping import groups

#: Two groups of questions nearer than this, by meaning or by letters alone, ask for the same. By meaning, of the pairs that it puts
#: together six in ten stand for the same entry where entries lie as close as visa and residence permit; across languages it finds
#: nearly as many as within one.
SAME: Final = {True: 0.32, False: 0.3}


def gathered(rows: Vectors, *, by_meaning: bool) -> list[list[int]]:
    """Places of the questions that ask for the same, what was asked most often first, the most typical question first in each."""
    return groups(rows, SAME[by_meaning])


def spoken(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages in which a gap was asked for, the commonest first."""
    return tuple(sorted(set(languages), key=lambda code: (-languages.count(code), code)))
