"""After an erasure: what databases keep of deleted rows for their own purposes goes too.

SQLite overwrites deleted content itself (`secure_delete`), but older pages stay in the write-ahead log until it is emptied, and the
index for searching forgets a word only when its parts are merged.
PostgreSQL keeps dead rows and their index entries until a vacuum; the free space inside its pages and its own write-ahead log are
overwritten in their own time, or at once by `rewrite`, which locks each table for as long as copying it takes.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.base import Base


async def sqlite(path: Path, *, rewrite: bool) -> bool:
    """Empty the write-ahead log; False while somebody still reads from it."""
    return await asyncio.to_thread(_sqlite, path, rewrite)


def _sqlite(path: Path, rewrite: bool) -> bool:
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        for (index,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").fetchall():
            # A text index only notes that words were removed; merged into one piece it forgets them. Where it is in one, nothing happens.
            connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608 - a name of our own migrations
        if rewrite:
            connection.execute("VACUUM")
        busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


async def postgresql(autocommit: AsyncEngine, *, rewrite: bool) -> bool:
    """Vacuum every table: people stand in many."""
    async with autocommit.connect() as connection:
        for table in Base.metadata.tables:
            await connection.execute(text(f"VACUUM ({'FULL' if rewrite else 'INDEX_CLEANUP ON'}) {table}"))
        if rewrite:
            await connection.execute(text("CHECKPOINT"))
    return True
