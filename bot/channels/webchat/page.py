"""The pages of the web chat: the chat itself at `/`, and a conversation behind its private link."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat import visitors
from bot.channels.webchat.layout import laid_out
from bot.settings import Settings
from bot.web import origin
from bot.web.pages import page
from bot.web.refusals import Refused
from handlers.desk import Desk
from handlers.resident import transcript, visitor
from handlers.resident.commands import TOPICS
from handlers.resident.payloads import HUMAN, TOPIC, payload


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What an empty chat shows for a beginning, in both languages.
QUESTIONS = (
    _("How do I register my address?"),
    _("Can I drive here with my foreign licence?"),
    _("Which hospital has doctors who speak English?"),
)
LINK_GONE = _("This private link leads nowhere any more. Open the chat and ask again; a social worker finds your ticket by its number.")


def router(desk: Desk, settings: Settings) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def chat(request: Request, c: str = "") -> Response:
        profile = desk.faq.catalogue.profile(c)
        return page(
            request,
            "chat.html",
            topics=[(name, payload(TOPIC, topic)) for topic, name in TOPICS.items()],
            questions=QUESTIONS,
            human=payload(HUMAN),
            known=visitors.COOKIE in request.cookies,
            community=profile.id if profile else "",
            community_names={language: profile.value("community.name", language) for language in ("en", "zh")} if profile else {},
        )

    @routes.get("/t/{token}")
    async def private(request: Request, token: str) -> Response:
        returned = await visitor.returned(desk, token)
        if returned is None:
            raise Refused(404, LINK_GONE)
        if request.headers.get("sec-fetch-mode") == "navigate":  # a person, not the preview that a messenger makes of a link
            await transcript.mark_seen(desk, returned.conversation_id)
        lines = await transcript.of_conversation(desk, returned.conversation_id)
        return page(request, "private.html", lines=[(line, laid_out(line)) for line in lines if line.text], token=token)

    @routes.post("/t/{token}")
    async def go_on(request: Request, token: str) -> Response:
        origin.check(request, settings.url)
        if await visitor.returned(desk, token) is None:
            raise Refused(404, LINK_GONE)
        response = RedirectResponse("/", 303)
        visitors.remember(response, visitors.LINK + token, settings)
        return response

    return routes
