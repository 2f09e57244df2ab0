"""The routes below `/chat`: visitors, messages, the stream, the private link."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.channels.webchat import NAME, incoming, shapes, visitors
from bot.courier import Courier
from bot.settings import Settings
from bot.web import origin
from bot.web.refusals import Refused
from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.messages import Reply
from handlers.resident import transcript, visitor
from handlers.resident.patience import settled
from handlers.resident.receive import receive

#: Seconds after which an idle stream says that it is alive.
HEARTBEAT_S = 15
#: An address may send this many times what one visitor may: families and offices share one.
PER_ADDRESS = 10
_REFUSED: dict[int | str, dict[str, Any]] = {401: {"model": shapes.SentenceShape, "description": "No token."}}
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": shapes.MessageShape.model_json_schema()}}}}
_CANNOT = {
    400: "The body is no JSON.",
    413: "More than 64 kB.",
    422: "Nothing in the message, or not text.",
    429: "More messages a minute than the limit; `Retry-After` says when. Urgent messages always pass.",
    503: "Nothing was kept; try again.",
}


def router(desk: Desk, courier: Courier, settings: Settings) -> APIRouter:
    """The web chat over HTTP."""
    routes = APIRouter(prefix="/chat", tags=["web chat"])

    @routes.post("/visitors", status_code=201, response_model=shapes.VisitorShape, summary="A new visitor.")
    async def new_visitor(request: Request) -> JSONResponse:
        origin.check(request, settings.url)
        token = visitor.new_token()
        response = JSONResponse({"visitor": token}, 201)
        visitors.remember(response, token, settings)
        return response

    @routes.post(
        "/messages",
        response_model=shapes.RepliesShape,
        responses={**_REFUSED, **{status: {"model": shapes.SentenceShape, "description": why} for status, why in _CANNOT.items()}},
        openapi_extra=_BODY,
        summary="Say something, or tap a button.",
    )
    async def say(request: Request) -> JSONResponse:
        person = await visitors.sender(request, desk, settings)
        message = await incoming.message(request, person.sender_id)
        wait_s = await visitor.admit(desk, _limits(request, person.sender_id, settings.chat_limit), message.text)
        if wait_s:
            raise Refused(429, retry_s=wait_s)
        try:
            replies = await settled(desk, await receive(desk, message))
        except EmptyMessage:
            raise Refused(422) from None
        return JSONResponse({"replies": [shapes.reply(one) for one in replies]}, background=BackgroundTask(_confirm, courier, replies))

    @routes.get("/messages", response_model=shapes.TalkShape, responses=_REFUSED, summary="All that both sides said, in order.")
    async def messages(request: Request, after: str = "0") -> JSONResponse:
        person = await visitors.who(request, desk)
        talk = await transcript.read(desk, NAME, person.sender_id, _cursor(after))
        return JSONResponse({"messages": [shapes.line(one) for one in talk.lines], "cursor": talk.cursor}, headers=_UNKEPT)

    @routes.get("/stream", response_class=EventSourceResponse, responses=_REFUSED, summary="The same as server-sent events.")
    async def stream(request: Request, after: str = "0") -> EventSourceResponse:
        person = await visitors.who(request, desk)
        cursor = _cursor(request.headers.get("last-event-id") or after)
        return EventSourceResponse(_events(desk, person.sender_id, cursor), ping=HEARTBEAT_S, headers=_UNKEPT, sep="\n")

    @routes.get("/link", response_model=shapes.LinkShape, responses=_REFUSED, summary="The private link back to this conversation.")
    async def link(request: Request) -> JSONResponse:
        person = await visitors.who(request, desk)
        if person.token is None:
            raise Refused(404)
        token = visitor.link_token(person.token)
        if not await visitor.open_link(desk, NAME, person.sender_id, token):
            raise Refused(404)
        return JSONResponse({"url": f"{settings.url}/t/{token}"}, headers=_UNKEPT)

    return routes


_UNKEPT = {"Cache-Control": "no-store"}


async def _events(desk: Desk, sender_id: str, cursor: int) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open")
    async for line in transcript.follow(desk, NAME, sender_id, cursor):
        yield ServerSentEvent(json.dumps(shapes.line(line), ensure_ascii=False), id=str(line.id))


async def _confirm(courier: Courier, replies: Sequence[Reply]) -> None:
    """Called when the answer has gone out."""
    for reply in replies:
        courier.sent(reply)


def _limits(request: Request, sender_id: str, a_minute: int) -> dict[str, int]:
    if not a_minute:
        return {}
    address = request.client.host if request.client else ""
    return {f"{NAME}:visitor:{sender_id}": a_minute, f"{NAME}:address:{address}": a_minute * PER_ADDRESS}


def _cursor(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Refused(400)
    return int(text)
