"""Residents are found again, workers sign in once, and who left is out."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage import Author, Conflict, Role, Storage, audit, communities, conversations, people, workers
from tests.storage import rows

HOUR = timedelta(hours=1)


async def test_the_same_person_is_found_again_also_when_they_write_twice_at_once(storage: Storage, now: datetime) -> None:
    async def meet() -> tuple[int, int]:
        async with storage.transaction() as tx:
            spoken_in = await rows.conversation(tx, now)
            return spoken_in.resident_id, spoken_in.id

    assert len(set(await asyncio.gather(*(meet() for _ in range(8))))) == 1


async def test_people_get_aliases_and_new_names_are_taken_over(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        anna = await people.find_or_create(tx, "web", "a", name="Anna", now=now)
        boris = await people.find_or_create(tx, "telegram", "a", name=None, now=now)
        await people.find_or_create(tx, "web", "a", name="Anna K.", now=now)
        await people.find_or_create(tx, "web", "a", name=None, now=now)
        known_by = await people.identities(tx, anna.id)

    assert (anna.alias, anna.name, boris.alias, boris.name) == ("R-0001", "Anna K.", "R-0002", None)
    assert [(identity.channel, identity.sender_id, identity.name) for identity in known_by] == [("web", "a", "Anna K.")]


async def test_a_known_message_is_found_whoever_of_the_group_said_it(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        anna, boris = await rows.conversation(tx, now, "anna", "group"), await rows.conversation(tx, now, "boris", "group")
        await rows.said(tx, anna, "hello", now, "m1")
        other = await rows.said(tx, boris, "hi", now, "m2")
        await rows.said(tx, await rows.conversation(tx, now, "anna", "elsewhere"), "again", now, "m2")
    async with storage.reading() as tx:
        found = await conversations.by_message(tx, "web", "group", "m2")
        unknown = await conversations.by_message(tx, "telegram", "group", "m2")

    assert found is not None
    assert (found.id, unknown) == (other.id, None)


async def test_turns_are_read_in_order_without_notes(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        first, second, third = [await rows.said(tx, spoken_in, str(number), now) for number in range(3)]
        await conversations.record(tx, spoken_in.id, author=Author.worker, text="note", locale="en", internal=True, at=now)
    async with storage.reading() as tx:
        last_two = await conversations.last_turns(tx, spoken_in.id, 2)
        since_first = await conversations.after(tx, spoken_in.id, first.id)

    assert [turn.id for turn in last_two] == [turn.id for turn in since_first] == [second.id, third.id]


async def test_fragments_are_due_when_the_last_of_them_has_waited(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        one, two = [await rows.said(tx, spoken_in, text, now) for text in ("hi", "I have a question")]
        one.held_until, two.held_until = now + HOUR, now + 2 * HOUR
    async with storage.transaction() as tx:
        assert await conversations.next_held_at(tx) == now + HOUR
        assert await conversations.held_due(tx, now + HOUR) == []
        assert await conversations.held_due(tx, now + 2 * HOUR) == [spoken_in.id]
        fragments = await conversations.held(tx, spoken_in.id)
        assert [fragment.text for fragment in fragments] == ["hi", "I have a question"]
        for fragment in fragments:
            fragment.held_until = None
    async with storage.transaction() as tx:
        assert await conversations.held(tx, spoken_in.id) == []
        assert await conversations.held_due(tx, now + 9 * HOUR) == []


async def test_seen_never_goes_back(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        assert await conversations.mark_seen(tx, spoken_in.id, 7, now)
        assert not await conversations.mark_seen(tx, spoken_in.id, 7, now)
        assert not await conversations.mark_seen(tx, spoken_in.id, 3, now)
    async with storage.reading() as tx:
        kept = await conversations.get(tx, spoken_in.id)

    assert kept is not None
    assert kept.seen_utterance_id == 7


async def test_a_return_link_leads_to_its_conversation(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        spoken_in.return_token_hash = "hash"
    async with storage.reading() as tx:
        found, unknown = await conversations.by_return_token(tx, "hash"), await conversations.by_return_token(tx, "other")

    assert found is not None
    assert (found.id, unknown) == (spoken_in.id, None)


async def test_a_link_signs_in_once_even_when_opened_twice_at_once(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        worker = await rows.worker(tx, now)
        await workers.add_link(tx, worker.id, "hash", now + HOUR)

    async def spend() -> bool:
        async with storage.transaction() as tx:
            return await workers.spend_link(tx, "hash", now) is not None

    assert sorted(await asyncio.gather(*(spend() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_late_or_unknown_link_signs_nobody_in(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        worker = await rows.worker(tx, now)
        await workers.add_link(tx, worker.id, "hash", now)

        assert await workers.link(tx, "hash") is not None
        assert await workers.spend_link(tx, "hash", now) is None
        assert await workers.spend_link(tx, "other", now) is None


@pytest.mark.parametrize("end", ["expired", "idle", "revoked", "removed"])
async def test_a_session_ends(storage: Storage, now: datetime, end: str) -> None:
    async with storage.transaction() as tx:
        worker = await rows.worker(tx, now)
        await workers.add_session(tx, worker.id, "hash", "csrf", now=now, expires_at=now + 5 * HOUR)
    async with storage.transaction() as tx:
        assert await workers.session(tx, "hash", now + HOUR / 2, HOUR) is not None
        if end == "revoked":
            await workers.revoke_session(tx, "hash", now)
        if end == "removed":
            await workers.remove(tx, worker.id, now)
        if end == "expired":
            await workers.touch_session(tx, "hash", now + 5 * HOUR)
        later = {"expired": 5 * HOUR, "idle": HOUR}.get(end, HOUR / 2)

        assert await workers.session(tx, "hash", now + later, HOUR) is None


async def test_who_left_is_known_by_id_only_and_the_name_is_free(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        first = await workers.add(tx, "Li Na", role=Role.admin, telegram_id="7", now=now)
        await workers.add_link(tx, first.id, "hash", now + HOUR)
        await workers.remove(tx, first.id, now)

        assert await workers.by_name(tx, "Li Na") is None
        assert await workers.by_telegram_id(tx, "7") is None
        assert await workers.spend_link(tx, "hash", now) is None
        assert await workers.remove(tx, 99, now) is None
        second = await rows.worker(tx, now)
        assert [worker.id for worker in await workers.everyone(tx)] == [second.id]
        assert [worker.id for worker in await workers.everyone(tx, also_left=True)] == [first.id, second.id]


async def test_two_active_workers_of_one_name_are_refused(storage: Storage, now: datetime) -> None:
    async def add() -> None:
        async with storage.transaction() as tx:
            await rows.worker(tx, now)

    await add()
    with pytest.raises(Conflict):
        await add()


async def test_a_worker_has_communities_or_all(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        await communities.ensure(tx, {"north": {"en": "North", "zh": "北"}}, now)
        everywhere, here = await rows.worker(tx, now), await rows.worker(tx, now, "Wang Wei", ["north"])

        assert await workers.communities_of(tx, everywhere.id) == set()
        assert await workers.communities_of(tx, here.id) == {"north"}
        await workers.set_communities(tx, here.id, [])
        assert await workers.communities_of(tx, here.id) == set()


async def test_communities_are_made_once_and_renamed(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        await communities.ensure(tx, {"north": {"en": "North", "zh": "北"}, "south": {"en": "South", "zh": "南"}}, now)
    async with storage.transaction() as tx:
        await communities.ensure(tx, {"north": {"en": "North Lake", "zh": "北湖"}}, now + HOUR)
        grid = await communities.ensure_grid(tx, "north", "3")
        assert (await communities.ensure_grid(tx, "north", "3")).id == grid.id
    async with storage.reading() as tx:
        listed = [(place.id, place.names["zh"], place.created_at) for place in await communities.everyone(tx)]
        assert [found.name for found in await communities.grids(tx, "north")] == ["3"]
        assert await communities.get(tx, "west") is None

    assert listed == [("north", "北湖", now), ("south", "南", now)]


async def test_the_audit_log_tells_from_when_on(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        worker = await rows.worker(tx, now)
        await audit.record(tx, "claimed", "ticket:1", worker_id=worker.id, now=now)
        await audit.record(tx, "exported", "resident:1", worker_id=None, now=now + HOUR, detail={"rows": 3})
    async with storage.reading() as tx:
        told = await audit.since(tx, now + HOUR)

    assert [(entry.action, entry.subject, entry.worker_id, entry.detail) for entry in told] == [
        ("exported", "resident:1", None, {"rows": 3})
    ]
