"""One queue, nothing twice, who waits longest."""

import asyncio
from datetime import datetime, timedelta

from storage import Author, EventKind, Reason, Status, Storage, changes, communities, conversations, tickets
from tests.storage import rows

MINUTE = timedelta(minutes=1)


async def test_two_workers_race_for_a_ticket_and_one_has_it(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened = await rows.ticket(tx, await rows.conversation(tx, now), now)
        racers = [await rows.worker(tx, now, name) for name in ("Li Na", "Wang Wei", "Chen Jie", "Zhou Min")]

    async def claim(worker_id: int) -> bool:
        async with storage.transaction() as tx:
            return await tickets.claim(tx, opened.id, worker_id, now) is not None

    won = await asyncio.gather(*(claim(racer.id) for racer in racers))

    assert sorted(won) == [False, False, False, True]
    async with storage.reading() as tx:
        kept = await tickets.get(tx, opened.id)
        story = await tickets.events(tx, opened.id)
    assert kept is not None
    assert (kept.status, kept.assignee_id) == (Status.assigned, racers[won.index(True)].id)
    assert [step.kind for step in story] == [EventKind.opened, EventKind.assigned]


async def test_the_holder_may_claim_again_without_a_second_event(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened = await rows.ticket(tx, await rows.conversation(tx, now), now)
        worker = await rows.worker(tx, now)
        await tickets.claim(tx, opened.id, worker.id, now)
    async with storage.transaction() as tx:
        again = await tickets.claim(tx, opened.id, worker.id, now + MINUTE)
        story = await tickets.events(tx, opened.id)

    assert again is not None
    assert again.assigned_at == now
    assert len(story) == 2


async def test_a_closed_or_unknown_ticket_cannot_be_claimed(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened = await rows.ticket(tx, await rows.conversation(tx, now), now)
        worker = await rows.worker(tx, now)
        await tickets.close(tx, opened.id, worker.id, "answered", now)

        assert await tickets.claim(tx, opened.id, worker.id, now) is None
        assert await tickets.claim(tx, 999, worker.id, now) is None
        assert await tickets.close(tx, opened.id, worker.id, "answered", now) is None


async def test_one_live_ticket_a_conversation_and_topic_even_when_opened_at_once(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)

    async def open_one() -> int:
        async with storage.transaction() as tx:
            return (await rows.ticket(tx, about, now)).id

    assert len(set(await asyncio.gather(*(open_one() for _ in range(6))))) == 1


async def test_a_second_topic_gets_a_second_ticket_and_numbers_are_dense(storage: Storage, now: datetime) -> None:
    async def open_one(sender: str, topic: str) -> int:
        async with storage.transaction() as tx:
            return (await rows.ticket(tx, await rows.conversation(tx, now, sender), now, topic)).number

    numbers = await asyncio.gather(*(open_one(f"s{number}", topic) for number in range(5) for topic in ("visa", "housing")))

    assert sorted(numbers) == list(range(1, 11))


async def test_the_same_topic_after_closing_is_a_new_ticket(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        first = await rows.ticket(tx, about, now)
        await tickets.close(tx, first.id, None, "answered", now)
        second = await rows.ticket(tx, about, now)
        returned = await tickets.reopen(tx, first.id, None, now)

    assert first.number != second.number
    assert returned is second


async def test_tickets_without_topic_may_stand_side_by_side_and_reopen_alone(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        one, _ = await tickets.open_ticket(tx, conversation=about, topic=None, reason=Reason.unmatched, question="?", locale="en", now=now)
        two, _ = await tickets.open_ticket(tx, conversation=about, topic=None, reason=Reason.unmatched, question="?", locale="en", now=now)
        await tickets.close(tx, one.id, None, None, now)
        back = await tickets.reopen(tx, one.id, None, now + MINUTE)

    assert one.id != two.id
    assert back is one
    assert (one.status, one.waiting_since, one.closed_at) == (Status.open, now + MINUTE, None)


async def test_released_goes_back_to_the_queue_only_by_its_holder(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened = await rows.ticket(tx, await rows.conversation(tx, now), now)
        holder, other = await rows.worker(tx, now), await rows.worker(tx, now, "Wang Wei")
        await tickets.claim(tx, opened.id, holder.id, now)

        assert await tickets.release(tx, opened.id, other.id, now) is None
        released = await tickets.release(tx, opened.id, holder.id, now)

    assert released is not None
    assert (released.status, released.assignee_id) == (Status.open, None)


async def test_assign_gives_it_to_another_and_says_who_did(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened = await rows.ticket(tx, await rows.conversation(tx, now), now)
        boss, other = await rows.worker(tx, now, "Boss"), await rows.worker(tx, now, "Wang Wei")
        given = await tickets.assign(tx, opened.id, other.id, boss.id, now)
        story = await tickets.events(tx, opened.id)

    assert given is not None
    assert (given.status, given.assignee_id) == (Status.assigned, other.id)
    assert (story[-1].kind, story[-1].worker_id, story[-1].note) == (EventKind.assigned, boss.id, "Wang Wei")


async def test_an_answer_gives_the_next_word_to_the_resident_and_a_message_takes_it_back(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        opened = await rows.ticket(tx, await rows.conversation(tx, now), now)
        worker = await rows.worker(tx, now)
        await tickets.claim(tx, opened.id, worker.id, now)
        await tickets.answered(tx, opened, now + MINUTE)
        assert (opened.status, opened.waiting_since, opened.first_replied_at) == (Status.waiting, None, now + MINUTE)
        await tickets.set_waiting(tx, opened, now + 2 * MINUTE)
        await tickets.set_waiting(tx, opened, now + 3 * MINUTE)

    assert (opened.status, opened.waiting_since) == (Status.assigned, now + 2 * MINUTE)


async def test_a_snooze_ends_in_time_or_with_a_message(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        visa, housing = await rows.ticket(tx, about, now), await rows.ticket(tx, about, now, "housing")
        for ticket in (visa, housing):
            await tickets.snooze(tx, ticket.id, now + 5 * MINUTE, None, now)
        await tickets.set_waiting(tx, housing, now)
    async with storage.transaction() as tx:
        assert await tickets.wake_due(tx, now + MINUTE) == []
        woken = await tickets.wake_due(tx, now + 5 * MINUTE)

    assert [ticket.id for ticket in woken] == [visa.id]
    assert (woken[0].status, housing.status) == (Status.open, Status.open)


async def test_merged_threads_stand_in_one_ticket(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        visa, housing = await rows.ticket(tx, about, now), await rows.ticket(tx, about, now + MINUTE, "housing")
        for ticket in (visa, housing):
            await conversations.join(tx, await rows.said(tx, about, ticket.topic or "", now), ticket.id, now)
        stranger = await rows.ticket(tx, await rows.conversation(tx, now, "boris"), now)

        assert await tickets.merge(tx, visa.id, stranger.id, None, now) is None
        assert await tickets.merge(tx, visa.id, visa.id, None, now) is None
        into = await tickets.merge(tx, visa.id, housing.id, None, now)
        thread = await conversations.of_ticket(tx, housing.id)

    assert into is housing
    assert [turn.text for turn in thread] == ["visa", "housing"]
    assert (visa.status, visa.outcome, housing.waiting_since) == (Status.closed, "merged", now)


async def test_the_queue_has_urgent_first_then_the_longest_wait(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        late = await rows.ticket(tx, about, now + 9 * MINUTE, "late")
        early = await rows.ticket(tx, about, now, "early")
        answered = await rows.ticket(tx, about, now - MINUTE, "answered")
        await tickets.answered(tx, answered, now)
        urgent = await rows.ticket(tx, about, now + 20 * MINUTE, "fire", urgency="fire")
        closed = await rows.ticket(tx, about, now, "closed")
        await tickets.close(tx, closed.id, None, None, now)
    async with storage.reading() as tx:
        shown = [row.ticket.id for row in await tickets.queue(tx, communities=None)]
        second_page = [row.ticket.id for row in await tickets.queue(tx, communities=None, limit=2, offset=2)]
        done = [row.ticket.id for row in await tickets.queue(tx, communities=None, states={Status.closed})]
        counted = await tickets.counts(tx, None)

    assert shown == [urgent.id, early.id, late.id, answered.id]
    assert second_page == [late.id, answered.id]
    assert done == [closed.id]
    assert counted == {Status.open: 3, Status.assigned: 0, Status.waiting: 1, Status.snoozed: 0}


async def test_a_queue_row_shows_the_last_word_but_no_note(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        ticket = await rows.ticket(tx, about, now)
        worker = await rows.worker(tx, now)
        await tickets.claim(tx, ticket.id, worker.id, now)
        for text, internal in (("first", False), ("last", False), ("note", True)):
            await conversations.record(
                tx,
                about.id,
                author=Author.worker,
                worker_id=worker.id,
                text=text,
                locale="en",
                ticket_id=ticket.id,
                internal=internal,
                at=now,
            )
    async with storage.reading() as tx:
        (row,) = await tickets.queue(tx, communities=None)

    assert (row.last_text, row.last_author, row.utterances) == ("last", Author.worker, 2)
    assert (row.resident_alias, row.assignee_name) == ("R-0001", "Li Na")


async def test_a_worker_sees_their_communities_and_what_belongs_to_none(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        await communities.ensure(tx, {"north": {"en": "North", "zh": "北"}, "south": {"en": "South", "zh": "南"}}, now)
        about = await rows.conversation(tx, now)
        for place in ("north", "south", None):
            await tickets.open_ticket(
                tx,
                conversation=about,
                topic=place or "none",
                reason=Reason.requested,
                question="?",
                locale="en",
                community_id=place,
                now=now,
            )
    async with storage.reading() as tx:
        shown = {row.ticket.community_id for row in await tickets.queue(tx, communities={"north"})}
        counted = await tickets.counts(tx, {"north"})

    assert shown == {"north", None}
    assert counted[Status.open] == 2


async def test_the_usual_wait_is_measured(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        about = await rows.conversation(tx, now)
        assert await tickets.usual_wait(tx, None, now) is None
        for number, minutes in enumerate((4, 10, 90)):
            ticket = await rows.ticket(tx, about, now, f"t{number}")
            await tickets.answered(tx, ticket, now + minutes * MINUTE)
            await tickets.answered(tx, ticket, now + 1000 * MINUTE)

        assert await tickets.usual_wait(tx, None, now) == 10 * MINUTE
        assert await tickets.usual_wait(tx, "north", now) is None


async def test_what_happens_to_a_ticket_is_told_to_those_who_watch(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        ticket = await rows.ticket(tx, await rows.conversation(tx, now), now)
    async with storage.reading() as tx:
        told = {(change.subject, change.subject_id) for change in await changes.since(tx, 0)}

    assert told == {("ticket", str(ticket.id)), ("queue", "")}
