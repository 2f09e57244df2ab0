"""Everything held about one person, as plain values: what they may take with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.desk import Desk
from handlers.errors import NotFound
from storage import audit, communities, conversations, people, tickets, workers
from storage.conversations import Conversation, Utterance
from storage.people import Resident
from storage.tickets import Ticket
from storage.transaction import Transaction

#: The form of the file; raised when a field changes its meaning.
VERSION = 1
#: How many turns are fetched at once.
PAGE = 500
#: Records of the audit log that say that somebody saw or took the person's words.
SEEN = ("ticket_seen", "resident_exported", "resident_seen")

Export = dict[str, Any]


async def collect(desk: Desk, tx: Transaction, resident_id: int) -> Export:
    """What is held, oldest first. Notes that workers wrote for each other are counted, not quoted: they may speak of others."""
    resident = await people.get(tx, resident_id)
    if resident is None:
        raise NotFound
    owned = list(reversed(await tickets.of_resident(tx, resident_id)))
    numbers = {ticket.id: ticket.number for ticket in owned}
    staff = {worker.id: worker.name for worker in await workers.everyone(tx, also_left=True)}
    talks = await conversations.of_resident(tx, resident_id)
    threads = [turn for ticket in owned for turn in await conversations.of_ticket(tx, ticket.id)]
    return {
        "export": "linli",
        "version": VERSION,
        "made_at": _moment(desk.now()),
        "person": await _person(tx, resident),
        "known_by": [{"channel": one.channel, "id": one.sender_id, "name": one.name} for one in await people.identities(tx, resident_id)],
        "conversations": [await _talk(tx, talk, numbers, staff) for talk in talks],
        "tickets": [await _ticket(tx, ticket, staff) for ticket in owned],
        "seen_by": await _seen(tx, resident_id, numbers, staff),
        "notes_of_workers": sum(turn.internal for turn in threads),
    }


async def _person(tx: Transaction, resident: Resident) -> Export:
    community = await communities.get(tx, resident.community_id) if resident.community_id else None
    return {
        "alias": resident.alias,
        "name": resident.name,
        "language": resident.locale,
        "community": community.names if community else None,
        "since": _moment(resident.created_at),
        "privacy_notice": resident.privacy_version,
        "privacy_notice_at": _moment(resident.privacy_at),
    }


async def _talk(tx: Transaction, talk: Conversation, numbers: dict[int, int], staff: dict[int, str]) -> Export:
    said: list[Utterance] = []
    while page := await conversations.after(tx, talk.id, said[-1].id if said else 0, PAGE):
        said += page
    return {
        "channel": talk.channel,
        "chat": talk.chat_id,
        "kind": talk.chat_kind,
        "language": talk.locale,
        "since": _moment(talk.created_at),
        "messages": [_message(turn, numbers, staff) for turn in said],
    }


def _message(turn: Utterance, numbers: dict[int, int], staff: dict[int, str]) -> Export:
    return {
        "at": _moment(turn.at),
        "author": turn.author,
        "name": staff.get(turn.worker_id) if turn.worker_id else None,
        "kind": turn.kind,
        "text": turn.text,
        "language": turn.locale,
        "entry": turn.entry_id,
        "ticket": numbers.get(turn.ticket_id) if turn.ticket_id else None,
        "button": turn.choice,
        "files": [{"kind": file.get("kind"), "name": file.get("name"), "reference": file.get("reference")} for file in turn.attachments],
        "helped": {1: True, -1: False}.get(turn.feedback or 0),
    }


async def _ticket(tx: Transaction, ticket: Ticket, staff: dict[int, str]) -> Export:
    return {
        "number": ticket.number,
        "question": ticket.question,
        "topic": ticket.topic,
        "urgent": ticket.urgency is not None,
        "status": ticket.status,
        "with": staff.get(ticket.assignee_id) if ticket.assignee_id else None,
        "opened_at": _moment(ticket.opened_at),
        "first_answer_at": _moment(ticket.first_replied_at),
        "closed_at": _moment(ticket.closed_at),
        "outcome": ticket.outcome,
        "rating": ticket.rating,
        "steps": [
            {"at": _moment(step.at), "step": step.kind, "by": staff.get(step.worker_id) if step.worker_id else None}
            for step in await tickets.events(tx, ticket.id)
        ],
    }


async def _seen(tx: Transaction, resident_id: int, numbers: dict[int, int], staff: dict[int, str]) -> Sequence[Export]:
    """Who looked, and when."""
    about = {f"ticket:{ticket_id}": number for ticket_id, number in numbers.items()}
    records = await audit.of_subjects(tx, [*about, f"resident:{resident_id}"])
    return [
        {
            "at": _moment(record.at),
            "who": staff.get(record.worker_id) if record.worker_id else None,
            "what": record.action,
            "ticket": about.get(record.subject),
        }
        for record in records
        if record.action in SEEN
    ]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
