"""Tables grow and shrink without harm, and agree with the models."""

import asyncio
from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from storage import Storage
from storage.base import Base
from storage.engines import url_of
from storage.migrations import runner
from tests.storage import rows

DATABASES_OWN = ("search_index", "ix_search_entries_vector")


def engine_of(url: str) -> Engine:
    """A plain engine, without any of our own settings."""
    return create_engine(url_of(url.replace("+aiosqlite", "")).set(drivername="postgresql+psycopg" if "postgres" in url else "sqlite"))


def differences(connection: Connection) -> list[object]:
    """What a new migration would have to do; the index for searching is made of what each database has of its own."""
    options = {"compare_type": True, "include_name": lambda name, _kind, _parents: not (name or "").startswith(DATABASES_OWN)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


async def test_tables_agree_with_the_models(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_up_and_down_and_up_again(blank_url: str) -> None:
    engine = engine_of(blank_url)
    with engine.begin() as connection:
        runner.upgrade(connection)
        assert differences(connection) == []
        runner.downgrade(connection, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        runner.upgrade(connection)
        assert differences(connection) == []
    engine.dispose()


async def test_upgrade_twice_keeps_the_rows(blank_url: str, now: datetime) -> None:
    storage = Storage(blank_url)
    await storage.open()
    await storage.upgrade()
    async with storage.transaction() as tx:
        await rows.ticket(tx, await rows.conversation(tx, now), now)
    await storage.upgrade()
    async with storage.transaction() as tx:
        assert (await rows.ticket(tx, await rows.conversation(tx, now), now)).number == 1
    await storage.close()


async def test_processes_that_upgrade_at_once_find_it_done_once(blank_url: str) -> None:
    several = [Storage(blank_url) for _ in range(3)]
    await asyncio.gather(*(storage.upgrade() for storage in several))
    async with several[0].reading() as tx:
        assert (await tx.session.scalars(text("SELECT value FROM counters"))).all() == [0, 0]
    for storage in several:
        await storage.close()


async def test_a_step_that_leaves_a_reference_to_nothing_is_undone(sqlite_url: str) -> None:
    engine = engine_of(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO grids (community_id, name) VALUES ('nowhere', 'east')"))
        with pytest.raises(RuntimeError, match="grids"):
            runner.upgrade(connection)
        connection.rollback()
    engine.dispose()
