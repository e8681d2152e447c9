"""Keep coding frames, reviews of comments, and what releases counted of them

Revision: 0006
After: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_comment_theme_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment_theme"),
        sa.UniqueConstraint("wave_id", "item", "code", name="uq_comment_theme_wave_id_item_code"),
    )
    op.create_table(
        "comment_review",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_comment_review_response_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_comment_review_wave_id"),
        sa.PrimaryKeyConstraint("response_id", "item", name="pk_comment_review"),
    )
    op.create_index("ix_comment_review_wave_id", "comment_review", ["wave_id"])
    op.create_table(
        "comment_coding",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id", "item"],
            ["comment_review.response_id", "comment_review.item"],
            name="fk_comment_coding_response_id_item",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["comment_theme.id"], name="fk_comment_coding_theme_id"),
        sa.PrimaryKeyConstraint("response_id", "item", "theme_id", name="pk_comment_coding"),
    )
    op.create_index("ix_comment_coding_theme_id", "comment_coding", ["theme_id"])
    op.create_table(
        "comment_count",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exact", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_comment_count_wave_id"),
        sa.PrimaryKeyConstraint("wave_id", "number", name="pk_comment_count"),
    )


def downgrade() -> None:
    op.drop_table("comment_count")
    op.drop_table("comment_coding")
    op.drop_table("comment_review")
    op.drop_table("comment_theme")
