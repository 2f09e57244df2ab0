"""The register of facts (`facts.md`): what each figure rests on, so that one changed rule finds every answer that uses it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from faq import form
from faq.fault import Fault, fault
from faq.fields import day_of
from faq.textfile import Line, decode


class Confidence(StrEnum):
    """How far a fact may be trusted: a law or an office, a good guide, or general knowledge that somebody must confirm."""

    official = "official"
    secondary = "secondary"
    unverified = "unverified"


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim with its evidence. `links` are where it was read, `caution` what to confirm before relying on it."""

    id: str
    claim: str
    term: str
    source: str
    links: tuple[str, ...]
    source_date: str
    confidence: Confidence
    caution: str
    checked: date
    line: int


_FIELD = re.compile(r"([A-Za-z ]{4,14}?)\s*[:：]\s*(.*)")
_FIELDS = (
    "Claim",
    "Chinese term",
    "Source",
    "Link",
    "Source date",
    "Confidence",
    "Caution",
    "Checked",
)
_NAMES = {form.folded(name): name for name in _FIELDS}
_OBLIGATORY = ("Claim", "Source", "Confidence", "Checked")


def read(data: bytes, path: Path) -> tuple[Mapping[str, Fact], tuple[Fault, ...]]:
    """The facts by id, and the faults; a block with a fault is left out. Headings with one `#` divide the file for people."""
    text = decode(data, path)
    faults = list(text.faults)
    facts: dict[str, Fact] = {}
    blocks: list[tuple[Line, str, dict[str, str]]] = []
    for line in text.lines:
        if line.text.startswith("##"):
            blocks.append((line, line.text.lstrip("#").strip(), {}))
        elif line.text.startswith("#") or not blocks:
            continue
        elif (found := _FIELD.fullmatch(line.text)) and form.folded(found[1]) in _NAMES:
            blocks[-1][2].setdefault(_NAMES[form.folded(found[1])], found[2])
        else:
            faults.append(fault("register_line", path, line.number, line.column))
    for heading, fact_id, values in blocks:
        fact, found_faults = _fact(heading, fact_id, values, path)
        if fact_id in facts:
            found_faults.append(fault("register_twice", path, heading.number, id=fact_id))
        elif fact is not None:
            facts[fact_id] = fact
        faults += found_faults
    return facts, tuple(faults)


def _fact(heading: Line, fact_id: str, values: Mapping[str, str], path: Path) -> tuple[Fact | None, list[Fault]]:
    faults = []
    if not form.FACT_ID.fullmatch(fact_id):
        faults.append(fault("fact_form", path, heading.number, id=fact_id))
    faults += [fault("register_field", path, heading.number, id=fact_id, field=name) for name in _OBLIGATORY if not values.get(name)]
    confidence = values.get("Confidence", "").casefold()
    if confidence and confidence not in list(Confidence):
        faults.append(fault("confidence_form", path, heading.number, value=confidence))
    checked = day_of(values.get("Checked", ""))
    if values.get("Checked") and checked is None:
        faults.append(fault("date_form", path, heading.number, value=values["Checked"]))
    if faults or checked is None:
        return None, faults
    links = tuple(word for word in values.get("Link", "").split() if "://" in word)
    return (
        Fact(
            fact_id,
            values["Claim"],
            values.get("Chinese term", ""),
            values["Source"],
            links,
            values.get("Source date", ""),
            Confidence(confidence),
            values.get("Caution", ""),
            checked,
            heading.number,
        ),
        faults,
    )
