"""Logs: one event a line with its data, never a message's text, never an identity or card number, never a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Runs of letters and digits that may be a passport, identity, permit or card number; they are shown by their last two signs.
_NUMBER = re.compile(r"(?<![\w.:/-])(?=[A-Za-z0-9 -]*\d{5})[A-Za-z]{0,3}\d(?:[ -]?\d){6,18}[\dXx]?(?![\w.:/-])")
#: What stands in a URL path or a header after these words is a secret.
_SECRET = re.compile(r"(/bot)\d+:[\w-]+|(/t/|/console/link/)[\w-]{16,}|(Bearer )[\w-]{16,}")
#: Libraries that log addresses or bodies at INFO.
QUIET = ("httpx", "httpcore", "aiohttp.access", "alembic", "watchfiles", "sse_starlette", "python_multipart")


def masked(text: str) -> str:
    """`text` with numbers that identify a person, and secrets in addresses, made unreadable."""
    text = _SECRET.sub(lambda found: f"{found[1] or found[2] or found[3]}…", text)
    return _NUMBER.sub(lambda found: f"…{found[0][-2:]}", text)


def set_up(form: str) -> None:
    """Write logs to standard error as `text` or `json`. A trace is told once, with the event that it belongs to."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
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


def _mask(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: masked(value) if isinstance(value, str) and key != "timestamp" else value for key, value in event.items()}
