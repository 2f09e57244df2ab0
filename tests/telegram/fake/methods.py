"""What the bot may call, and when it is refused. Each function is one method of the Bot API."""

import re
from collections.abc import Callable
from typing import Any

from tests.telegram.fake.params import Params, keyboard
from tests.telegram.fake.refusals import Refused, bad, forbidden
from tests.telegram.fake.world import GENERAL, Chat, Json, Topic, World

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_TOPIC = 4096, 1024, 128
REACTIONS = {"👍", "👎", "❤", "🔥", "🙏", "👌", "🤝", "👀", "🫡", "✍", "🎉", "😁", "🤔", "💯"}


def get_me(world: World, params: Params) -> Json:
    return {
        **world.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def writable(world: World, params: Params) -> tuple[Chat, int | None]:
    """The chat and topic to write into; refuses where the bot may not write."""
    chat = world.chat(params.raw("chat_id"))
    if chat.group:
        me = world.in_chat(chat, world.bot.id)
        if not me.present:
            raise forbidden(f"bot was kicked from the {chat.type} chat" if me.status == "kicked" else "bot is not a member of the chat")
        if not chat.permissions.get("can_send_messages", True) and me.status == "member":
            raise bad("not enough rights to send text messages to the chat")
    elif world.users[chat.id].blocked_the_bot:
        raise forbidden("bot was blocked by the user")
    elif not world.users[chat.id].started:
        raise forbidden("bot can't initiate conversation with a user")
    topic_id = params.integer("message_thread_id")
    if topic_id is not None:
        topic = chat.topics.get(topic_id)
        if not chat.is_forum or topic is None or topic.deleted:
            raise bad("message thread not found")
        if topic.closed and not may(world, chat, "can_manage_topics"):
            raise bad("TOPIC_CLOSED")
    return chat, topic_id


def may(world: World, chat: Chat, right: str) -> bool:
    """Whether the bot has a right in a chat."""
    me = world.in_chat(chat, world.bot.id)
    return me.status == "creator" or (me.status == "administrator" and right in me.rights)


def need(world: World, chat: Chat, right: str, otherwise: str = "not enough rights") -> None:
    if not may(world, chat, right):
        raise bad(otherwise)


def reply_to(chat: Chat, params: Params) -> Json:
    asked = params.json("reply_parameters") or {}
    message_id = asked.get("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return {}
    target = chat.messages.get(int(message_id))
    if target is None:
        if asked.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": {key: value for key, value in target.items() if key != "reply_to_message"}}


def put(world: World, params: Params, content: Json) -> Json:
    """Send a message: every send* ends here."""
    chat, topic = writable(world, params)
    content = {**content, **reply_to(chat, params), **keyboard(params, private=not chat.group)}
    one = params.json("ephemeral_message_parameters")
    if one:
        if not may(world, chat, "can_manage_chat") and not one.get("callback_query_id"):
            raise bad("EPHEMERAL_NOT_ALLOWED")
        world.limits.take(chat.id)
        shown = {"message_id": 0, "ephemeral_message_id": len(chat.seen_by_one) + 1, "for": one["receiver_user_id"], **content}
        chat.seen_by_one.append(shown)
        world.changed.notify_all()
        return {"message_id": 0, "date": 0, "chat": chat.json(), **content}
    world.limits.take(chat.id)
    if params.flag("protect_content"):
        content["has_protected_content"] = True
    return world.post(chat, world.bot, content, topic=topic)


def send_message(world: World, params: Params) -> Json:
    return put(world, params, params.words("text", LONGEST_TEXT))


def file_sender(kind: str) -> Callable[[World, Params], Json]:
    def send(world: World, params: Params) -> Json:
        given = params.text(kind)
        if given.startswith("attach://"):
            given = given.removeprefix("attach://")
        uploaded = given in params.files or kind in params.files
        known = any(given == name or given.startswith((f"{name}-", f"doc-{name}", "voice-")) for name in world.files) or given == "voice-1"
        if not uploaded and not known:
            raise bad("wrong file identifier/HTTP URL specified")
        thing: Json = {"file_id": given or kind, "file_unique_id": f"u{given}"}
        shape: Any = [thing | {"width": 800, "height": 800}] if kind == "photo" else thing
        if kind in {"voice", "video"}:
            shape = thing | {"duration": 1, "width": 1, "height": 1}
        return put(world, params, {kind: shape, **params.words("caption", LONGEST_CAPTION)})

    return send


def send_location(world: World, params: Params) -> Json:
    return put(world, params, {"location": {"latitude": float(params.text("latitude")), "longitude": float(params.text("longitude"))}})


def send_contact(world: World, params: Params) -> Json:
    return put(world, params, {"contact": {"phone_number": params.text("phone_number"), "first_name": params.text("first_name")}})


def copied(world: World, params: Params) -> Json:
    source = world.chat(params.raw("from_chat_id"))
    original = source.messages.get(params.integer("message_id") or 0)
    if original is None:
        raise bad("message to copy not found")
    return {key: value for key, value in original.items() if key not in {"message_id", "from", "chat", "date", "reply_markup"}}


def copy_message(world: World, params: Params) -> Json:
    return {"message_id": put(world, params, copied(world, params))["message_id"]}


def forward_message(world: World, params: Params) -> Json:
    return put(world, params, copied(world, params))


def own_message(world: World, params: Params) -> tuple[Chat, Json]:
    chat = world.chat(params.raw("chat_id"))
    message = chat.messages.get(params.integer("message_id") or 0)
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != world.bot.id:
        raise bad("message can't be edited")
    if not chat.group and world.users[chat.id].blocked_the_bot:
        raise forbidden("bot was blocked by the user")
    return chat, message


def edit_message_text(world: World, params: Params) -> Json:
    chat, message = own_message(world, params)
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    after = params.words("text", LONGEST_TEXT) | keyboard(params, private=not chat.group)
    before = {key: message[key] for key in ("text", "entities", "reply_markup") if key in message}
    if before == after:
        raise bad("message is not modified: specified new message content and reply markup are exactly the same as a current content")
    world.limits.take(chat.id)
    for key in ("text", "entities", "reply_markup"):
        message.pop(key, None)
    message |= after
    world.changed.notify_all()
    return message


def edit_message_reply_markup(world: World, params: Params) -> Json:
    chat, message = own_message(world, params)
    markup = keyboard(params, private=not chat.group)
    if message.get("reply_markup") == markup.get("reply_markup"):
        raise bad("message is not modified: specified new message content and reply markup are exactly the same as a current content")
    world.limits.take(chat.id)
    message.pop("reply_markup", None)
    message |= markup
    world.changed.notify_all()
    return message


def delete_message(world: World, params: Params) -> bool:
    chat = world.chat(params.raw("chat_id"))
    message_id = params.integer("message_id") or 0
    message = chat.messages.get(message_id)
    if message is None:
        raise bad("message to delete not found")
    if message["from"]["id"] != world.bot.id and chat.group and not may(world, chat, "can_delete_messages"):
        raise bad("message can't be deleted")
    del chat.messages[message_id]
    chat.deleted.append(message_id)
    world.changed.notify_all()
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or world.clock() - query["at"] > 60:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query["answered"] = params.text("text")
    query["alert"] = params.flag("show_alert")
    world.changed.notify_all()
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    chat, _topic = writable(world, params)
    message_id = params.integer("message_id") or 0
    if message_id not in chat.messages:
        raise bad("message to react not found")
    reactions = params.json("reaction") or []
    if len(reactions) > 1 or any(r.get("type") != "emoji" or r.get("emoji") not in REACTIONS for r in reactions):
        raise bad("REACTION_INVALID")
    chat.reactions[message_id] = reactions
    world.changed.notify_all()
    return True


def send_chat_action(world: World, params: Params) -> bool:
    chat, _topic = writable(world, params)
    chat.actions.append(params.text("action"))
    return True


def forum(world: World, params: Params) -> Chat:
    chat = world.chat(params.raw("chat_id"))
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    need(world, chat, "can_manage_topics", "not enough rights to create a topic")
    return chat


def create_forum_topic(world: World, params: Params) -> Json:
    chat = forum(world, params)
    name = params.text("name").strip()
    if not 1 <= len(name) <= LONGEST_TOPIC:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    world.limits.take(chat.id)
    made = world.post(chat, world.bot, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
    made |= {"message_thread_id": made["message_id"], "is_topic_message": True}
    chat.topics[made["message_id"]] = Topic(made["message_id"], name)
    world.changed.notify_all()
    return {"message_thread_id": made["message_id"], "name": name, "icon_color": 7322096}


def topic_of(world: World, params: Params) -> tuple[Chat, Topic]:
    chat = forum(world, params)
    topic = chat.topics.get(params.integer("message_thread_id") or 0)
    if topic is None or topic.deleted or topic.id == GENERAL:
        raise bad("TOPIC_ID_INVALID")
    return chat, topic


def edit_forum_topic(world: World, params: Params) -> bool:
    _chat, topic = topic_of(world, params)
    name = params.text("name", topic.name)
    if len(name) > LONGEST_TOPIC:
        raise bad("TOPIC_TITLE_TOO_LONG")
    if name == topic.name:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = name
    world.changed.notify_all()
    return True


def close_forum_topic(world: World, params: Params) -> bool:
    _chat, topic = topic_of(world, params)
    if topic.closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = True
    world.changed.notify_all()
    return True


def reopen_forum_topic(world: World, params: Params) -> bool:
    _chat, topic = topic_of(world, params)
    if not topic.closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = False
    world.changed.notify_all()
    return True


def delete_forum_topic(world: World, params: Params) -> bool:
    _chat, topic = topic_of(world, params)
    topic.deleted = True
    world.changed.notify_all()
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    chat, _topic = writable(world, params)
    if chat.group:
        need(world, chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    return True


def get_chat(world: World, params: Params) -> Json:
    chat = world.chat(params.raw("chat_id"))
    if chat.group and not world.in_chat(chat, world.bot.id).present:
        raise forbidden("bot is not a member of the chat")
    return {
        **(chat.json() if chat.group else {"id": chat.id, "type": "private", "first_name": world.users[chat.id].first_name}),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False, "gifts_from_channels": False,
        },
        "permissions": chat.permissions,
    }  # fmt: skip


def get_chat_member(world: World, params: Params) -> Json:
    chat = world.chat(params.raw("chat_id"))
    user = world.users.get(params.integer("user_id") or 0)
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return world.in_chat(chat, user.id).json(user)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = world.chat(params.raw("chat_id"))
    return [
        member.json(world.users[user_id])
        for user_id, member in chat.members.items()
        if member.status in {"creator", "administrator"} and (not world.users[user_id].is_bot or user_id == world.bot.id)
    ]


def get_chat_member_count(world: World, params: Params) -> int:
    return sum(member.present for member in world.chat(params.raw("chat_id")).members.values())


def leave_chat(world: World, params: Params) -> bool:
    chat = world.chat(params.raw("chat_id"))
    if not world.in_chat(chat, world.bot.id).present:
        raise forbidden("bot is not a member of the chat")
    chat.members[world.bot.id].status = "left"
    world.changed.notify_all()
    return True


def set_chat_permissions(world: World, params: Params) -> bool:
    chat = world.chat(params.raw("chat_id"))
    need(world, chat, "can_restrict_members", "not enough rights to change chat permissions")
    chat.permissions = params.json("permissions") or {}
    world.changed.notify_all()
    return True


def remove_member(world: World, params: Params) -> bool:
    chat = world.chat(params.raw("chat_id"))
    need(world, chat, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    member = chat.members.get(params.integer("user_id") or 0)
    if member is not None:
        if member.status in {"creator", "administrator"}:
            raise bad("user is an administrator of the chat")
        member.status = "kicked"
    world.changed.notify_all()
    return True


def restrict_chat_member(world: World, params: Params) -> bool:
    chat = world.chat(params.raw("chat_id"))
    need(world, chat, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    chat.members[params.integer("user_id") or 0].status = "restricted"
    world.changed.notify_all()
    return True


def unban_chat_member(world: World, params: Params) -> bool:
    return True


def profile_setter(name: str, parameter: str, longest: int) -> Callable[[World, Params], bool]:
    def set_(world: World, params: Params) -> bool:
        value = params.json(parameter) if parameter == "commands" else params.text(parameter)
        if parameter == "commands":
            if not isinstance(value, list) or len(value) > 100:
                raise bad("BOT_COMMANDS_TOO_MUCH")
            for command in value:
                if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                    raise bad("BOT_COMMAND_INVALID")
        elif len(value) > longest:
            raise bad(f"{name} is too long")
        scope = params.json("scope") or {"type": "default"}
        language = params.text("language_code")
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad("LANG_CODE_INVALID")
        key = scope["type"] + (f":{scope['chat_id']}" if "chat_id" in scope else "")
        world.profile[(name, key, language)] = value
        world.changed.notify_all()
        return True

    return set_


def profile_getter(name: str, parameter: str) -> Callable[[World, Params], Any]:
    def get(world: World, params: Params) -> Any:
        scope = params.json("scope") or {"type": "default"}
        key = scope["type"] + (f":{scope['chat_id']}" if "chat_id" in scope else "")
        value = world.profile.get((name, key, params.text("language_code")))
        return (value or []) if parameter == "commands" else {parameter: value or ""}

    return get


def get_file(world: World, params: Params) -> Json:
    file_id = params.text("file_id")
    name = next((name for name in world.files if file_id == name or file_id.startswith((f"{name}-", f"doc-{name}"))), None)
    if name is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(world.files[name]), "file_path": f"files/{name}"}


def set_webhook(world: World, params: Params) -> bool:
    url = params.text("url")
    loopback = re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url)
    if url and not url.startswith("https://") and not loopback:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    connections = params.integer("max_connections", 40) or 40
    if not 1 <= connections <= 100:
        raise bad("max_connections must be 1-100")
    world.allowed = params.json("allowed_updates") or world.allowed
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {"url": url, "secret": secret, "connections": connections}
    for wake in world.on_update:
        wake()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {"url": ""}
    return True


def get_webhook_info(world: World, params: Params) -> Json:
    info: Json = {"url": world.webhook["url"], "has_custom_certificate": False, "pending_update_count": len(world.updates)}
    for key in ("last_error_date", "last_error_message"):
        if key in world.webhook:
            info[key] = world.webhook[key]
    return info


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendPhoto": file_sender("photo"),
    "sendDocument": file_sender("document"),
    "sendVoice": file_sender("voice"),
    "sendVideo": file_sender("video"),
    "sendLocation": send_location,
    "sendContact": send_contact,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
    "sendChatAction": send_chat_action,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
    "pinChatMessage": pin_chat_message,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "setChatPermissions": set_chat_permissions,
    "banChatMember": remove_member,
    "restrictChatMember": restrict_chat_member,
    "unbanChatMember": unban_chat_member,
    "setMyCommands": profile_setter("commands", "commands", 0),
    "getMyCommands": profile_getter("commands", "commands"),
    "setMyName": profile_setter("name", "name", 64),
    "getMyName": profile_getter("name", "name"),
    "setMyDescription": profile_setter("description", "description", 512),
    "getMyDescription": profile_getter("description", "description"),
    "setMyShortDescription": profile_setter("short_description", "short_description", 120),
    "getMyShortDescription": profile_getter("short_description", "short_description"),
    "getFile": get_file,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}


def call(world: World, method: str, params: Params) -> Any:
    """Answer one call. Raises `Refused`; a method that does not exist is 404."""
    function = METHODS.get(method)
    if function is None:
        raise Refused(404, "Not Found")
    with world.changed:
        return function(world, params)
