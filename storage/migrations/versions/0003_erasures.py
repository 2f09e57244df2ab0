"""Proofs of erasure, and links by which people fetch what is held about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
NAME = sa.String(24)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "erasures",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("cause", NAME, nullable=False),
        sa.Column("worker_id", ID, nullable=True),
        sa.Column("kept", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_erasures_resident_id_residents", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_erasures_worker_id_workers"),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("resident_id", name="uq_erasures_resident_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_erasures_done_at", "erasures", ["done_at"])
    op.create_table(
        "export_links",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name="fk_export_links_resident_id_residents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_export_links"),
    )
    op.create_index("ix_export_links_resident_id", "export_links", ["resident_id"])


def downgrade() -> None:
    """Without them."""
    op.drop_table("export_links")
    op.drop_table("erasures")
