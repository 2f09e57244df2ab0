"""What ours is measured beside, in the same run: rapidfuzz's nearest example, BM25, and a linear SVM over tf-idf."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

Scores = NDArray[np.float32]

_WORD = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+")


def per_class(likeness: Scores, owner: NDArray[np.intp], classes: int) -> Scores:
    """The best likeness within each class, shape (queries, classes)."""
    best = np.full((len(likeness), classes), -1.0, np.float32)
    for number in range(classes):
        if (owner == number).any():
            best[:, number] = likeness[:, owner == number].max(axis=1)
    return best


def rapidfuzz_nearest(texts: Sequence[str], owner: NDArray[np.intp], queries: Sequence[str], classes: int) -> Scores:
    """`process.extractOne` with its default scorer, `fuzz.WRatio`."""
    found = np.zeros((len(queries), classes), np.float32)
    for row, query in enumerate(queries):
        match = process.extractOne(query, texts, scorer=fuzz.WRatio)
        found[row, owner[match[2]]] = match[1] / 100
    return found


def bm25(texts: Sequence[str], owner: NDArray[np.intp], queries: Sequence[str], classes: int, k1: float = 1.5, b: float = 0.75) -> Scores:
    """Okapi BM25 (Robertson and Walker 1994) over words and single Chinese characters; the best example speaks for its class."""
    documents = [Counter(_WORD.findall(text.lower())) for text in texts]
    lengths = np.array([sum(document.values()) for document in documents], np.float32)
    postings: dict[str, list[tuple[int, int]]] = {}
    for number, document in enumerate(documents):
        for word, count in document.items():
            postings.setdefault(word, []).append((number, count))
    scores = np.zeros((len(queries), len(texts)), np.float32)
    for row, query in enumerate(queries):
        for word in set(_WORD.findall(query.lower())):
            if word in postings:
                at, counts = np.array(postings[word]).T
                weight = log(1 + (len(texts) - len(at) + 0.5) / (len(at) + 0.5))
                scores[row, at] += weight * counts * (k1 + 1) / (counts + k1 * (1 - b + b * lengths[at] / lengths.mean()))
    return per_class(scores, owner, classes)


def tfidf_svm(texts: Sequence[str], owner: NDArray[np.intp], queries: Sequence[str], classes: int) -> Scores:
    """A linear SVM over tf-idf of words and of 2 to 4 letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    view = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)[㐀-鿿]|[^\W㐀-鿿]+"),
    )
    rows = view.fit_transform(texts)
    model = LinearSVC(C=1.0).fit(rows, owner)
    scores = np.full((len(queries), classes), -9.0, np.float32)
    decided = model.decision_function(view.transform(queries))
    scores[:, model.classes_] = decided if decided.ndim == 2 else np.column_stack([-decided, decided])
    return scores


PEERS = {"rapidfuzz extractOne": rapidfuzz_nearest, "BM25": bm25, "tf-idf + SVM": tfidf_svm}
