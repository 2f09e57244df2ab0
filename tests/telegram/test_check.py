"""`linli telegram check` says what is right, what is not, and what to do."""

from typing import Any

from pydantic import SecretStr

from bot.channels.telegram.check import Level, check
from bot.settings import Settings
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import Server
from tests.telegram.fake.world import Chat, World


def settings(server: Server, **more: Any) -> Settings:
    values: dict[str, Any] = {"telegram_token": SecretStr(server.world.token), "telegram_base_url": server.base_url, "_env_file": None}
    return Settings(**(values | more))


async def test_everything_in_order_is_ok(server: Server, world: World, group: Chat, anna: Person) -> None:
    forum = world.group("Staff", forum=True)
    world.reads_all = True
    for chat in (group, forum):
        anna.add_bot(chat, admin=True)
    points = await check(settings(server), [str(group.id)], str(forum.id))
    assert [point.level for point in points if point.level is not Level.ok] == []


async def test_each_gap_comes_with_what_to_do(server: Server, world: World, group: Chat, anna: Person) -> None:
    staff = world.group("Staff")
    anna.add_bot(group)
    anna.add_bot(staff, admin=True)
    points = await check(settings(server, telegram_mode="webhook"), [str(group.id), "-5"], str(staff.id))
    wrong = [point for point in points if point.level is not Level.ok]
    assert len(wrong) == 5
    assert all(point.todo for point in wrong)


async def test_a_wrong_token_and_no_network_are_told_without_the_token(server: Server) -> None:
    refused = await check(settings(server, telegram_token=SecretStr("42:wrong-token")), [], "")
    unreachable = await check(settings(server, telegram_base_url="http://127.0.0.1:9"), [], "")
    assert [point.level for point in refused + unreachable] == [Level.fail, Level.fail]
    assert "token" not in repr(unreachable).replace("LINLI_TELEGRAM", "")
