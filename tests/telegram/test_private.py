"""A resident alone with Linli: answers, buttons, tickets, files."""

from handlers.staff import queue, reply
from tests.desks import hire
from tests.telegram.conftest import Linli
from tests.telegram.fake.people import Person


async def test_a_question_is_answered_once_with_source_and_buttons(bot: Linli, anna: Person) -> None:
    anna.say("How do I register my address?")
    await bot.until(lambda: anna.reads())
    await bot.quiet()
    assert len(anna.reads()) == 1
    assert "Source" in anna.reads()[0]
    labels = [button["text"] for row in anna.last()["reply_markup"]["inline_keyboard"] for button in row]
    assert {"👍 This helped", "👎 Talk to a person", "中文"} <= set(labels)
    assert any(entity["type"] == "bold" for entity in anna.last()["entities"])


async def test_the_other_language_is_one_tap_away(bot: Linli, anna: Person) -> None:
    anna.say("How do I register my address?")
    await bot.until(lambda: anna.reads())
    anna.tap(anna.last(), "中文")
    await bot.until(lambda: len(anna.reads()) == 2)
    assert "来源" in anna.reads()[1]
    assert all(query["answered"] is not None for query in bot.world.queries.values())


async def test_an_unanswerable_question_becomes_a_ticket_and_the_answer_comes_back(bot: Linli, anna: Person) -> None:
    anna.say("Where can I get my piano tuned?")
    await bot.until(lambda: "Ticket 1." in "".join(anna.reads()))
    worker = await hire(bot.desk)
    ticket = (await queue.waiting(bot.desk, worker.id))[0].ticket
    await reply.reply(bot.desk, worker.id, ticket.id, "Mr Li <tuner> & son, next to the library.")
    await bot.until(lambda: any("Mr Li <tuner> & son" in text for text in anna.reads()))
    assert "Chen Yuyu:" in anna.reads()[-1]


async def test_a_photo_and_a_place_join_the_ticket_by_reference(bot: Linli, anna: Person) -> None:
    anna.say("Where can I get my piano tuned?")
    await bot.until(lambda: anna.reads())
    anna.photo()
    anna.location()
    await bot.until(lambda: sum("Added to ticket 1." in text for text in anna.reads()) == 2)
    worker = await hire(bot.desk)
    case = await queue.look(bot.desk, worker.id, (await queue.waiting(bot.desk, worker.id))[0].ticket.id)
    references = [attachment["reference"] for said in case.thread for attachment in said.attachments]
    assert references == ["photo-1-800", "30.25,120.16"]


async def test_the_same_update_again_has_one_effect(bot: Linli, anna: Person) -> None:
    anna.say("How do I register my address?")
    await bot.until(lambda: anna.reads())
    message = next(m for m in anna.chat.messages.values() if m["from"]["id"] == anna.id)
    bot.world.push("message", message)
    bot.world.push("message", message)
    await bot.quiet()
    assert len(anna.reads()) == 1


async def test_nonsense_among_the_updates_hides_nothing(bot: Linli, anna: Person) -> None:
    bot.world.push_raw({"update_id": 900, "message": {"message_id": "x"}})
    anna.say("How do I register my address?")
    await bot.until(lambda: anna.reads())


async def test_a_link_in_the_lift_tells_the_community(bot: Linli, anna: Person) -> None:
    community = next(iter(bot.desk.faq.catalogue.communities))
    anna.start(f"c-{community}")
    await bot.until(lambda: anna.reads())
    profile = bot.desk.faq.catalogue.profile(community)
    assert profile is not None
    assert str(profile.value("community.name", "en")) in anna.reads()[0]


async def test_menus_are_set_in_both_languages(bot: Linli, anna: Person) -> None:
    kinds = {(name, scope, language) for name, scope, language in bot.world.profile}
    assert {("commands", "all_private_chats", "zh"), ("commands", "all_group_chats", ""), ("name", "default", "zh")} <= kinds
