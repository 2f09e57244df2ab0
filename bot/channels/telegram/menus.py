"""What Telegram shows of the bot before anybody writes: its name, its description, and the menu of commands."""

import logging
from collections.abc import Awaitable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    error,
)

from handlers import places
from handlers.desk import Desk
from handlers.i18n import translate

log = logging.getLogger(__name__)


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


NAME = _("Linli · community helpdesk")
#: Stands on the empty chat, at most 512 characters.
DESCRIPTION = _(
    "I am the helpdesk of your community. Ask about papers, doctors, housing, driving or daily life, in English or Chinese."
    " What I cannot answer, a social worker does."
)
#: Stands on the profile, at most 120 characters.
SHORT = _("The helpdesk of your community, in English and Chinese.")

PRIVATE = {
    "help": _("What I can do"),
    "human": _("Talk to a person"),
    "ticket": _("Your open tickets"),
    "language": _("English or 中文"),
    "privacy": _("What is kept about you"),
}
GROUP = {
    "help": _("What I can do"),
    "human": _("Ask a social worker"),
    "card": _("Who to call in this community"),
}
STAFF = {
    "queue": _("Open tickets, longest wait first"),
    "help": _("How to work here"),
}


async def set_up(desk: Desk, bot: Bot, staff_chat: str) -> None:
    """Tell Telegram where it differs from what it was told last; what it refuses is logged and asked again at the next start."""
    wanted = repr((NAME, DESCRIPTION, SHORT, PRIVATE, GROUP, STAFF, [translate("zh", words) for words in _all_words()], staff_chat))
    if await places.kept(desk, f"telegram:menus:{bot.id}", "") == wanted:
        return
    done = True
    for code, language in (("", "en"), ("en", "en"), ("zh", "zh")):
        for scope, commands in _scopes(staff_chat):
            menu = [BotCommand(word, translate(language, told)) for word, told in commands.items()]
            done &= await _try(bot.set_my_commands(menu, scope=scope, language_code=code or None))
        done &= await _try(bot.set_my_name(translate(language, NAME), language_code=code or None))
        done &= await _try(bot.set_my_description(translate(language, DESCRIPTION), language_code=code or None))
        done &= await _try(bot.set_my_short_description(translate(language, SHORT), language_code=code or None))
    if done:
        await places.keep(desk, f"telegram:menus:{bot.id}", wanted)


def _scopes(staff_chat: str) -> list[tuple[BotCommandScope, dict[str, str]]]:
    scopes: list[tuple[BotCommandScope, dict[str, str]]] = [
        (BotCommandScopeAllPrivateChats(), PRIVATE),
        (BotCommandScopeAllGroupChats(), GROUP),
    ]
    return [*scopes, (BotCommandScopeChat(int(staff_chat)), STAFF)] if staff_chat.lstrip("-").isdecimal() else scopes


def _all_words() -> list[str]:
    return [NAME, DESCRIPTION, SHORT, *PRIVATE.values(), *GROUP.values(), *STAFF.values()]


async def _try(act: Awaitable[object]) -> bool:
    try:
        await act
    except error.TelegramError as fault:
        log.warning("telegram_menu_refused", extra={"says": fault.message})
        return False
    return True
