"""A real server in a process of its own, and a real browser."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bot.web import copy_catalogue
from tests.browser import chromium

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
#: How long the server may take to start and to stop, in seconds.
START_S, STOP_S = 60, 20


@dataclass
class Server:
    """`linli serve` over the small catalogue, on a port and in a folder of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None
    link: str = ""
    said: list[str] = field(default_factory=list)
    staff: set[str] = field(default_factory=set)
    cookies: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Settings for the server and for commands beside it."""
        mine = {"DATA_DIR": self.folder / "var", "FAQ_DIR": self.folder / "faq", "PORT": self.port, "ENCODERS": "none", "CHAT_LIMIT": 0}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        return {**kept, "PYTHONUNBUFFERED": "1", **{f"LINLI_{name}": str(value) for name, value in mine.items()}}

    def start(self) -> None:
        """Start it, wait until pages answer, and note the sign-in link that it prints."""
        log = (self.folder / "errors.log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
        )
        log.close()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"http\S+/console/link/\S+", line):
                self.link = found[0]
                break
        assert self.link, "".join(self.said) + (self.folder / "errors.log").read_text(encoding="utf-8")
        assert httpx.get(f"{self.url}/health/ready", timeout=START_S).status_code == 200

    def stop(self) -> None:
        """Stop it in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As when the plug is pulled."""
        self._end(signal.SIGKILL)

    def _end(self, by: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(by)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_S)
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def sign_in_link(self, name: str) -> str:
        """A fresh link for a worker, made by the command beside the running server; the worker is added where they are new."""
        if name not in self.staff:
            self.add(name)
        return f"{self.url}/console/link/{self._staff('link', name).rpartition('/console/link/')[2].strip()}"

    def add(self, name: str, role: str = "worker") -> None:
        """Add somebody to the desk."""
        self._staff("add", name, "--role", role)
        self.staff.add(name)

    def _staff(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "staff", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done
        return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server."""
    folder = tmp_path_factory.mktemp("linli")
    copy_catalogue(folder / "faq")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Server(folder, port)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's tests. While it is there its event loop runs in this thread, so no other file's tests may come between."""
    with sync_playwright() as playwright:
        path = chromium.executable(playwright.chromium.executable_path)
        launched = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Pages of people who do not know each other; a fault in a script, or a policy that was broken, fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(path: str = "/", **more: Any) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "locale": "en-GB", "base_url": server.url, **more})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault and "net::ERR" not in fault] == []


@pytest.fixture
def signed_in(open_page: Callable[..., Page], server: Server) -> Callable[..., Page]:
    """The desk of a worker, who signs in once for all tests of a module."""

    def open_(name: str, path: str = "/console", **more: Any) -> Page:
        if name not in server.cookies:
            page = open_page(server.sign_in_link(name), **more)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/console")
            server.cookies[name] = page.context.storage_state()
        return open_page(path, storage_state=server.cookies[name], **more)

    return open_
