"""The body of `POST /chat/messages`: read within a limit, checked, and turned into a Message."""

import json
from datetime import UTC, datetime

from starlette.requests import Request

from bot.channels.webchat import NAME
from bot.web import languages
from bot.web.refusals import Refused
from handlers.messages import Message

#: Longest body, in bytes.
LIMIT = 64 * 1024
#: Longest id that a client gives, and longest payload of a button, in characters.
ID_LIMIT = 200
CHOICE_LIMIT = 200


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


NO_JSON = _("That is no JSON I can read. Send an object with id and text, in UTF-8.")
NO_ID = _("Give each message an id of its own, a text of 1 to 200 characters; the same id is never handled twice.")
NO_TEXT = _("Send text as a string, or choice with the payload of a button.")


async def body(request: Request) -> bytes:
    """The whole body; reading stops where it is too long."""
    parts = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > LIMIT:
            raise Refused(413)
        parts.append(part)
    return b"".join(parts)


async def message(request: Request, sender_id: str) -> Message:
    """What the visitor says. Raises `Refused` with 400, 413 or 422."""
    raw = await body(request)
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(400, NO_JSON) from None
    if not isinstance(value, dict):
        raise Refused(400, NO_JSON)
    text, choice = value.get("text"), value.get("choice")
    if not isinstance(text, str | None) or not isinstance(choice, str | None) or len(choice or "") > CHOICE_LIMIT:
        raise Refused(422, NO_TEXT)
    if not (text or choice):
        raise Refused(422)
    hint = value.get("locale")
    return Message(
        channel=NAME,
        chat_id=sender_id,
        sender_id=sender_id,
        message_id=_id(value.get("id")),
        sent_at=datetime.now(UTC),
        text=text or "",
        choice=choice or None,
        limited=True,
        locale_hint=hint if isinstance(hint, str) else languages.hint(request),
    )


def _id(given: object) -> str:
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str) or not 0 < len(given) <= ID_LIMIT or not given.isprintable():
        raise Refused(422, NO_ID)
    return given
