"""The page of gaps: what residents asked and nobody wrote down yet, with one tap to a draft."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.settings import Settings
from bot.web import languages
from bot.web.console.access import PATH, signed
from bot.web.pages import page
from bot.web.times import clock
from handlers.desk import Desk
from handlers.staff.gaps import WITHIN
from handlers.staff.gaps import gaps as find

#: Questions of a gap that are shown; the draft takes more.
SHOWN = 4


def router(desk: Desk, settings: Settings) -> APIRouter:
    """The route of the page; supervisors and admins see it."""
    routes = APIRouter(prefix=f"{PATH}/faq/gaps", include_in_schema=False)

    @routes.get("")
    async def gaps(request: Request) -> Response:
        who = await signed(request, desk)
        found = await find(desk, who.worker_id)
        now, language = desk.now(), languages.page(request)
        titles = {gap.entry: entry.titles[language] for gap in found if gap.entry and (entry := desk.faq.entry(gap.entry))}
        return page(
            request,
            "faq-gaps.html",
            who=who,
            gaps=[(gap, clock(gap.last_at, now, language), titles.get(gap.entry or "")) for gap in found],
            days=WITHIN.days,
            shown=SHOWN,
        )

    return routes
