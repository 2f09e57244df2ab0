"""One ticket: its thread, what is known beside it, and everything that a worker can do about it."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat import NAME
from bot.channels.webchat.layout import Run, laid_out, runs, tag
from bot.settings import Settings
from bot.web import languages
from bot.web.console.access import PATH, Signed, form, signed
from bot.web.console.acts import ACTS, DONE, OUTCOMES, SNOOZES, field, whole
from bot.web.console.queue import queue_values
from bot.web.console.telling import Teller
from bot.web.pages import page
from bot.web.refusals import Refused
from handlers.desk import Desk
from handlers.errors import AlreadySaid, EmptyMessage, NotAllowed, NotTheSame, TicketClosed, TicketTaken
from handlers.resident.transcript import Line
from handlers.staff import canned, merging, piles, presence, queue, roster, tagging, undo
from handlers.staff.queue import Case


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


TAKEN_BACK = _("It was not sent. Here it is again, to be changed.")


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
        return page(request, "thread-part.html", **await _values(desk, request, who, case))

    @routes.post("/{number}/canned")
    async def fill(request: Request, number: int) -> Response:
        """What was written so far, with a ready reply behind it; where the script runs it does the same without coming here."""
        who, fields = await form(request, desk, settings)
        case = await queue.look(desk, who.worker_id, await piles.numbered(desk, who.worker_id, number), again=True)
        language, _colon, name = field(fields, "canned").partition(":")
        _theirs, ready = await canned.replies(desk, who.worker_id, case.ticket.id)
        words = next((one.texts.get(language, "") for one in ready if one.id == name), "")
        text = "\n".join(part for part in (field(fields, "text").rstrip(), words) if part)
        return await _page(desk, request, who, case, written={"text": text, "note": ""})

    @routes.post("/{number}/undo")
    async def take_back(request: Request, number: int) -> Response:
        """The answer stands in its field again, to be changed."""
        who, fields = await form(request, desk, settings)
        ticket_id = await piles.numbered(desk, who.worker_id, number)
        try:
            text = await undo.take_back(desk, who.worker_id, whole(field(fields, "held")))
        except AlreadySaid as error:
            case = await queue.look(desk, who.worker_id, ticket_id, again=True)
            return await _page(desk, request, who, case, status=409, sorry=error.told(languages.page(request)))
        case = await queue.look(desk, who.worker_id, ticket_id, again=True)
        return await _page(desk, request, who, case, said=TAKEN_BACK, written={"text": text, "note": ""})

    @routes.post("/{number}/here")
    async def here(request: Request, number: int) -> Response:
        """The script says every few seconds that this worker is writing; with `gone` that they have stopped."""
        who, fields = await form(request, desk, settings)
        ticket_id = await piles.numbered(desk, who.worker_id, number)
        await (presence.gone if field(fields, "gone") else presence.here)(desk, who.worker_id, ticket_id)
        return Response(status_code=204)

    @routes.post("/{number}/{act}")
    async def do(request: Request, number: int, act: str) -> Response:
        who, fields = await form(request, desk, settings)
        if act not in ACTS:
            raise Refused(404)
        ticket_id = await piles.numbered(desk, who.worker_id, number)
        try:
            other = await ACTS[act](desk, who.worker_id, ticket_id, fields)
        except (TicketTaken, TicketClosed, EmptyMessage, NotAllowed, NotTheSame) as error:
            case = await queue.look(desk, who.worker_id, ticket_id)
            written = {name: field(fields, name) for name in ("text", "note")}
            return await _page(desk, request, who, case, status=409, sorry=error.told(languages.page(request)), written=written)
        return RedirectResponse(f"{PATH}/tickets/{other or number}?done={act}", 303)

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
    theirs, ready = await canned.replies(desk, who.worker_id, case.ticket.id)
    colleagues = [one for one in await roster.everyone(desk) if one.id != case.ticket.assignee_id]
    return page(
        request,
        "ticket.html",
        status=status,
        **{**beside, **await _values(desk, request, who, case)},
        said=said,
        sorry=sorry,
        written=written or {"text": "", "note": ""},
        colleagues=colleagues,
        snoozes=SNOOZES,
        outcomes=OUTCOMES,
        ready=[
            (language, [(one.id, one.titles, one.texts[language]) for one in ready]) for language in sorted(("en", "zh"), key=theirs.__ne__)
        ],
        merges=await merging.candidates(desk, who.worker_id, case.ticket.id) if case.ticket.live else (),
        tags=await tagging.of_ticket(desk, who.worker_id, case.ticket.id),
        known_tags=await tagging.known(desk, who.worker_id),
    )


async def _values(desk: Desk, request: Request, who: Signed, case: Case) -> dict[str, Any]:
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
        "held": await undo.held(desk, who.worker_id, case.ticket.id),
        "writing": await presence.others(desk, who.worker_id, case.ticket.id),
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
