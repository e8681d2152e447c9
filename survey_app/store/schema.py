"""The shape of the database: brought to a revision by migrations, compared with the tables in the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url

from survey_app.tables import metadata

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"


class BrokenReferencesError(Exception):
    """A migration left rows that refer to rows that are not there; nothing was changed."""


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to a revision, all or nothing. Makes a SQLite file's folder, private."""
    with _migrating(url) as connection:
        from alembic import command

        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an earlier revision ("base" for empty), all or nothing."""
    with _migrating(url) as connection:
        from alembic import command

        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """The revision the database is at, or None when no migration has run."""
    from alembic.migration import MigrationContext

    with _migrating(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The latest revision the code knows."""
    return _scripts().get_current_head()


def revisions() -> list[str]:
    """Every revision, the first first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def differences(url: str) -> list[str]:
    """How the database differs from the tables in the code, one line each. Empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with _migrating(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, metadata)]


def write_revision(url: str, message: str) -> list[Path]:
    """Write the migration from the database at `url` to the tables in the code, to be read and finished."""
    from alembic import command

    with _migrating(url) as connection:
        made = command.revision(_config(connection), message, autogenerate=True)
    scripts = made if isinstance(made, list) else [made]
    return [Path(script.path) for script in scripts if script is not None]


def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(url: str) -> Iterator[Connection]:
    """A connection in one transaction, with foreign keys checked at the end on SQLite.

    SQLite changes a table by copying it into a new one and dropping the old. With foreign keys on, dropping
    would delete the rows that refer to it, and the switch does nothing inside a transaction: hence an
    engine of its own.
    """
    engine = create_engine(url)
    check: Callable[[Connection], None] = _no_check
    if make_url(url).get_backend_name() == "sqlite":
        if (database := make_url(url).database) not in (None, "", ":memory:"):
            Path(str(database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
        check = _sqlite_check
    try:
        with engine.begin() as connection:
            yield connection
            check(connection)
    finally:
        engine.dispose()


def _no_check(connection: Connection) -> None:
    """PostgreSQL checks references itself."""


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA busy_timeout=15000")


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_check(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} -> {row[2]}" for row in broken}))
        raise BrokenReferencesError(f"{len(broken)} rows refer to rows that are not there: {tables}")
