"""/forget: after it nothing of the person is left in any table, file, index, log or export; what was counted stays counted."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.desk import Desk
from handlers.export import collect
from handlers.messages import Attachment, AttachmentKind, Audience, ChatKind, Reply, ReplyKind, Thread
from handlers.resident import payloads, visitor
from handlers.resident.receive import receive
from handlers.routine.deliver import settle, take
from handlers.routine.retain import complete_erasures, scrub
from handlers.staff import affairs, queue, reply
from handlers.wire import to_json
from storage import conversations, erasure, groups, handovers, outbox, pace, people, threads, tickets
from storage.base import Base
from storage.errors import StorageError
from storage.groups import GroupFact, Speaker
from storage.pace import Limit
from storage.tickets import Status
from tests.desks import Clock, Person, hire

CANARY = "canary"
PIANO = "Where can I get my piano tuned?"


async def deliver(desk: Desk, channel: str = "test") -> list[Reply]:
    """Send all that is due, as a platform would take it; returns what was sent."""
    shown: list[Reply] = []
    while replies := (await take(desk, channel, 50, ())).replies:
        await settle(desk, {reply.delivery_id: f"platform-{reply.delivery_id}" for reply in replies}, {})
        shown += replies
    return shown


async def live(desk: Desk, person: Person) -> int:
    """Somebody who has been through everything; each word of theirs holds the canary. Returns their id."""
    await person.say(f"How do I register my address? canary-asks-faq {'long ' * 900}")
    letter = Attachment(AttachmentKind.photo, "canary-file-id", "canary-letter.jpg")
    opened = await person.say(f"{PIANO} canary-question E12345678", attachments=(letter,), message_id="canary-message")
    await person.say("/mydata")
    worker = await hire(desk)
    async with desk.storage.transaction() as tx:
        ticket = await tickets.by_number(tx, opened.ticket or 0)
        assert ticket is not None
        chat = await conversations.of_sender(tx, person.channel, f"chat-{person.name}", person.name)
        assert chat is not None
        chat.return_token_hash = visitor.digest("canary")
        now = desk.now()
        fact = GroupFact(
            channel=person.channel, chat_id="group", message_id="9", sender_id=person.name, name=person.name, speaker=Speaker.resident,
            answers=person.name, calls=[], addressed=True, action="answer", at=now,
        )  # fmt: skip
        await groups.record(tx, [fact])
        await handovers.add(tx, "hash", channel=person.channel, sender_id=person.name, question="canary-handed-over", expires_at=now)
        await pace.take(tx, {f"web:visitor:{person.name}": Limit(30, desk.policy.reopen_within)}, now)
        await threads.put(tx, person.channel, "staff", f"ticket:{ticket.number}", "77", "open 1 canary-title")
        card = Reply(
            person.channel, "staff", Audience.staff, ReplyKind.card, "canary-card", "en", ticket=ticket.number, slot=f"card:{ticket.number}",
            thread=Thread(f"ticket:{ticket.number}", "Ticket"),
        )  # fmt: skip
        await outbox.add(tx, channel=person.channel, chat_id="staff", reply=to_json(card), due_at=now)
    await queue.claim(desk, worker.id, ticket.id)
    await reply.reply(desk, worker.id, ticket.id, "canary-answer for you")
    await reply.note(desk, worker.id, ticket.id, "canary-note for colleagues")
    await deliver(desk)
    await queue.close(desk, worker.id, ticket.id, "canary told in a sentence")
    return ticket.resident_id


@pytest.fixture
def anna(desk: Desk) -> Person:
    """Somebody whose every sign is a canary."""
    return Person(desk, name="canary-anna")


@pytest.fixture
async def others(desk: Desk) -> None:
    """Other people's rows around hers."""
    for n in range(40):
        await Person(desk, name=f"other-{n}").say(f"How do I register my address? {'words ' * 80}")


async def rows(desk: Desk) -> dict[str, list[str]]:
    """Every row of every table as text."""
    found: dict[str, list[str]] = {}
    async with desk.storage.reading() as tx:
        for table in Base.metadata.sorted_tables:
            found[table.name] = [json.dumps(list(row), default=str) for row in (await tx.session.execute(table.select())).all()]
    return found


def canaries(found: dict[str, list[str]]) -> list[str]:
    return [f"{table}: {row}" for table, all_rows in found.items() for row in all_rows if CANARY in row.lower()]


def database_files(desk: Desk) -> Iterator[Path]:
    path = desk.storage.path
    assert path is not None
    yield from path.parent.glob(f"{path.name}*")


async def server_files(desk: Desk) -> list[Path]:
    async with desk.storage.reading() as tx:
        folder = await tx.session.scalar(text("SHOW data_directory"))
        database = await tx.session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return list(Path(f"{folder}/base/{database}").iterdir())  # noqa: ASYNC240 - a test may wait for its disk


async def afterwards(desk: Desk, clock: Clock) -> None:
    """What goes on by itself within the next minute."""
    clock.pass_(minutes=1)
    await deliver(desk)
    await complete_erasures(desk)
    assert await scrub(desk)


async def forget(person: Person) -> Reply:
    """Ask, and mean it."""
    question = await person.say("/forget")
    assert "cannot be undone" in question.text
    return await person.tap("Delete everything")


async def test_after_forget_no_table_file_index_log_or_export_holds_the_person(
    anna: Person, desk: Desk, others: None, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="handlers"):
        resident_id = await live(desk, anna)
        assert len(canaries(await rows(desk))) > 12
        if desk.storage.dialect == "sqlite":
            assert any(CANARY.encode() in path.read_bytes() for path in database_files(desk))
        said = await forget(anna)
        await afterwards(desk, clock)
    assert "deleted" in said.text
    assert canaries(await rows(desk)) == []
    assert CANARY not in caplog.text
    async with desk.storage.transaction() as tx:
        assert CANARY not in json.dumps(await collect(desk, tx, resident_id))
    if desk.storage.dialect == "sqlite":
        assert [path.name for path in database_files(desk) if CANARY.encode() in path.read_bytes()] == []
    else:
        await desk.storage.scrub(rewrite=True)
        assert [path.name for path in await server_files(desk) if CANARY.encode() in path.read_bytes()] == []


async def test_what_was_counted_stays_counted(anna: Person, desk: Desk, others: None) -> None:
    resident_id = await live(desk, anna)
    before = await rows(desk)
    await forget(anna)
    after = await rows(desk)
    assert len(after["residents"]) == len(before["residents"])
    assert len(after["tickets"]) == len(before["tickets"])
    assert len(after["identities"]) == len(before["identities"]) - 1
    async with desk.storage.reading() as tx:
        ticket = (await tickets.of_resident(tx, resident_id))[0]
        proof = await erasure.of_resident(tx, resident_id)
    assert (ticket.question, ticket.outcome, ticket.first_replied_at is not None) == ("", None, True)
    assert proof is not None
    assert proof.done_at == desk.now()
    assert proof.counts["tickets"] == 1


async def test_neighbours_keep_every_word(anna: Person, desk: Desk, others: None) -> None:
    neighbour = Person(desk, name="neighbour")
    await live(desk, Person(desk, name="canary-second"))
    await neighbour.say("/language en")
    before = [row for row in canaries(await rows(desk)) if "second" in row]
    await neighbour.say("/forget")
    await neighbour.tap("Delete everything")
    assert [row for row in canaries(await rows(desk)) if "second" in row] == before


async def test_card_in_the_staff_group_is_replaced_by_a_neutral_line(anna: Person, desk: Desk) -> None:
    await live(desk, anna)
    await forget(anna)
    shown = await deliver(desk)
    cards = [reply for reply in shown if reply.chat_id == "staff"]
    assert [card.slot for card in cards][-1:] == ["card:1"]
    assert "asked for deletion" in cards[-1].text


async def test_the_same_tap_again_finds_nobody_and_keeps_nothing(anna: Person, desk: Desk, clock: Clock) -> None:
    await live(desk, anna)
    await forget(anna)
    await afterwards(desk, clock)
    before = await rows(desk)
    again = await anna.say("", choice=payloads.payload(payloads.FORGET, "yes"))
    assert "Nothing is held" in again.text or "没有保存" in again.text
    await afterwards(desk, clock)
    after = await rows(desk)
    assert canaries(after) == []
    kept = ("residents", "identities", "conversations", "utterances", "tickets", "deliveries")
    assert {name: len(after[name]) for name in kept} == {name: len(before[name]) for name in kept}


async def test_who_comes_back_is_a_stranger(anna: Person, desk: Desk) -> None:
    await live(desk, anna)
    await forget(anna)
    await anna.say(PIANO)
    async with desk.storage.transaction() as tx:
        found = await people.find_or_create(tx, anna.channel, anna.name, name=None, now=desk.now())
        assert len(await tickets.of_resident(tx, found.id)) == 1


async def test_keeping_it_deletes_nothing(anna: Person, desk: Desk) -> None:
    await anna.say(PIANO)
    await anna.say("/forget")
    assert "Nothing was deleted" in (await anna.tap("Keep it")).text
    assert canaries(await rows(desk))


async def test_urgent_ticket_stays_until_it_is_closed_and_why_is_said(anna: Person, desk: Desk, clock: Clock) -> None:
    await anna.say("How do I register my address? canary-unrelated")
    opened = await anna.say(PIANO + " canary-danger")
    async with desk.storage.transaction() as tx:
        ticket = await tickets.by_number(tx, opened.ticket or 0)
        assert ticket is not None
        ticket.urgency = "violence"
    question = await anna.say("/forget")
    assert f"Ticket {ticket.number} is about danger" in question.text
    done = await anna.tap("Delete everything")
    assert f"Ticket {ticket.number} is about danger" in done.text
    left = canaries(await rows(desk))
    assert any("canary-danger" in row for row in left)
    assert not any("canary-unrelated" in row for row in left)
    worker = await hire(desk)
    await queue.claim(desk, worker.id, ticket.id)
    await reply.reply(desk, worker.id, ticket.id, "Are you safe now?")
    await deliver(desk)
    await queue.close(desk, worker.id, ticket.id)
    await afterwards(desk, clock)
    assert canaries(await rows(desk)) == []


async def test_in_a_group_it_leads_to_the_private_chat(anna: Person, desk: Desk) -> None:
    for command in ("/forget", "/mydata"):
        said = await receive(desk, anna.message(command, chat_kind=ChatKind.group))
        assert [reply.kind for reply in said.replies] == [ReplyKind.pointer]


async def test_supervisor_forgets_on_request_worker_may_not_and_it_is_recorded(anna: Person, desk: Desk) -> None:
    from handlers.errors import NotAllowed, NotFound
    from storage import audit
    from storage.workers import Role

    resident_id = await live(desk, anna)
    async with desk.storage.reading() as tx:
        resident = await people.get(tx, resident_id)
    assert resident is not None
    plain = await hire(desk, "Plain")
    boss = await hire(desk, "Boss", role=Role.supervisor)
    with pytest.raises(NotAllowed):
        await affairs.forget(desk, plain.id, resident.alias)
    with pytest.raises(NotFound):
        await affairs.export(desk, boss.id, "R-9999")
    assert (await affairs.export(desk, boss.id, resident.alias))["person"]["name"] == "canary-anna"
    assert await affairs.forget(desk, boss.id, resident.alias) == ()
    assert canaries(await rows(desk)) == []
    async with desk.storage.reading() as tx:
        done = [(record.action, record.worker_id) for record in await audit.of_subjects(tx, [f"resident:{resident_id}"])]
    assert ("resident_exported", boss.id) in done
    assert ("resident_forgotten", boss.id) in done


async def test_open_tickets_that_are_not_urgent_are_taken_back(anna: Person, desk: Desk) -> None:
    opened = await anna.say(PIANO)
    await forget(anna)
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, opened.ticket or 0)
    assert ticket is not None
    assert (ticket.status, ticket.outcome) == (Status.closed, "withdrawn")


async def test_a_store_that_says_no_forgets_nothing(anna: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage import marks

    await live(desk, anna)
    before = await rows(desk)

    async def refuse(*_: object) -> None:
        raise StorageError("no")

    with monkeypatch.context() as patched:
        patched.setattr(marks, "put", refuse)
        with pytest.raises(StorageError):
            await receive(desk, anna.message("", choice=payloads.payload(payloads.FORGET, "yes")))
    assert await rows(desk) == before
