"""The HTTP of the fake Bot API: paths, bodies, getUpdates with long poll, faults on demand."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from tests.telegram.fake.methods import call
from tests.telegram.fake.params import Params
from tests.telegram.fake.refusals import Refused, bad, conflict, too_many
from tests.telegram.fake.webhook import Pusher
from tests.telegram.fake.world import Call, World


class Server:
    """One bot's API on loopback. `base_url` and `file_url` are what the bot is told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.port = 0
        self._poll: asyncio.Event | None = None
        self._new = asyncio.Event()

    @property
    def base_url(self) -> str:
        """The token follows directly, as with api.telegram.org."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_url(self) -> str:
        """Where files are fetched from."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    async def serve(self, port: int, started: threading.Event, stopping: asyncio.Event) -> None:
        """Until `stopping` is set."""
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.port = runner.addresses[0][1]
        loop = asyncio.get_running_loop()
        pusher = Pusher(self.world)

        def woken() -> None:
            loop.call_soon_threadsafe(self._new.set)
            loop.call_soon_threadsafe(pusher.woken.set)

        self.world.on_update.append(woken)
        pushing = asyncio.create_task(pusher.run())
        started.set()
        await stopping.wait()
        self.world.on_update.remove(woken)
        pushing.cancel()
        if self._poll is not None:
            self._poll.set()
        await asyncio.gather(pushing, return_exceptions=True)
        await runner.cleanup()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        record = Call(method, params.values, self.world.clock())
        with self.world.changed:
            self.world.calls.append(record)
        try:
            if request.match_info["token"] != self.world.token:
                raise Refused(401, "Unauthorized")
            fault = self._fault(method)
            if fault is not None:
                return await self._play(fault, request, record)
            result = await self._updates(params) if method == "getUpdates" else call(self.world, method, params)
        except Refused as refusal:
            record.status = refusal.code
            body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, method: str) -> str | None:
        with self.world.changed:
            for planned in self.world.faults:
                if planned[0] in {method, "*"}:
                    self.world.faults.remove(planned)
                    return planned[1]
        return None

    async def _play(self, fault: str, request: web.Request, record: Call) -> web.StreamResponse:
        """A number of seconds to wait, `garbage`, `error`, `drop` (the connection), `hang` (no answer for a long time), `lost` (done, but the answer never comes)."""
        if fault.isdecimal():
            raise too_many(int(fault))
        record.status = 599
        if fault == "lost":
            call(self.world, record.method, Params(record.params))
        if fault in {"drop", "lost"} and request.transport is not None:
            request.transport.close()
        if fault == "hang":
            await asyncio.sleep(60)
        if fault == "garbage":
            return web.Response(text="<html>not what you asked for", content_type="text/html")
        return web.json_response({"ok": False, "error_code": 500, "description": "Internal Server Error"}, status=500)

    async def _updates(self, params: Params) -> list[Any]:
        world = self.world
        if world.webhook["url"]:
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        if self._poll is not None:
            self._poll.set()
        me = self._poll = asyncio.Event()
        offset = params.integer("offset", 0) or 0
        limit = min(max(params.integer("limit", 100) or 100, 1), 100)
        with world.changed:
            world.allowed = params.json("allowed_updates", world.allowed)
            while world.updates and offset > 0 and world.updates[0].get("update_id", 0) < offset:
                world.confirmed = max(world.confirmed, world.updates.popleft().get("update_id", 0))
            world.changed.notify_all()
        deadline = asyncio.get_running_loop().time() + min(params.integer("timeout", 0) or 0, 50)
        while True:
            self._new.clear()
            with world.changed:
                if world.updates:
                    return list(world.updates)[:limit]
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            waits = [asyncio.ensure_future(self._new.wait()), asyncio.ensure_future(me.wait())]
            try:
                await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
            if me.is_set():
                raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["path"].removeprefix("files/")
        if request.match_info["token"] != self.world.token or name not in self.world.files:
            return web.Response(status=404)
        return web.Response(body=self.world.files[name])


async def _params(request: web.Request) -> Params:
    values: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        try:
            values |= await request.json()
        except ValueError:
            raise bad("can't parse JSON") from None
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value.file.read()
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    return Params(values, files)


@contextmanager
def running(world: World, port: int = 0) -> Iterator[Server]:
    """A server in a thread of its own."""
    server = Server(world)
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(server.serve(port, started, stopping))
        loop.close()

    thread = threading.Thread(target=work, name="fake-telegram", daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)


def main() -> None:
    """A server in this process until it is stopped: prints its addresses as JSON."""
    world = World()
    with running(world) as server:
        print(json.dumps({"base_url": server.base_url, "file_url": server.file_url, "token": world.token}), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
