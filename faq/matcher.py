"""The matcher: from a text to the entries that may answer it, each with the probability that it does."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from faq import kept
from faq.encoders import Encoder, UseM3, Vectors
from faq.fitting import Stage, fit_stage, joined, length_of, shortlist
from faq.index import NONE, Example, Layer, Reader, Texts, centred, lay_out, nearness
from faq.judge import FLOOR, Calibration, signs_of
from faq.lexical import Sketch
from faq.pinyin import Pinyin
from faq.reading import Match
from faq.rehearsal import Rehearsed, rehearse
from faq.revising import revised_layers, revised_stage
from faq.spelling import Spelling
from faq.text import clean
from faq.vectors import VectorCache

#: How far the head listens to the letters, beside 1 for an encoder; found on validation data.
_LETTERS: Final = 0.5
#: The second encoder is asked only where the first leaves this much doubt.
_SURE: Final = 0.95
#: A text that stands among an entry's examples, letter by letter.
_SAME_TEXT: Final = 0.97


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries that may answer a text, best first. `confidence`, 0–1: the probability that the first one does."""

    matches: tuple[Match, ...]
    confidence: float


class Matcher:
    """Ranks entries for a text. It never changes once made, so that many threads may ask it; an update makes a new one."""

    def __init__(
        self,
        texts: Texts,
        pinyin: Pinyin,
        layers: tuple[Layer, ...],
        readers: tuple[Reader, ...],
        stages: tuple[Stage, ...],
        *,
        shells: bool,
    ) -> None:
        self._texts = texts
        self._pinyin = pinyin
        self._layers = layers
        self._readers = readers
        self._stages = stages
        self._shells = shells
        self._same = _unique(texts)
        self._spelling = Spelling(texts.texts, next((reader.knows for reader in readers if isinstance(reader, UseM3)), None))

    @classmethod
    def fit(
        cls,
        examples: Mapping[str, Sequence[Example]],
        none_texts: Sequence[str] = (),
        *,
        evidence: Mapping[str, Sequence[Example]] | None = None,
        encoders: Sequence[Encoder] = (),
        cache_dir: Path | None = None,
        shells: bool = True,
    ) -> Self:
        """A matcher for these entries: questions as (locale, text) by entry id, texts that none answers, and other words about an entry.

        Vectors and what was fitted are kept in `cache_dir` and found again there when nothing has changed.
        `shells=False` compares texts with their greetings and thanks.
        """
        evidence = evidence or {}
        shelf = kept.Shelf(cache_dir)
        given = sorted({text for rows in (*examples.values(), *evidence.values()) for _, text in rows} | set(none_texts))
        cleaned = _cleaned(given, shelf, shells=shells)
        texts = lay_out(examples, none_texts, evidence, cleaned)
        sketch, rows = _letters(texts, shelf)
        layers = [Layer(sketch.name, rows, None, _LETTERS)]
        for encoder in encoders:
            rows = VectorCache(encoder, cache_dir).encode(texts.texts)
            mean = rows.mean(axis=0) if len(rows) else np.zeros(encoder.dim, np.float32)
            layers.append(Layer(encoder.name, centred(rows, mean), mean, 1.0))
        stages = tuple(_stage(texts, layers, use, shelf) for use in _cascade(len(encoders)))
        return cls(texts, Pinyin(texts.texts), tuple(layers), (sketch, *encoders), stages, shells=shells)

    def update(
        self,
        examples: Mapping[str, Sequence[Example]],
        none_texts: Sequence[str] = (),
        *,
        evidence: Mapping[str, Sequence[Example]] | None = None,
    ) -> Self:
        """A matcher for changed entries within about a second, until `fit` has made the whole one; nothing is written to disk."""
        evidence = evidence or {}
        known = {shown[1]: text for shown, text in zip(self._texts.shown, self._texts.texts, strict=True)}
        given = {text for rows in (*examples.values(), *evidence.values()) for _, text in rows} | set(none_texts)
        cleaned = {text: known.get(text) or self._pinyin.resolve(clean(text, shells=self._shells)) for text in given}
        texts = lay_out(examples, none_texts, evidence, cleaned)
        layers = revised_layers(self._texts, self._layers, texts, [reader.encode for reader in self._readers])
        stages = tuple(revised_stage(stage, self._texts, texts, layers) for stage in self._stages)
        return type(self)(texts, self._pinyin, layers, self._readers, stages, shells=self._shells)

    @property
    def classes(self) -> tuple[str, ...]:
        """The ids of the entries that it knows, and `NONE` where there are texts that nothing answers."""
        return self._texts.classes

    def rehearse(self) -> Iterator[tuple[Rehearsed, ...]]:
        """How each example fares when it is left out, fold after fold."""
        return rehearse(self._texts, self._layers, self._stages[-1])

    def vectors(self, texts: Sequence[str]) -> tuple[Vectors, bool]:
        """Rows of length 1 of the first encoder, in the view in which examples are compared, and True.

        Without an encoder the letters, weighted by the texts themselves (what nobody wrote down yet counts too), and False.
        """
        cleaned = [self._pinyin.resolve(clean(text, shells=self._shells)) for text in texts]
        if len(self._layers) == 1:
            return Sketch.of(cleaned).encode(cleaned), False
        return self._layers[1].place(self._readers[1].encode(cleaned)), True

    @property
    def calibration(self) -> Calibration:
        """The thresholds that fit these entries."""
        return self._stages[-1].judge.calibration

    def rank(self, text: str, k: int = 10, *, quick: bool = False) -> Ranking:
        """The `k` entries that most likely answer the text. Without any entry: no match, confidence 0. `quick` asks the first encoder alone."""
        cleaned = self._spelling.repair(self._pinyin.resolve(clean(text, shells=self._shells)))
        if not self._texts.classes or self._texts.classes == (NONE,):
            return Ranking((), 0.0)
        rows: dict[int, Vectors] = {}
        for stage in self._stages:
            ranking = self._judge(stage, cleaned, rows, k)
            if quick or ranking.confidence >= _SURE:
                break
        return ranking

    def _judge(self, stage: Stage, cleaned: str, rows: dict[int, Vectors], k: int) -> Ranking:
        for at in stage.layers:
            if at not in rows:
                rows[at] = self._layers[at].place(self._readers[at].encode([cleaned]))
        texts, layers = self._texts, [self._layers[at] for at in stage.layers]
        logs = stage.head.logs(joined([rows[at] for at in stage.layers], [layer.weight for layer in layers]))
        chosen = shortlist(logs, -1 if texts.none is None else texts.none)
        best, mean = [], []
        for at, layer in zip(stage.layers, layers, strict=True):
            parts = [rows[at] @ layer.rows[texts.starts[number] : texts.starts[number + 1]].T for number in chosen[0]]
            starts = np.concatenate([[0], np.cumsum([part.shape[1] for part in parts])]).astype(np.intp)
            top, middle = nearness(np.concatenate(parts, axis=1), starts, np.arange(len(parts)))
            best.append(top)
            mean.append(middle)
        marks = np.stack([np.maximum(np.take_along_axis(logs, chosen, 1), FLOOR), *mean, *best], axis=2)
        is_none = chosen == (-1 if texts.none is None else texts.none)
        order = stage.judge.order(marks, is_none)
        signs = signs_of(order, marks, is_none, np.array([length_of(cleaned)], np.float32))
        sure = float(stage.judge.confidence(signs)[0])
        shares = np.exp(order[0])
        entries = [place for place in np.argsort(-shares, kind="stable") if not is_none[0, place]]
        same = self._same.get(cleaned)
        if same is not None and same != texts.none:
            entries.sort(key=lambda place: chosen[0, place] != same)
            if chosen[0, entries[0]] == same:
                sure = max(sure, _SAME_TEXT)
        scores = _scores(sure, [float(shares[place]) for place in entries], float(shares[is_none[0]].sum()))
        matches = tuple(
            Match(
                entry=texts.classes[chosen[0, place]],
                question=(shown := texts.shown[self._nearest(stage, rows, int(chosen[0, place]))])[1],
                locale=shown[0],
                score=score,
                lexical=float(best[0][0, place]),
                semantic=float(best[-1][0, place]),
            )
            for place, score in zip(entries[:k], scores, strict=False)
        )
        return Ranking(matches, sure)

    def _nearest(self, stage: Stage, rows: dict[int, Vectors], number: int) -> int:
        """The row of the example that is nearest, by all ways of looking together."""
        start, end = self._texts.starts[number], self._texts.starts[number + 1]
        likeness = sum((self._layers[at].rows[start:end] @ rows[at][0] for at in stage.layers), np.zeros(end - start, np.float32))
        return int(start) + int(likeness.argmax())


def _scores(sure: float, shares: Sequence[float], refused: float) -> list[float]:
    """The first entry has the confidence; the rest is shared out among the others and "none of them", never more than the one before."""
    rest = sum(shares[1:]) + refused
    scores = [sure]
    for share in shares[1:]:
        scores.append(min(scores[-1], (1 - sure) * share / rest if rest else 0.0))
    return scores


def _cascade(encoders: int) -> list[tuple[int, ...]]:
    """Which layers each stage uses: the letters and the first encoder, then all."""
    return [tuple(range(count + 1)) for count in range(min(1, encoders), encoders + 1)]


def _unique(texts: Texts) -> dict[str, int]:
    """The class of each text that stands in one class only."""
    owner: dict[str, int] = {}
    twice = set()
    for text, number in zip(texts.texts, texts.owner, strict=True):
        if owner.setdefault(text, int(number)) != number:
            twice.add(text)
    return {text: number for text, number in owner.items() if text not in twice}


def _cleaned(given: Sequence[str], shelf: kept.Shelf, *, shells: bool) -> dict[str, str]:
    """The form in which each text is compared."""
    key = _fingerprint([*given, str(shells)])
    known = shelf.load("cleaned", key)
    if known is not None:
        return dict(zip(given, kept.unpacked(known["forms"]), strict=True))
    forms = [clean(text, shells=shells) for text in given]
    pinyin = Pinyin(forms)
    forms = [pinyin.resolve(form) for form in forms]
    shelf.save("cleaned", key, {"forms": kept.packed(forms)})
    return dict(zip(given, forms, strict=True))


def _letters(texts: Texts, shelf: kept.Shelf) -> tuple[Sketch, Vectors]:
    key = _fingerprint(texts.texts)
    known = shelf.load("letters", key)
    if known is not None:
        return kept.sketch_of(known)
    sketch = Sketch.of(texts.texts)
    shelf.save("letters", key, kept.sketch_arrays(sketch, sketch.encode(texts.texts)))
    return sketch, sketch.encode(texts.texts).astype(np.float16).astype(np.float32)


def _stage(texts: Texts, layers: Sequence[Layer], use: tuple[int, ...], shelf: kept.Shelf) -> Stage:
    name = f"stage-{len(use)}"
    names = (layers[at].name for at in use)
    key = _fingerprint([*names, *texts.classes, *texts.texts], texts.owner.tobytes() + texts.told.tobytes())
    known = shelf.load(name, key)
    if known is not None:
        return kept.stage_of(known)
    stage = fit_stage(texts, layers, use)
    shelf.save(name, key, kept.stage_arrays(stage))
    return stage


def _fingerprint(parts: Sequence[str], more: bytes = b"") -> str:
    digest = hashlib.blake2b(more, digest_size=16)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
