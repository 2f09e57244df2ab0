"""Pages from Jinja templates: words from the catalogues, everything escaped, files addressed by their content."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.web import languages
from handlers.i18n import translate

_BOT = Path(__file__).parents[1]
_TEMPLATES = (_BOT / "web/templates", _BOT / "web/console/templates", _BOT / "channels/webchat/templates")
#: Address below /static → folder.
STATIC = {"web": _BOT / "web/static", "console": _BOT / "web/console/static", "chat": _BOT / "channels/webchat/static"}


class Words:
    """The catalogue of one language, as templates call it: `_("Ticket {number}", number=3)`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, message: str, **values: object) -> str:
        """The words for a message."""
        return translate(self.language, message, **values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    made.globals["words_in"] = Words
    return made


def render(name: str, language: str, values: Mapping[str, Any]) -> str:
    """A template as text."""
    return _environment().get_template(name).render(_=Words(language), lang=language, html_lang=html_lang(language), **values)


def page(request: Request, name: str, /, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object) -> HTMLResponse:
    """A template as an answer, in the language of the request; it is nobody else's, so no cache keeps it."""
    language = languages.page(request)
    made = HTMLResponse(
        render(name, language, {"here": _here(request), **values}), status, {"Cache-Control": "no-store", **(headers or {})}
    )
    if request.query_params.get("lang") in languages.PAGES:
        made.set_cookie(languages.COOKIE, language, max_age=365 * 86400, httponly=True, samesite="lax")
    return made


def html_lang(language: str) -> str:
    """The tag for the `lang` attribute."""
    return "zh-Hans" if language == "zh" else language


@cache
def static(path: str) -> str:
    """The address of a file below `/static`, changed whenever its content changes."""
    room, _slash, name = path.partition("/")
    digest = hashlib.sha256((STATIC[room] / name).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


class Files(StaticFiles):
    """Files that a browser may keep for ever when it asked for this very content."""

    async def get_response(self, path: str, scope: Scope) -> Any:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        kept = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response


def _here(request: Request) -> str:
    """This page's own address without the language, for the switch."""
    query = "&".join(
        f"{key}={value}" for key, value in request.query_params.multi_items() if key == "c" and value.replace("-", "").isalnum()
    )
    return f"{request.url.path}?{query}&" if query else f"{request.url.path}?"
