"""Bytes of a file that an office computer has saved → lines of text, or one sentence that says why not."""

import re
from dataclasses import dataclass
from pathlib import Path

from faq.fault import Fault, fault

#: Blanks that look like a space become one; marks that nobody sees disappear; full-width digits and letters become plain.
_PLAIN = (
    dict.fromkeys((9, 12288, 160, 8239, 8287, 5760, *range(8192, 8203)), " ")
    | dict.fromkeys((65279, 8203, 8288, 173, 8206, 8207))
    | {
        code: code - 0xFEE0
        for code in (
            *range(0xFF10, 0xFF1A),
            *range(0xFF21, 0xFF3B),
            *range(0xFF41, 0xFF5B),
            0xFF5B,
            0xFF5D,
        )
    }
)

#: How the files begin that a word processor writes when it is not asked for plain text.
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something: its number and the column of its first sign (both from 1), and its words without outer blanks."""

    number: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class TextFile:
    """What was read: the lines that are not empty (none where the file cannot be read) and what was found on the way."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def decode(data: bytes, path: Path) -> TextFile:
    """Understands UTF-8 with or without BOM, UTF-16 and GBK, every kind of line end, wide blanks and full-width digits."""
    if data.startswith(_DOCUMENTS):
        return TextFile((), (fault("not_text", path),))
    if not data.strip():
        return TextFile((), (fault("empty_file", path),))
    text, encoding = _text(data)
    if text is None or "\x00" in text:
        line, column = _first_bad(data)
        return TextFile((), (fault("encoding_unknown", path, line, column),))
    found = (fault("encoding_other", path, encoding=encoding),) if encoding != "UTF-8" else ()
    lines = split(text)
    return TextFile(lines, found if lines else (fault("empty_file", path),))


def plain(data: bytes) -> str | None:
    """The whole text of a file in any of the encodings that `decode` understands; None where it is no text."""
    text, _encoding = _text(data)
    return text if text is not None and "\x00" not in text else None


def stem(path: Path) -> str:
    """The file's name without `.md`, and without the `.txt` that an office computer may hang behind it."""
    return re.sub(r"(?:\.md)?(?:\.txt)?$", "", path.name, flags=re.IGNORECASE)


def split(text: str) -> tuple[Line, ...]:
    """The lines of a text that say something, without outer blanks and with everything inside `<!-- … -->` left out."""
    text = _without_comments(text)
    lines = []
    for number, raw in enumerate(text.translate(_PLAIN).splitlines(), start=1):
        words = raw.lstrip()
        if words:
            lines.append(Line(number, len(raw) - len(words) + 1, words.rstrip()))
    return tuple(lines)


def _text(data: bytes) -> tuple[str | None, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    sample = data[:2000]
    # ASCII signs in UTF-16 leave every second byte zero; the side tells the byte order.
    if sample.count(0) > len(sample) // 8:
        order = "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
        return _decoded(data, order), "UTF-16"
    chinese = _decoded(data, "gb18030")
    return (chinese, "GBK") if chinese is not None and _is_everyday(chinese) else (None, "")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_everyday(text: str) -> bool:
    """Real Chinese keeps to the signs of GB 2312; a damaged UTF-8 file that happens to pass as GBK is full of rare ones."""
    wide = [sign for sign in text if "一" <= sign <= "鿿"]
    common = sum(1 for sign in wide if _decodable(sign))
    return len(wide) >= 2 and common >= 0.9 * len(wide)


def _decodable(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _first_bad(data: bytes) -> tuple[int, int]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
    else:
        before = data[: max(data.find(b"\x00"), 0)].decode("utf-8", errors="replace")
    start = before.rfind("\n") + 1
    return before.count("\n") + 1, len(before) - start + 1


def _without_comments(text: str) -> str:
    """Comments become blank, line for line, so that numbers and columns stay right. One that never ends is left standing."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        inside = "".join(sign if sign in "\r\n" else " " for sign in text[start : end + 3])
        text = text[:start] + inside + text[end + 3 :]
        start = text.find("<!--", end)
    return text
