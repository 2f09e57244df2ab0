"""What was fitted, kept on disk, so that a second start need not fit it again."""

import os
import tempfile
import zipfile
from dataclasses import astuple
from pathlib import Path

import numpy as np

from faq.fitting import VERSION, Stage
from faq.head import Head
from faq.judge import Calibration, Judge


def load(folder: Path | None, key: str, layers: tuple[int, ...]) -> Stage | None:
    """The stage over these layers that was kept under `key`; None where there is none, or the file is broken or of another version."""
    if folder is None:
        return None
    try:
        with _path(folder, layers).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if str(file["key"]) != f"{VERSION} {key}":
                return None
            head = Head(file["weights"], file["bias"], file["mean"])
            judge = Judge(file["order"], float(file["none"]), file["gate"], Calibration(*(float(x) for x in file["calibration"])))
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile):
        return None
    return Stage(layers, head, judge)


def save(folder: Path | None, key: str, stage: Stage) -> None:
    """Keeps the stage; a folder that cannot be written costs only time at the next start."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            head, judge = stage.head, stage.judge
            np.savez(
                file, key=np.array(f"{VERSION} {key}"), weights=head.weights, bias=head.bias, mean=head.mean,
                order=judge.weights, none=np.array(judge.none), gate=judge.gate, calibration=np.array(astuple(judge.calibration)),
            )  # fmt: skip
        Path(name).replace(_path(folder, stage.layers))
    except OSError:
        return


def _path(folder: Path, layers: tuple[int, ...]) -> Path:
    return folder / f"fitted-{len(layers)}.npz"
