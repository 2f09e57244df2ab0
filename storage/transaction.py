"""One unit of work on the memory: what the functions of this room take as their first argument."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession


class Transaction:
    """All of it is kept, or none. Handlers pass it on and never look inside; `session` is for this room only.

    `writing` is false inside `Storage.reading()`. Changes noted in it are written at its very end, so that
    their ids rise in the order of commits and nobody who reads "after N" can miss one. `queued`: something was put into the
    outbox for whoever delivers.
    """

    __slots__ = ("dialect", "locked", "noted", "queued", "session", "writing")

    def __init__(self, session: AsyncSession, dialect: str, *, writing: bool) -> None:
        self.session = session
        self.dialect = dialect
        self.writing = writing
        self.noted: dict[tuple[str, str], datetime] = {}
        self.locked: set[int] = set()
        self.queued = False

    @property
    def shared(self) -> bool:
        """Whether other writers may be at work at the same moment, so that rows must be locked before they are judged."""
        return self.writing and self.dialect == "postgresql"

    async def flush(self) -> None:
        """Send what was set on rows to the database now, so that their ids and constraints are known."""
        await self.session.flush()
