"""What Alembic runs: our metadata on the connection it was given, or on the one that `alembic -x url=…` names."""

from alembic import context
from sqlalchemy import Connection, create_engine

import storage  # noqa: F401  (every table is known once the room is imported)
from storage.base import Base


def run(connection: Connection) -> None:
    """Steps run inside the caller's transaction; SQLite can do that too, though Alembic does not expect it."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.get_x_argument(as_dictionary=True)["url"]
    with create_engine(url).begin() as own:
        run(own)
