"""An update of Telegram as a message of ours: what was said, by whom, to whom, and whether Linli is meant."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from telegram import CallbackQuery, Message, MessageEntity, User

from handlers.messages import Attachment, AttachmentKind, ChatKind
from handlers.messages import Message as Said

NAME = "telegram"
#: Accounts that stand for many people (Telegram's own ids): the anonymous group administrator, and Telegram itself,
#: which forwards a channel's posts. Neither is ever a person.
ANONYMOUS, TELEGRAM = 1087968824, 777000


def message_of(said: Message, me: User, *, staff_chat: str = "", edited: bool = False) -> Said | None:
    """The message, or None where nobody said anything to anybody: service messages, other bots, commands for other bots.

    An edit is a message of its own: its id carries the moment of the edit.
    """
    sender = said.from_user
    if sender is None or (sender.is_bot and sender.id != ANONYMOUS) or sender.id == TELEGRAM:
        return None
    text = said.text or said.caption or ""
    attachments = tuple(_attachments(said))
    if not text and not attachments:
        return None
    command = re.match(r"/\w+@(\w+)", text, re.ASCII)
    if command and command[1].lower() != (me.username or "").lower():
        return None
    called = set(_called(said))
    mine = {f"@{me.username}".lower(), str(me.id)}
    replied = said.reply_to_message if said.reply_to_message and not _only_the_topic(said) else None
    to_me = replied is not None and replied.from_user is not None and replied.from_user.id == me.id
    kind = kind_of(said, staff_chat)
    return Said(
        channel=NAME,
        chat_id=str(said.chat.id),
        sender_id=str(sender.id),
        message_id=f"{said.message_id}e{int(said.edit_date.timestamp())}" if edited and said.edit_date else str(said.message_id),
        sent_at=said.date.astimezone(UTC),
        text=_without_my_name(text, me),
        chat_kind=kind,
        addressed=kind is ChatKind.private or to_me or bool(called & mine) or text.startswith("/"),
        reply_to=str(replied.message_id) if replied else None,
        attachments=attachments,
        sender_name=sender.full_name,
        locale_hint=sender.language_code,
        calls=tuple(sorted(called - mine)),
        answers=None if replied is None or to_me or replied.from_user is None else str(replied.from_user.id),
        forwarded=said.forward_origin is not None or bool(said.is_automatic_forward),
        album=said.media_group_id,
    )


def tap_of(query: CallbackQuery, *, staff_chat: str = "") -> Said | None:
    """The press of a button as a message; None where its message is gone or it carries nothing."""
    shown = query.message
    if shown is None or not query.data:
        return None
    return Said(
        channel=NAME,
        chat_id=str(shown.chat.id),
        sender_id=str(query.from_user.id),
        message_id=f"q{query.id}",
        sent_at=datetime.now(UTC),
        text="",
        chat_kind=ChatKind.private if shown.chat.type == "private" else _kind(str(shown.chat.id), staff_chat),
        choice=query.data,
        sender_name=query.from_user.full_name,
        locale_hint=query.from_user.language_code,
    )


def kind_of(said: Message, staff_chat: str) -> ChatKind:
    """Whether a message was said in private, in the staff group or in a residents' group."""
    return ChatKind.private if said.chat.type == "private" else _kind(str(said.chat.id), staff_chat)


def topic_of(said: Message) -> str | None:
    """The id of the forum topic (or, in a plain group, of the message replied to) that a staff message belongs to."""
    if said.is_topic_message and said.message_thread_id:
        return str(said.message_thread_id)
    return None


def _kind(chat_id: str, staff_chat: str) -> ChatKind:
    return ChatKind.staff if chat_id == staff_chat else ChatKind.group


def _only_the_topic(said: Message) -> bool:
    """In a forum, a message that replies to nothing seems to reply to the message that opened its topic."""
    replied = said.reply_to_message
    return replied is not None and bool(said.is_topic_message) and replied.message_id == said.message_thread_id


def _called(said: Message) -> Iterator[str]:
    """Everybody who is called by name: `@name` in small letters, or the id of somebody without one."""
    found = said.parse_entities() if said.text else said.parse_caption_entities()
    for entity, words in found.items():
        if entity.type == MessageEntity.MENTION:
            yield words.lower()
        elif entity.type == MessageEntity.TEXT_MENTION and entity.user is not None:
            yield str(entity.user.id)


def _without_my_name(text: str, me: User) -> str:
    if not me.username:
        return text
    return re.sub(rf"@{re.escape(me.username)}\b[,，:：]?", "", text, flags=re.IGNORECASE).strip()


def _attachments(said: Message) -> Iterator[Attachment]:
    """What came with it, by Telegram's own file ids; of a photo the largest size."""
    if said.photo:
        yield Attachment(AttachmentKind.photo, said.photo[-1].file_id)
    elif said.document:
        yield Attachment(AttachmentKind.document, said.document.file_id, said.document.file_name)
    elif said.voice or said.audio:
        sound = said.voice or said.audio
        assert sound is not None
        yield Attachment(AttachmentKind.voice, sound.file_id)
    elif said.video or said.video_note:
        film = said.video or said.video_note
        assert film is not None
        yield Attachment(AttachmentKind.video, film.file_id)
    elif said.location:
        name = said.venue.title if said.venue else None
        yield Attachment(AttachmentKind.location, f"{said.location.latitude},{said.location.longitude}", name)
    elif said.contact:
        yield Attachment(AttachmentKind.contact, said.contact.phone_number, said.contact.first_name)
