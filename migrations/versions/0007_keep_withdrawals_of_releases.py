"""Keep that a release was withdrawn, when and why

Revision: 0007
After: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release_withdrawal",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["published_release.id"], name="fk_release_withdrawal_release_id"
        ),
        sa.PrimaryKeyConstraint("release_id", name="pk_release_withdrawal"),
    )


def downgrade() -> None:
    op.drop_table("release_withdrawal")
