"""What is said when a request cannot be served: a sentence in the person's language, on a page or in JSON, never a trace."""

import logging

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web import languages
from bot.web.headers import HEADERS
from bot.web.pages import page
from handlers.errors import NotAllowed, NotFound, Unavailable
from handlers.voice import Voice

log = logging.getLogger(__name__)


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What each status says where nothing more exact is known.
SENTENCES = {
    400: _("I could not read that request."),
    401: _("I do not know this browser yet. Open the page again."),
    403: _("This is not allowed from here."),
    404: _("There is nothing at this address."),
    405: _("This address does not do that."),
    413: _("That is too much at once. Send less than 64 kB; split it into several messages."),
    415: _("Send this as JSON."),
    422: _("There is nothing in this message. Write your question in words."),
    429: _("That was many messages in a short time. Wait a moment, then send it again; nothing you sent before is lost."),
    500: _("Something went wrong on our side. Try again in a moment."),
    503: _("I cannot keep messages at this moment, so this one was not taken. Try again in a minute."),
}


class Refused(Exception):
    """A request that is answered with a status and a plain sentence. `sentence` is a message of the catalogues."""

    def __init__(self, status: int, sentence: str | None = None, *, retry_s: float | None = None) -> None:
        super().__init__(sentence or SENTENCES[status])
        self.status = status
        self.sentence = sentence or SENTENCES[status]
        self.retry_s = retry_s


def install(app: FastAPI) -> None:
    """Answer every way in which a request can fail."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(request, error.status, error.sentence, retry_s=error.retry_s)


async def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("store_unavailable", extra={"route": request.scope["path"].split("/")[1]})
    return answer(request, 503, SENTENCES[503], retry_s=5)


async def _not_found(request: Request, error: Exception) -> Response:
    return answer(request, 404, NotFound.sentence)


async def _not_allowed(request: Request, error: Exception) -> Response:
    return answer(request, 403, NotAllowed.sentence)


async def _invalid(request: Request, error: Exception) -> Response:
    """A part of the address that is no number."""
    return answer(request, 404, SENTENCES[404])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code if error.status_code in SENTENCES else 400 if error.status_code < 500 else 500
    return answer(request, error.status_code, SENTENCES[status])


async def _broken(request: Request, error: Exception) -> Response:
    """The trace is logged by the server; the person gets a sentence. Nothing else adds headers to this answer."""
    response = answer(request, 500, SENTENCES[500])
    response.headers.update(HEADERS)
    return response


def answer(request: Request, status: int, sentence: str, *, retry_s: float | None = None) -> Response:
    """The sentence as a page for people, as JSON for programs."""
    headers = {} if retry_s is None else {"Retry-After": str(max(1, round(retry_s)))}
    if "text/html" in request.headers.get("accept", ""):
        return page(request, "sorry.html", status=status, headers=headers, sentence=sentence)
    voice = Voice(languages.person(request))
    return JSONResponse({"detail": voice.say(sentence), "locale": voice.first}, status, headers)
