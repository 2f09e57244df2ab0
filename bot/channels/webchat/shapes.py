"""The JSON of the web chat, as `/docs` describes it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from handlers.messages import Reply, ReplyKind
from handlers.resident.transcript import Line


class VisitorShape(BaseModel):
    """A new visitor."""

    visitor: str = Field(description="Secret token: send it as `Authorization: Bearer …`; a browser gets it as a cookie too.")


class MessageShape(BaseModel):
    """What a resident says or taps."""

    id: str = Field(description="Your own id of the message, 1 to 200 characters. The same id again: the same replies, no second effect.")
    text: str | None = Field(None, description="What was written. Needed where there is no choice.")
    choice: str | None = Field(None, description="The payload of a button that was shown.")
    locale: str | None = Field(None, description="Language of the person, such as en or zh-Hans; a hint only.")


class ChoiceShape(BaseModel):
    """A button."""

    label: str
    payload: str


class ReplyShape(BaseModel):
    """What Linli says to a message."""

    id: int
    kind: ReplyKind
    text: str
    locale: str
    choices: list[ChoiceShape]
    entry: str | None
    ticket: int | None


class RepliesShape(BaseModel):
    """All that is said to a message; two questions give two replies."""

    replies: list[ReplyShape]


class LineShape(BaseModel):
    """One turn of the conversation."""

    id: int
    author: Literal["resident", "bot", "worker"]
    kind: str
    text: str
    locale: str
    entry: str | None
    ticket: int | None
    at: datetime
    choices: list[ChoiceShape]
    message: str | None = Field(description="The client's own id, for what the resident said.")
    name: str | None = Field(description="The worker's name, for what a worker said.")


class TalkShape(BaseModel):
    """Turns after a cursor, oldest first."""

    messages: list[LineShape]
    cursor: int


class LinkShape(BaseModel):
    """The visitor's private link."""

    url: str


class SentenceShape(BaseModel):
    """Why a request was refused."""

    detail: str
    locale: str


def reply(said: Reply) -> dict[str, Any]:
    """A reply as JSON values."""
    return {
        "id": said.id,
        "kind": said.kind,
        "text": said.text,
        "locale": said.locale,
        "choices": [{"label": choice.label, "payload": choice.payload} for choice in said.choices],
        "entry": said.entry,
        "ticket": said.ticket,
    }


def line(said: Line) -> dict[str, Any]:
    """A turn as JSON values."""
    return {
        "id": said.id,
        "author": said.author,
        "kind": said.kind,
        "text": said.text,
        "locale": said.locale,
        "entry": said.entry,
        "ticket": said.ticket,
        "at": said.at.isoformat(),
        "choices": [{"label": label, "payload": payload} for label, payload in said.choices],
        "message": said.message_id,
        "name": said.name,
    }
