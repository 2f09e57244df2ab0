"""When the disk says no, storage says no: in one word, and without repeating what a resident wrote."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from storage import AlreadyRunning, Conflict, Resident, Storage, StorageUnavailable, conversations, people
from tests import databases
from tests.storage import rows

SOON = timedelta(milliseconds=50)


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


async def write(storage: Storage, now: datetime, sender: str = "anna") -> None:
    async with storage.transaction() as tx:
        await rows.conversation(tx, now, sender)


async def test_a_file_locked_by_another_program(sqlite_url: str, now: datetime) -> None:
    storage = Storage(sqlite_url, patience=SOON)
    with closing(sqlite3.connect(path_of(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="locked"):
            await write(storage, now)
        assert not await storage.healthy()
        async with storage.reading() as tx:
            assert await people.get(tx, 1) is None
        other.execute("ROLLBACK")

    await write(storage, now)
    assert await storage.healthy()
    await storage.close()


async def test_a_file_that_may_not_be_written(sqlite_url: str, now: datetime) -> None:
    storage = Storage(f"{sqlite_url.replace('///', '///file:')}?mode=ro&uri=true")
    with pytest.raises(StorageUnavailable):
        await write(storage, now)
    assert not await storage.healthy()
    await storage.close()


async def test_a_full_disk_keeps_nothing_and_recovers(sqlite_storage: Storage, now: datetime) -> None:
    await write(sqlite_storage, now)

    async def write_much() -> None:
        async with sqlite_storage.transaction() as tx:
            pages = await tx.session.scalar(text("PRAGMA page_count"))
            await tx.session.execute(text(f"PRAGMA max_page_count={pages + 1}"))
            spoken_in = await rows.conversation(tx, now, "boris")
            for _ in range(50):
                await rows.said(tx, spoken_in, "x" * 9000, now)

    with pytest.raises(StorageUnavailable, match="full"):
        await write_much()
    async with sqlite_storage.transaction() as tx:
        await tx.session.execute(text("PRAGMA max_page_count=1000000"))
        assert await conversations.of_sender(tx, "web", "chat", "boris") is None
    await write(sqlite_storage, now, "boris")


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    storage = Storage(f"sqlite:///{tmp_path / 'file' / 'linli.db'}")
    with pytest.raises(StorageUnavailable):
        await storage.open()
    await storage.close()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "linli.db").write_text("Dear diary, " * 1000)
    storage = Storage(f"sqlite:///{tmp_path / 'linli.db'}")
    with pytest.raises(StorageUnavailable, match="not a database"):
        await storage.open()
    await storage.close()


async def test_a_server_that_is_not_there() -> None:
    storage = Storage("postgresql://nobody@127.0.0.1:1/nothing", patience=SOON)
    with pytest.raises(StorageUnavailable):
        await storage.open()
    assert not await storage.healthy()
    await storage.close()


async def test_a_connection_lost_in_the_middle_keeps_nothing_and_the_next_works(
    postgresql_url: str, postgresql: databases.PostgreSQL, now: datetime
) -> None:
    storage = Storage(postgresql_url)

    async def write_and_lose() -> None:
        async with storage.transaction() as tx:
            await rows.conversation(tx, now, "anna")
            backend = await tx.session.scalar(text("SELECT pg_backend_pid()"))
            with psycopg.connect(postgresql.url("postgres"), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 2000)", [backend])
            await rows.conversation(tx, now, "boris")

    with pytest.raises(StorageUnavailable):
        await write_and_lose()
    async with storage.transaction() as tx:
        assert await conversations.of_sender(tx, "web", "chat", "anna") is None
    await storage.close()


async def test_connections_lost_while_nobody_used_them_are_not_noticed(
    postgresql_url: str, postgresql: databases.PostgreSQL, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines._TRUSTED_S", -1.0)  # as if they had lain idle
    storage = Storage(postgresql_url)
    await write(storage, now, "anna")
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = %s", [postgresql_url.split("/")[3].split("?")[0]]
        )

    await write(storage, now, "boris")
    assert await storage.healthy()
    await storage.close()


async def test_complaints_do_not_repeat_what_a_resident_wrote(storage: Storage, now: datetime) -> None:
    async def write_twice() -> None:
        async with storage.transaction() as tx:
            spoken_in = await rows.conversation(tx, now)
            await rows.said(tx, spoken_in, "my passport is E12345678", now, "m1")
            await rows.said(tx, spoken_in, "my passport is E12345678", now, "m1")

    with pytest.raises(Conflict) as refused:
        await write_twice()

    said: BaseException | None = refused.value
    while said is not None:
        assert "E12345678" not in str(said)
        said = said.__cause__


async def test_a_second_server_on_the_same_file_is_refused_until_the_first_is_gone(sqlite_url: str) -> None:
    first, second = Storage(sqlite_url), Storage(sqlite_url)
    first.claim_exclusive()
    first.claim_exclusive()
    with pytest.raises(AlreadyRunning):
        second.claim_exclusive()
    await first.close()
    second.claim_exclusive()
    await second.close()


async def test_a_server_killed_hard_leaves_no_claim_and_no_half_transaction(sqlite_url: str, now: datetime) -> None:
    script = f"""
import asyncio, datetime, os, signal
from storage import Storage
from tests.storage import rows
async def main():
    storage = Storage({sqlite_url!r})
    storage.claim_exclusive()
    now = datetime.datetime.now(datetime.UTC)
    async with storage.transaction() as tx:
        await rows.conversation(tx, now, "kept")
    async with storage.transaction() as tx:
        await rows.conversation(tx, now, "lost")
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script], cwd=Path(__file__).parents[2], timeout=30)
    assert done.returncode == -9

    storage = Storage(sqlite_url)
    storage.claim_exclusive()
    async with storage.transaction() as tx:
        assert await conversations.of_sender(tx, "web", "chat", "kept") is not None
        assert await conversations.of_sender(tx, "web", "chat", "lost") is None
    await storage.close()


async def test_many_servers_are_welcome_on_postgresql(postgresql_url: str) -> None:
    first, second = Storage(postgresql_url), Storage(postgresql_url)
    first.claim_exclusive()
    second.claim_exclusive()
    await first.close()
    await second.close()


async def test_a_fault_of_our_own_is_not_taken_for_the_memorys(storage: Storage, now: datetime) -> None:
    for fault in (FileNotFoundError("a template"), TimeoutError(), ValueError("a figure")):
        with pytest.raises(type(fault)):  # noqa: PT012 - the fault happens in the middle of what is written
            async with storage.transaction() as tx:
                await rows.conversation(tx, now, "anna")
                raise fault
    async with storage.reading() as tx:
        assert await conversations.of_sender(tx, "web", "chat", "anna") is None


async def test_who_waits_too_long_for_the_writer_is_told_so(sqlite_url: str, now: datetime) -> None:
    storage = Storage(sqlite_url, patience=SOON)
    async with storage.transaction() as tx:
        with pytest.raises(StorageUnavailable, match="busy"):
            await write(storage, now)
        await rows.conversation(tx, now, "anna")
    await write(storage, now, "boris")
    await storage.close()


async def test_a_refusal_repeats_nobodys_words(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        chat = await rows.conversation(tx, now)
        await rows.said(tx, chat, "my passport is canary", now, message_id="1")

    async def again() -> None:
        async with storage.transaction() as tx:
            await rows.said(tx, chat, "my passport is canary", now, message_id="1")

    with pytest.raises(Conflict) as refused:
        await again()
    assert "canary" not in str(refused.value)


async def test_a_row_that_is_refused_is_not_repeated(storage: Storage, now: datetime) -> None:
    async def nameless() -> None:
        async with storage.transaction() as tx:
            tx.session.add(Resident(alias=None, name="canary", created_at=now))

    with pytest.raises(Conflict) as refused:
        await nameless()
    assert "canary" not in str(refused.value)
