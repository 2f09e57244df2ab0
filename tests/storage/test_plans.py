"""What is asked often finds its rows by an index, so that it stays as quick when the tables grow."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from storage import Status, Storage, Transaction, audit, changes, conversations, outbox, people, tickets, workers

# Indexes over the few rows that wait for something: reading all of one is as good as a lookup.
SMALL = ("ix_utterances_held", "ix_deliveries_due", "ix_deliveries_lost", "ix_tickets_live")
GROWING = "utterances|tickets|ticket_events|deliveries|conversations|residents|identities|changes|audit_records|earlier"

FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO {table} ({columns}) SELECT {values} FROM n
"""
PEOPLE, TICKETS, UTTERANCES = 2_000, 3_000, 12_000


async def fill(tx: Transaction, now: datetime) -> None:
    """A neighbourhood after some months: most of it is past."""
    at = f"CAST('{now:%Y-%m-%d %H:%M:%S.%f}' AS timestamptz)" if tx.dialect == "postgresql" else f"'{now:%Y-%m-%d %H:%M:%S.%f}'"
    json = "CAST('[]' AS jsonb)" if tx.dialect == "postgresql" else "'[]'"

    async def insert(table: str, count: int, **values: str) -> None:
        await tx.session.execute(text(FILL.format(table=table, count=count, columns=", ".join(values), values=", ".join(values.values()))))

    chat = f"(i - 1) % {PEOPLE} + 1"
    await insert("residents", PEOPLE, alias="'R-' || i", created_at=at)
    await insert("identities", PEOPLE, resident_id="i", channel="'web'", sender_id="'s' || i")
    await insert(
        "conversations", PEOPLE, channel="'web'", chat_id="'c' || i", chat_kind="'private'", resident_id="i", locale="'en'",
        offered=json, seen_utterance_id="0", created_at=at,
    )  # fmt: skip
    await insert(
        "tickets", TICKETS, number="i", public_id="'p' || i", conversation_id=chat, resident_id=chat, topic="'visa'", reason="'unmatched'",
        status=f"CASE WHEN i > {TICKETS - 40} THEN 'open' ELSE 'closed' END", question="'?'", locale="'en'", nearest=json, opened_at=at,
        closed_at=at, first_replied_at=f"CASE WHEN i % 50 = 0 THEN {at} ELSE NULL END",
    )  # fmt: skip
    await insert(
        "utterances", UTTERANCES, conversation_id=chat, author="'resident'", kind="''", text="'hello'", locale="'en'", message_id="'m' || i",
        in_reply_to_id="CASE WHEN i % 2 = 0 THEN i - 1 ELSE NULL END", ticket_id=f"(i - 1) % {TICKETS} + 1", internal="false",
        attachments=json, choices=json, at=at,
    )  # fmt: skip
    await insert(
        "deliveries", UTTERANCES, channel="'web'", chat_id=f"'c' || ({chat})", conversation_id=chat, utterance_id="i", cause_id="i", reply=json,
        state=f"CASE WHEN i > {UTTERANCES - 50} THEN 'due' ELSE 'sent' END", due_at=at, attempts="1", platform_message_id="'p' || i",
        created_at=at,
    )  # fmt: skip
    await insert("changes", UTTERANCES, subject="'queue'", subject_id="''", at=at)
    await insert("ticket_events", UTTERANCES, ticket_id=f"(i - 1) % {TICKETS} + 1", kind="'opened'", at=at)
    await insert("audit_records", UTTERANCES, action="'seen'", subject="'ticket:' || i", detail=json, at=at)


QUESTIONS: dict[str, Callable[[Transaction, datetime], Awaitable[Any]]] = {
    "queue": lambda tx, now: tickets.queue(tx, communities=None),
    "queue of some communities": lambda tx, now: tickets.queue(tx, communities={"north"}, states={Status.open}),
    "closed tickets": lambda tx, now: tickets.queue(tx, communities=None, states={Status.closed}),
    "counts": lambda tx, now: tickets.counts(tx, None),
    "usual wait": lambda tx, now: tickets.usual_wait(tx, None, now - timedelta(days=1)),
    "live tickets of a conversation": lambda tx, now: tickets.live(tx, 7),
    "tickets of a resident": lambda tx, now: tickets.of_resident(tx, 7),
    "ticket by number": lambda tx, now: tickets.by_number(tx, 7),
    "claim": lambda tx, now: tickets.claim(tx, 7, 1, now),
    "events": lambda tx, now: tickets.events(tx, 7),
    "snoozes that end": lambda tx, now: tickets.wake_due(tx, now),
    "known message": lambda tx, now: conversations.by_message(tx, "web", "c7", "m7"),
    "answered message": lambda tx, now: conversations.by_platform_message(tx, "web", "c7", "p7"),
    "conversation of a sender": lambda tx, now: conversations.of_sender(tx, "web", "c7", "s7"),
    "conversation": lambda tx, now: conversations.find_or_create(tx, "web", "c7", 7, chat_kind="private", locale="en", now=now),
    "resident": lambda tx, now: people.find_or_create(tx, "web", "s7", name=None, now=now),
    "last turns": lambda tx, now: conversations.last_turns(tx, 7, 2),
    "turns since": lambda tx, now: conversations.after(tx, 7, 100),
    "thread": lambda tx, now: conversations.of_ticket(tx, 7),
    "answers to": lambda tx, now: conversations.answers_to(tx, 7),
    "fragments": lambda tx, now: conversations.held(tx, 7),
    "fragments that are due": lambda tx, now: conversations.held_due(tx, now),
    "next fragment": lambda tx, now: conversations.next_held_at(tx),
    "lease": lambda tx, now: outbox.lease_due(tx, now, timedelta(seconds=30)),
    "next delivery": lambda tx, now: outbox.next_due_at(tx),
    "dead deliveries": lambda tx, now: outbox.dead(tx),
    "deliveries of a message": lambda tx, now: outbox.of_cause(tx, 7),
    "confirm": lambda tx, now: outbox.confirm(tx, {7: "p"}, now),
    "held deliveries of a chat": lambda tx, now: outbox.release_held(tx, "web", "c7", now),
    "changes since": lambda tx, now: changes.since(tx, UTTERANCES - 10),
    "latest change": lambda tx, now: changes.latest(tx),
    "audit since": lambda tx, now: audit.since(tx, now + timedelta(days=1)),
    "session": lambda tx, now: workers.session(tx, "hash", now, timedelta(hours=1)),
}


@pytest.fixture
async def asked(storage: Storage, now: datetime) -> list[tuple[str, str, Any]]:
    """Every statement that the questions send, by question."""
    async with storage.transaction() as tx:
        await fill(tx, now)
    async with storage.transaction() as tx:
        await tx.session.execute(text("ANALYZE"))
    sent: list[tuple[str, str, Any]] = []
    for question, ask in QUESTIONS.items():
        async with storage.transaction() as tx:
            engine = (await tx.session.connection()).sync_connection
            assert engine is not None

            def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool, q: str = question) -> None:
                sent.append((q, statement, parameters[0] if many else parameters))

            event.listen(engine, "before_cursor_execute", listen)
            await ask(tx, now)
            await tx.flush()
    return sent


async def test_no_question_reads_a_whole_table(storage: Storage, asked: list[tuple[str, str, Any]]) -> None:
    slow = []
    async with storage.transaction() as tx:
        connection = await tx.session.connection()
        if tx.dialect == "postgresql":
            # These tables are still so small that reading them whole is cheap; asked is whether it can be avoided.
            await tx.session.execute(text("SET LOCAL enable_seqscan = off"))
        for question, statement, parameters in asked:
            if not statement.startswith(("SELECT", "UPDATE", "WITH")) or "pg_" in statement:
                continue
            explain = "EXPLAIN " if tx.dialect == "postgresql" else "EXPLAIN QUERY PLAN "
            plan = [str(row[-1]) for row in (await connection.exec_driver_sql(explain + statement, parameters)).all()]
            slow += [(question, step) for step in plan if reads_all(step)]

    assert slow == []


def reads_all(step: str) -> bool:
    """Whether a step of a plan reads every row of a table that grows."""
    if any(index in step for index in SMALL):
        return False
    return re.search(rf"(SCAN|Seq Scan on) ({GROWING})\b", step) is not None
