"""The second look for danger: told without any of the words that rules can name ("he stares and doesn't blink"), known by what it is near to.

It only adds to the rules, and only where an encoder runs; what the rules call idiom, past or supposed stays calm.
"""

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from faq.alarms import SHIPPED
from faq.encoders import Encoder, Vectors
from faq.head import Head, fit_head
from faq.kept import Shelf
from faq.text import clean
from faq.vectors import VectorCache

log = logging.getLogger(__name__)

#: From this probability on a text is taken for danger. Found on cases that neither rules nor examples were written for.
SURE: Final = 0.7
#: How strongly weights are held small, and how much an example that only sounds like danger counts beside a question of an entry.
_PENALTY, _CALM_WEIGHT = 0.5, 4.0
#: So many of the nearest examples tell the kind, where so many of them agree; else it is danger of no certain kind.
_NEIGHBOURS, _AGREE = 5, 4
_CALM, _ANY = "calm", "help"


@dataclass(frozen=True, slots=True)
class Alertness:
    """`rows` (examples, dim) of length 1 are the examples of danger, `kinds` what each is an example of."""

    encoder: Encoder
    head: Head
    rows: Vectors
    kinds: tuple[str, ...]

    @classmethod
    def fit(cls, encoder: Encoder, cache_dir: Path | None, ordinary: Sequence[str], folder: Path = SHIPPED) -> Self:
        """Learn from the examples in the folder of urgency files; `ordinary` are questions that are none of danger.

        What was learnt is kept in `cache_dir` and found again there when nothing has changed.
        """
        examples = read_examples(folder)
        calm = examples.get(_CALM, ())
        told = [(kind, text) for kind, texts in examples.items() if kind != _CALM for text in texts]
        kinds = tuple(kind for kind, _ in told)
        texts = [*(text for _, text in told), *calm, *ordinary]
        shelf, key = Shelf(cache_dir), _fingerprint([encoder.name, *kinds, *texts])
        kept = shelf.load("alertness", key)
        if kept is not None:
            return cls(encoder, Head(kept["weights"], kept["bias"], kept["mean"]), kept["rows"], kinds)
        rows = VectorCache(encoder, cache_dir).encode([clean(text) for text in texts])
        head = fit_head(rows, *_owners(len(told), len(calm), len(rows)))
        shelf.save("alertness", key, {"weights": head.weights, "bias": head.bias, "mean": head.mean, "rows": rows[: len(told)]})
        return cls(encoder, head, rows[: len(told)], kinds)

    def look(self, text: str) -> tuple[str, float]:
        """The kind of danger that a text is nearest to, and the probability, 0–1, that it is danger at all."""
        row = self.encoder.encode([clean(text)])
        nearest = np.argsort(-(self.rows @ row[0]), kind="stable")[:_NEIGHBOURS]
        kind, agreed = Counter(self.kinds[at] for at in nearest).most_common(1)[0]
        return kind if agreed >= _AGREE else _ANY, float(np.exp(self.head.logs(row))[0, 1])


class SecondLook:
    """Alertness that learns at its first use, once, whichever thread comes first; one that cannot learn sees nothing."""

    def __init__(self, encoder: Encoder | None, cache_dir: Path | None, folder: Path, ordinary: Callable[[], Sequence[str]]) -> None:
        self._make = (lambda: Alertness.fit(encoder, cache_dir, ordinary(), folder)) if encoder is not None else None
        self._learning = threading.Lock()
        self._learnt: Alertness | None = None

    def look(self, text: str) -> str | None:
        """The kind of danger that a text most likely tells of, or None."""
        try:
            alertness = self._ready()
            kind, sure = alertness.look(text) if alertness is not None else (_ANY, 0.0)
        except Exception:
            log.exception("second look failed", extra={"action": "second_look_failed"})
            self._make = None
            return None
        return kind if sure >= SURE else None

    def _ready(self) -> Alertness | None:
        if self._learnt is None and self._make is not None:
            with self._learning:
                if self._learnt is None:
                    self._learnt = self._make()
        return self._learnt if self._make is not None else None


def _owners(told: int, calm: int, count: int) -> tuple[NDArray[np.intp], int, float, Vectors]:
    """What `fit_head` wants to know of the rows: class of each, classes, penalty and weight."""
    owner = np.zeros(count, np.intp)
    owner[:told] = 1
    weight = np.ones(count, np.float32)
    weight[:told] = (count - told) / (2 * max(1, told))
    weight[told : told + calm] = _CALM_WEIGHT
    return owner, 2, _PENALTY, weight


def _fingerprint(parts: Sequence[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read_examples(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The texts of `examples.txt` by kind; the shipped ones where the folder has none."""
    path = folder / "examples.txt"
    lines = (path if path.is_file() else SHIPPED / "examples.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("["):
            current = found.setdefault(line.strip("[] ").split()[0], [])
        elif line.strip() and not line.startswith("#"):
            current.append(line.strip())
    return {kind: tuple(texts) for kind, texts in found.items()}
