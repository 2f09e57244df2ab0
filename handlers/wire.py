"""Replies as JSON, as the outbox keeps them."""

from typing import Any

from pydantic import TypeAdapter

from handlers.messages import Reply

_reply = TypeAdapter(Reply)


def to_json(reply: Reply) -> dict[str, Any]:
    """A reply as plain JSON values."""
    value: dict[str, Any] = _reply.dump_python(reply, mode="json")
    return value


def from_json(value: dict[str, Any]) -> Reply:
    """The reply that `to_json` wrote."""
    return _reply.validate_python(value)
