"""Pace: how often something may be done, counted in the database so that all processes share one limit.

Each scope (a bot, a chat, a visitor) has one moment, `full_at`: when everything it did will have been paid for. This is the
generic cell rate algorithm (ITU-T I.371, annex A): a burst is free, after it the steady rate holds, and one row is enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class Pace(Base):
    """What a scope has used of its limit."""

    __tablename__ = "paces"

    scope: Mapped[str] = mapped_column(primary_key=True)
    full_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any `within`, which may come all at once."""

    times: int
    within: timedelta

    @property
    def each(self) -> timedelta:
        """What one costs."""
        return self.within / self.times


async def take(tx: Transaction, limits: Mapping[str, Limit], now: datetime) -> datetime | None:
    """Do it once under all these limits (scope → limit): None when allowed; otherwise nothing is used, and this is when to try again."""
    query = select(Pace).where(Pace.scope.in_(sorted(limits))).order_by(Pace.scope)
    if tx.shared:
        insert = postgresql.insert(Pace).on_conflict_do_nothing()
        await tx.session.execute(insert, [{"scope": scope, "full_at": now} for scope in sorted(limits)])
        query = query.with_for_update().execution_options(populate_existing=True)
    used = {pace.scope: pace for pace in (await tx.session.scalars(query)).all()}
    full_at = {scope: max(now, used[scope].full_at) if scope in used else now for scope in limits}
    wait_until = max(full_at[scope] + limit.each - limit.within for scope, limit in limits.items())
    if wait_until > now:
        return wait_until
    for scope, limit in limits.items():
        if scope in used:
            used[scope].full_at = full_at[scope] + limit.each
        else:
            tx.session.add(Pace(scope=scope, full_at=full_at[scope] + limit.each))
    await tx.flush()
    return None


async def pause(tx: Transaction, scope: str, limit: Limit, until: datetime) -> None:
    """Nothing under this scope before `until`: the platform has said so."""
    insert = postgresql.insert(Pace) if tx.dialect == "postgresql" else sqlite.insert(Pace)
    full_at = until + limit.within - limit.each
    later = {"full_at": insert.excluded.full_at}
    await tx.session.execute(
        insert.values(scope=scope, full_at=full_at).on_conflict_do_update(
            index_elements=[Pace.scope], set_=later, where=Pace.full_at < insert.excluded.full_at
        )
    )


async def prune(tx: Transaction, now: datetime) -> None:
    """Forget scopes that have used nothing of their limit."""
    await tx.session.execute(delete(Pace).where(Pace.full_at <= now))
