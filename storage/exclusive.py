"""The claim of a server on its SQLite file: a lock that the operating system drops when the process ends, however it ends."""

import os
import sys
from pathlib import Path

from storage.errors import AlreadyRunning, StorageUnavailable


class Claim:
    """Held until released or until the process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let others serve; again is no error."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def claim(path: Path) -> Claim:
    """Take the lock file. Raises `AlreadyRunning` when another process has it. The file itself stays and means nothing."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageUnavailable(str(error)) from error
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise AlreadyRunning(str(path)) from error
    return Claim(descriptor)
