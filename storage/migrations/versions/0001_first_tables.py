"""The first form of the tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The types as they were at this step, so that it means the same whatever the models become.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
NAME = sa.String(24)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _fk(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A reference by id, named as all are."""
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}", ondelete=ondelete)


def _only(where: str) -> dict[str, Any]:
    """An index over the rows of which this is true."""
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


def upgrade() -> None:
    """All tables, and the counters at zero."""
    op.create_table(
        "changes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("subject_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "communities",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_communities"),
    )
    op.create_table(
        "counters",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "duties",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_duties"),
    )
    op.create_table(
        "marks",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )
    op.create_table(
        "paces",
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("full_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_paces"),
    )
    op.create_table(
        "workers",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("telegram_id", TEXT, nullable=True),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.UniqueConstraint("telegram_id", name="uq_workers_telegram_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_workers_name_active", "workers", ["name"], unique=True, **_only("active"))

    op.create_table(
        "audit_records",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("worker_id", ID, nullable=True),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _fk("audit_records", "worker_id", "workers"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_records"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_records_at", "audit_records", ["at"])
    op.create_index("ix_audit_records_subject_at", "audit_records", ["subject", "at"])

    op.create_table(
        "grids",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("community_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        _fk("grids", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name="pk_grids"),
        sa.UniqueConstraint("community_id", "name", name="uq_grids_community_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("worker_id", ID, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        _fk("sign_in_links", "worker_id", "workers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
    )
    op.create_table(
        "worker_communities",
        sa.Column("worker_id", ID, nullable=False),
        sa.Column("community_id", TEXT, nullable=False),
        _fk("worker_communities", "community_id", "communities", ondelete="CASCADE"),
        _fk("worker_communities", "worker_id", "workers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("worker_id", "community_id", name="pk_worker_communities"),
    )
    op.create_index("ix_worker_communities_community_id", "worker_communities", ["community_id"])

    op.create_table(
        "worker_sessions",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("worker_id", ID, nullable=False),
        sa.Column("csrf", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _fk("worker_sessions", "worker_id", "workers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_worker_sessions"),
    )
    op.create_index("ix_worker_sessions_worker_id", "worker_sessions", ["worker_id"])

    op.create_table(
        "residents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("alias", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=True),
        sa.Column("locale", TEXT, nullable=True),
        sa.Column("community_id", TEXT, nullable=True),
        sa.Column("grid_id", ID, nullable=True),
        sa.Column("privacy_version", TEXT, nullable=True),
        sa.Column("privacy_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _fk("residents", "community_id", "communities"),
        _fk("residents", "grid_id", "grids"),
        sa.PrimaryKeyConstraint("id", name="pk_residents"),
        sa.UniqueConstraint("alias", name="uq_residents_alias"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_residents_community_id", "residents", ["community_id"])

    op.create_table(
        "conversations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("chat_id", TEXT, nullable=False),
        sa.Column("chat_kind", TEXT, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("offered", JSON, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("last_entry_id", TEXT, nullable=True),
        sa.Column("last_entry_at", MOMENT, nullable=True),
        sa.Column("seen_utterance_id", ID, nullable=False),
        sa.Column("return_token_hash", TEXT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _fk("conversations", "resident_id", "residents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("channel", "chat_id", "resident_id", name="uq_conversations_channel_chat_id_resident_id"),
        sa.UniqueConstraint("return_token_hash", name="uq_conversations_return_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversations_resident_id", "conversations", ["resident_id"])

    op.create_table(
        "identities",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("sender_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=True),
        _fk("identities", "resident_id", "residents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("channel", "sender_id", name="uq_identities_channel_sender_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_identities_resident_id", "identities", ["resident_id"])

    op.create_table(
        "tickets",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("public_id", TEXT, nullable=False),
        sa.Column("community_id", TEXT, nullable=True),
        sa.Column("grid_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("topic", TEXT, nullable=True),
        sa.Column("cause_id", ID, nullable=True),
        sa.Column("urgency", TEXT, nullable=True),
        sa.Column("reason", NAME, nullable=False),
        sa.Column("status", NAME, nullable=False),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("nearest", JSON, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("assigned_at", MOMENT, nullable=True),
        sa.Column("first_replied_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("snoozed_until", MOMENT, nullable=True),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("rating", ID, nullable=True),
        sa.Column("outcome", TEXT, nullable=True),
        _fk("tickets", "assignee_id", "workers"),
        _fk("tickets", "community_id", "communities"),
        _fk("tickets", "conversation_id", "conversations", ondelete="CASCADE"),
        _fk("tickets", "grid_id", "grids"),
        _fk("tickets", "resident_id", "residents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("cause_id", name="uq_tickets_cause_id"),
        sa.UniqueConstraint("number", name="uq_tickets_number"),
        sa.UniqueConstraint("public_id", name="uq_tickets_public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tickets_conversation_id_status", "tickets", ["conversation_id", "status"])
    op.create_index("ix_tickets_first_replied_at", "tickets", ["first_replied_at"])
    op.create_index("ix_tickets_resident_id", "tickets", ["resident_id"])
    op.create_index("ix_tickets_status_closed_at", "tickets", ["status", "closed_at"])
    op.create_index("ix_tickets_live", "tickets", ["status", "community_id"], **_only("status != 'closed'"))
    op.create_index("ix_tickets_status_snoozed_until", "tickets", ["status", "snoozed_until"])
    op.create_index("uq_tickets_live", "tickets", ["conversation_id", "topic"], unique=True, **_only("status != 'closed'"))

    op.create_table(
        "ticket_events",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("worker_id", ID, nullable=True),
        sa.Column("note", TEXT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _fk("ticket_events", "ticket_id", "tickets", ondelete="CASCADE"),
        _fk("ticket_events", "worker_id", "workers"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_events_ticket_id_id", "ticket_events", ["ticket_id", "id"])

    op.create_table(
        "utterances",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("worker_id", ID, nullable=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("entry_id", TEXT, nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("in_reply_to_id", ID, nullable=True),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("attachments", JSON, nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("choice", TEXT, nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("feedback", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _fk("utterances", "conversation_id", "conversations", ondelete="CASCADE"),
        _fk("utterances", "in_reply_to_id", "utterances", ondelete="SET NULL"),
        _fk("utterances", "ticket_id", "tickets", ondelete="SET NULL"),
        _fk("utterances", "worker_id", "workers"),
        sa.PrimaryKeyConstraint("id", name="pk_utterances"),
        sa.UniqueConstraint("conversation_id", "message_id", name="uq_utterances_conversation_id_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_utterances_conversation_id_id", "utterances", ["conversation_id", "id"])
    op.create_index("ix_utterances_held", "utterances", ["conversation_id", "held_until"], **_only("held_until IS NOT NULL"))
    op.create_index("ix_utterances_in_reply_to_id", "utterances", ["in_reply_to_id"])
    op.create_index("ix_utterances_message_id", "utterances", ["message_id"])
    op.create_index("ix_utterances_ticket_id_id", "utterances", ["ticket_id", "id"])

    op.create_table(
        "deliveries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("chat_id", TEXT, nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("utterance_id", ID, nullable=True),
        sa.Column("cause_id", ID, nullable=True),
        sa.Column("reply", JSON, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("attempts", ID, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("platform_message_id", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _fk("deliveries", "cause_id", "utterances", ondelete="CASCADE"),
        _fk("deliveries", "conversation_id", "conversations", ondelete="CASCADE"),
        _fk("deliveries", "utterance_id", "utterances", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_cause_id", "deliveries", ["cause_id"])
    op.create_index("ix_deliveries_chat", "deliveries", ["channel", "chat_id", "id"], **_only("state IN ('due', 'leased', 'held')"))
    op.create_index("ix_deliveries_conversation_id", "deliveries", ["conversation_id"])
    op.create_index("ix_deliveries_due", "deliveries", ["due_at", "id"], **_only("state IN ('due', 'leased')"))
    op.create_index("ix_deliveries_lost", "deliveries", ["id"], **_only("state IN ('dead', 'maybe_sent')"))
    op.create_index("ix_deliveries_platform", "deliveries", ["channel", "chat_id", "platform_message_id"])
    op.create_index("ix_deliveries_utterance_id", "deliveries", ["utterance_id"])
    counters = sa.table("counters", sa.column("name", TEXT), sa.column("value", ID))
    op.bulk_insert(counters, [{"name": "resident", "value": 0}, {"name": "ticket", "value": 0}])


def downgrade() -> None:
    """No tables."""
    for table in (
        "deliveries",
        "utterances",
        "ticket_events",
        "tickets",
        "identities",
        "conversations",
        "residents",
        "worker_sessions",
        "worker_communities",
        "sign_in_links",
        "grids",
        "audit_records",
        "workers",
        "paces",
        "marks",
        "duties",
        "counters",
        "communities",
        "changes",
    ):
        op.drop_table(table)
