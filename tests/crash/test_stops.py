"""Stopping politely, a second server, many servers: the whole process, from outside."""

import asyncio
import os
import random
import sys
from pathlib import Path

import aiohttp

from storage import Storage
from tests.crash import verdict
from tests.crash.lives import ROOT, Forge, Life
from tests.crash.talkers import Visitor
from tests.desks import CATALOGUE


async def test_asked_to_stop_it_finishes_what_is_under_way_and_is_gone_in_time(made: Forge, folder: Path, sqlite_url: str) -> None:
    life = Life(made, folder, sqlite_url)
    life.begin()
    await life.ready()
    visitors = [Visitor(f"v{n}", random.Random(n), lambda: [life.url]) for n in range(4)]
    async with aiohttp.ClientSession() as http:
        talking = [asyncio.create_task(visitor.talk(http, 1000)) for visitor in visitors]
        while sum(len(visitor.acknowledged) for visitor in visitors) < 8:  # noqa: ASYNC110 - visitors do not ring
            await asyncio.sleep(0.01)
        headers = {"Authorization": f"Bearer {visitors[0].token}"}
        async with http.get(f"{life.url}/chat/stream", headers=headers) as stream:
            await stream.content.readany()
            took = await life.end()
        life.begin()
        await life.ready()
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        storage = Storage(sqlite_url)
        judged = await verdict.of_web(storage, http, visitors, 0)
        await storage.close()
    life.kill()
    assert took < 10
    assert (judged.lost, judged.twice, judged.wrong) == (0, 0, 0)


async def test_a_second_server_on_one_file_is_refused_with_a_sentence(made: Forge, folder: Path, sqlite_url: str) -> None:
    life = Life(made, folder, sqlite_url)
    life.begin()
    await life.ready()
    settings = {
        "DATABASE_URL": sqlite_url,
        "DATA_DIR": str(folder),
        "FAQ_DIR": str(CATALOGUE),
        "ENCODERS": "none",
        "PORT": str(life.port + 1),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C.UTF-8", **{f"LINLI_{name}": value for name, value in settings.items()}},
    )  # fmt: skip
    _out, said = await asyncio.wait_for(process.communicate(), 90)
    life.kill()
    assert process.returncode == 1
    assert "Another Linli is already serving from this database" in said.decode()
    assert "Traceback" not in said.decode()
