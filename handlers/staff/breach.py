"""A breach can be told within the hour: whose data, which fields, by whom, since when, from the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk
from storage import audit, people, tickets, workers
from storage.audit import AuditRecord
from storage.transaction import Transaction

_THREAD = ("name", "question", "messages", "files", "notes", "community", "earlier_tickets")
_ALL = ("name", "channel_ids", "messages", "tickets", "files", "views")
#: What an action lays open, by the names of the data map. Actions that show no resident's data are not listed.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "ticket_seen": _THREAD,
    "resident_seen": _THREAD,
    "resident_exported": _ALL,
    "tickets_exported": ("question", "messages"),
    "attachment_seen": ("files",),
    "searched": ("question", "messages"),
    "backup_made": _ALL,
}


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one worker saw of one resident. `who` is None for the operator at the machine, `alias` None where it cannot be told."""

    alias: str | None
    who: str | None
    fields: tuple[str, ...]
    tickets: tuple[int, ...]
    times: int
    first_at: datetime
    last_at: datetime


async def breach(desk: Desk, since: datetime, *, worker: str | None = None) -> list[Exposure]:
    """What was laid open since then, optionally by one worker alone, the most recent first."""
    found: dict[tuple[str, int | None], list[AuditRecord]] = {}
    async with desk.storage.reading() as tx:
        names = {one.id: one.name for one in await workers.everyone(tx, also_left=True)}
        after = 0
        while records := await audit.since(tx, since, after=after):
            after = records[-1].id
            for record in records:
                if record.action in FIELDS and (worker is None or names.get(record.worker_id or 0) == worker):
                    found.setdefault((record.subject, record.worker_id), []).append(record)
        exposures = await _by_person(tx, found, names)
    return sorted(exposures, key=lambda one: one.last_at, reverse=True)


async def _by_person(
    tx: Transaction, found: Mapping[tuple[str, int | None], list[AuditRecord]], names: Mapping[int, str]
) -> list[Exposure]:
    people_seen: dict[tuple[str | None, int | None], tuple[list[AuditRecord], set[int]]] = {}
    for (subject, worker_id), records in found.items():
        alias, number = await _whose(tx, subject)
        seen, numbers = people_seen.setdefault((alias, worker_id), ([], set()))
        seen += records
        numbers.update({number} if number else ())
    return [
        Exposure(
            alias=alias,
            who=names.get(worker_id) if worker_id else None,
            fields=tuple(dict.fromkeys(field for record in records for field in FIELDS[record.action])),
            tickets=tuple(sorted(numbers)),
            times=len(records),
            first_at=min(record.at for record in records),
            last_at=max(record.at for record in records),
        )
        for (alias, worker_id), (records, numbers) in people_seen.items()
    ]


async def _whose(tx: Transaction, subject: str) -> tuple[str | None, int | None]:
    """The alias behind a subject of the audit log, and the ticket's number where it is one."""
    kind, _colon, number = subject.partition(":")
    if not number.isdecimal():
        return None, None
    ticket = await tickets.get(tx, int(number)) if kind == "ticket" else None
    resident_id = ticket.resident_id if ticket else int(number) if kind == "resident" else None
    resident = await people.get(tx, resident_id) if resident_id else None
    return (resident.alias if resident else None), (ticket.number if ticket else None)
