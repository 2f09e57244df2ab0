"""Who is writing: the token in the cookie or in `Authorization: Bearer`, or a private link that was opened in this browser."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.webchat import NAME
from bot.settings import Settings
from bot.web import origin
from bot.web.refusals import Refused
from handlers.desk import Desk
from handlers.resident import visitor

COOKIE = "linli_visitor"
#: Stands in the cookie before the token of a private link.
LINK = "link."
_YEAR_S = 365 * 86400


@dataclass(frozen=True, slots=True)
class Visitor:
    """`sender_id` is what the memory knows them by; `token` is their secret, None where they came by a private link."""

    sender_id: str
    token: str | None


async def who(request: Request, desk: Desk) -> Visitor:
    """The visitor. Raises `Refused` where the request carries no token."""
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
    if token.startswith(LINK):
        returned = await visitor.returned(desk, token.removeprefix(LINK))
        if returned is not None and returned.channel == NAME:
            return Visitor(returned.sender_id, None)
    elif visitor.well_formed(token):
        return Visitor(visitor.digest(token), token)
    raise Refused(401)


async def sender(request: Request, desk: Desk, settings: Settings) -> Visitor:
    """The same for a request that changes something: it must come from our page or from a program."""
    if not request.headers.get("authorization"):
        origin.check(request, settings.url)
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            raise Refused(415)
    return await who(request, desk)


def remember(response: Response, secret: str, settings: Settings) -> None:
    """Keep a visitor's secret in their browser, out of reach of scripts and of other sites' requests."""
    secure = settings.url.startswith("https:")
    response.set_cookie(COOKIE, secret, max_age=_YEAR_S, httponly=True, samesite="lax", secure=secure)
