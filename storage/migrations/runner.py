"""Runs the migrations on a connection that is already inside a transaction; the caller commits."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_ONE_AT_A_TIME = 0x6C696E6C6A  # PostgreSQL: whoever comes second waits here. SQLite has taken its write lock already.


def config_of(connection: Connection) -> Config:
    """Settings in code, because an installed Linli has no project file beside it."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """To that revision or, with what is newer already, nothing. Broken references afterwards undo it all."""
    _wait_for_turn(connection)
    command.upgrade(config_of(connection), revision)
    _check(connection)


def downgrade(connection: Connection, revision: str) -> None:
    """Back to that revision."""
    _wait_for_turn(connection)
    command.downgrade(config_of(connection), revision)
    _check(connection)


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    else:
        connection.execute(text("SELECT 1"))


def _check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"a migration left {len(broken)} references that lead nowhere, first in table {broken[0][0]}")
