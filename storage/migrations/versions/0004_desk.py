"""The desk: standards, pages, tags, saved filters, presence, held replies, translations, and an index to search by."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
NAME = sa.String(24)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

OF_TICKETS: dict[str, Any] = {
    "answer_by": MOMENT, "resolve_by": MOMENT, "due_for": NAME, "remind_at": MOMENT, "first_in_time": sa.Boolean(),
    "resolved_in_time": sa.Boolean(),
}  # fmt: skip

#: Whatever empties a turn or a question, by whichever statement, also empties what was derived from it.
SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(grams, content='search_entries', content_rowid='utterance_id', detail='none')",
    """CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_index(rowid, grams) VALUES (new.utterance_id, new.grams); END""",
    """CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, grams) VALUES ('delete', old.utterance_id, old.grams); END""",
    """CREATE TRIGGER search_entries_changed AFTER UPDATE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, grams) VALUES ('delete', old.utterance_id, old.grams);
        INSERT INTO search_index(rowid, grams) VALUES (new.utterance_id, new.grams); END""",
    """CREATE TRIGGER utterances_emptied AFTER UPDATE OF text ON utterances WHEN new.text = '' BEGIN
        DELETE FROM search_entries WHERE utterance_id = new.id;
        DELETE FROM translations WHERE utterance_id = new.id; END""",
    """CREATE TRIGGER tickets_emptied AFTER UPDATE OF question ON tickets WHEN new.question = '' BEGIN
        DELETE FROM held_replies WHERE ticket_id = new.id; END""",
)
POSTGRESQL = (
    "CREATE INDEX ix_search_entries_vector ON search_entries USING gin (array_to_tsvector(string_to_array(grams, ' ')))",
    """CREATE FUNCTION utterances_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM search_entries WHERE utterance_id = new.id;
        DELETE FROM translations WHERE utterance_id = new.id;
        RETURN NULL; END $$""",
    """CREATE TRIGGER utterances_emptied AFTER UPDATE OF text ON utterances FOR EACH ROW WHEN (new.text = '')
        EXECUTE FUNCTION utterances_emptied()""",
    """CREATE FUNCTION tickets_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM held_replies WHERE ticket_id = new.id;
        RETURN NULL; END $$""",
    """CREATE TRIGGER tickets_emptied AFTER UPDATE OF question ON tickets FOR EACH ROW WHEN (new.question = '')
        EXECUTE FUNCTION tickets_emptied()""",
)


def upgrade() -> None:
    """Columns, seven tables, triggers."""
    op.add_column("workers", sa.Column("notify", JSON, nullable=False, server_default="[]"))
    for name, kind in OF_TICKETS.items():
        op.add_column("tickets", sa.Column(name, kind, nullable=True))
    op.add_column("tickets", sa.Column("reminded", ID, nullable=False, server_default="0"))
    op.create_index("ix_tickets_opened_at", "tickets", ["opened_at"])
    answers = sa.text("kind = 'answer'")
    op.create_index("ix_utterances_answers", "utterances", ["at"], sqlite_where=answers, postgresql_where=answers)
    _pages()
    _of_workers()
    _of_turns()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    _index_what_is_there()


def _index_what_is_there() -> None:
    from storage.findable import grams

    connection = op.get_bind()
    said = connection.execute(sa.text("SELECT id, text FROM utterances WHERE ticket_id IS NOT NULL AND text != ''")).all()
    found = [{"id": row[0], "grams": " ".join(grams(row[1]))} for row in said]
    rows = [row for row in found if row["grams"]]
    if rows:
        connection.execute(sa.text("INSERT INTO search_entries (utterance_id, grams) VALUES (:id, :grams)"), rows)


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("worker_id", ID, nullable=True),
        sa.Column("rung", ID, nullable=False),
        sa.Column("token_hash", TEXT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_pages_ticket_id_tickets", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_pages_worker_id_workers"),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("token_hash", name="uq_pages_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pages_ticket_id", "pages", ["ticket_id"])
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index("ix_pages_next_at", "pages", ["next_at"], sqlite_where=waiting, postgresql_where=waiting)


def _of_workers() -> None:
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_tags_ticket_id_tickets", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name="pk_ticket_tags"),
    )
    op.create_index("ix_ticket_tags_tag", "ticket_tags", ["tag"])
    op.create_table(
        "saved_filters",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("worker_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("view", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_saved_filters_worker_id_workers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("worker_id", "name", name="uq_saved_filters_worker_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "presences",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("worker_id", ID, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_presences_ticket_id_tickets", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_presences_worker_id_workers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "worker_id", name="pk_presences"),
    )
    op.create_table(
        "held_replies",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("worker_id", ID, nullable=False),
        sa.Column("reply", JSON, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_held_replies_ticket_id_tickets", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_held_replies_worker_id_workers"),
        sa.PrimaryKeyConstraint("id", name="pk_held_replies"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_held_replies_due_at", "held_replies", ["due_at"])
    op.create_index("ix_held_replies_ticket_id", "held_replies", ["ticket_id"])


def _of_turns() -> None:
    op.create_table(
        "translations",
        sa.Column("utterance_id", ID, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["utterance_id"], ["utterances.id"], name="fk_translations_utterance_id_utterances", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("utterance_id", "locale", name="pk_translations"),
    )
    op.create_table(
        "search_entries",
        sa.Column("utterance_id", ID, autoincrement=False, nullable=False),
        sa.Column("grams", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["utterance_id"], ["utterances.id"], name="fk_search_entries_utterance_id_utterances", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("utterance_id", name="pk_search_entries"),
    )


def downgrade() -> None:
    """Without them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER utterances_emptied")
        op.execute("DROP TRIGGER tickets_emptied")
        op.execute("DROP TABLE search_index")
    else:
        op.execute("DROP FUNCTION utterances_emptied() CASCADE")
        op.execute("DROP FUNCTION tickets_emptied() CASCADE")
    for table in ("search_entries", "translations", "held_replies", "presences", "saved_filters", "ticket_tags", "pages"):
        op.drop_table(table)
    op.drop_index("ix_utterances_answers", "utterances")
    op.drop_index("ix_tickets_opened_at", "tickets")
    for name in ("reminded", *reversed(OF_TICKETS)):
        op.drop_column("tickets", name)
    op.drop_column("workers", "notify")
