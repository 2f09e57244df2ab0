"""Storage: opens the memory, hands out transactions, closes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import changes, exclusive, marks, scrub
from storage.engines import migrating_engine, reading_engine, translated, url_of, writing_engine
from storage.errors import StorageError, StorageUnavailable
from storage.transaction import Transaction
from storage.turn import Turn
from storage.watch import POLL_S, Watch

OUTBOX = "linli_outbox"  # the notification that something was put into the outbox


class Storage:
    """Linli's memory: a SQLite file for one process, or a PostgreSQL database for many.

    `patience`: how long to wait for a lock or a connection before it counts as unavailable.
    """

    def __init__(self, url: str, *, patience: timedelta = timedelta(seconds=5)) -> None:
        self._url = url_of(url)
        self.dialect = self._url.get_backend_name()
        self._writing = writing_engine(self._url, patience)
        self._reading = reading_engine(self._url, patience)
        # SQLite has one writer. Waiting for it in our own queue is fair and quick; SQLite's own waiting is neither.
        self._turn = Turn() if self.dialect == "sqlite" else None
        self._patience_s = patience.total_seconds()
        self._bells: set[asyncio.Event] = set()
        self._watch = Watch(self._newest_change)
        self._listener: asyncio.Task[None] | None = None
        self._claim: exclusive.Claim | None = None

    @property
    def shared(self) -> bool:
        """Whether several processes may serve from it."""
        return self.dialect == "postgresql"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database, None for PostgreSQL or a database in memory."""
        name = self._url.database
        return Path(name) if self.dialect == "sqlite" and name and name != ":memory:" else None

    async def open(self) -> None:
        """Connect and prove that it answers. Raises `StorageUnavailable`."""
        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageUnavailable(str(error)) from error
        async with self.reading() as tx:
            await tx.session.execute(text("SELECT 1"))

    async def upgrade(self, revision: str = "head") -> None:
        """Bring the tables to the newest form. Several processes may try at once: one does it, the others wait and find it done."""
        from storage.migrations.runner import upgrade

        engine = migrating_engine(self._url)
        try:
            with translated():
                async with engine.begin() as connection:
                    await connection.run_sync(upgrade, revision)
        finally:
            await engine.dispose()

    async def close(self) -> None:
        """Let go of everything; a transaction that still runs is rolled back."""
        await self._watch.close()
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
            self._listener = None
        await self._reading.dispose()
        await self._writing.dispose()
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def claim_exclusive(self) -> None:
        """Be the only server on this SQLite file until `close` or the end of the process, however it ends.

        Raises `AlreadyRunning` when another process is. Short commands do not claim and may write beside a server.
        On PostgreSQL any number of servers is welcome, so nothing is claimed.
        """
        if self.path is not None and self._claim is None:
            self._claim = exclusive.claim(self.path.with_name(self.path.name + ".lock"))

    @asynccontextmanager
    async def transaction(self, *, first: bool = False) -> AsyncIterator[Transaction]:
        """One write unit: kept at the end, rolled back on any exception. `first`: before others that wait for the one writer.

        Raises `StorageUnavailable` or `Conflict`, and then nothing was kept.
        """
        newest: int | None = None
        async with self._in_turn(first=first):
            with translated():
                async with AsyncSession(self._writing, expire_on_commit=False) as session, session.begin():
                    tx = Transaction(session, self.dialect, writing=True)
                    await session.connection()  # begins now: on SQLite the write lock comes before the first read
                    yield tx
                    await session.flush()
                    newest = await changes.write(tx)
                    if tx.queued and tx.shared:
                        await session.execute(text(f"NOTIFY {OUTBOX}"))
        if newest is not None:
            self._watch.moved_to(newest)
        if tx.queued:
            self._ring()

    @asynccontextmanager
    async def _in_turn(self, *, first: bool = False) -> AsyncIterator[None]:
        """Who waits longer than our patience is told so: a queue that only grows would end in no answer at all."""
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(self._patience_s):
                await self._turn.take(first=first)
        except TimeoutError:
            raise StorageUnavailable("The database is busy.") from None
        try:
            yield
        finally:
            self._turn.pass_on()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """For reads alone: takes no write lock, and each statement sees what is kept at that moment."""
        with translated():
            async with AsyncSession(self._reading, expire_on_commit=False) as session:
                yield Transaction(session, self.dialect, writing=False)

    async def changed(self, after: int, timeout_s: float) -> None:
        """Wait until something changed after the change `after`, in whichever process, or until `timeout_s` seconds have passed."""
        self._listen_for_others()
        await self._watch.changed(after, timeout_s)

    def ring(self, bell: asyncio.Event) -> None:
        """From now on ring this bell when something was put into the outbox, in whichever process. A hint; look now and then all the same."""
        self._listen_for_others()
        self._bells.add(bell)

    def ring_no_more(self, bell: asyncio.Event) -> None:
        """Forget a bell; again is no error."""
        self._bells.discard(bell)

    async def healthy(self) -> bool:
        """Whether a message could be kept now: tried by keeping something, because a full or read-only disk still reads well."""
        try:
            async with self.transaction() as tx:
                await marks.put(tx, "health", "", datetime.now(UTC))
        except (StorageError, SQLAlchemyError):
            return False
        return True

    async def scrub(self, *, rewrite: bool = False) -> bool:
        """After an erasure: leave nothing of it behind the rows; False where it should be tried again a little later."""
        if self.dialect == "postgresql":
            with translated():
                return await scrub.postgresql(self._reading, rewrite=rewrite)
        if self.path is None:
            return True
        async with self._in_turn():
            with translated():
                return await scrub.sqlite(self.path, rewrite=rewrite)

    async def _newest_change(self) -> int:
        async with self.reading() as tx:
            return await changes.latest(tx)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def _listen_for_others(self) -> None:
        if self.dialect == "postgresql" and (self._listener is None or self._listener.done()):
            self._listener = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        """Hear of commits of other processes at once. Only a hint: when the connection breaks, the watch looks by itself."""
        conninfo = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            with suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                    for name in (changes.NOTIFICATION, OUTBOX):
                        await connection.execute(f"LISTEN {name}")
                    async for notification in connection.notifies():
                        if notification.channel == OUTBOX:
                            self._ring()
                        else:
                            self._watch.moved_to(int(notification.payload))
            await asyncio.sleep(POLL_S)
