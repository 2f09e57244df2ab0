"""Whether a request that changes something comes from our own page. A browser says where a request was made; programs say nothing."""

from urllib.parse import urlsplit

from starlette.requests import Request

from bot.web.refusals import Refused


def check(request: Request, public_url: str) -> None:
    """Raises `Refused` for a request that another site's page made."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Refused(403)
        return
    if urlsplit(origin).netloc not in {request.headers.get("host"), urlsplit(public_url).netloc}:
        raise Refused(403)
