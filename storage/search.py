"""Search over what was said on tickets, in Chinese and English: two-character words are found as well as long ones."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Integer, Select, column, func, or_, select, table, text

from storage import findable
from storage.conversations import Utterance
from storage.findable import SearchEntry
from storage.people import Resident
from storage.tickets import Ticket, within
from storage.transaction import Transaction

_FIGURES = re.compile(r"#?\d{1,9}")
_FTS: Final = table("search_index", column("rowid", Integer), column("search_index"))


async def tickets(
    tx: Transaction, query: str, *, communities: Collection[str] | None, limit: int = 50, offset: int = 0
) -> Sequence[tuple[Ticket, Utterance | None]]:
    """Tickets in which all of this was said in one turn, newest first, each with the last such turn; or whose number or alias it is.

    `communities`: only tickets of these and of no community; None means all. An empty query finds nothing.
    """
    ids: dict[int | None, int | None] = dict.fromkeys(await _named(tx, query.strip(), communities))
    terms = findable.terms(query)
    if terms:
        last = func.max(Utterance.id)
        said = (
            select(Utterance.ticket_id, last)
            .join(Ticket, Ticket.id == Utterance.ticket_id)
            .where(Utterance.id.in_(_matching(tx, terms)), *within(communities))
            .group_by(Utterance.ticket_id)
            .order_by(last.desc())
            .limit(limit + offset)
        )
        ids |= {row[0]: row[1] for row in (await tx.session.execute(said)).all()}
    wanted = list(ids)[offset : offset + limit]
    found = {one.id: one for one in (await tx.session.scalars(select(Ticket).where(Ticket.id.in_(wanted)))).all()}
    turns = [turn for ticket_id in wanted if (turn := ids[ticket_id]) is not None]
    spoken = {one.id: one for one in (await tx.session.scalars(select(Utterance).where(Utterance.id.in_(turns)))).all()}
    return [(found[ticket_id], spoken.get(ids[ticket_id] or 0)) for ticket_id in wanted if ticket_id in found]


async def _named(tx: Transaction, query: str, communities: Collection[str] | None) -> Sequence[int]:
    """The ticket that is called so, or the tickets of the resident who is."""
    which: list[ColumnElement[bool]] = [Resident.alias == query.upper()]
    if _FIGURES.fullmatch(query):
        which.append(Ticket.number == int(query.lstrip("#")))
    named = select(Ticket.id).join(Resident, Resident.id == Ticket.resident_id).where(or_(*which), *within(communities))
    return (await tx.session.scalars(named.order_by(Ticket.id.desc()).limit(50))).all()


def _matching(tx: Transaction, terms: Sequence[tuple[str, bool]]) -> Select[int]:
    """The turns in which all terms stand. Terms hold letters and figures only, so quoting them is enough."""
    if tx.dialect == "postgresql":
        wanted = " & ".join(f"'{term}'{':*' if prefix else ''}" for term, prefix in terms)
        matches = text("array_to_tsvector(string_to_array(search_entries.grams, ' ')) @@ CAST(:wanted AS tsquery)")
        return select(SearchEntry.utterance_id).where(matches.bindparams(wanted=wanted))
    wanted = " ".join(f'"{term}"{"*" if prefix else ""}' for term, prefix in terms)
    return select(_FTS.c.rowid).where(_FTS.c.search_index.op("MATCH")(wanted))
