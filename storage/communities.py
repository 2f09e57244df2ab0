"""Communities and their grids: where a resident lives and whose workers look after them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction


class Community(Base):
    """A neighbourhood with its own station; `names` by locale (`en`, `zh`)."""

    __tablename__ = "communities"

    id: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]]
    created_at: Mapped[datetime]


class Grid(Base):
    """A part of a community with a grid worker of its own."""

    __tablename__ = "grids"
    __table_args__ = (UniqueConstraint("community_id", "name"), NEVER_REUSED)

    id: Mapped[RowId]
    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str]


async def ensure(tx: Transaction, names: Mapping[str, Mapping[str, str]], now: datetime) -> None:
    """Make the communities (id → names by locale) that are not there yet and give the others these names; nothing is removed."""
    known = {community.id: community for community in await everyone(tx)}
    for community_id, by_locale in names.items():
        if (community := known.get(community_id)) is None:
            tx.session.add(Community(id=community_id, names=dict(by_locale), created_at=now))
        elif community.names != dict(by_locale):
            community.names = dict(by_locale)
    await tx.flush()


async def get(tx: Transaction, community_id: str) -> Community | None:
    """The community of that id."""
    return await tx.session.get(Community, community_id)


async def everyone(tx: Transaction) -> Sequence[Community]:
    """All communities by id."""
    return (await tx.session.scalars(select(Community).order_by(Community.id))).all()


async def ensure_grid(tx: Transaction, community_id: str, name: str) -> Grid:
    """The grid of that name in that community, made when it is not there."""
    found = await tx.session.scalar(select(Grid).where(Grid.community_id == community_id, Grid.name == name))
    if found is None:
        found = Grid(community_id=community_id, name=name)
        tx.session.add(found)
        await tx.flush()
    return found


async def grids(tx: Transaction, community_id: str) -> Sequence[Grid]:
    """The grids of a community by name."""
    return (await tx.session.scalars(select(Grid).where(Grid.community_id == community_id).order_by(Grid.name))).all()
