"""Notifications reach WeCom, DingTalk, e-mail and any web address, as servers of our own that speak their language see it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

from bot.providers.notify import Notify, readable
from handlers.desk import Desk
from handlers.errors import DeliveryError, Unreachable
from handlers.messages import Audience, Choice, Reply, ReplyKind
from storage import Storage
from tests.desks import Clock, hire, open_desk

#: Apprise loads every plugin at its first use, and one of them an old library.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@dataclass
class Services:
    """What was received, by service; `answers` is what each says."""

    got: list[tuple[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    url: str = ""
    mail_port: int = 0

    async def take(self, request: web.Request) -> web.Response:
        name = request.path.split("/")[1]
        self.got.append((f"{request.path}?{request.query_string}", await request.json()))
        status, body = self.answers.get(name, (200, {"errcode": 0, "errmsg": "ok"}))
        return web.json_response(body, status=status)

    async def mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As much of SMTP (RFC 5321) as a sender needs."""
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                break
        writer.close()


@pytest.fixture
async def services(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    """Servers on loopback that imitate what Apprise speaks to."""
    all_ = Services()
    app = web.Application()
    app.router.add_post("/{tail:.*}", all_.take)
    mail = await asyncio.start_server(all_.mail, "127.0.0.1", 0)
    all_.mail_port = mail.sockets[0].getsockname()[1]
    async with TestServer(app) as server, mail:
        all_.url = f"127.0.0.1:{server.port}"
        monkeypatch.setattr(NotifyDingTalk, "notify_url", f"http://{all_.url}/dingtalk/send?access_token={{token}}")
        monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://{all_.url}/wecom/send?key={{key}}")
        yield all_


@pytest.fixture
async def desk(sqlite_storage: Storage, now: Any) -> Desk:
    return await open_desk(sqlite_storage, Clock(now))


async def send(desk: Desk, *addresses: str) -> str:
    """A notification to a worker who has these addresses."""
    worker = await hire(desk)
    link = "https://help.example.org/console/page/T"
    reply = Reply(
        "notify",
        f"worker:{worker.id}",
        Audience.staff,
        ReplyKind.urgent,
        "Ticket 12 <b>now</b> · 工单 12",
        "en",
        choices=(Choice(link, link),),
    )
    return await Notify(replace(desk, notify=addresses)).send(reply)


async def test_a_wecom_robot(desk: Desk, services: Services) -> None:
    await send(desk, "wecombot://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa")
    ((path, body),) = services.got
    assert path == "/wecom/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
    assert "工单 12" in body["text"]["content"]
    assert "/console/page/T" in body["text"]["content"]


async def test_a_dingtalk_robot(desk: Desk, services: Services) -> None:
    await send(desk, "dingtalk://abcdef0123456789")
    ((path, body),) = services.got
    assert path.startswith("/dingtalk/send?access_token=abcdef0123456789")
    assert "工单 12" in str(body)


async def test_an_email(desk: Desk, services: Services) -> None:
    await send(desk, f"mailto://127.0.0.1:{services.mail_port}/?from=desk@example.org&to=chen@example.org&mode=insecure")
    (mail,) = services.mails
    assert "To: chen@example.org" in mail


async def test_any_web_address(desk: Desk, services: Services) -> None:
    await send(desk, f"json://{services.url}/hook")
    ((_path, body),) = services.got
    assert body["message"].startswith("Ticket 12")


async def test_one_address_that_takes_it_is_enough(desk: Desk, services: Services) -> None:
    services.answers["down"] = (500, {})
    await send(desk, f"json://{services.url}/down", f"json://{services.url}/hook")
    assert len(services.got) == 2


async def test_where_none_takes_it_it_is_tried_again(desk: Desk, services: Services) -> None:
    services.answers["down"] = (500, {})
    with pytest.raises(DeliveryError):
        await send(desk, f"json://{services.url}/down")


async def test_a_service_that_does_not_answer_holds_nobody_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()
        await writer.wait_closed()
        closed.set()

    done, closed = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr("bot.providers.notify.TIMEOUT_S", 0.1)
    async with await asyncio.start_server(never, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DeliveryError, match="in time"):
            await send(desk, f"json://127.0.0.1:{port}/?rto=1")
        done.set()
        await closed.wait()


async def test_a_worker_without_any_address_is_out_of_reach(desk: Desk) -> None:
    with pytest.raises(Unreachable):
        await send(desk)


def test_addresses_are_checked_before_they_are_kept() -> None:
    assert readable("mailto://user:secret@example.org")
    assert not readable("carrier-pigeon://roof")
