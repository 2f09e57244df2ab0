"""The fake server refuses what Telegram would refuse."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.telegram.fake.people import Person, anonymous_admin
from tests.telegram.fake.server import Server, running
from tests.telegram.fake.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with running(world) as started:
        yield started


class Api:
    """Calls as a bot makes them."""

    def __init__(self, http: aiohttp.ClientSession, server: Server) -> None:
        self._http = http
        self._url = f"{server.base_url}{server.world.token}"

    async def __call__(self, method: str, **params: Any) -> Any:
        async with self._http.post(f"{self._url}/{method}", json=params) as response:
            body = await response.json()
        return body["result"] if body["ok"] else body["description"]


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as http:
        yield Api(http, server)


async def test_an_update_comes_again_until_the_offset_moves(world: World, api: Api) -> None:
    anna = Person(world, "Anna")
    anna.start()
    first = await api("getUpdates")
    assert first == await api("getUpdates")
    assert await api("getUpdates", offset=first[0]["update_id"] + 1) == []


async def test_polling_with_a_webhook_set_is_a_conflict(api: Api) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await api("getUpdates")).startswith("Conflict")


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": " "}, "message text is empty"),
        ({"text": "<i>a", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a", "parse_mode": "Fancy"}, "unsupported parse_mode"),
        ({"text": "a", "message_thread_id": 7}, "message thread not found"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "字" * 22}]]}}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b", "url": "http://localhost"}]]}}, "Wrong HTTP URL"),
    ],
)
async def test_a_message_that_telegram_refuses_is_refused(world: World, api: Api, params: dict[str, Any], refusal: str) -> None:
    anna = Person(world, "Anna")
    anna.start()
    assert refusal in await api("sendMessage", chat_id=anna.id, **params)


async def test_the_bot_cannot_write_first_nor_to_who_blocked_it(world: World, api: Api) -> None:
    anna = Person(world, "Anna")
    assert "not found" in await api("sendMessage", chat_id=anna.id, text="hello")
    anna.start()
    anna.block()
    assert "blocked" in await api("sendMessage", chat_id=anna.id, text="hello")


async def test_limits_hold_per_chat(world: World, api: Api) -> None:
    anna = Person(world, "Anna")
    anna.start()
    assert (await api("sendMessage", chat_id=anna.id, text="one"))["text"] == "one"
    assert "Too Many Requests" in await api("sendMessage", chat_id=anna.id, text="two")


async def test_a_moved_group_tells_its_new_id(world: World, api: Api) -> None:
    anna, group = Person(world, "Anna"), world.group("Neighbours", supergroup=False)
    anna.add_bot(group)
    anna.upgrade(group)
    assert "upgraded" in await api("sendMessage", chat_id=group.id, text="hello")


async def test_privacy_mode_hides_talk_that_is_not_for_the_bot(world: World, api: Api) -> None:
    anna, group = Person(world, "Anna"), world.group("Neighbours")
    anna.add_bot(group)
    anna.say("nice weather", group)
    anna.say("@linli_bot hello", group)
    seen = [update["message"]["text"] for update in await api("getUpdates") if "message" in update]
    assert seen == ["@linli_bot hello"]


async def test_an_anonymous_administrator_carries_the_shared_id(world: World, api: Api) -> None:
    anna, group = Person(world, "Anna"), world.group("Staff", forum=True)
    anna.add_bot(group, admin=True)
    anonymous_admin(world, group, "hello")
    assert (await api("getUpdates"))[-1]["message"]["from"]["id"] == 1087968824
