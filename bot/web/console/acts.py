"""Everything that a worker can do about one ticket, by the name that a form calls it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from starlette.datastructures import FormData

from bot.web.refusals import Refused
from bot.web.times import HERE
from handlers.desk import Desk
from handlers.errors import NotFound
from handlers.staff import merging, piles, presence, queue, reply, tagging, undo


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What is said when an act is done, by its name.
DONE = {
    "claim": _("It is yours."),
    "reply": _("It goes out in a few seconds; until then you can take it back."),
    "entry": _("Sent."),
    "note": _("The note is kept. The resident does not see it."),
    "assign": _("Handed over."),
    "release": _("It is back in the queue."),
    "snooze": _("Put aside; a word of the resident brings it back at once."),
    "close": _("Closed. The resident is asked how it was."),
    "reopen": _("It is open again, and yours."),
    "draft": _("The draft is with the admin, without names and numbers of persons. Thank you."),
    "merge": _("The two are one ticket now, and it is yours."),
    "tag": _("The tag is on it."),
    "untag": _("The tag is off."),
}
#: How a ticket can be put aside.
SNOOZES = {
    "hour": _("for an hour"),
    "morning": _("until tomorrow, 9:00"),
    "three": _("for three days"),
    "week": _("for a week"),
    "answer": _("until they write"),
}
#: A ticket is put aside by its own time for so long at most; later is a slip of the finger.
LONGEST = timedelta(days=366)
NO_TIME = _("Choose a time that is still to come, within a year.")
OUTCOMES = {
    "solved": _("solved"),
    "passed_on": _("passed on to another office"),
    "not_ours": _("not our field"),
    "unreachable": _("no word from them"),
}
#: Returns the number of the ticket to show then, where it is another one.
Act = Callable[[Desk, int, int, FormData], Awaitable[int | None]]


def field(fields: FormData, name: str) -> str:
    """The words of a field; none where a file or nothing came."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def whole(words: str) -> int:
    """A number that a form carries. Raises `NotFound` for what is none."""
    if not (words.isascii() and words.isdecimal()) or len(words) > 18:
        raise NotFound
    return int(words)


async def _claim(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.claim(desk, worker_id, ticket_id)


async def _reply(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await undo.hold_back(desk, worker_id, ticket_id, field(fields, "text"))
    await presence.gone(desk, worker_id, ticket_id)


async def _entry(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await reply.send_entry(desk, worker_id, ticket_id, field(fields, "entry"))


async def _note(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await reply.note(desk, worker_id, ticket_id, field(fields, "note"))


async def _assign(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.assign(desk, worker_id, ticket_id, whole(field(fields, "to")))


async def _release(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.release(desk, worker_id, ticket_id)


async def _snooze(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    choice, own = field(fields, "until"), field(fields, "at")
    if choice == "answer" and not own:
        await queue.wait_for_answer(desk, worker_id, ticket_id)
        return
    until = own_time(own, desk.now()) if own else snoozed_until(choice, desk.now())
    await queue.snooze(desk, worker_id, ticket_id, until)


async def _close(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    outcome = field(fields, "outcome")
    await queue.close(desk, worker_id, ticket_id, outcome if outcome in OUTCOMES else "solved")


async def _reopen(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.reopen(desk, worker_id, ticket_id)


async def _merge(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> int:
    into = await piles.numbered(desk, worker_id, whole(field(fields, "into")))
    return (await merging.merge(desk, worker_id, ticket_id, into)).number


async def _tag(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await tagging.tag(desk, worker_id, ticket_id, field(fields, "tag"))


async def _untag(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await tagging.untag(desk, worker_id, ticket_id, field(fields, "tag"))


ACTS: dict[str, Act] = {
    "claim": _claim,
    "reply": _reply,
    "entry": _entry,
    "note": _note,
    "assign": _assign,
    "release": _release,
    "snooze": _snooze,
    "close": _close,
    "reopen": _reopen,
    "merge": _merge,
    "tag": _tag,
    "untag": _untag,
}


def snoozed_until(choice: str, now: datetime) -> datetime:
    """The moment that a worker means by `choice` of `SNOOZES`."""
    if choice == "morning":
        return (now.astimezone(HERE) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return now + {"three": timedelta(days=3), "week": timedelta(days=7)}.get(choice, timedelta(hours=1))


def own_time(words: str, now: datetime) -> datetime:
    """A date and time as a form's field gives it, on the clock here. Raises `Refused` unless it is still to come."""
    try:
        until = datetime.fromisoformat(words).replace(tzinfo=HERE)
    except ValueError:
        raise Refused(422, NO_TIME) from None
    if not now < until <= now + LONGEST:
        raise Refused(422, NO_TIME)
    return until
