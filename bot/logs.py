"""Logs: one event a line with its data, never a message's text, never an identity or card number, never a secret."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import ExcInfo

from handlers.errors import LinliError, Unavailable
from handlers.privacy import mask

#: Runs of letters and digits that no word names: in a log nobody needs them, so they are shown by their last two signs.
_NUMBER = re.compile(r"(?<![\w.:/-])(?=[A-Za-z0-9 -]*\d{5})[A-Za-z]{0,3}\d(?:[ -]?\d){6,18}[\dXx]?(?![\w.:/-])")
#: What stands in a URL path or a header after these words is a secret.
_SECRET = re.compile(
    r"(/bot|\bbot)\d+:[\w-]{16,}|(\b)\d{6,12}:[\w-]{30,}|(/t/|/link/|/mydata/|start=)[\w-]{16,}|(?i:(bearer |token[=: ]+|cookie: \w+=))[\w.-]{16,}"
    r"|(://[^\s:/@]+:)[^\s@/]+(?=@)"
)
#: Libraries that log addresses or bodies at INFO.
QUIET = ("httpx", "httpcore", "aiohttp.access", "alembic", "watchfiles", "sse_starlette", "python_multipart")


def masked(text: str) -> str:
    """`text` with numbers that identify a person, and secrets in addresses, made unreadable."""
    text = _SECRET.sub(lambda found: f"{next(filter(None, found.groups()), '')}…", text)
    return _NUMBER.sub(lambda found: f"…{found[0][-2:]}", mask(text))


def set_up(form: str) -> None:
    """Write logs to standard error as `text` or `json`. A trace is told once, with the event that it belongs to."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_trace),
        _mask,
    ]
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)


def _trace(exc_info: ExcInfo) -> str:
    """Where a fault arose, its causes first. What foreign exceptions say is left out: they like to quote what somebody wrote."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        says = f": {error}" if isinstance(error, (LinliError, Unavailable, OSError)) else ""
        told.insert(0, f"{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}{says}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(told)


def _mask(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _clean(value) if key != "timestamp" else value for key, value in event.items()}


def _clean(value: object) -> object:
    """Values of any depth: what a program logs is not always a plain text."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float)) else masked(str(value))
