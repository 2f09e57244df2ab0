"""aiosqlite with one visit to its thread a statement.

SQLAlchemy opens a cursor, executes, fetches all rows and closes it; aiosqlite makes four visits of that, and the visits cost
more than the statements. Here the whole of it is one visit.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any, Self

import aiosqlite


class Connection(aiosqlite.Connection):
    """A connection whose cursors do their work in one visit."""

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy enters what it gets, and needs no more
        """A cursor; nothing happens in the thread yet."""
        return Cursor(self)

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread; the future tells when it has ended."""
        self._stopped: asyncio.Future[Any] | None = super().stop()
        return self._stopped

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except BaseException:
            # The thread is on its way out and will say so to this event loop: which must not be gone by then.
            if self._stopped is not None:
                await self._stopped
            raise

    async def visit(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do this in the connection's thread."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite leaves it without types


class Cursor:
    """What SQLAlchemy needs of a cursor; the rows are there as soon as it was executed."""

    __slots__ = ("_connection", "_rows", "arraysize", "description", "lastrowid", "rowcount")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.arraysize = 1
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __await__(self) -> Generator[Any, None, Self]:
        return self.__aenter__().__await__()

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute, fetch all, close."""
        await self._connection.visit(lambda connection: self._keep(connection.execute(sql, parameters)))
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        """Execute for each, close."""
        await self._connection.visit(lambda connection: self._keep(connection.executemany(sql, parameters)))
        return self

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """It was closed when it was executed."""

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.lastrowid = cursor.lastrowid
        self.rowcount = cursor.rowcount
        cursor.close()


def connect(database: str, **options: Any) -> Awaitable[aiosqlite.Connection]:
    """A connection of this kind; its thread does not keep the process alive."""
    connection = Connection(lambda: _open(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection


def _open(database: str, timeout: float, **options: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(database, timeout=timeout, **options)
    give_up_at = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return connection
        except sqlite3.OperationalError as error:
            # For this one step, taken once in the life of a file, SQLite does not wait for others by itself.
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                connection.close()
                raise
            time.sleep(0.01)
        except sqlite3.Error:
            connection.close()
            raise
