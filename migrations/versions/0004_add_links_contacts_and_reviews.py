"""Add links, contact details apart from answers, reviews, and when results are planned

Waves so far have no planned day for results, and responses came through the open link.

Revision: 0004
After: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("wave") as table:
        table.add_column(sa.Column("results_on", sa.Date(), nullable=True))
    with op.batch_alter_table("response") as table:
        table.add_column(
            sa.Column("channel", sa.String(length=32), nullable=False, server_default=sa.text("'open'"))
        )
        table.add_column(sa.Column("withdrawn_on", sa.Date(), nullable=True))
    _links()
    _contacts()
    _reviews()


def _links() -> None:
    op.create_table(
        "place_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_place_link_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_place_link"),
        sa.UniqueConstraint("slug", name="uq_place_link_slug"),
    )
    op.create_index("ix_place_link_wave_id", "place_link", ["wave_id"])
    op.create_table(
        "link_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_link_batch_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link_batch"),
    )
    op.create_index("ix_link_batch_wave_id", "link_batch", ["wave_id"])
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["link_batch.id"], name="fk_one_time_link_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_link"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_link_token_hash"),
        sa.UniqueConstraint("draft_id", name="uq_one_time_link_draft_id"),
    )
    op.create_index("ix_one_time_link_batch_id", "one_time_link", ["batch_id"])


def _contacts() -> None:
    op.create_table(
        "contact_detail",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_contact_detail_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_detail"),
    )
    op.create_index("ix_contact_detail_wave_id", "contact_detail", ["wave_id"])


def _reviews() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name="fk_signal_response_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signal"),
        sa.UniqueConstraint("response_id", "kind", name="uq_signal_response_id_kind"),
    )
    op.create_table(
        "review",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name="fk_review_response_id"),
        sa.PrimaryKeyConstraint("response_id", name="pk_review"),
    )
    op.create_table(
        "recent_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_recent_mark_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recent_mark"),
    )
    op.create_index("ix_recent_mark_wave_id_digest", "recent_mark", ["wave_id", "digest"])
    op.create_index("ix_recent_mark_seen_at", "recent_mark", ["seen_at"])


def downgrade() -> None:
    # The older code has no way to leave answers out; it would neither count nor show them.
    op.execute("UPDATE response SET status = 'submitted' WHERE status = 'left-out'")
    for table in (
        "recent_mark",
        "review",
        "signal",
        "contact_detail",
        "one_time_link",
        "link_batch",
        "place_link",
    ):
        op.drop_table(table)
    with op.batch_alter_table("response") as table:
        table.drop_column("withdrawn_on")
        table.drop_column("channel")
    with op.batch_alter_table("wave") as table:
        table.drop_column("results_on")
