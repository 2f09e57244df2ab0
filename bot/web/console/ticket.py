"""One ticket: its thread, what is known beside it, and everything that a worker can do about it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat import NAME
from bot.channels.webchat.layout import Run, laid_out, runs, tag
from bot.settings import Settings
from bot.web import languages
from bot.web.console.access import PATH, Signed, form, signed
from bot.web.console.queue import queue_values
from bot.web.console.telling import Teller
from bot.web.pages import page
from bot.web.refusals import Refused
from bot.web.times import HERE
from handlers.desk import Desk
from handlers.errors import EmptyMessage, NotAllowed, NotFound, TicketClosed, TicketTaken
from handlers.resident.transcript import Line
from handlers.staff import piles, queue, reply, roster
from handlers.staff.queue import Case


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What is said when an act is done, by its name.
DONE = {
    "claim": _("It is yours."),
    "reply": _("Sent."),
    "entry": _("Sent."),
    "note": _("The note is kept. The resident does not see it."),
    "assign": _("Handed over."),
    "release": _("It is back in the queue."),
    "snooze": _("Put aside; a word of the resident brings it back at once."),
    "close": _("Closed. The resident is asked how it was."),
    "reopen": _("It is open again, and yours."),
    "draft": _("The draft is with the admin, without names and numbers of persons. Thank you."),
}
#: How a ticket can be put aside.
SNOOZES = {
    "hour": _("for an hour"),
    "morning": _("until tomorrow, 9:00"),
    "three": _("for three days"),
    "week": _("for a week"),
}
OUTCOMES = {
    "solved": _("solved"),
    "passed_on": _("passed on to another office"),
    "not_ours": _("not our field"),
    "unreachable": _("no word from them"),
}
Act = Callable[[Desk, int, int, FormData], Awaitable[None]]


def router(desk: Desk, settings: Settings) -> APIRouter:
    """The ticket's routes."""
    routes = APIRouter(prefix=f"{PATH}/tickets", include_in_schema=False)

    @routes.get("/{number}")
    async def ticket(request: Request, number: int, done: str = "", pile: str = "answer") -> Response:
        who = await signed(request, desk)
        case = await queue.look(desk, who.worker_id, await piles.numbered(desk, who.worker_id, number))
        return await _page(desk, request, who, case, pile=pile, said=DONE.get(done))

    @routes.get("/{number}/thread")
    async def thread(request: Request, number: int) -> Response:
        who = await signed(request, desk, looking=True)
        case = await queue.look(desk, who.worker_id, await piles.numbered(desk, who.worker_id, number), again=True)
        return page(request, "thread-part.html", **_values(desk, request, who, case))

    @routes.post("/{number}/{act}")
    async def do(request: Request, number: int, act: str) -> Response:
        who, fields = await form(request, desk, settings)
        if act not in ACTS:
            raise Refused(404)
        ticket_id = await piles.numbered(desk, who.worker_id, number)
        try:
            await ACTS[act](desk, who.worker_id, ticket_id, fields)
        except (TicketTaken, TicketClosed, EmptyMessage, NotAllowed) as error:
            case = await queue.look(desk, who.worker_id, ticket_id)
            written = {name: _field(fields, name) for name in ("text", "note")}
            return await _page(desk, request, who, case, status=409, sorry=error.told(languages.page(request)), written=written)
        return RedirectResponse(f"{PATH}/tickets/{number}?done={act}", 303)

    return routes


async def _page(
    desk: Desk,
    request: Request,
    who: Signed,
    case: Case,
    *,
    pile: str = "answer",
    status: int = 200,
    said: str | None = None,
    sorry: str | None = None,
    written: dict[str, str] | None = None,
) -> Response:
    beside = await queue_values(desk, request, who, pile, case.ticket.number)
    colleagues = [one for one in await roster.everyone(desk) if one.id != case.ticket.assignee_id]
    return page(
        request,
        "ticket.html",
        status=status,
        **{**beside, **_values(desk, request, who, case)},
        said=said,
        sorry=sorry,
        written=written or {"text": "", "note": ""},
        colleagues=colleagues,
        snoozes=SNOOZES,
        outcomes=OUTCOMES,
    )


def _values(desk: Desk, request: Request, who: Signed, case: Case) -> dict[str, Any]:
    language = languages.page(request)
    teller = Teller(desk, language, who.worker_id, who.name)
    return {
        "who": who,
        "tell": teller,
        "case": case,
        "ticket": case.ticket,
        "before": [_turn(case, one) for one in case.before],
        "thread": _thread(case, teller),
        "nearest": [(one, _short(desk, one, case.resident.community_id, language)) for one in case.nearest],
        "tag": tag,
    }


def _short(desk: Desk, entry: Any, community_id: str | None, language: str) -> tuple[Run, ...]:
    """The first part of an entry's answer, for a worker to judge it by."""
    return runs("\n".join(desk.faq.catalogue.fill(entry.answers[language].part("short"), community_id, language)))


def _thread(case: Case, teller: Teller) -> list[dict[str, Any]]:
    """Words and events in the order in which they happened."""
    turns = [_turn(case, one) for one in case.thread]
    told = [{"event": words, "at": event.at} for event in case.events if (words := teller.event(event, case))]
    return sorted([*turns, *told], key=lambda one: (one["at"], "event" not in one))


def _turn(case: Case, said: Any) -> dict[str, Any]:
    """One turn as the thread shows it; of a tapped button its words."""
    labels = {choice["payload"]: choice["label"] for one in (*case.before, *case.thread) for choice in one.choices}
    name = case.names.get(said.worker_id)
    line = Line(
        said.id,
        said.author,
        said.kind,
        said.text or labels.get(said.choice or "", ""),
        said.locale,
        said.entry_id,
        None,
        said.at,
        name=name,
    )
    return {
        "line": line,
        "at": said.at,
        "halves": laid_out(line),
        "internal": said.internal,
        "tapped": bool(said.choice and not said.text),
        "offered": [choice["label"] for choice in said.choices] if said.kind == "suggestion" else [],
        "attachments": said.attachments,
        "seen": _seen(case, said),
    }


def _seen(case: Case, said: Any) -> bool | None:
    """Whether the resident's page has shown a worker's words; None where nobody can know, or nobody shall see them."""
    if case.conversation.channel != NAME or said.author != "worker" or said.internal:
        return None
    return bool(said.id <= case.conversation.seen_utterance_id)


def _field(fields: FormData, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


async def _claim(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.claim(desk, worker_id, ticket_id)


async def _reply(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await reply.reply(desk, worker_id, ticket_id, _field(fields, "text"))


async def _entry(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await reply.send_entry(desk, worker_id, ticket_id, _field(fields, "entry"))


async def _note(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await reply.note(desk, worker_id, ticket_id, _field(fields, "note"))


async def _assign(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    to = _field(fields, "to")
    if not to.isdecimal() or len(to) > 18:
        raise NotFound
    await queue.assign(desk, worker_id, ticket_id, int(to))


async def _release(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.release(desk, worker_id, ticket_id)


async def _snooze(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.snooze(desk, worker_id, ticket_id, snoozed_until(_field(fields, "until"), desk.now()))


async def _close(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    outcome = _field(fields, "outcome")
    await queue.close(desk, worker_id, ticket_id, outcome if outcome in OUTCOMES else "solved")


async def _reopen(desk: Desk, worker_id: int, ticket_id: int, fields: FormData) -> None:
    await queue.reopen(desk, worker_id, ticket_id)


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
}


def snoozed_until(choice: str, now: datetime) -> datetime:
    """The moment that a worker means by `choice` of `SNOOZES`."""
    if choice == "morning":
        return (now.astimezone(HERE) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return now + {"three": timedelta(days=3), "week": timedelta(days=7)}.get(choice, timedelta(hours=1))
