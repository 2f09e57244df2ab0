"""Acting as people do: write, tap, edit, send photos, join, leave, block."""

import time
from typing import Any

from tests.telegram.fake.entities import found, units
from tests.telegram.fake.world import Chat, Json, Member, Topic, User, World

ADMIN = {"can_manage_chat", "can_delete_messages", "can_restrict_members", "can_pin_messages", "can_manage_topics", "can_invite_users"}

#: By these words the notice that follows a first answer is told from what was asked for.
NOTICE = ("Telegram is run outside mainland China", "Telegram 在中国大陆以外运营")


class Person:
    """Somebody at their phone."""

    def __init__(self, world: World, name: str, *, username: str | None = None, language: str | None = "en", id: int | None = None) -> None:
        self.world = world
        self.user: User = world.user(name, username=username, language=language, user_id=id)

    @property
    def id(self) -> int:
        """Their account."""
        return self.user.id

    @property
    def chat(self) -> Chat:
        """Their private chat with the bot."""
        return self.world.private(self.user)

    def start(self, payload: str = "") -> Json:
        """Open the bot, perhaps by a link."""
        self.user.started = True
        return self.say(f"/start {payload}".strip())

    def say(self, text: str, chat: Chat | None = None, *, reply_to: Json | None = None, topic: int | None = None, **more: Any) -> Json:
        """Write."""
        names = {user.username.lower() for user in self.world.users.values() if user.username}
        entities = found(text, names) + more.pop("entities", [])
        return self.send({"text": text, **({"entities": entities} if entities else {}), **more}, chat, reply_to=reply_to, topic=topic)

    def mention(self, person: "Person", text: str, chat: Chat) -> Json:
        """Write to somebody who has no username, by tapping their name."""
        entity = {"type": "text_mention", "offset": 0, "length": units(person.user.first_name), "user": person.user.json()}
        return self.send({"text": f"{person.user.first_name} {text}", "entities": [entity]}, chat)

    def photo(self, chat: Chat | None = None, *, caption: str = "", album: str | None = None, **more: Any) -> Json:
        """Send a photo."""
        name = f"photo-{len(self.world.files) + 1}"
        self.world.files[name] = b"\xff\xd8\xff picture"
        sizes = [{"file_id": f"{name}-{w}", "file_unique_id": f"u{name}{w}", "width": w, "height": w, "file_size": w} for w in (90, 800)]
        content: Json = {"photo": sizes}
        if caption:
            content["caption"] = caption
        if album:
            content["media_group_id"] = album
        return self.send(content | more, chat)

    def document(self, name: str, chat: Chat | None = None) -> Json:
        """Send a file."""
        self.world.files[name] = b"%PDF"
        return self.send({"document": {"file_id": f"doc-{name}", "file_unique_id": f"u{name}", "file_name": name}}, chat)

    def voice(self, chat: Chat | None = None) -> Json:
        """Send a voice note."""
        return self.send({"voice": {"file_id": "voice-1", "file_unique_id": "uvoice1", "duration": 4}}, chat)

    def location(self, chat: Chat | None = None) -> Json:
        """Send a place."""
        return self.send({"location": {"latitude": 30.25, "longitude": 120.16}}, chat)

    def contact(self, chat: Chat | None = None) -> Json:
        """Send a contact."""
        return self.send({"contact": {"phone_number": "+8657112345678", "first_name": "Station"}}, chat)

    def send(self, content: Json, chat: Chat | None = None, *, reply_to: Json | None = None, topic: int | None = None) -> Json:
        """Put anything into a chat; the bot hears of it if it may."""
        chat = chat or self.chat
        with self.world.changed:
            if not chat.group:
                self.user.started = True
            elif not self.world.in_chat(chat, self.id).present and not content.get("sender_chat"):
                chat.members[self.id] = Member()
            if reply_to is not None:
                content = {**content, "reply_to_message": {key: value for key, value in reply_to.items() if key != "reply_to_message"}}
                topic = topic if topic is not None else reply_to.get("message_thread_id")
            message = self.world.post(chat, self.user, content, topic=topic)
            if self.world.hears(chat, message):
                self.world.push("message", message)
            return message

    def edit(self, message: Json, text: str) -> Json:
        """Change what was written."""
        with self.world.changed:
            message |= {"text": text, "edit_date": int(time.time())}
            message.pop("entities", None)
            chat = self.world.chats[message["chat"]["id"]]
            if self.world.hears(chat, message):
                self.world.push("edited_message", dict(message))
            return message

    def tap(self, message: Json, label: str) -> str:
        """Press the button whose label contains `label`; returns the id of the query. A link opens a chat with the bot."""
        with self.world.changed:
            shown = self.world.chats[message["chat"]["id"]].messages[message["message_id"]]
            buttons = [button for row in shown.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
            button = next((button for button in buttons if label in button["text"]), None)
            if button is None:
                raise AssertionError(f"no button {label!r} among {[button['text'] for button in buttons]}")
            if "url" in button:
                self.start(button["url"].partition("?start=")[2])
                return ""
            query = {
                "id": self.world.next_query_id(),
                "from": self.user.json(),
                "message": shown,
                "chat_instance": str(shown["chat"]["id"]),
                "data": button["callback_data"],
            }
            self.world.queries[query["id"]] = {"answered": None, "at": self.world.clock()}
            self.world.push("callback_query", query)
            return str(query["id"])

    def join(self, chat: Chat, *, quietly: bool = False) -> None:
        """Come into a group."""
        self._become(chat, Member())
        if not quietly:
            with self.world.changed:
                message = self.world.post(chat, self.user, {"new_chat_members": [self.user.json()]})
                if self.world.hears(chat, message):
                    self.world.push("message", message)

    def leave(self, chat: Chat) -> None:
        """Go out of a group."""
        self._become(chat, Member("left"))

    def make(self, chat: Chat, status: str = "administrator") -> None:
        """Become an administrator or the creator of a group."""
        self._become(chat, Member(status, set(ADMIN)))

    def _become(self, chat: Chat, member: Member) -> None:
        with self.world.changed:
            before = self.world.in_chat(chat, self.id)
            chat.members[self.id] = member
            me = self.world.in_chat(chat, self.world.bot.id)
            if me.status in {"administrator", "creator"}:
                self.world.push("chat_member", _change(self.user, chat, self.user, before, member))

    def add_bot(self, chat: Chat, *, admin: bool = False) -> None:
        """Bring the bot into a group, perhaps as an administrator."""
        with self.world.changed:
            before = self.world.in_chat(chat, self.world.bot.id)
            after = Member("administrator", set(ADMIN)) if admin else Member()
            chat.members[self.world.bot.id] = after
            chat.members.setdefault(self.id, Member("creator"))
            self.world.push("my_chat_member", _change(self.user, chat, self.world.bot, before, after))

    def remove_bot(self, chat: Chat) -> None:
        """Throw the bot out."""
        with self.world.changed:
            before = self.world.in_chat(chat, self.world.bot.id)
            chat.members[self.world.bot.id] = Member("kicked")
            self.world.push("my_chat_member", _change(self.user, chat, self.world.bot, before, chat.members[self.world.bot.id]))

    def block(self) -> None:
        """Block the bot."""
        with self.world.changed:
            self.user.blocked_the_bot = True
            self.world.push("my_chat_member", _change(self.user, self.chat, self.world.bot, Member(), Member("kicked")))

    def unblock(self) -> None:
        """Let the bot write again."""
        with self.world.changed:
            self.user.blocked_the_bot = False
            self.world.push("my_chat_member", _change(self.user, self.chat, self.world.bot, Member("kicked"), Member()))

    def upgrade(self, chat: Chat) -> Chat:
        """Make a supergroup of a basic group: it gets a new id, and both sides are told."""
        with self.world.changed:
            new = self.world.group(chat.title or "", supergroup=True)
            new.members = dict(chat.members)
            chat.migrated_to = new.id
            gone = self.world.post(chat, self.user, {"migrate_to_chat_id": new.id})
            come = self.world.post(new, self.user, {"migrate_from_chat_id": chat.id})
            self.world.push("message", gone)
            self.world.push("message", come)
            return new

    def reads(self, chat: Chat | None = None) -> list[str]:
        """What the bot has said there, oldest first; what newcomers are told of privacy is left out."""
        return [text for text in (chat or self.chat).texts(by=self.world.bot.id) if not any(words in text for words in NOTICE)]

    def last(self, chat: Chat | None = None) -> Json:
        """The bot's last message there, the privacy notice apart."""
        chat = chat or self.chat
        said = [message for message in chat.messages.values() if message["from"]["id"] == self.world.bot.id]
        return [message for message in said if not any(words in message.get("text", "") for words in NOTICE)][-1]


def anonymous_admin(world: World, chat: Chat, text: str, topic: int | None = None) -> Json:
    """An administrator who hides behind the group: Telegram shows GroupAnonymousBot (1087968824)."""
    person = Person.__new__(Person)
    person.world = world
    person.user = world.users.setdefault(1087968824, User(1087968824, "Group", "GroupAnonymousBot", is_bot=True))
    return person.send({"text": text, "sender_chat": chat.json()}, chat, topic=topic)


def topic_named(chat: Chat, part: str) -> Topic:
    """The topic whose name contains `part`."""
    return next(topic for topic in chat.topics.values() if part in topic.name and not topic.deleted)


def _change(by: User, chat: Chat, user: User, before: Member, after: Member) -> Json:
    shown = chat.json() if chat.group else {"id": chat.id, "type": "private", "first_name": by.first_name}
    return {
        "chat": shown, "from": by.json(), "date": int(time.time()), "old_chat_member": before.json(user), "new_chat_member": after.json(user),
    }  # fmt: skip
