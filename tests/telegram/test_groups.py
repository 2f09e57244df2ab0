"""Linli among people: when it speaks, what it takes away, whom it tells, and where it does not stay."""

from collections.abc import AsyncIterator

import pytest

from handlers.staff import queue, reply, roster
from storage import Role, Storage
from tests.desks import hire
from tests.telegram.conftest import Linli, linli
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import Server
from tests.telegram.fake.world import Chat, World


@pytest.fixture
def admin(world: World) -> Person:
    return Person(world, "Admin")


@pytest.fixture
async def home(server: Server, sqlite_storage: Storage, mode: str, group: Chat, admin: Person) -> AsyncIterator[Linli]:
    """Linli, brought into the group by an admin of the staff table and made its administrator."""
    async with linli(server, sqlite_storage, mode) as started:
        await roster.add(started.desk, "Admin", role=Role.admin, telegram_id=str(admin.id))
        admin.add_bot(group, admin=True)
        await started.quiet()
        yield started


async def test_a_question_in_the_group_is_answered_once(home: Linli, group: Chat, anna: Person) -> None:
    asked = anna.say("@linli_bot how do I register my address?", group)
    await home.until(lambda: anna.reads(group))
    await home.quiet()
    assert len(anna.reads(group)) == 1
    assert anna.last(group)["reply_to_message"]["message_id"] == asked["message_id"]


async def test_talk_between_people_is_left_alone(home: Linli, world: World, group: Chat, anna: Person) -> None:
    anna.say("who is coming to the potluck tonight?", group)
    Person(world, "Ben").say("me! bringing noodles", group)
    await home.quiet()
    assert anna.reads(group) == []


async def test_the_same_answer_again_points_back(home: Linli, group: Chat, anna: Person) -> None:
    anna.say("@linli_bot how do I register my address?", group)
    await home.until(lambda: anna.reads(group))
    await home.quiet()
    answer = anna.last(group)
    anna.say("@linli_bot how do I register my address?", group)
    await home.until(lambda: len(anna.reads(group)) == 2)
    assert "just answered" in anna.reads(group)[1]
    assert anna.last(group)["reply_to_message"]["message_id"] == answer["message_id"]


async def test_an_unanswerable_question_becomes_a_ticket_and_the_answer_comes_to_the_group(home: Linli, group: Chat, anna: Person) -> None:
    asked = anna.say("@linli_bot where can I get my piano tuned?", group)
    await home.until(lambda: any("Ticket 1." in text for text in anna.reads(group)))
    worker = await hire(home.desk)
    ticket = (await queue.waiting(home.desk, worker.id))[0].ticket
    await reply.reply(home.desk, worker.id, ticket.id, "Mr Li tunes pianos.")
    await home.until(lambda: any("Mr Li tunes" in text for text in anna.reads(group)))
    assert anna.last(group)["reply_to_message"]["message_id"] == asked["message_id"]


async def test_the_receipt_changes_to_who_has_the_ticket(home: Linli, group: Chat, anna: Person) -> None:
    anna.say("@linli_bot where can I get my piano tuned?", group)
    await home.until(lambda: any("Ticket 1." in text for text in anna.reads(group)))
    await home.quiet()
    worker = await hire(home.desk)
    await queue.claim(home.desk, worker.id, (await queue.waiting(home.desk, worker.id))[0].ticket.id)
    await home.until(lambda: anna.reads(group) == ["Ticket 1. Chen Yuyu is on it."], 20.0)


async def test_a_private_matter_goes_on_in_private_with_its_question(home: Linli, group: Chat, anna: Person) -> None:
    anna.say("/ticket@linli_bot", group)
    await home.until(lambda: anna.reads(group))
    anna.tap(anna.last(group), "in private")
    await home.until(lambda: anna.reads())
    assert "no open ticket" in anna.reads()[0]


async def test_the_link_of_somebody_else_tells_nothing(home: Linli, world: World, group: Chat, anna: Person) -> None:
    anna.say("@linli_bot where can I get my piano tuned?", group)
    await home.until(lambda: anna.reads(group))
    ben = Person(world, "Ben")
    ben.tap(anna.last(group), "in private")
    await home.until(lambda: ben.reads())
    assert "Linli" in ben.reads()[0]
    assert "piano" not in "".join(ben.reads())


async def test_a_passport_number_is_removed_and_only_its_writer_is_told(home: Linli, group: Chat, anna: Person) -> None:
    anna.start()
    await home.until(lambda: anna.reads())
    posted = anna.say("my passport number is E12345678, is it valid?", group)
    await home.until(lambda: posted["message_id"] in group.deleted)
    await home.until(lambda: any("removed your message" in text for text in anna.reads()))
    assert anna.reads(group) == []
    assert "E12345678" not in "".join(anna.reads())


async def test_who_never_wrote_to_linli_is_told_where_only_they_see_it(home: Linli, group: Chat, anna: Person) -> None:
    anna.say("my passport number is E12345678, is it valid?", group)
    await home.until(lambda: group.seen_by_one)
    assert group.seen_by_one[0]["for"] == anna.id
    assert anna.reads(group) == []


async def test_an_order_number_is_nobodys_business(home: Linli, group: Chat, anna: Person) -> None:
    anna.say("order 12345 has arrived, who ordered from the market?", group)
    await home.quiet()
    assert group.deleted == []


async def test_a_worker_who_answers_in_the_group_is_noticed_by_the_ticket(home: Linli, group: Chat, anna: Person, admin: Person) -> None:
    asked = anna.say("@linli_bot where can I get my piano tuned?", group)
    await home.until(lambda: any("Ticket 1." in text for text in anna.reads(group)))
    said = admin.say("Mr Li next to the library does it", group, reply_to=asked)
    await home.until(lambda: group.reactions.get(said["message_id"]))
    worker = await roster.named(home.desk, "Admin")
    row = (await queue.waiting(home.desk, worker.id))[0]
    assert row.ticket.status == "waiting"
    assert row.ticket.assignee_id == worker.id


async def test_linli_leaves_a_group_that_nobody_registered(home: Linli, world: World) -> None:
    stranger, other = Person(world, "Stranger"), world.group("Other")
    stranger.add_bot(other)
    await home.until(lambda: other.members[world.bot.id].status == "left")
    assert len(stranger.reads(other)) == 1


async def test_newcomers_are_welcomed_once(home: Linli, world: World, group: Chat, anna: Person) -> None:
    anna.join(group)
    await home.until(lambda: anna.reads(group))
    Person(world, "Ben").join(group)
    await home.quiet()
    assert len(anna.reads(group)) == 1


async def test_a_raid_closes_the_group_with_few_words(home: Linli, world: World, group: Chat, anna: Person) -> None:
    for number in range(40):
        Person(world, f"Raider {number}").join(group)
    await home.until(lambda: not group.permissions.get("can_send_messages", True))
    await home.quiet()
    assert len(anna.reads(group)) <= 1


async def test_a_group_that_becomes_a_supergroup_keeps_its_tickets(server: Server, sqlite_storage: Storage, world: World) -> None:
    small, anna, boss = world.group("Neighbours", supergroup=False), Person(world, "Anna"), Person(world, "Boss")
    async with linli(server, sqlite_storage) as started:
        await roster.add(started.desk, "Boss", role=Role.admin, telegram_id=str(boss.id))
        boss.add_bot(small)
        anna.say("@linli_bot where can I get my piano tuned?", small)
        await started.until(lambda: anna.reads(small))
        new = boss.upgrade(small)
        await started.quiet()
        worker = await hire(started.desk)
        ticket = (await queue.waiting(started.desk, worker.id))[0].ticket
        await reply.reply(started.desk, worker.id, ticket.id, "Mr Li tunes pianos.")
        await started.until(lambda: any("Mr Li" in text for text in anna.reads(new)))
