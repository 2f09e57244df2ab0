"""What a worker does with the queue: views, folds, bulk, undo, presence, tags, merging, replies to use again."""

from datetime import timedelta

import pytest

from handlers.desk import Desk
from handlers.errors import AlreadySaid, EmptyMessage, NotFound, NotTheSame, TicketTaken
from handlers.routine.saying import say_due
from handlers.routine.waking import wake_due
from handlers.staff import alike, bulk, canned, merging, presence, queue, reply, tagging, undo, views
from handlers.staff.views import BUILT_IN, Order, View, Whose
from storage.tickets import Status
from tests.desks import Clock, Person, hire
from tests.handlers.test_staff import delivered, ticket_of

PIANO = "Where can I get my piano tuned?"
COMPOST = "Is there any compost heap for vegetable peelings around?"


async def numbers(desk: Desk, worker_id: int, view: View) -> list[int]:
    """The numbers of the tickets of a view, in its order."""
    return [row.ticket.number for row in (await views.listed(desk, worker_id, view)).rows]


async def test_a_view_narrows_orders_and_counts(desk: Desk, clock: Clock) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ana, ben = Person(desk), Person(desk, "Ben")
    await ana.say("/start c-willow")
    first = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=5)
    second = await ticket_of(desk, ben, chen.id, "哪里可以修钢琴")
    await queue.claim(desk, chen.id, first)
    await tagging.tag(desk, chen.id, second, " #Music,  urgent ")
    assert await numbers(desk, chen.id, BUILT_IN["answer"]) == [1, 2]
    assert await numbers(desk, chen.id, View(order=Order.newest)) == [2, 1]
    assert await numbers(desk, chen.id, BUILT_IN["mine"]) == [1]
    assert await numbers(desk, wang.id, BUILT_IN["mine"]) == []
    assert await numbers(desk, wang.id, View(assignee_id=chen.id)) == [1]
    assert await numbers(desk, chen.id, BUILT_IN["nobodys"]) == [2]
    assert await numbers(desk, chen.id, View(communities=("willow",))) == [1]
    assert await numbers(desk, chen.id, View(languages=("zh",))) == [2]
    assert await numbers(desk, chen.id, View(tags=("music urgent",))) == [2]
    assert await numbers(desk, chen.id, View(urgent=True)) == []
    assert await numbers(desk, chen.id, View(states=(Status.closed,))) == []
    counted = await views.facets(desk, chen.id, View())
    assert counted["language"] == {"en": 1, "zh": 1}
    assert counted["assignee"] == {chen.id: 1, None: 1}
    assert (await views.listed(desk, chen.id, View(), limit=1)).total == 2
    assert (await views.listed(desk, chen.id, View())).tags[second] == ["music urgent"]


async def test_views_are_kept_by_name_for_their_worker_alone(desk: Desk) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    await views.save(desk, chen.id, "Chinese, mine", View(languages=("zh",)))
    kept = await views.save(desk, chen.id, "Chinese, mine", View(languages=("zh",), whose=Whose.mine))
    assert [(one.name, view) for one, view in await views.saved(desk, chen.id)] == [
        ("Chinese, mine", View(languages=("zh",), whose=Whose.mine))
    ]
    assert await views.saved(desk, wang.id) == []
    await views.forget(desk, wang.id, kept.id)
    assert len(await views.saved(desk, chen.id)) == 1
    await views.forget(desk, chen.id, kept.id)
    assert await views.saved(desk, chen.id) == []
    with pytest.raises(EmptyMessage):
        await views.save(desk, chen.id, " ", View())


def test_an_address_that_was_typed_wrongly_still_gives_a_view() -> None:
    assert views.from_json({"topics": ["visa"], "order": "sideways", "nothing": 1, "urgent": True}) == View(topics=("visa",), urgent=True)
    assert views.to_json(View(topics=("visa",))) == {"topics": ["visa"]}


async def test_tickets_that_ask_the_same_fold_and_each_is_answered_privately(desk: Desk, clock: Clock) -> None:
    chen = await hire(desk)
    people = [Person(desk, name) for name in ("Ana", "Ben", "Cai")]
    asked = (PIANO, "Where can I have my piano tuned?", COMPOST)
    ids = [await ticket_of(desk, person, chen.id, text) for person, text in zip(people, asked, strict=True)]
    rows = (await views.listed(desk, chen.id, View())).rows
    assert [[row.ticket.id for row in one.rows] for one in await alike.fold(desk, rows)] == [ids[:2], ids[2:]]
    assert [row.ticket.id for row in await alike.like(desk, chen.id, ids[0])] == [ids[1]]
    clock.pass_(minutes=1)
    await delivered(desk)
    done = await bulk.answer(desk, chen.id, ids[:2], "A tuner comes on Friday.")
    again = await bulk.answer(desk, chen.id, ids[:2], "A tuner comes on Friday.")
    assert (done.done, done.failed, again.done) == ((1, 2), (), (1, 2))
    assert sorted((one.chat_id, one.audience) for one in await delivered(desk)) == [("chat-Ana", "private"), ("chat-Ben", "private")]


async def test_many_are_closed_with_a_kind_word_and_what_a_colleague_has_is_left(desk: Desk, clock: Clock) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ids = [await ticket_of(desk, Person(desk, name), chen.id) for name in ("Ana", "Ben", "Cai")]
    await queue.claim(desk, wang.id, ids[1])
    clock.pass_(minutes=1)
    await delivered(desk)
    done = await bulk.close(desk, chen.id, [*ids, 999], "not_ours", "I am sorry, we cannot decide this.")
    assert done.done == (1, 3)
    assert [(number, type(error)) for number, error in done.failed] == [(2, TicketTaken), (0, NotFound)]
    assert {one.text for one in await delivered(desk)} == {"Chen Yuyu:\nI am sorry, we cannot decide this."}
    assert await numbers(desk, chen.id, View(states=(Status.closed,), outcomes=("not_ours",))) == [3, 1]
    assert (await bulk.assign(desk, chen.id, ids[1:2], chen.id)).done == (2,)


async def test_a_reply_can_be_taken_back_until_it_is_said(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=1)
    await delivered(desk)
    held = await undo.hold_back(desk, chen.id, ticket, "On Fridy.")
    assert (await undo.hold_back(desk, chen.id, ticket, "On Fridy.")).id == held.id
    clock.pass_(seconds=4)
    assert await say_due(desk) == 0
    assert [one.reply["text"] for one in await undo.held(desk, chen.id, ticket)] == ["On Fridy."]
    assert await undo.take_back(desk, chen.id, held.id) == "On Fridy."
    again = await undo.hold_back(desk, chen.id, ticket, "On Friday.")
    clock.pass_(seconds=5)
    assert (await say_due(desk), await say_due(desk)) == (1, 0)
    assert [one.text for one in await delivered(desk)] == ["Chen Yuyu:\nOn Friday."]
    with pytest.raises(AlreadySaid):
        await undo.take_back(desk, chen.id, again.id)
    case = await queue.look(desk, chen.id, ticket)
    assert case.ticket.status is Status.waiting


async def test_nobody_else_takes_a_reply_back(desk: Desk, ana: Person) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    held = await undo.hold_back(desk, chen.id, await ticket_of(desk, ana, chen.id), "On Friday.")
    with pytest.raises(AlreadySaid):
        await undo.take_back(desk, wang.id, held.id)


async def test_a_reply_that_cannot_be_said_any_more_comes_back_as_a_note(desk: Desk, ana: Person, clock: Clock) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ticket = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=1)
    await delivered(desk)
    await undo.hold_back(desk, chen.id, ticket, "On Friday.")
    await queue.assign(desk, chen.id, ticket, wang.id)
    clock.pass_(seconds=6)
    assert await say_due(desk) == 1
    assert await delivered(desk) == []
    (note,) = [one for one in (await queue.look(desk, wang.id, ticket)).thread if one.internal]
    assert note.kind == "undelivered"
    assert "Ticket 1 is with Wang Lei." in note.text
    assert note.text.endswith("On Friday.")


async def test_colleagues_see_who_is_answering_for_a_moment(desk: Desk, ana: Person, clock: Clock) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ticket = await ticket_of(desk, ana, chen.id)
    assert await presence.here(desk, chen.id, ticket) == []
    assert await presence.here(desk, wang.id, ticket) == ["Chen Yuyu"]
    clock.pass_(seconds=21)
    assert await presence.others(desk, wang.id, ticket) == []
    await presence.here(desk, chen.id, ticket)
    await presence.gone(desk, chen.id, ticket)
    assert await presence.others(desk, wang.id, ticket) == []


async def test_two_tickets_of_one_person_become_one(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    first = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=11)
    second = await ticket_of(desk, ana, chen.id, COMPOST)
    other = await ticket_of(desk, Person(desk, "Ben"), chen.id)
    assert [one.id for one in await merging.candidates(desk, chen.id, first)] == [second]
    clock.pass_(minutes=1)
    await delivered(desk)
    assert (await merging.merge(desk, chen.id, second, first)).id == first
    (told,) = await delivered(desk)
    assert told.text == "Tickets 2 and 1 are about the same, so both go on as 1."
    assert await numbers(desk, chen.id, View()) == [1, 3]
    with pytest.raises(NotTheSame):
        await merging.merge(desk, chen.id, other, first)


async def test_tags_are_put_and_taken_off(desk: Desk, ana: Person) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    assert await tagging.tag(desk, chen.id, ticket, "Music") == "music"
    assert await tagging.tag(desk, chen.id, ticket, "#music") == "music"
    assert (await tagging.of_ticket(desk, chen.id, ticket), await tagging.known(desk, chen.id)) == (["music"], ["music"])
    await tagging.untag(desk, chen.id, ticket, "music")
    assert await tagging.of_ticket(desk, chen.id, ticket) == []
    with pytest.raises(EmptyMessage):
        await tagging.tag(desk, chen.id, ticket, " # ")


async def test_replies_to_use_again_are_filled_in_both_languages(desk: Desk, ana: Person) -> None:
    await ana.say("/start c-willow")
    chen = await hire(desk)
    language, replies = await canned.replies(desk, chen.id, await ticket_of(desk, ana, chen.id))
    assert language == "en"
    assert replies[0].texts["en"].startswith("Which district do you live in, Ana?\nAsk at ")
    assert replies[0].texts["zh"] == "Ana，请问您住在哪个区？"
    assert replies[1].texts["en"] == "I am sorry, we cannot decide this. Yours, Chen Yuyu (1)"


async def test_a_ticket_rests_until_the_resident_answers_or_a_week_has_passed(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    await queue.wait_for_answer(desk, chen.id, ticket)
    assert await numbers(desk, chen.id, BUILT_IN["aside"]) == [1]
    await ana.say("The street is Mill Lane")
    assert await numbers(desk, chen.id, BUILT_IN["mine"]) == [1]
    await queue.wait_for_answer(desk, chen.id, ticket)
    clock.time += timedelta(days=7)
    assert await wake_due(desk) == 1


async def test_the_second_tap_of_the_same_finger_says_nothing_twice(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    first = await reply.reply(desk, chen.id, ticket, "On Friday.")
    assert (await reply.reply(desk, chen.id, ticket, "On Friday.")).id == first.id
    clock.pass_(minutes=1)
    assert (await reply.reply(desk, chen.id, ticket, "On Friday.")).id != first.id
