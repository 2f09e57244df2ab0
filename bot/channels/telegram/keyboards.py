"""Choices as an inline keyboard."""

import logging
import unicodedata
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.messages import Choice
from handlers.resident import payloads

log = logging.getLogger(__name__)

#: Telegram's limit for what a button carries back (Bot API, InlineKeyboardButton), in bytes.
LONGEST_DATA = 64
#: How wide a row may get before the next button starts a new one; a Chinese character counts two.
_ROW = 30
_BUTTONS_A_ROW = 5


def keyboard(choices: Sequence[Choice], bot_name: str) -> InlineKeyboardMarkup | None:
    """Buttons in rows, short ones side by side. A choice to be taken up in private becomes a link that opens the private chat."""
    rows: list[list[InlineKeyboardButton]] = []
    used = _ROW
    for choice in choices:
        button = _button(choice, bot_name)
        if button is None:
            continue
        width = _width(choice.label) + 2
        if rows and used + width <= _ROW and len(rows[-1]) < _BUTTONS_A_ROW:
            rows[-1].append(button)
            used += width
        else:
            rows.append([button])
            used = width
    return InlineKeyboardMarkup(rows) if rows else None


def _button(choice: Choice, bot_name: str) -> InlineKeyboardButton | None:
    verb, argument = payloads.parse(choice.payload)
    if verb == payloads.IN_PRIVATE:
        return InlineKeyboardButton(choice.label, url=f"https://t.me/{bot_name}?start={argument}")
    if not 1 <= len(choice.payload.encode()) <= LONGEST_DATA:
        log.error("button_too_large", extra={"verb": verb})
        return None
    return InlineKeyboardButton(choice.label, callback_data=choice.payload)


def _width(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in label)
