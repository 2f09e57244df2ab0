"""Being called by Telegram: a secret, a size limit, and 200 only when the update is kept."""

import hmac
import json
import logging
from typing import Protocol

from fastapi import APIRouter, Request, Response

from bot.channels.telegram.intake import Intake
from handlers.errors import Unavailable

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
#: The largest update that is read, in bytes; Telegram's own are far smaller.
LARGEST = 512 * 1024


class Called(Protocol):
    """Who takes the updates, once Telegram has been reached, and the secret that callers must know."""

    intake: Intake | None
    secret: str


def router(called: Called) -> APIRouter:
    """The route that Telegram calls. Whoever does not know the secret learns nothing."""
    routes = APIRouter(include_in_schema=False)

    @routes.post(PATH)
    async def take(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        intake = called.intake
        if not called.secret or not hmac.compare_digest(given.encode(), called.secret.encode()):
            return Response(status_code=403)
        if intake is None:
            return Response(status_code=503)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(update, dict):
            return Response(status_code=400)
        try:
            await intake.take(update)
        except Unavailable:
            return Response(status_code=503)
        except Exception:
            log.exception("update_failed", extra={"update": update.get("update_id")})
        return Response(status_code=200)

    return routes


async def _body(request: Request) -> bytes | None:
    """The body, None when it is larger than any update."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return body
