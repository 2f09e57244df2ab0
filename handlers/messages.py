"""Message and Reply: the only words that the rooms share with the channels."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChatKind(StrEnum):
    """What kind of room a message was said in."""

    private = "private"
    group = "group"
    staff = "staff"


class Audience(StrEnum):
    """Who may read a reply. A channel must refuse to show a reply to a wider audience than this."""

    group = "group"
    person_in_group = "person_in_group"
    private = "private"
    staff = "staff"


class ReplyKind(StrEnum):
    """What a reply is, so that a channel can give it a shape without reading its words."""

    answer = "answer"
    suggestion = "suggestion"
    receipt = "receipt"
    relay = "relay"
    notice = "notice"
    urgent = "urgent"
    card = "card"
    smalltalk = "smalltalk"
    pointer = "pointer"
    welcome = "welcome"
    privacy = "privacy"
    error = "error"


class AttachmentKind(StrEnum):
    """What a resident may send besides text."""

    photo = "photo"
    document = "document"
    voice = "voice"
    video = "video"
    location = "location"
    contact = "contact"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, place or contact that came with a message, by the platform's own reference: it is never copied by Linli.

    `reference` is the platform's id of the file (Telegram's `file_id`) or, for a location, `latitude,longitude` in degrees.
    """

    kind: AttachmentKind
    reference: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody said or tapped on a channel. `(channel, chat_id, message_id)` identifies it for ever.

    `choice` is the payload of a pressed button or of a deep link; then `text` may be empty.
    `sent_at` is aware, UTC. `locale_hint` is what the platform says of the person's language, a first guess only.
    In a group: `calls` are the people who are called by name (`@name`, or the platform's id), without Linli itself;
    `answers` is the sender whose message this one replies to. `album` is shared by the parts of one album.
    `limited`: the channel has counted this sender's messages itself and refused what was too much.
    """

    channel: str
    chat_id: str
    sender_id: str
    message_id: str
    sent_at: datetime
    text: str
    chat_kind: ChatKind = ChatKind.private
    addressed: bool = True
    choice: str | None = None
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    sender_name: str | None = None
    locale_hint: str | None = None
    calls: tuple[str, ...] = ()
    answers: str | None = None
    forwarded: bool = False
    album: str | None = None
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a person can tap (or type the number of, where there are no buttons); `payload` comes back as `Message.choice`."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of its own within a chat, such as one ticket's in the staff group; channels without threads take no notice of it.

    `name` is ours (`ticket:12`), `title` what people read; a thread that is not `open` takes no more words.
    """

    name: str
    title: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """What Linli says, never how: a channel makes buttons or a numbered list of `choices`.

    `id` is the utterance it is recorded as, `delivery_id` the outbox row that is confirmed when it was sent.
    `quote` is the platform's id of the message it answers. A reply takes the place of the one before it with the same `slot` in
    the same chat, where the channel can change what it has shown; `minor` ones let others go first where the platform limits us.
    """

    channel: str
    chat_id: str
    audience: Audience
    kind: ReplyKind
    text: str
    locale: str
    id: int = 0
    delivery_id: int = 0
    choices: tuple[Choice, ...] = ()
    quote: str | None = None
    entry: str | None = None
    ticket: int | None = None
    attachments: tuple[Attachment, ...] = ()
    slot: str | None = None
    thread: Thread | None = None
    minor: bool = False
