"""Choose a wave's disclosure policy

Revision: 0009
After: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("wave") as wave:
        wave.add_column(sa.Column("policy", sa.String(length=32), nullable=False, server_default="standard"))


def downgrade() -> None:
    with op.batch_alter_table("wave") as wave:
        wave.drop_column("policy")
