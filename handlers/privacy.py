"""Numbers and addresses that identify a person, found in any text and masked wherever the full form is not needed.

Only the thread of a ticket shows the full form, to those who may see it. Logs, lists, notices to workers, drafts and the audit
log show `mask(text)`. Images are not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from handlers import private_numbers as numbers


class Kind(StrEnum):
    """What a number or an address is."""

    passport = "passport"
    permit = "permit"
    identity = "identity"
    bank_card = "bank_card"
    iban = "iban"
    phone = "phone"
    email = "email"


#: What nobody should post where others read along. A phone number or an e-mail address is a person's own business.
PRIVATE = frozenset({Kind.passport, Kind.permit, Kind.identity, Kind.bank_card, Kind.iban})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a text: `text[start:end]`."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> tuple[Finding, ...]:
    """All that identifies a person, in order and without overlaps."""
    plain = numbers.plain(text)
    if not numbers.worth_a_look(plain):
        return ()
    taken: list[Finding] = []
    for kind, start, end in _all(plain):
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(Finding(kind, start, end))
    return tuple(sorted(taken, key=lambda one: one.start))


def private(text: str) -> bool:
    """Whether the text holds a number that does not belong where others read along."""
    return any(one.kind in PRIVATE for one in find(text))


def mask(text: str) -> str:
    """`text` with everything found made unreadable; its last two signs stay, so that two people can speak of the same number."""
    masked, done = [], 0
    for one in find(text):
        masked += [text[done : one.start], "…@…" if one.kind is Kind.email else f"…{text[one.end - 2 : one.end]}"]
        done = one.end
    return "".join([*masked, text[done:]])


def _all(plain: str) -> Iterator[tuple[Kind, int, int]]:
    """Candidates, the surest first: who comes first keeps the place."""
    labels = numbers.Labels(plain)
    for kind, finder in (
        (Kind.email, numbers.emails),
        (Kind.passport, numbers.machine_readable),
        (Kind.iban, numbers.ibans),
        (Kind.identity, numbers.identities),
        (Kind.permit, numbers.permits),
        (Kind.bank_card, numbers.cards),
    ):
        yield from ((kind, start, end) for start, end in finder(plain, labels))
    yield from ((Kind(label), start, end) for label, start, end in numbers.labelled(plain, labels))
    yield from ((Kind.phone, start, end) for start, end in numbers.phones(plain, labels))
    yield from ((Kind.passport, start, end) for start, end in numbers.passports(plain, labels))
