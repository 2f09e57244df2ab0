"""How a database is spoken to: URL, engines and their settings, and its complaints in our words."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, event, exc, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from storage import sqlite_driver
from storage.base import to_json
from storage.errors import Conflict, StorageUnavailable

_READERS = 4  # connections for reading: more than the cores of a small machine gain nothing
_TRUSTED_S = 1.0  # a connection used so lately is used again unasked: asking each time costs a third of all work
_WRITERS = 8  # to PostgreSQL: with readers and listener 13 a process, so that seven processes stay below its default of 100


def url_of(url: str) -> URL:
    """The URL with its driver: plain `sqlite:` means aiosqlite, plain `postgresql:` means psycopg 3."""
    parsed = make_url(url)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    return parsed.set(drivername=driver.get(parsed.drivername, parsed.drivername))


def writing_engine(url: URL, patience: timedelta) -> AsyncEngine:
    """For write units. On SQLite one connection, and each unit says `BEGIN IMMEDIATE`.

    The driver's own way begins a transaction only at the first write: two tasks may then claim the same row after reading it.
    """
    if url.get_backend_name() != "sqlite":
        return _postgresql(url, patience, pool_size=_WRITERS)
    engine = _sqlite(url, patience, pool_size=1, max_overflow=0)

    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "begin", begin)
    return engine


def reading_engine(url: URL, patience: timedelta) -> AsyncEngine:
    """For reads: each statement for itself, never waiting for a writer, unable to write."""
    if url.get_backend_name() != "sqlite":
        return _postgresql(url, patience, pool_size=_READERS, isolation_level="AUTOCOMMIT")
    return _sqlite(url, patience, pragmas=("PRAGMA query_only=ON",), pool_size=_READERS, max_overflow=0, pool_reset_on_return=None)


def migrating_engine(url: URL) -> AsyncEngine:
    """For migrations: SQLite changes a table by rebuilding it, which foreign keys must not notice."""
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, poolclass=NullPool, json_serializer=to_json)
    engine = _sqlite(url, timedelta(minutes=2), pragmas=("PRAGMA foreign_keys=OFF",), poolclass=NullPool)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the driver leave this room as ours. What else goes wrong inside is not the memory's fault and passes as it is."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict(_reason(error)) from error
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError) as error:
        raise StorageUnavailable(_reason(error)) from error
    except exc.DBAPIError as error:
        if error.connection_invalidated or type(error) is exc.DatabaseError:
            raise StorageUnavailable(_reason(error)) from error
        raise
    except sqlite3.OperationalError as error:  # while connecting, before SQLAlchemy gives it its own name
        raise StorageUnavailable(str(error)) from error


def _reason(error: Exception) -> str:
    # Only the driver's own words, and of PostgreSQL's only the first line: the rest would repeat what residents wrote.
    own = getattr(error, "orig", None) or error
    return getattr(getattr(own, "diag", None), "message_primary", None) or str(own)


def _postgresql(url: URL, patience: timedelta, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url,
        max_overflow=0,
        pool_timeout=patience.total_seconds(),
        json_serializer=to_json,
        hide_parameters=True,
        connect_args={
            "tcp_user_timeout": 10_000,  # ms: a server that vanished without a word is noticed
            "connect_timeout": max(2, round(patience.total_seconds())),
            "options": f"-c lock_timeout={_ms(patience)} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        },
        **options,
    )

    def used(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    def still_there(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used", 0.0) > _TRUSTED_S:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise exc.DisconnectionError from error  # the pool then takes a new one

    event.listen(engine.sync_engine, "checkin", used)
    event.listen(engine.sync_engine, "checkout", still_there)
    return engine


def _sqlite(url: URL, patience: timedelta, pragmas: tuple[str, ...] = (), **options: Any) -> AsyncEngine:
    if "poolclass" not in options:
        options["pool_timeout"] = patience.total_seconds()
    engine = create_async_engine(
        url,
        json_serializer=to_json,
        hide_parameters=True,
        connect_args={"async_creator_fn": sqlite_driver.connect, "timeout": patience.total_seconds()},
        **options,
    )

    def prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by its own rules
        try:
            cursor = connection.cursor()
            for pragma in (
                "PRAGMA synchronous=FULL",  # NORMAL may forget the last commits at a power cut, and we have said yes to them
                "PRAGMA foreign_keys=ON",
                "PRAGMA secure_delete=ON",  # what a resident has erased must not stay readable in the file
                *pragmas,
            ):
                cursor.execute(pragma)
            cursor.close()
        except BaseException:
            connection.close()  # the pool does not know it yet, and its thread would stay
            raise

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


def _ms(patience: timedelta) -> int:
    return round(patience.total_seconds() * 1000)
