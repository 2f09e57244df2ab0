"""Vectors kept on disk, so that a text is encoded once in the life of a model: one file a model, found again by the text itself."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from faq.encoders import Encoder, Vectors

#: Texts that nobody asked for any more are kept up to this share of those asked for, so that an edit undone costs nothing.
_SPARE: Final = 1.0


class VectorCache:
    """An encoder with a memory. A missing, broken or foreign file is like an empty one; a folder that cannot be written costs only time."""

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        self.encoder = encoder
        self._path = folder / f"vectors-{encoder.name}.npz" if folder else None
        self._known = _read(self._path, encoder.dim) if self._path else {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, shape (number of texts, dim). They are the ones of the file, rounded alike whether they are new or old."""
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            rows = self.encoder.encode(list(missing.values())).astype(np.float16)
            self._known.update(zip(missing, rows, strict=True))
            self._write(keys)
        if not keys:
            return np.empty((0, self.encoder.dim), np.float32)
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def _write(self, asked: Sequence[bytes]) -> None:
        if self._path is None:
            return
        wanted = dict.fromkeys(asked)
        spare = [key for key in self._known if key not in wanted]
        kept = [*spare[max(0, len(spare) - int(_SPARE * len(wanted)) - 1000) :], *wanted]
        self._known = {key: self._known[key] for key in kept}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                np.savez(file, keys=np.frombuffer(b"".join(kept), np.uint8).reshape(-1, 16), rows=np.stack(list(self._known.values())))
            Path(name).replace(self._path)
        except OSError:
            return


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _read(path: Path, dim: int) -> dict[bytes, Vectors]:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            keys, rows = file["keys"], file["rows"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if rows.ndim != 2 or rows.shape[1] != dim or keys.shape != (len(rows), 16) or not np.isfinite(rows).all():
        return {}
    return {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}
