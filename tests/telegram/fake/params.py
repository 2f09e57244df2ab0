"""What comes with a call: strings, numbers and JSON in strings, as the Bot API takes them."""

import json
import re
from typing import Any

from tests.telegram.fake.entities import parse_html, units
from tests.telegram.fake.refusals import bad
from tests.telegram.fake.world import Json


class Params:
    """The parameters of one call; `files` holds what was uploaded."""

    def __init__(self, values: Json, files: dict[str, bytes] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def raw(self, name: str) -> Any:
        """As it came."""
        return self.values.get(name)

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """A whole number."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str) -> bool:
        """True or false."""
        return str(self.values.get(name, "")).lower() in {"true", "1"}

    def json(self, name: str, default: Any = None) -> Any:
        """A structure."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return default if value is None else value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def words(self, name: str, longest: int) -> Json:
        """A text or caption with its entities; refuses what is empty, too long or cannot be parsed."""
        source = self.text(name)
        mode = self.text("parse_mode")
        if mode not in {"", "HTML"}:
            raise bad("unsupported parse_mode")
        text, entities = parse_html(source) if mode == "HTML" else (source, [])
        if units(text) > longest:
            raise bad("message caption is too long" if name == "caption" else "message is too long")
        if name == "text" and not text.strip():
            raise bad("message text is empty")
        return {name: text, **({"entities" if name == "text" else "caption_entities": entities} if entities else {})} if text else {}


_HOST = re.compile(r"(https?://|tg://)[^\s/]+\.[^\s/]+|tg://\S+", re.ASCII)


def keyboard(params: Params, *, private: bool) -> Json:
    """An inline keyboard, checked: labels, exactly one action a button, callback data of 1–64 bytes, links that lead somewhere."""
    markup = params.json("reply_markup")
    if not markup:
        return {}
    if "inline_keyboard" not in markup:
        return {}
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or len(rows) > 100:
        raise bad("reply markup is too long")
    for row in rows:
        if len(row) > 8:
            raise bad("too many buttons in a row")
        for button in row:
            if not str(button.get("text", "")).strip():
                raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
            actions = [name for name in ("callback_data", "url", "login_url", "web_app", "copy_text") if name in button]
            if len(actions) != 1:
                raise bad("Text buttons are unallowed in the inline keyboard")
            if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
            if "url" in button and not _HOST.match(str(button["url"])):
                raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
            if set(button) - {"text", *actions, "style", "icon_custom_emoji_id"}:
                raise bad("can't parse inline keyboard button: unknown field")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}
