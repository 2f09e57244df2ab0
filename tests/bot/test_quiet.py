"""The default installation opens no connection, and no secret reaches its logs."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bot.web import PIANO, REGISTER, copy_catalogue, told

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"http://\S+/console/link/([\w-]+)")
PASSPORT = "E31415926"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running server, what it tried to reach, and what it wrote."""

    process: asyncio.subprocess.Process
    url: str
    folder: Path
    output: str = ""

    @property
    def attempts(self) -> str:
        """Connections that it tried to open."""
        path = self.folder / "attempts"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def log(self) -> str:
        """All that it wrote to standard error."""
        return (self.folder / "log").read_text(encoding="utf-8")

    async def ready(self) -> None:
        """Wait until pages answer."""
        assert self.process.stdout is not None
        async with asyncio.timeout(120):
            while "console/link/" not in self.output:
                line = await self.process.stdout.readline()
                assert line, self.log
                self.output += line.decode()


@asynccontextmanager
async def serving(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Served]:
    """`linli serve` in a process of its own that may reach nobody."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LINLI_")},
        "LINLI_PORT": str(port),
        "LINLI_DATA_DIR": str(folder / "var"),
        "LINLI_FAQ_DIR": str(copy_catalogue(folder / "faq")),
        "LANG": "en",
        **settings,
    }
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.quiet", str(folder / "attempts"), "serve",
            cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    served = Served(process, f"http://127.0.0.1:{port}", folder)
    try:
        await served.ready()
        yield served
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await process.wait()


async def story(served: Served) -> str:
    """A resident asks, gets a ticket, takes and deletes their data; a worker signs in. Returns all that was shown."""
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as http:
        visitor = (await http.post("/chat/visitors")).json()["visitor"]
        http.cookies.clear()
        headers = {"Authorization": f"Bearer {visitor}"}
        shown = []
        for n, text in enumerate((REGISTER, f"{PIANO} passport {PASSPORT}", "/privacy", "/mydata")):
            response = await http.post("/chat/messages", json={"id": f"m{n}", "text": text}, headers=headers)
            assert told(response) or text == "/privacy", response.text
            shown.append(response.text)
        token = LINK.findall(served.output)[0]
        sign_in = await http.get(f"/console/link/{token}", headers={"Accept": "text/html"})
        assert sign_in.status_code == 200
        pages = ("/", "/docs", "/health/ready", "/privacy", f"/t/{'x' * 43}", f"/mydata/{'y' * 43}", "/nowhere")
        shown += [(await http.get(path)).text for path in pages]
        await http.post("/chat/messages", content=b"{broken", headers={**headers, "Content-Type": "application/json"})
        shown.append((await http.post("/chat/messages", json={"id": "bye", "choice": "f:yes"}, headers=headers)).text)
    assert visitor not in served.log
    return "\n".join(shown)


async def test_default_installation_reaches_for_nobody_and_logs_no_secret(tmp_path: Path) -> None:
    async with serving(tmp_path, {}) as served:
        shown = await story(served)
        first_link = LINK.findall(served.output)[0]
    assert served.attempts == ""
    assert served.process.returncode == 0
    assert first_link not in served.log
    assert PASSPORT not in served.log
    assert "Traceback" not in served.log
    assert "http://" not in shown.replace(served.url, "")


async def test_secrets_of_the_settings_reach_no_log_and_no_page(tmp_path: Path) -> None:
    token = "987654321:AAcanaryCanaryCanaryCanaryCanaryCan"
    settings = {"LINLI_TELEGRAM_TOKEN": token, "LINLI_TELEGRAM_SECRET": "canary-secret-canary-secret", "LINLI_ENCODERS": "none"}
    async with serving(tmp_path, settings) as served:
        shown = await story(served)
        await asyncio.sleep(0)
    assert "api.telegram.org" in served.attempts  # the one channel that was set up, and it was refused
    for secret in (token, token.partition(":")[2], "canary-secret"):
        assert secret not in served.log
        assert secret not in shown
        assert secret not in served.output
    assert not any(token.encode() in path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
