"""Note how a response was filled in

Coarse seconds a page, the order random options were shown in, the last page reached, doubts to look at.
Responses there already have none.

Revision: 0003
After: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("response") as table:
        table.add_column(sa.Column("paradata", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table("response") as table:
        table.drop_column("paradata")
