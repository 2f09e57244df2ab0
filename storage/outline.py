"""Which tables there are and which columns they have, for those who must give account of each."""

import storage  # noqa: F401  (every table is known once the room is imported)
from storage.base import Base


def columns() -> dict[str, tuple[str, ...]]:
    """The columns of each table, tables by name."""
    return {name: tuple(column.name for column in table.columns) for name, table in sorted(Base.metadata.tables.items())}
