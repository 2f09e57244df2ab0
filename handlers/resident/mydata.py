"""/mydata: everything held about a person, as a page and as a file for programs, within a minute."""

import hashlib
import secrets
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.export import Export, collect
from handlers.export_page import page
from handlers.messages import Attachment, AttachmentKind, ChatKind, Reply, ReplyKind
from handlers.resident.turn import Turn
from handlers.voice import Voice
from storage import audit, conversations, exports
from storage.transaction import Transaction


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Stands before the token in the reference of an attachment that a channel fetches with `fetch` and hands over as a file.
REFERENCE = "mydata:"
#: What the file is called.
FILE_NAME = "linli-mydata.html"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a link led to, and the language in which it is read."""

    export: Export
    language: str


def digest(token: str) -> str:
    """What is stored of a link's token: SHA-256 in hex. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


async def my_data(turn: Turn, argument: str) -> list[Reply]:
    """A link that works once and for an hour; in a group only the way to the private chat."""
    if turn.message.chat_kind is ChatKind.group:
        return [in_private(turn)]
    token = await new_link(turn.desk, turn.tx, turn.resident.id, turn.voice)
    await audit.record(turn.tx, "own_data_asked", f"resident:{turn.resident.id}", worker_id=None, now=turn.now)
    words = turn.voice.say(_("Everything held about you is ready. It can be opened once, within an hour."))
    link = turn.desk.link(turn.message.channel, f"/mydata/{token}")
    if link:
        words = f"{words}\n{link}"
    file = Attachment(AttachmentKind.document, REFERENCE + token, FILE_NAME)
    return [turn.reply(ReplyKind.notice, words, attachments=(file,))]


def in_private(turn: Turn) -> Reply:
    """Said in a group: such things are for the person alone."""
    return turn.reply(ReplyKind.pointer, turn.voice.say(_("That is for you alone: write it to me in our private chat.")))


async def new_link(desk: Desk, tx: Transaction, resident_id: int, voice: Voice) -> str:
    """A fresh token for a person's own data; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    await exports.add(tx, digest(token), resident_id, locale=voice.languages[0], expires_at=desk.now() + desk.policy.export_link_lives)
    return token


async def link_works(desk: Desk, token: str) -> bool:
    """Whether the link still works; looking does not spend it, because messengers open links before people do."""
    async with desk.storage.reading() as tx:
        return await exports.link(tx, digest(token), desk.now()) is not None


async def fetch(desk: Desk, token: str) -> Fetched | None:
    """Spend a link: what is held about its person, or None where it was spent, is too old or never was one."""
    async with desk.storage.transaction() as tx:
        link = await exports.link(tx, digest(token), desk.now())
        resident_id = await exports.spend(tx, digest(token), desk.now())
        if link is None or resident_id is None:
            return None
        return Fetched(await collect(desk, tx, resident_id), link.locale)


async def file(desk: Desk, reference: str) -> bytes | None:
    """The page behind an attachment's reference, for a channel that hands it over in the person's own chat; None when it is too old.

    The link is not spent: handing over may fail and be tried again.
    """
    async with desk.storage.reading() as tx:
        link = await exports.link(tx, digest(reference.removeprefix(REFERENCE)), desk.now())
        return page(await collect(desk, tx, link.resident_id), link.locale).encode() if link else None


async def of_sender(desk: Desk, channel: str, sender_id: str) -> Fetched | None:
    """What is held about the person whom a channel itself knows, in a chat of their own; None before their first word."""
    async with desk.storage.reading() as tx:
        conversation = await conversations.of_sender(tx, channel, sender_id, sender_id)
        if conversation is None:
            return None
        return Fetched(await collect(desk, tx, conversation.resident_id), Voice(conversation.locale).languages[0])
