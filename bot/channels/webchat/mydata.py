"""A person's own data as pages: what is kept in general, a link to theirs that works once, and the visitor's own at any time."""

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.channels.webchat import NAME, visitors
from bot.settings import Settings
from bot.web import languages, origin
from bot.web.pages import page
from bot.web.refusals import Refused
from handlers.desk import Desk
from handlers.export import Export
from handlers.export_page import page as export_page
from handlers.export_page import style_source
from handlers.resident import mydata, notice, visitor
from handlers.voice import Voice

_UNKEPT = {"Cache-Control": "no-store"}


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Said where a link leads nowhere any more.
LINK_SPENT = _("This link was used already or is too old. Write /mydata to get a new one.")


def router(desk: Desk, settings: Settings) -> APIRouter:
    """The pages and the download."""
    routes = APIRouter()

    @routes.get("/privacy", include_in_schema=False)
    async def privacy(request: Request) -> Response:
        text = notice.text(desk, Voice(languages.page(request)))
        return page(request, "privacy.html", paragraphs=text.split("\n\n"))

    @routes.get("/chat/mydata", tags=["web chat"], summary="Everything held about the visitor, as JSON or (form=html) as a page.")
    async def mine(request: Request, form: str = "json") -> Response:
        person = await visitors.who(request, desk)
        found = await mydata.of_sender(desk, NAME, person.sender_id)
        if found is None:
            raise Refused(404)
        language = languages.page(request)
        return _page(found.export, language) if form == "html" else _file(found.export)

    @routes.get("/mydata/{token}", include_in_schema=False)
    async def ask(request: Request, token: str) -> Response:
        if not visitor.well_formed(token) or not await mydata.link_works(desk, token):
            raise Refused(404, LINK_SPENT)
        return page(request, "mydata.html", token=token)

    @routes.post("/mydata/{token}", include_in_schema=False)
    async def open_once(request: Request, token: str) -> Response:
        origin.check(request, settings.url)
        found = await mydata.fetch(desk, token) if visitor.well_formed(token) else None
        if found is None:
            raise Refused(404, LINK_SPENT)
        wanted = request.query_params.get("lang")
        return _page(found.export, wanted if wanted in languages.PAGES else found.language)

    return routes


def _page(export: Export, language: str) -> Response:
    html = export_page(export, language)
    policy = f"default-src 'none'; style-src {style_source(html)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HTMLResponse(html, headers={**_UNKEPT, "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})


def _file(export: Export) -> Response:
    body = json.loads(json.dumps(export, default=str))
    return JSONResponse(body, headers={**_UNKEPT, "Content-Disposition": 'attachment; filename="linli-mydata.json"'})
