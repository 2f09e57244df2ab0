"""People without an account: a secret token in their browser is all that they are known by, and a private link brings them back."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handlers.desk import Desk
from storage import conversations, pace
from storage.pace import Limit

#: 256 random bits as `secrets.token_urlsafe` writes them.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Returned:
    """A conversation that was opened by its private link."""

    conversation_id: int
    channel: str
    sender_id: str


def new_token() -> str:
    """A fresh secret for a visitor; it is kept in their browser and nowhere else."""
    return secrets.token_urlsafe(32)


def well_formed(token: str) -> bool:
    """Whether this can be a token at all."""
    return _TOKEN.fullmatch(token) is not None


def digest(token: str) -> str:
    """What is stored of a token: SHA-256 in hex. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_token(token: str) -> str:
    """The token of the visitor's private link. Made from their own, so that it is always the same and needs not be kept."""
    made = hmac.digest(token.encode(), b"private return link", "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


async def open_link(desk: Desk, channel: str, sender_id: str, link: str) -> bool:
    """Let `link` lead back to the visitor's conversation from now on; False where there is no conversation yet."""
    async with desk.storage.reading() as tx:
        conversation = await conversations.of_sender(tx, channel, sender_id, sender_id)
    if conversation is None:
        return False
    if conversation.return_token_hash != digest(link):
        async with desk.storage.transaction() as tx:
            found = await conversations.of_sender(tx, channel, sender_id, sender_id)
            if found is not None:
                found.return_token_hash = digest(link)
    return True


async def returned(desk: Desk, link: str) -> Returned | None:
    """Where a private link leads, or None where it leads nowhere."""
    if not well_formed(link):
        return None
    async with desk.storage.reading() as tx:
        conversation = await conversations.by_return_token(tx, digest(link))
    return Returned(conversation.id, conversation.channel, conversation.chat_id) if conversation else None


async def admit(desk: Desk, limits: Mapping[str, int], text: str) -> float:
    """0 where a message may come in now, else the seconds to wait. Somebody in danger is never told to wait.

    `limits` says how many messages a minute each scope (a visitor, an address) may send; all processes count together.
    """
    if not limits:
        return 0
    now = desk.now()
    async with desk.storage.transaction() as tx:
        until = await pace.take(tx, {digest(scope): Limit(times, MINUTE) for scope, times in limits.items()}, now)
    if until is None or desk.faq.urgent(text):
        return 0
    return (until - now).total_seconds()
