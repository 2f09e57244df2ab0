"""Replies that workers use again and again (`replies.md`): a title and the words in both languages, with placeholders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from faq import form
from faq.fault import Fault, fault
from faq.textfile import decode

#: What a reply may name besides what an answer may: the resident as lists call them, the worker, the ticket's number.
PLACEHOLDERS = ("resident", "worker", "ticket", *form.NAMES, *form.DETAILS)
_HEADING = re.compile(r"##\s*(.+?)\s*")
_LABEL = re.compile(r"(Title|标题|English|英文|中文|Chinese)\s*[:：]\s*(.*)")
_PART = {"Title": "title", "标题": "title", "English": "en", "英文": "en", "中文": "zh", "Chinese": "zh"}
_BETWEEN = re.compile(r"\s+[·•・|]\s+")


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply to use again: its id, and its title and words by locale."""

    id: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]


def read(data: bytes, path: Path) -> tuple[Mapping[str, Canned], tuple[Fault, ...]]:
    """The replies in the order of the file. One that is not whole is left out and told; lines before the first are for people."""
    text = decode(data, path)
    faults = list(text.faults)
    parts: dict[str, dict[str, list[str]]] = {}
    at: dict[str, int] = {}
    here: dict[str, list[str]] | None = None
    label = ""
    for line in text.lines:
        heading, said = _HEADING.fullmatch(line.text), _LABEL.fullmatch(line.text)
        if heading:
            name, label = heading[1], ""
            if not form.ID.fullmatch(name) or name in parts:
                faults.append(fault("reply_name", path, line.number, line.column, name=name))
            here = parts.setdefault(name, {})
            at.setdefault(name, line.number)
        elif here is not None and said:
            label = _PART[said[1]]
            here.setdefault(label, []).append(said[2])
        elif here is not None and label:
            here[label].append(line.text)
        elif here is not None:
            faults.append(fault("reply_part", path, line.number, line.column, name=line.text))
    found: dict[str, Canned] = {}
    for name, said_of in parts.items():
        one = _whole(name, said_of)
        unknown = [word for word in form.PLACEHOLDER.findall(" ".join(one.texts.values())) if word not in PLACEHOLDERS] if one else []
        if one is None or unknown:
            faults.append(fault("reply_placeholder" if unknown else "reply_half", path, at[name], 1, name=unknown[0] if unknown else name))
        elif form.ID.fullmatch(name):
            found[name] = one
    return found, tuple(faults)


def _whole(name: str, parts: Mapping[str, list[str]]) -> Canned | None:
    texts = {locale: "\n".join(line for line in parts.get(locale, ()) if line) for locale in ("en", "zh")}
    titles = _BETWEEN.split(" ".join(parts.get("title", ())))
    if not all(texts.values()) or len(titles) != 2 or not all(titles):
        return None
    return Canned(name, {"en": titles[0], "zh": titles[1]}, texts)
