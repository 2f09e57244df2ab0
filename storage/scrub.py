"""After an erasure: what databases keep of deleted rows for their own purposes goes too.

SQLite overwrites deleted content itself (`secure_delete`), but older pages stay in the write-ahead log until it is emptied.
PostgreSQL keeps dead rows and their index entries until a vacuum; the free space inside its pages and its own write-ahead log are
overwritten in their own time, or at once by `rewrite`, which locks each table for as long as copying it takes.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

#: The tables from which people are erased.
TABLES = (
    "conversations", "deliveries", "export_links", "group_facts", "handovers", "identities", "paces", "residents", "threads",
    "ticket_events", "tickets", "utterances",
)  # fmt: skip


async def sqlite(path: Path, *, rewrite: bool) -> bool:
    """Empty the write-ahead log; False while somebody still reads from it."""
    return await asyncio.to_thread(_sqlite, path, rewrite)


def _sqlite(path: Path, rewrite: bool) -> bool:
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        if rewrite:
            connection.execute("VACUUM")
        busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


async def postgresql(autocommit: AsyncEngine, *, rewrite: bool) -> bool:
    """Vacuum the tables from which people are erased."""
    async with autocommit.connect() as connection:
        for table in TABLES:
            await connection.execute(text(f"VACUUM ({'FULL' if rewrite else 'INDEX_CLEANUP ON'}) {table}"))
        if rewrite:
            await connection.execute(text("CHECKPOINT"))
    return True
