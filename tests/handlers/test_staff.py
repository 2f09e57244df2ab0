"""Workers: one queue, nothing twice, only their own communities."""

import asyncio
from datetime import timedelta

import pytest

from handlers.desk import Desk
from handlers.errors import EmptyMessage, LinkSpent, NotAllowed, NotFound, TicketClosed, TicketTaken
from handlers.messages import Reply, ReplyKind
from handlers.routine import deliver
from handlers.routine.waking import wake_due
from handlers.staff import queue, reply, roster
from storage import communities
from storage.tickets import Status
from tests.desks import Clock, Person, hire


async def ticket_of(desk: Desk, person: Person, worker_id: int, text: str = "Where can I get my piano tuned?") -> int:
    """The id of the ticket that this text becomes."""
    receipt = await person.say(text)
    rows = await queue.waiting(desk, worker_id)
    return next(row.ticket.id for row in rows if row.ticket.number == receipt.ticket)


async def delivered(desk: Desk) -> list[Reply]:
    """What the courier would carry out now."""
    sent: list[Reply] = []

    async def send(one: Reply) -> str:
        sent.append(one)
        return str(len(sent))

    while due := [reply for channel in ("test", "web", "notify") for reply in (await deliver.take(desk, channel, 20, ())).replies]:
        await deliver.settle(desk, {reply.delivery_id: await send(reply) for reply in due}, {})
    return sent


async def test_second_worker_is_told_who_has_the_ticket(desk: Desk, ana: Person) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ticket = await ticket_of(desk, ana, chen.id)
    await queue.claim(desk, chen.id, ticket)
    with pytest.raises(TicketTaken, match="is with Chen Yuyu"):
        await reply.reply(desk, wang.id, ticket, "Hello")


async def test_of_two_workers_who_claim_at_once_one_has_it(desk: Desk, ana: Person) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ticket = await ticket_of(desk, ana, chen.id)
    done = await asyncio.gather(*(queue.claim(desk, one.id, ticket) for one in (chen, wang)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Ticket", "TicketTaken"]


async def test_reply_reaches_the_resident_from_a_named_person(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=1)
    await delivered(desk)
    await reply.reply(desk, chen.id, ticket, "A tuner comes on Friday.")
    (sent,) = await delivered(desk)
    assert (sent.kind, sent.chat_id) == (ReplyKind.relay, "chat-Ana")
    assert sent.text == "Chen Yuyu:\nA tuner comes on Friday."
    (row,) = await queue.waiting(desk, chen.id)
    assert row.ticket.status is Status.waiting
    assert row.ticket.first_replied_at == clock()


async def test_note_never_reaches_the_resident(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=1)
    await delivered(desk)
    await reply.note(desk, chen.id, ticket, "Knows Mr Li already.")
    assert await delivered(desk) == []
    case = await queue.look(desk, chen.id, ticket)
    assert [part.text for part in case.thread if part.internal] == ["Knows Mr Li already."]


async def test_entry_is_sent_in_the_residents_language(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    await ana.say("怎么换驾照")
    ticket = await ticket_of(desk, ana, chen.id, "哪里可以修钢琴")
    clock.pass_(minutes=1)
    await delivered(desk)
    await reply.send_entry(desk, chen.id, ticket, "money-bank")
    (sent,) = await delivered(desk)
    assert sent.text.startswith("Chen Yuyu：\n带护照和国内手机号去网点。")


async def test_worker_of_another_community_sees_nothing(desk: Desk, ana: Person) -> None:
    await ana.say("/start c-willow")
    async with desk.storage.transaction() as tx:
        await communities.ensure(tx, {"oak": {"en": "Oak", "zh": "橡树"}}, desk.now())
    everywhere, elsewhere = await hire(desk), await hire(desk, "Zhou", communities=("oak",))
    ticket = await ticket_of(desk, ana, everywhere.id)
    assert await queue.waiting(desk, elsewhere.id) == []
    for act in (queue.look, queue.claim, queue.release, queue.close, queue.reopen):
        with pytest.raises(NotFound):
            await act(desk, elsewhere.id, ticket)
    with pytest.raises(NotFound):
        await reply.reply(desk, elsewhere.id, ticket, "Hello")


async def test_promise_names_the_community_worker_and_the_measured_wait(desk: Desk, ana: Person, clock: Clock) -> None:
    await ana.say("/start c-willow")
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=25)
    await reply.reply(desk, chen.id, ticket, "On Friday.")
    clock.pass_(hours=16)
    ben = Person(desk, "Ben")
    await ben.say("/start c-willow")
    receipt = await ben.say("Where can I get my piano tuned?")
    assert "Chen Yuyu answers on weekdays 9:00–17:30. The usual wait now is 25 minutes." in receipt.text


async def test_ticket_is_assigned_released_snoozed_closed_and_reopened(desk: Desk, ana: Person, clock: Clock) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ticket = await ticket_of(desk, ana, chen.id)
    assert (await queue.assign(desk, chen.id, ticket, wang.id)).assignee_id == wang.id
    await queue.release(desk, wang.id, ticket)
    await queue.claim(desk, chen.id, ticket)
    await queue.snooze(desk, chen.id, ticket, clock() + timedelta(hours=1))
    assert await wake_due(desk) == 0
    clock.pass_(hours=1)
    assert await wake_due(desk) == 1
    await queue.close(desk, chen.id, ticket)
    with pytest.raises(TicketClosed):
        await reply.reply(desk, chen.id, ticket, "One more thing")
    await queue.reopen(desk, chen.id, ticket)
    (row,) = await queue.waiting(desk, chen.id)
    assert row.ticket.assignee_id == chen.id


async def test_closing_asks_how_it_was(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    clock.pass_(minutes=1)
    await delivered(desk)
    await queue.close(desk, chen.id, ticket)
    (sent,) = await delivered(desk)
    assert [choice.label for choice in sent.choices] == ["1", "2", "3", "4", "5", "Take it up again"]
    ana.heard.append(sent)
    assert "The team sees it" in (await ana.tap("5")).text
    case = await queue.look(desk, chen.id, ticket)
    assert case.ticket.rating == 5


async def test_empty_reply_is_refused(desk: Desk, ana: Person) -> None:
    chen = await hire(desk)
    ticket = await ticket_of(desk, ana, chen.id)
    with pytest.raises(EmptyMessage):
        await reply.reply(desk, chen.id, ticket, " \x00 ")


async def test_sign_in_link_works_once_and_a_look_does_not_spend_it(desk: Desk) -> None:
    chen = await hire(desk)
    token = await roster.link(desk, chen.id)
    assert (await roster.link_holder(desk, token)).id == chen.id
    signed_in = await roster.sign_in(desk, token)
    found = await roster.session(desk, signed_in.token)
    assert found is not None
    assert found[1].id == chen.id
    with pytest.raises(LinkSpent):
        await roster.sign_in(desk, token)
    with pytest.raises(LinkSpent):
        await roster.link_holder(desk, token)


async def test_old_link_and_idle_session_end(desk: Desk, clock: Clock) -> None:
    chen = await hire(desk)
    old, fresh = await roster.link(desk, chen.id), await roster.link(desk, chen.id)
    signed_in = await roster.sign_in(desk, fresh)
    clock.pass_(hours=3)
    assert await roster.session(desk, signed_in.token) is None
    clock.pass_(hours=22)
    with pytest.raises(LinkSpent):
        await roster.sign_in(desk, old)


async def test_removed_worker_can_do_nothing_at_once(desk: Desk, ana: Person) -> None:
    chen, wang = await hire(desk), await hire(desk, "Wang Lei")
    ticket = await ticket_of(desk, ana, chen.id)
    signed_in = await roster.sign_in(desk, await roster.link(desk, wang.id))
    await roster.remove(desk, wang.id)
    assert await roster.session(desk, signed_in.token) is None
    with pytest.raises(NotAllowed):
        await queue.claim(desk, wang.id, ticket)
