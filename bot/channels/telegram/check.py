"""Whether Telegram is set up as it should be: each point ok, to be warned of, or wrong, with what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import Bot, ChatMemberAdministrator, User, error

from bot.channels.telegram import webhook
from bot.channels.telegram.request import AiohttpRequest
from bot.settings import Settings

#: More updates than this waiting mean that nobody has fetched them for a while.
MANY = 50


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


class Level(StrEnum):
    """How bad it is."""

    ok = "ok"
    warn = "warn"
    fail = "fail"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at. `says` and `todo` are messages of the catalogues, filled with `values`."""

    level: Level
    says: str
    todo: str = ""
    values: tuple[tuple[str, object], ...] = ()


async def check(settings: Settings, groups: Sequence[str], staff_chat: str) -> list[Point]:
    """Look at everything; the later points need the earlier ones."""
    if not settings.telegram_token.get_secret_value():
        return [Point(Level.fail, _("There is no token."), _("Ask @BotFather for one and set LINLI_TELEGRAM_TOKEN."))]
    request = AiohttpRequest()
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_api,
        base_file_url=settings.telegram_files,
        request=request,
        get_updates_request=request,
    )
    await request.initialize()
    try:
        try:
            me = await bot.get_me()
        except error.InvalidToken:
            return [
                Point(Level.fail, _("Telegram does not accept the token."), _("Copy it again from @BotFather into LINLI_TELEGRAM_TOKEN."))
            ]
        except error.TelegramError as fault:
            todo = _("See whether this machine reaches the internet, or set LINLI_TELEGRAM_BASE_URL.")
            return [Point(Level.fail, _("Telegram cannot be reached ({fault})."), todo, (("fault", fault.message),))]
        points = [
            Point(Level.ok, _("The token belongs to {name} (@{username})."), "", (("name", me.first_name), ("username", me.username)))
        ]
        points += _privacy(me)
        for group in groups:
            points += await _group(bot, me, group)
        points += await _staff(bot, me, staff_chat)
        return points + await _updates(bot, settings)
    finally:
        await request.shutdown()


def _privacy(me: User) -> list[Point]:
    if me.can_read_all_group_messages:
        return [Point(Level.ok, _("Privacy mode is off: Linli hears what is said in its groups."))]
    todo = _(
        "In groups it hears only its name, replies and commands, unless it is an administrator. To change that: @BotFather, /setprivacy,"
        " Disable, then take the bot out of the group and add it again."
    )
    return [Point(Level.warn, _("Privacy mode is on."), todo)]


async def _group(bot: Bot, me: User, chat_id: str) -> list[Point]:
    values: tuple[tuple[str, object], ...] = (("group", chat_id),)
    try:
        chat = await bot.get_chat(chat_id)
        member = await bot.get_chat_member(chat_id, me.id)
    except error.TelegramError:
        return [
            Point(
                Level.fail,
                _("Group {group}: Linli is not in it."),
                _("Add the bot to the group, or take its id out of the settings."),
                values,
            )
        ]
    values = (("group", chat.title or chat_id),)
    if not isinstance(member, ChatMemberAdministrator):
        todo = _(
            "Make it an administrator who may delete messages and ban users, so that it can remove passport numbers and shut out raids."
        )
        return [Point(Level.warn, _("Group {group}: Linli is a plain member."), todo, values)]
    missing = [
        name for name, has in (("delete messages", member.can_delete_messages), ("ban users", member.can_restrict_members)) if not has
    ]
    if missing:
        values += (("rights", ", ".join(missing)),)
        return [
            Point(
                Level.warn, _("Group {group}: a right is missing: {rights}."), _("Give it in the group's list of administrators."), values
            )
        ]
    return [Point(Level.ok, _("Group {group}: all rights are there."), "", values)]


async def _staff(bot: Bot, me: User, staff_chat: str) -> list[Point]:
    if not staff_chat:
        return [
            Point(
                Level.warn,
                _("There is no staff group."),
                _("Workers answer in the console. For a staff group set LINLI_TELEGRAM_STAFF_CHAT."),
            )
        ]
    try:
        chat = await bot.get_chat(staff_chat)
        member = await bot.get_chat_member(staff_chat, me.id)
    except error.TelegramError:
        return [Point(Level.fail, _("The staff group: Linli is not in it."), _("Add the bot to it, and see that the id begins with -100."))]
    if not chat.is_forum:
        return [
            Point(
                Level.warn,
                _("The staff group has no topics."),
                _("Switch topics on in the group's settings: then each ticket has a thread."),
            )
        ]
    if not (isinstance(member, ChatMemberAdministrator) and member.can_manage_topics):
        return [Point(Level.fail, _("The staff group: Linli may not manage topics."), _("Make it an administrator with that right."))]
    return [Point(Level.ok, _("The staff group: topics are on and Linli may manage them."))]


async def _updates(bot: Bot, settings: Settings) -> list[Point]:
    info = await bot.get_webhook_info()
    points = []
    if settings.telegram_mode == "webhook":
        wanted = f"{settings.url}{webhook.PATH}"
        if info.url == wanted:
            points.append(Point(Level.ok, _("The webhook is set to {url}."), "", (("url", wanted),)))
        else:
            todo = _("“linli serve” sets it. Telegram needs an https address that it can reach: LINLI_PUBLIC_URL.")
            points.append(Point(Level.fail, _("The webhook is not set to {url}."), todo, (("url", wanted),)))
        if info.last_error_message:
            values = (("error", info.last_error_message),)
            points.append(
                Point(Level.warn, _("Telegram's last call failed: {error}"), _("See whether the public address leads here."), values)
            )
    elif info.url:
        points.append(
            Point(
                Level.warn, _("A webhook is set although Linli polls."), _("“linli serve” removes it. Does another program use the token?")
            )
        )
    else:
        points.append(Point(Level.ok, _("Linli fetches updates itself.")))
    count: tuple[tuple[str, object], ...] = (("count", info.pending_update_count),)
    if info.pending_update_count > MANY:
        return [*points, Point(Level.warn, _("{count} updates wait."), _("Start “linli serve”; Telegram keeps them for 24 hours."), count)]
    return [*points, Point(Level.ok, _("{count} updates wait."), "", count)]
