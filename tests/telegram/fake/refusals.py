"""How the Bot API says no."""

from typing import Any


class Refused(Exception):
    """An answer with `ok: false`; code and description as Telegram words them."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str, **parameters: Any) -> Refused:
    """400."""
    return Refused(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refused:
    """403."""
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    """409."""
    return Refused(409, f"Conflict: {description}")


def too_many(seconds: int) -> Refused:
    """429."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
