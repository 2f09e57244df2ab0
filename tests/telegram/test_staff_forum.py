"""The staff forum as a desk on a phone: cards, threads, who may do what, and what comes back to the worker."""

from collections.abc import AsyncIterator

import pytest

from handlers import places
from handlers.staff import queue, reply, roster
from storage import Storage
from tests.desks import hire
from tests.telegram.conftest import Linli, linli
from tests.telegram.fake.people import Person, anonymous_admin, topic_named
from tests.telegram.fake.server import Server
from tests.telegram.fake.world import Chat, Json, World


@pytest.fixture
def chen(world: World) -> Person:
    return Person(world, "Chen Yuyu")


@pytest.fixture
def lin(world: World) -> Person:
    return Person(world, "Lin Tao")


@pytest.fixture
def forum(world: World, chen: Person, lin: Person) -> Chat:
    """The staff group with topics, the bot its administrator."""
    chat = world.group("Staff", forum=True)
    chen.make(chat, "creator")
    lin.join(chat, quietly=True)
    chen.add_bot(chat, admin=True)
    return chat


@pytest.fixture
async def desk(server: Server, sqlite_storage: Storage, mode: str, forum: Chat, chen: Person, lin: Person) -> AsyncIterator[Linli]:
    """Linli with its staff forum; Chen and Lin are workers."""
    async with linli(server, sqlite_storage, mode, telegram_staff_chat=str(forum.id)) as started:
        await roster.add(started.desk, "Chen Yuyu", telegram_id=str(chen.id))
        await roster.add(started.desk, "Lin Tao", telegram_id=str(lin.id))
        yield started


async def card_of(desk: Linli, forum: Chat, part: str = "Ticket 1 ") -> Json:
    """The card that begins so, when it is there."""
    found: Json = await desk.until(lambda: next((m for m in forum.messages.values() if part in m.get("text", "")), None))
    return found


def labels(card: Json) -> str:
    """What stands on its buttons."""
    return " ".join(button["text"] for row in card["reply_markup"]["inline_keyboard"] for button in row)


async def asked(desk: Linli, anna: Person, forum: Chat) -> Json:
    """A question without an answer, and its card."""
    anna.say("Where can I get my piano tuned? My passport is E12345678")
    return await card_of(desk, forum)


async def test_a_ticket_gets_a_topic_with_a_card_that_masks_and_links(desk: Linli, anna: Person, forum: Chat) -> None:
    card = await asked(desk, anna, forum)
    topic = topic_named(forum, "piano")
    assert card["message_thread_id"] == topic.id
    assert "E12345678" not in card["text"] + topic.name
    assert "/console/tickets/1" in card["text"]
    assert "Claim" in labels(card)


async def test_claim_edits_the_card_and_an_answer_reaches_the_resident(desk: Linli, anna: Person, forum: Chat, chen: Person) -> None:
    card = await asked(desk, anna, forum)
    chen.tap(card, "Claim")
    await desk.until(lambda: "Chen Yuyu has it." in card["text"])
    assert "Claim" not in labels(card)
    said = chen.say("Mr Li tunes pianos.", forum, topic=card["message_thread_id"])
    await desk.until(lambda: any("Chen Yuyu:\nMr Li tunes pianos." in text for text in anna.reads()))
    await desk.until(lambda: forum.reactions.get(said["message_id"]))
    assert len([m for m in forum.messages.values() if "Ticket 1 " in m.get("text", "")]) == 1


async def test_a_note_stays_among_colleagues(desk: Linli, anna: Person, forum: Chat, chen: Person) -> None:
    card = await asked(desk, anna, forum)
    chen.say("// she called twice", forum, topic=card["message_thread_id"])
    await desk.quiet()
    worker = await roster.named(desk.desk, "Chen Yuyu")
    case = await queue.look(desk.desk, worker.id, (await queue.waiting(desk.desk, worker.id))[0].ticket.id)
    assert [said.text for said in case.thread if said.internal] == ["she called twice"]
    assert not any("she called twice" in text for text in anna.reads())


async def test_the_second_worker_is_told_who_has_it(desk: Linli, anna: Person, forum: Chat, chen: Person, lin: Person) -> None:
    card = await asked(desk, anna, forum)
    chen.say("I am on it", forum, topic=card["message_thread_id"])
    late = lin.say("Ask Mr Li", forum, topic=card["message_thread_id"])
    refusal = await desk.until(lambda: next((m for m in forum.messages.values() if "is with Chen Yuyu" in m.get("text", "")), None))
    assert refusal["reply_to_message"]["message_id"] == late["message_id"]
    assert not any("Ask Mr Li" in text for text in anna.reads())


async def test_what_the_resident_adds_appears_in_the_topic(desk: Linli, anna: Person, forum: Chat) -> None:
    card = await asked(desk, anna, forum)
    anna.photo()
    anna.say("It is an upright of 1950")
    topic = card["message_thread_id"]
    await desk.until(lambda: any("upright of 1950" in text for text in forum.texts(topic=topic)))
    assert [m["photo"][-1]["file_id"] for m in forum.messages.values() if "photo" in m] == ["photo-1-800"]


async def test_the_nearest_answer_is_two_taps_away(desk: Linli, anna: Person, forum: Chat, chen: Person) -> None:
    anna.say("How do I register my address?")
    await desk.until(lambda: anna.reads())
    anna.tap(anna.chat.messages[2], "👎")
    card = await card_of(desk, forum)
    nearest = "Send FAQ answer" in labels(card)
    if nearest:
        chen.tap(card, "Send FAQ answer")
        await desk.until(lambda: "Back" in labels(card))
    chen.tap(card, "Back" if nearest else "Close")
    await desk.quiet()


async def test_closing_closes_the_topic_and_reopening_opens_it(desk: Linli, anna: Person, forum: Chat, chen: Person) -> None:
    card = await asked(desk, anna, forum)
    chen.tap(card, "Close")
    topic = topic_named(forum, "piano")
    await desk.until(lambda: topic.closed)
    assert "Closed." in card["text"]
    await desk.until(lambda: any("from 1 to 5" in text for text in anna.reads()))
    chen.tap(card, "Reopen")
    await desk.until(lambda: not topic.closed)


async def test_assign_and_snooze_come_as_menus_on_the_card(desk: Linli, anna: Person, forum: Chat, chen: Person) -> None:
    card = await asked(desk, anna, forum)
    chen.tap(card, "Assign")
    await desk.until(lambda: "Lin Tao" in labels(card))
    chen.tap(card, "Lin Tao")
    await desk.until(lambda: "Lin Tao has it." in card["text"])


async def test_the_console_and_the_forum_agree(desk: Linli, anna: Person, forum: Chat) -> None:
    card = await asked(desk, anna, forum)
    worker = await roster.named(desk.desk, "Lin Tao")
    ticket = (await queue.waiting(desk.desk, worker.id))[0].ticket
    await reply.reply(desk.desk, worker.id, ticket.id, "From the console")
    await desk.until(lambda: "Answered by Lin Tao" in card["text"])


async def test_a_stranger_in_the_group_has_no_rights(desk: Linli, world: World, anna: Person, forum: Chat) -> None:
    card = await asked(desk, anna, forum)
    stranger = Person(world, "Stranger")
    stranger.say("I answer", forum, topic=card["message_thread_id"])
    query = stranger.tap(card, "Claim")
    await desk.until(lambda: "staff table" in (world.queries[query]["answered"] or ""))
    await desk.until(lambda: any("staff table" in text for text in forum.texts()))
    assert not any("I answer" in text for text in anna.reads())


async def test_an_anonymous_administrator_and_who_left_have_no_rights(
    desk: Linli, world: World, anna: Person, forum: Chat, lin: Person
) -> None:
    card = await asked(desk, anna, forum)
    anonymous_admin(world, forum, "I answer", topic=card["message_thread_id"])
    lin.leave(forum)
    query = lin.tap(card, "Claim")
    await desk.until(lambda: "not in the staff group" in (world.queries[query]["answered"] or ""))
    await desk.until(lambda: any("Remain anonymous" in text for text in forum.texts()))
    assert not any("I answer" in text for text in anna.reads())


async def test_an_answer_that_cannot_arrive_comes_back_as_a_sentence(desk: Linli, anna: Person, forum: Chat, chen: Person) -> None:
    card = await asked(desk, anna, forum)
    await desk.until(lambda: anna.reads())
    anna.block()
    chen.say("Mr Li tunes pianos.", forum, topic=card["message_thread_id"])
    await desk.until(lambda: any("did not arrive" in text for text in forum.texts(topic=card["message_thread_id"])))


async def test_the_same_words_of_a_worker_again_are_sent_once(desk: Linli, world: World, anna: Person, forum: Chat, chen: Person) -> None:
    card = await asked(desk, anna, forum)
    said = chen.say("Mr Li tunes pianos.", forum, topic=card["message_thread_id"])
    world.push("message", said)
    await desk.until(lambda: any("Mr Li tunes" in text for text in anna.reads()))
    await desk.quiet()
    assert sum("Mr Li tunes" in text for text in anna.reads()) == 1


async def test_in_a_plain_group_a_ticket_hangs_on_its_card(
    server: Server, sqlite_storage: Storage, world: World, anna: Person, chen: Person
) -> None:
    room = world.group("Staff")
    chen.make(room, "creator")
    chen.add_bot(room)
    async with linli(server, sqlite_storage, telegram_staff_chat=str(room.id)) as started:
        await hire(started.desk)
        worker = await roster.add(started.desk, "Chen", telegram_id=str(chen.id))
        assert worker.telegram_id == str(chen.id)
        card = await asked(started, anna, room)
        while await places.find(started.desk, "telegram", str(room.id), "card:1") is None:
            pass  # shown already, but not yet written down where
        chen.say("Mr Li tunes pianos.", room, reply_to=card)
        await started.until(lambda: any("Mr Li tunes" in text for text in anna.reads()))
