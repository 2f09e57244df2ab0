"""The queue: its page, its part that is brought up to date, and the stream that says when."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from bot.web import languages
from bot.web.console.access import PATH, Signed, signed
from bot.web.console.telling import Teller
from bot.web.pages import page
from handlers.desk import Desk
from handlers.staff import piles, roster
from handlers.staff.news import news
from handlers.staff.piles import Pile


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


NAMES = {
    Pile.answer: _("To answer"),
    Pile.waiting: _("Waiting"),
    Pile.aside: _("Aside"),
    Pile.closed: _("Closed"),
}
EMPTY = {
    Pile.answer: _("Nobody is waiting for an answer."),
    Pile.waiting: _("Nobody owes us a word."),
    Pile.aside: _("Nothing is put aside."),
    Pile.closed: _("Nothing was closed yet."),
}
#: Seconds after which a stream looks whether its worker is still signed in.
LOOK_S = 20.0


def router(desk: Desk) -> APIRouter:
    """The queue's routes."""
    routes = APIRouter(prefix=PATH, include_in_schema=False)

    @routes.get("")
    async def queue(request: Request, pile: str = "answer") -> Response:
        who = await signed(request, desk)
        return page(request, "queue.html", **await queue_values(desk, request, who, pile))

    @routes.get("/queue")
    async def part(request: Request, pile: str = "answer", ticket: int = 0) -> Response:
        who = await signed(request, desk, looking=True)
        return page(request, "queue-part.html", **await queue_values(desk, request, who, pile, ticket))

    @routes.get("/stream")
    async def stream(request: Request) -> EventSourceResponse:
        who = await signed(request, desk, looking=True)
        return EventSourceResponse(_changes(desk, who.token), ping=15, sep="\n")

    return routes


async def queue_values(desk: Desk, request: Request, who: Signed, pile: str, ticket: int = 0) -> dict[str, Any]:
    """What the templates of the queue need; `ticket` is the number of the ticket that is open beside it."""
    which = Pile(pile) if pile in set(Pile) else Pile.answer
    counts = await piles.counts(desk, who.worker_id)
    return {
        "who": who,
        "tell": Teller(desk, languages.page(request), who.worker_id, who.name),
        "rows": await piles.pile(desk, who.worker_id, which),
        "pile": which,
        "piles": [(one, name, counts.get(one)) for one, name in NAMES.items()],
        "nothing": EMPTY[which],
        "current": ticket,
    }


async def _changes(desk: Desk, token: str) -> AsyncIterator[ServerSentEvent]:
    """One event each time anything has changed; it ends soon after the worker was signed out."""
    seen = await news(desk, 0, 0)
    yield ServerSentEvent(str(seen), event="changed")
    while await roster.session(desk, token) is not None:
        now = await news(desk, seen, LOOK_S)
        if now != seen:
            seen = now
            yield ServerSentEvent(str(seen), event="changed")
    yield ServerSentEvent("", event="signed-out")
