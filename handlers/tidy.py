"""A message as it may be stored: no characters that a database refuses or that change the direction of the text around it."""

import re
from dataclasses import replace

from handlers.messages import Message

#: Control characters other than tab and line feed, lone surrogates, and marks that reorder what stands after them.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def tidy(message: Message) -> Message:
    """The same message with unfit characters removed and white space around it cut; its words stay as they were written."""
    return replace(message, text=clean(message.text), sender_name=clean(message.sender_name)[:80] if message.sender_name else None)


def clean(text: str) -> str:
    """`text` without what no person reads."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
