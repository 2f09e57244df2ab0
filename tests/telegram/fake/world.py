"""The world behind the server: people, chats, topics, messages, and what waits for the bot to fetch it."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.telegram.fake.limits import Limits
from tests.telegram.fake.refusals import bad

Json = dict[str, Any]
#: Everything that is sent to a bot unless it asks for more (Bot API, getUpdates).
BY_DEFAULT_LEFT_OUT = {"chat_member", "message_reaction", "message_reaction_count"}
GENERAL = 1  #: the id of the topic that every forum has


@dataclass
class User:
    """Somebody with an account."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    blocked_the_bot: bool = False
    started: bool = False

    def json(self) -> Json:
        """As the Bot API writes it."""
        value: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            value["username"] = self.username
        if self.language_code:
            value["language_code"] = self.language_code
        return value


@dataclass
class Member:
    """What somebody is in a chat; `rights` of an administrator."""

    status: str = "member"
    rights: set[str] = field(default_factory=set)

    @property
    def present(self) -> bool:
        """Whether they are in the chat."""
        return self.status in {"creator", "administrator", "member", "restricted"}

    def json(self, user: User) -> Json:
        """As the Bot API writes it."""
        value: Json = {"user": user.json(), "status": self.status}
        if self.status == "administrator":
            names = (
                "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
                "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
                "can_pin_messages", "can_manage_topics",
            )  # fmt: skip
            value |= {name: name in self.rights for name in names}
        elif self.status == "creator":
            value["is_anonymous"] = False
        elif self.status == "kicked":
            value["until_date"] = 0
        elif self.status == "restricted":
            value |= {"is_member": True, "until_date": 0} | dict.fromkeys(
                (
                    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
                    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
                    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
                    "can_edit_tag", "can_react_to_messages",
                ),
                False,
            )  # fmt: skip
        return value


@dataclass
class Topic:
    """One thread of a forum."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass
class Chat:
    """A room with all that was said in it and not deleted, by message id."""

    id: int
    type: str
    title: str | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    deleted: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    seen_by_one: list[Json] = field(default_factory=list)
    permissions: Json = field(default_factory=lambda: {"can_send_messages": True})
    migrated_to: int | None = None
    actions: list[str] = field(default_factory=list)
    next_id: int = 1

    @property
    def group(self) -> bool:
        """Whether several people are in it."""
        return self.type in {"group", "supergroup"}

    def json(self) -> Json:
        """As the Bot API writes it inside a message."""
        value: Json = {"id": self.id, "type": self.type}
        if self.title is not None:
            value["title"] = self.title
        if self.is_forum:
            value["is_forum"] = True
        return value

    def texts(self, *, by: int | None = None, topic: int | None = None) -> list[str]:
        """What can be read in it, oldest first."""
        return [
            message.get("text") or message.get("caption") or ""
            for message in self.messages.values()
            if (by is None or message.get("from", {}).get("id") == by) and (topic is None or message.get("message_thread_id") == topic)
        ]


@dataclass
class Call:
    """One request of the bot and how it ended."""

    method: str
    params: Json
    at: float
    status: int = 200


class World:
    """All of it, behind one lock; every change wakes who waits for one."""

    def __init__(self, token: str = "42:fake-token", *, username: str = "linli_bot", clock: Callable[[], float] = time.monotonic) -> None:
        self.token = token
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.bot = User(int(token.split(":", maxsplit=1)[0]), "Linli", username, is_bot=True)
        self.reads_all = False
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.updates: deque[Json] = deque()
        self.confirmed = 0
        self.allowed: list[str] | None = None
        self.webhook: Json = {"url": ""}
        self.calls: list[Call] = []
        self.limits = Limits(clock)
        self.faults: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.queries: dict[str, Json] = {}
        self.profile: dict[tuple[str, str, str], Any] = {}
        self.on_update: list[Callable[[], None]] = []
        self._update_ids = count(1001)
        self._ids = count(100_001)
        self._query_ids = count(9_000_001)

    # people and rooms -------------------------------------------------------------------------------------------------------

    def user(self, first_name: str, *, username: str | None = None, language: str | None = None, user_id: int | None = None) -> User:
        """A new account."""
        with self.changed:
            person = User(user_id or next(self._ids), first_name, username, language)
            self.users[person.id] = person
            return person

    def group(self, title: str, *, supergroup: bool = True, forum: bool = False) -> Chat:
        """A new group without members."""
        with self.changed:
            number = next(self._ids)
            chat = Chat(-1_000_000_000_000 - number if supergroup else -number, "supergroup" if supergroup else "group", title, forum)
            if forum:
                chat.topics[GENERAL] = Topic(GENERAL, "General")
                chat.next_id = GENERAL + 1
            self.chats[chat.id] = chat
            return chat

    def private(self, user: User) -> Chat:
        """The private chat of somebody with the bot."""
        with self.changed:
            return self.chats.setdefault(user.id, Chat(user.id, "private"))

    def chat(self, chat_id: Any) -> Chat:
        """The chat of that id. Raises `Refused` as the Bot API does, also where it has moved."""
        try:
            chat = self.chats[int(chat_id)]
        except (KeyError, TypeError, ValueError):
            raise bad("chat not found") from None
        if chat.migrated_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

    def in_chat(self, chat: Chat, user_id: int) -> Member:
        """What somebody is in a chat."""
        return chat.members.get(user_id, Member("left"))

    # messages ---------------------------------------------------------------------------------------------------------------

    def post(self, chat: Chat, sender: User, content: Json, *, topic: int | None = None) -> Json:
        """Put a message into a chat."""
        message: Json = {
            "message_id": chat.next_id,
            "from": sender.json(),
            "chat": chat.json() if chat.group else {**sender_chat(chat, self.users), "type": "private"},
            "date": int(time.time()),
            **content,
        }
        if topic is not None and topic != GENERAL:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        chat.next_id += 1
        chat.messages[message["message_id"]] = message
        self.changed.notify_all()
        return message

    def push(self, kind: str, payload: Json) -> int | None:
        """An update for the bot, unless it did not ask for that kind; returns its id."""
        with self.changed:
            if kind in BY_DEFAULT_LEFT_OUT if self.allowed is None else kind not in self.allowed:
                return None
            update_id = next(self._update_ids)
            self.updates.append({"update_id": update_id, kind: payload})
            self.changed.notify_all()
        for wake in self.on_update:
            wake()
        return update_id

    def push_raw(self, update: Json) -> None:
        """An update exactly as given: twice the same, or nonsense."""
        with self.changed:
            self.updates.append(update)
            self.changed.notify_all()
        for wake in self.on_update:
            wake()

    def next_query_id(self) -> str:
        """An id for a tap."""
        return str(next(self._query_ids))

    def hears(self, chat: Chat, message: Json) -> bool:
        """Whether the bot gets to see a message of a group (privacy mode, core.telegram.org/bots/features)."""
        if not chat.group:
            return True
        me = self.in_chat(chat, self.bot.id)
        if not me.present:
            return False
        if me.status in {"administrator", "creator"} or self.reads_all:
            return True
        if "text" not in message and "caption" not in message and not message.get("photo"):
            return True  # a service message
        text = message.get("text") or message.get("caption") or ""
        replied = message.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id
        return text.startswith("/") or replied or f"@{self.bot.username}".lower() in text.lower()

    # waiting ----------------------------------------------------------------------------------------------------------------

    def wait_for(self, true: Callable[[], Any], timeout: float = 10.0) -> Any:
        """The first true value of `true()`; fails after `timeout` seconds. Woken by every change."""
        with self.changed:
            if not self.changed.wait_for(true, timeout):
                raise AssertionError("what was waited for did not happen")
            return true()

    def called(self, method: str) -> list[Call]:
        """The bot's calls of one method."""
        return [call for call in self.calls if call.method == method]


def sender_chat(chat: Chat, users: dict[int, User]) -> Json:
    """A private chat carries the name of its person."""
    person = users[chat.id]
    return {"id": chat.id, "first_name": person.first_name, **({"username": person.username} if person.username else {})}
