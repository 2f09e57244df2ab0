"""Which language a page speaks: what was chosen on it, else what the browser asks for."""

from starlette.requests import Request

from handlers import locales

#: Languages that pages are written in; residents' answers know more.
PAGES = ("en", "zh")
COOKIE = "linli_language"


def hint(request: Request) -> str | None:
    """The browser's most wanted language as a BCP 47 tag, None where it names none."""
    wanted: list[tuple[float, int, str]] = []
    for part in request.headers.get("accept-language", "")[:400].split(","):
        tag, _semicolon, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if tag.strip() and tag.strip() != "*":
            wanted.append((-weight, len(wanted), tag.strip()))
    return min(wanted)[2][:35] if wanted else None


def page(request: Request) -> str:
    """`en` or `zh`: the switch on the page, else the browser's wish, else English."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen in PAGES:
            return chosen
    return "zh" if (locales.from_hint(hint(request)) or "").startswith("zh") else "en"


def person(request: Request) -> str:
    """The locale to say something in that no message has shown the language for: as `page`, else both languages."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen in PAGES:
            return chosen
    return locales.from_hint(hint(request)) or "en"
