"""A reply's plain text as Telegram shows it: bold headings, safely escaped, split on our own boundaries."""

import html

#: Telegram's limit for a text (Bot API, sendMessage), in UTF-16 units after entities are parsed.
LONGEST = 4096
#: A heading is a short line by itself that ends in a colon.
_HEADING = 48


def units(text: str) -> int:
    """The length that Telegram counts."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """The text in pieces that fit, cut between paragraphs, else lines, else sentences, else words; at least one piece."""
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > longest:
        cut = _cut(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest or not pieces else pieces


def _cut(text: str, longest: int) -> int:
    """Where to cut: the last boundary of the best kind in the second half of what fits."""
    fits = 0
    used = 0
    for sign in text:
        used += 2 if sign > "\uffff" else 1
        if used > longest:
            break
        fits += 1
    for boundary in ("\n\n", "\n", "。", ". ", "；", " "):
        at = text.rfind(boundary, fits // 2, fits)
        if at > 0:
            return at + len(boundary)
    return fits


def to_html(text: str) -> str:
    """HTML for Telegram's parser: everything escaped, headings bold. A tag never spans two lines."""
    lines = text.split("\n")
    return "\n".join(
        f"<b>{html.escape(line, quote=False)}</b>" if _heads(line, lines[n + 1 : n + 2]) else html.escape(line, quote=False)
        for n, line in enumerate(lines)
    )


def _heads(line: str, following: list[str]) -> bool:
    return bool(following and following[0].strip()) and len(line) <= _HEADING and line.endswith((":", "：")) and bool(line[:-1].strip())
