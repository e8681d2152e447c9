"""Runs migrations on the connection that `survey_app.store.schema` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, DateTime, String

from survey_app.tables import metadata


def plain_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write column types without the app's own classes: an old migration must not change with the code."""
    if kind == "type" and isinstance(getattr(item, "impl", None), DateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(getattr(item, "impl", None), String):
        return f"sa.String(length={item.impl.length})" if item.impl.length else "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Run in the caller's transaction: a migration that fails halfway leaves nothing behind."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_item=plain_type,
        render_as_batch=True,  # SQLite cannot alter most of a table in place
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is None:
    raise SystemExit("Run migrations with `survey-app database upgrade`, which knows which database to use.")
run(handed_over)
