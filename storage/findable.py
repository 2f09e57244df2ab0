"""What a text is found by. Neither SQLite's nor PostgreSQL's own reading of texts knows Chinese words, so each text is cut here into
overlapping pairs of Chinese characters and into whole words of other scripts (its grams), and the databases index those.

They are kept in the transaction that says the words; triggers of the database remove what is emptied or deleted, whoever does that.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC
from sqlalchemy import ForeignKey
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
#: A longer word is indexed by its beginning: nobody searches for more, and databases limit the size of a key.
_LONGEST = 40
#: How many parts of a question are looked for; more would not narrow it further.
_TERMS = 24


class SearchEntry(Base):
    """A turn of a ticket as it is searched: its grams, with single spaces between."""

    __tablename__ = "search_entries"

    utterance_id: Mapped[int] = mapped_column(ForeignKey("utterances.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    grams: Mapped[str]


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _runs(words: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", words).casefold()
    return _RUN.findall(str(_simplifier().convert(plain)) if re.search(f"[{_HAN}]", plain) else plain)


def grams(words: str) -> list[str]:
    """What a text is found by: pairs of Chinese characters (the last of a run also alone), other words whole; each once."""
    found: list[str] = []
    for run in _runs(words):
        if re.match(f"[{_HAN}]", run):
            found += [run[n : n + 2] for n in range(len(run))]
        else:
            found.append(run[:_LONGEST])
    return list(dict.fromkeys(found))


def terms(query: str) -> list[tuple[str, bool]]:
    """What must all be there; True: a word that begins so is enough."""
    found: list[tuple[str, bool]] = []
    for run in _runs(query):
        if not re.match(f"[{_HAN}]", run):
            found.append((run[:_LONGEST], len(run) > 2))
        elif len(run) == 1:
            found.append((run, True))
        else:
            found += [(run[n : n + 2], False) for n in range(len(run) - 1)]
    return list(dict.fromkeys(found))[:_TERMS]


async def keep(tx: Transaction, utterance_id: int, words: str) -> None:
    """Make a turn of a ticket findable by these words."""
    found = " ".join(grams(words))
    if not found:
        return
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    new = insert(SearchEntry).values(utterance_id=utterance_id, grams=found)
    await tx.session.execute(new.on_conflict_do_update(index_elements=[SearchEntry.utterance_id], set_={"grams": found}))
