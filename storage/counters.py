"""Numbers that people read aloud: dense, never given twice, given inside the transaction that uses them."""

from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class Counter(Base):
    """The last number given of a kind. Whoever draws one holds the row until commit, so a rolled back number comes again."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


async def draw(tx: Transaction, name: str) -> int:
    """The next number of that kind, from 1."""
    query = update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    drawn = await tx.session.scalar(query, execution_options={"synchronize_session": False})
    if drawn is None:
        tx.session.add(Counter(name=name, value=1))
        await tx.flush()
        return 1
    return drawn
