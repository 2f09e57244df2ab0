"""A worker finds what was said on the tickets of their communities, and that they looked is recorded."""

from handlers.desk import Desk
from handlers.staff import search
from storage import audit, communities
from tests.desks import Person, hire
from tests.handlers.test_staff import ticket_of


async def test_a_word_of_two_characters_finds_the_ticket_and_the_turn(desk: Desk, ana: Person) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id, "钢琴的押金不退怎么办")
    found = await search.find(desk, chen.id, "押金")
    assert [row.ticket.id for row in found.rows] == [ticket]
    assert found.said[ticket].text == "钢琴的押金不退怎么办"
    assert [row.ticket.id for row in (await search.find(desk, chen.id, "1")).rows] == [ticket]
    assert (await search.find(desk, chen.id, "学校")).rows == []


async def test_a_worker_of_another_community_finds_nothing(desk: Desk, ana: Person) -> None:
    await ana.say("/start c-willow")
    async with desk.storage.transaction() as tx:
        await communities.ensure(tx, {"oak": {"en": "Oak", "zh": "橡树"}}, desk.now())
    chen, zhou = await hire(desk), await hire(desk, "Zhou", communities=("oak",))
    await ticket_of(desk, ana, chen.id, "钢琴的押金不退怎么办")
    assert (await search.find(desk, zhou.id, "押金")).rows == []
    assert (await search.find(desk, zhou.id, "1")).rows == []


async def test_what_a_search_shows_is_recorded(desk: Desk, ana: Person) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id, "钢琴的押金不退怎么办")
    await search.find(desk, chen.id, "押金")
    async with desk.storage.reading() as tx:
        (record,) = [one for one in await audit.of_subjects(tx, [f"ticket:{ticket}"]) if one.action == "searched"]
    assert record.worker_id == chen.id


async def test_a_question_that_was_handed_over_by_a_tap_is_found(desk: Desk, ana: Person) -> None:
    chen = await hire(desk)
    await ana.say("How do I register my address?")
    receipt = await ana.tap("👎 Talk to a person")
    assert [row.ticket.number for row in (await search.find(desk, chen.id, "register address")).rows] == [receipt.ticket]
