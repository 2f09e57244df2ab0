"""Residents' groups and the facts of their last hour, threads of the staff group, hand-overs into private."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
NAME = sa.String(24)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Four tables."""
    op.create_table(
        "threads",
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("chat_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("platform_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat_id", "name", name="pk_threads"),
    )
    op.create_index("ix_threads_channel_chat_id_platform_id", "threads", ["channel", "chat_id", "platform_id"])
    op.create_table(
        "handovers",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("sender_id", TEXT, nullable=False),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_handovers"),
    )
    op.create_table(
        "groups",
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("chat_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("mode", TEXT, nullable=False),
        sa.Column("community_id", TEXT, nullable=True),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_groups_community_id_communities"),
        sa.PrimaryKeyConstraint("channel", "chat_id", name="pk_groups"),
    )
    op.create_table(
        "group_facts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("chat_id", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("sender_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("speaker", NAME, nullable=False),
        sa.Column("answers", TEXT, nullable=True),
        sa.Column("calls", JSON, nullable=False),
        sa.Column("addressed", sa.Boolean(), nullable=False),
        sa.Column("entry_id", TEXT, nullable=True),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_group_facts"),
        sa.UniqueConstraint("channel", "chat_id", "message_id", name="uq_group_facts_channel_chat_id_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_facts_recent", "group_facts", ["channel", "chat_id", "at"])


def downgrade() -> None:
    """Without them."""
    for table in ("group_facts", "groups", "handovers", "threads"):
        op.drop_table(table)
