"""Lives of Linli: begun, waited for, ended as hard as can be."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from tests.desks import CATALOGUE

ROOT = Path(__file__).parents[2]


class Forge:
    """The process that the lives are forked from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.forge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    def fork(self, settings: dict[str, Any]) -> int:
        """A new life with these settings; its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"settings": settings, "log": str(self._folder / "linli.log")}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """No more lives."""
        self._process.communicate(timeout=10)


@contextmanager
def forge(folder: Path) -> Iterator[Forge]:
    """A forge, and its end."""
    made = Forge(folder)
    try:
        yield made
    finally:
        made.close()


class Life:
    """One place at which Linli lives again and again."""

    def __init__(self, made: Forge, folder: Path, database_url: str, **settings: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.pid: int | None = None
        self.kills = 0
        self._forge = made
        self._settings = {
            "port": self.port, "data_dir": str(folder), "database_url": database_url, "faq_dir": str(CATALOGUE), "encoders": "none",
            "chat_limit": 0, "public_url": self.url, **settings,
        }  # fmt: skip

    def begin(self) -> None:
        """Start without waiting."""
        self.pid = self._forge.fork(self._settings)

    async def ready(self, seconds: float = 60.0) -> None:
        """Wait until it can take messages."""
        async with asyncio.timeout(seconds), aiohttp.ClientSession() as http:
            while True:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"{self.url}/health/live") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.01)

    def kill(self) -> None:
        """End it; nothing is let finish. Returns when it is gone."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            while _alive(self.pid):
                time.sleep(0.001)
            self.pid = None
            self.kills += 1

    async def end(self, seconds: float = 15.0) -> float:
        """Ask it to stop and wait until it has; returns how many seconds it took."""
        assert self.pid is not None
        pid, self.pid = self.pid, None
        begun = asyncio.get_running_loop().time()
        os.kill(pid, signal.SIGTERM)
        async with asyncio.timeout(seconds):
            while _alive(pid):  # noqa: ASYNC110 - somebody else's child tells nobody
                await asyncio.sleep(0.02)
        return asyncio.get_running_loop().time() - begun


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
