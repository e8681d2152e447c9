"""Say what became of a paper form

Until now every form was keyed in full, so that is what the forms already there become. A form recorded before
has no entry id: nothing can be sent again from its page.

Revision: 0002
After: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper_form") as table:
        table.add_column(
            sa.Column("outcome", sa.String(length=16), nullable=False, server_default=sa.text("'keyed'"))
        )
        table.add_column(sa.Column("entry_id", sa.String(length=36), nullable=True))
        table.create_unique_constraint("uq_paper_form_entry_id", ["entry_id"])


def downgrade() -> None:
    # A form that was not keyed in full has no response; the older code reads that from its response_id.
    with op.batch_alter_table("paper_form") as table:
        table.drop_constraint("uq_paper_form_entry_id", type_="unique")
        table.drop_column("entry_id")
        table.drop_column("outcome")
