"""Text as Telegram reads it: HTML to plain text with entities, in UTF-16 units, refusing what it refuses."""

import re
from typing import Any

from tests.telegram.fake.refusals import bad

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*)\s*>")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip


def units(text: str) -> int:
    """The length that limits and offsets are counted in."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities; raises `Refused` for unknown, unclosed or crossed tags and for a bare `<`."""
    text, entities = "", []
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    at = 0
    while at < len(source):
        sign = source[at]
        if sign == "<":
            tag = _TAG.match(source, at)
            if tag is None:
                raise bad(f"can't parse entities: Unsupported start tag at byte offset {len(source[:at].encode())}")
            closing, name, attributes = tag.groups()
            if name.lower() not in _KINDS:
                raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {len(source[:at].encode())}')
            if closing:
                if not open_tags or open_tags[-1][0] != name.lower():
                    raise bad("can't parse entities: Unmatched end tag")
                _name, start, given = open_tags.pop()
                entities.append({"type": _KINDS[name.lower()], "offset": start, "length": units(text) - start, **given})
            else:
                link = re.search(r"href\s*=\s*[\"']([^\"']*)", attributes)
                open_tags.append((name.lower(), units(text), {"url": link[1]} if link else {}))
            at = tag.end()
        elif sign == "&" and (named := re.match(r"&(#x?[0-9a-fA-F]+|[a-z]+);", source[at:])):
            code = named[1]
            if code.startswith("#"):
                text += chr(int(code[2:], 16) if code[1] == "x" else int(code[1:]))
            else:
                text += _NAMED.get(code, named[0])
            at += len(named[0])
        else:
            text += sign
            at += 1
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return text, sorted((entity for entity in entities if entity["length"]), key=lambda entity: entity["offset"])


def found(text: str, usernames: set[str]) -> list[dict[str, Any]]:
    """What Telegram marks by itself in what a person writes: commands and mentions."""
    marked = []
    for kind, pattern in (("bot_command", r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?"), ("mention", r"(?<!\w)@\w{3,32}")):
        for hit in re.finditer(pattern, text, re.ASCII):
            if kind == "mention" and hit[0][1:].lower() not in usernames:
                continue
            marked.append({"type": kind, "offset": units(text[: hit.start()]), "length": units(hit[0])})
    return sorted(marked, key=lambda entity: entity["offset"])
