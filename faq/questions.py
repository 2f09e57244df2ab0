"""Example questions that stand in two entries: the same letters, the same words, or (where a matcher helps) the same meaning."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from faq.entry import LOCALES
from faq.fault import Fault, fault
from faq.reader import Document

#: Given texts, finds pairs of them that mean the same: two places in the sequence and how alike they are, 0–1.
Similar = Callable[[Sequence[str]], Iterable[tuple[int, int, float]]]

_SIGNS = re.compile(r"[^\w]+", re.UNICODE)
_WORDS = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Asked:
    """An example question with the file and the line where it stands."""

    document: Document
    line: int
    column: int
    text: str


def asked(documents: Iterable[Document]) -> list[Asked]:
    """All example questions of all entries."""
    found = []
    for document in documents:
        if document.entry is not None:
            for locale in LOCALES:
                for index, text in enumerate(document.entry.questions[locale]):
                    found.append(Asked(document, *document.place("question", locale, index), text))
    return found


def check(questions: Sequence[Asked], similar: Similar | None = None) -> Iterator[Fault]:
    """A fault at the later of two questions that stand in different entries; one fault a question."""
    by_letters: dict[str, Asked] = {}
    by_words: dict[str, Asked] = {}
    told = set()
    for question in questions:
        plain = unicodedata.normalize("NFKC", question.text).casefold()
        letters = _SIGNS.sub("", plain)
        words = " ".join(sorted(_WORDS.findall(plain)))
        same = by_letters.setdefault(letters, question)
        near = by_words.setdefault(words, question)
        for other, code in ((same, "question_shared"), (near, "question_near")):
            if other.document is not question.document:
                told.add((question.document.id, question.text))
                yield _fault(code, question, other)
                break
    if similar is None:
        return
    for here, there, score in similar([question.text for question in questions]):
        first, second = (questions[place] for place in sorted((here, there)))
        if first.document is not second.document and (second.document.id, second.text) not in told:
            told.add((second.document.id, second.text))
            yield _fault("question_alike", second, first, score=score)


def _fault(code: str, question: Asked, other: Asked, score: float = 1.0) -> Fault:
    values = {"other": f"{other.document.id}.md", "at": other.line, "text": other.text, "score": score}
    return fault(code, question.document.path, question.line, question.column, **values)
