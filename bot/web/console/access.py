"""Signing in by a one-time link, who is signed in, and the token that each form must carry."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.settings import Settings
from bot.web import origin
from bot.web.pages import page
from bot.web.refusals import Refused
from handlers.desk import Desk
from handlers.errors import LinkSpent
from handlers.staff import roster


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


COOKIE = "linli_console"
PATH = "/console"
#: A visit within this time of the last one is not written down again.
TOUCH = timedelta(minutes=1)
#: Fields and bytes of a form at most: a long letter fits, a flood does not.
FIELDS = 20
FIELD_BYTES = 64 * 1024

STALE_FORM = _("This page was open for too long. Load it again, then send once more.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A worker at their desk: `csrf` goes into each form, `token` is the session's secret. `admin` shows what only admins may open."""

    worker_id: int
    name: str
    csrf: str
    token: str
    admin: bool = False


class SignedOut(Exception):
    """Nobody is signed in in this browser."""


async def signed(request: Request, desk: Desk, *, looking: bool = False) -> Signed:
    """Who is signed in. Raises `SignedOut`. `looking`: the page brings itself up to date, which keeps nobody signed in."""
    token = request.cookies.get(COOKIE, "")
    found = await roster.session(desk, token) if token else None
    if found is None:
        raise SignedOut
    session, worker = found
    if not looking and desk.now() - session.seen_at > TOUCH:
        await roster.touch(desk, token)
    return Signed(worker.id, worker.name, session.csrf, token, worker.role == "admin")


async def form(request: Request, desk: Desk, settings: Settings, *, files: int = 0) -> tuple[Signed, FormData]:
    """A form that a signed-in worker sent from our own page, with so many files at most. Raises `SignedOut` or `Refused`."""
    origin.check(request, settings.url)
    who = await signed(request, desk)
    if int(request.headers.get("content-length") or 0) > 2 * FIELD_BYTES:
        raise Refused(413)
    fields = await request.form(max_files=files, max_fields=FIELDS, max_part_size=FIELD_BYTES)
    given = fields.get("csrf")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), who.csrf.encode()):
        await fields.close()
        raise Refused(403, STALE_FORM)
    return who, fields


def router(desk: Desk, settings: Settings) -> APIRouter:
    """Signing in and out."""
    routes = APIRouter(prefix=PATH, include_in_schema=False)

    @routes.get("/link/{token}")
    async def offer(request: Request, token: str) -> Response:
        """Messengers open links to make previews of them, so looking spends nothing."""
        try:
            worker = await roster.link_holder(desk, token)
        except LinkSpent:
            raise Refused(410, LinkSpent.sentence) from None
        return page(request, "sign-in.html", worker=worker.name, token=token)

    @routes.post("/link/{token}")
    async def spend(request: Request, token: str) -> Response:
        origin.check(request, settings.url)
        try:
            opened = await roster.sign_in(desk, token)
        except LinkSpent:
            raise Refused(410, LinkSpent.sentence) from None
        response = RedirectResponse(PATH, 303)
        secure = settings.url.startswith("https:")
        response.set_cookie(COOKIE, opened.token, path=PATH, httponly=True, samesite="strict", secure=secure)
        return response

    @routes.post("/sign-out")
    async def leave(request: Request) -> Response:
        who, _fields = await form(request, desk, settings)
        await roster.sign_out(desk, who.token)
        response = RedirectResponse(PATH, 303)
        response.delete_cookie(COOKIE, path=PATH)
        return response

    return routes


async def ask_to_sign_in(request: Request, error: Exception) -> Response:
    """What somebody sees who is not signed in."""
    return page(request, "signed-out.html", status=401)
