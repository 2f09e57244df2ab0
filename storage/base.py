"""What every table shares: constraint names, identifiers, times and text that any database accepts."""

import enum
import json
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData, Text, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in a column of type INTEGER
Json = JSON().with_variant(JSONB(), "postgresql")

# Row ids are never given twice, because cursors and links outlive deleted rows.
NEVER_REUSED = {"sqlite_autoincrement": True}


def clean(value: Any) -> Any:
    """Text that every database can keep: NUL and halves of surrogate pairs become U+FFFD, in lists and mappings too."""
    if isinstance(value, str):
        if "\x00" not in value and value.isascii():
            return value
        return value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value


def to_json(value: Any) -> str:
    """JSON with readable Chinese, free of what PostgreSQL refuses."""
    return json.dumps(clean(value), ensure_ascii=False)


class Words(TypeDecorator[str]):
    """Text of any length, cleaned on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  (SQLAlchemy calls it so)
        """Clean what goes in; what is compared is cleaned alike."""
        return None if value is None else str(clean(value))


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. A time without a zone is refused, because nobody can tell later what it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in; SQLite keeps it without its zone, which is always UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy calls it so)
        """Aware out, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of Linli. Relations are not declared: what is needed together is asked for together.

    A new row has every column from the start (None when not given), so that reading one never goes back to the database.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigId,
        str: Words(),
        datetime: Moment(),
        enum.StrEnum: Enum(enum.StrEnum, native_enum=False, create_constraint=False, length=24),
        list[str]: Json,
        list[dict[str, Any]]: Json,
        dict[str, str]: Json,
        dict[str, Any]: Json,
    }

    def __init__(self, **values: Any) -> None:
        for name, value in (_empty(type(self)) | values).items():
            setattr(self, name, value)


@cache
def _empty(table: type[Base]) -> dict[str, None]:
    columns = inspect(table).column_attrs
    return {column.key: None for column in columns if not column.columns[0].primary_key and column.columns[0].default is None}


RowId = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
