"""What was made from the examples, kept on disk, so that a second start need not make it again: cleaned texts, letters, fitted stages."""

import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors
from faq.fitting import Stage
from faq.head import Head
from faq.judge import Calibration, Judge
from faq.lexical import Sketch

#: Raised whenever cleaning or fitting gives other results: what an older Linli kept is made anew.
VERSION: Final = 3
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with one file a thing. A file that is missing, broken or made from other texts is not there; a folder
    that cannot be written, or none at all, costs only time at the next start."""

    folder: Path | None

    def load(self, name: str, key: str) -> Arrays | None:
        """What was kept under the name and for exactly this key."""
        if self.folder is None:
            return None
        try:
            with (self.folder / f"{name}.npz").open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                return dict(file) if str(file["key"]) == f"{VERSION} {key}" else None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def save(self, name: str, key: str, arrays: Arrays) -> None:
        """Keeps it, in place of what was there; a reader sees the old file or the new one, never half of it."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                np.savez(file, key=np.array(f"{VERSION} {key}"), **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the names
            Path(part).replace(self.folder / f"{name}.npz")
        except OSError:
            return


def packed(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Texts without line ends as one array."""
    return np.frombuffer("\n".join(texts).encode("utf-8", "surrogatepass"), np.uint8)


def unpacked(array: NDArray[Any]) -> list[str]:
    """The texts of `packed`."""
    return array.tobytes().decode("utf-8", "surrogatepass").split("\n")


def sketch_arrays(sketch: Sketch, rows: Vectors) -> Arrays:
    """A sketch and the rows of the examples."""
    return {"groups": packed(sketch.groups), "weights": sketch.weights, "rows": rows.astype(np.float16)}


def sketch_of(arrays: Arrays) -> tuple[Sketch, Vectors]:
    """The sketch and rows of `sketch_arrays`."""
    return Sketch(unpacked(arrays["groups"]), arrays["weights"]), arrays["rows"].astype(np.float32)


def stage_arrays(stage: Stage) -> Arrays:
    """All numbers of a stage."""
    head, judge = stage.head, stage.judge
    return {
        "layers": np.array(stage.layers),
        "head": head.weights,
        "bias": head.bias,
        "mean": head.mean,
        "order": judge.weights,
        "none": np.array(judge.none),
        "gate": judge.gate,
        "calibration": np.array(astuple(judge.calibration)),
    }


def stage_of(arrays: Arrays) -> Stage:
    """The stage of `stage_arrays`."""
    calibration = Calibration(*(float(number) for number in arrays["calibration"]))
    judge = Judge(arrays["order"], float(arrays["none"]), arrays["gate"], calibration)
    return Stage(tuple(int(at) for at in arrays["layers"]), Head(arrays["head"], arrays["bias"], arrays["mean"]), judge)
