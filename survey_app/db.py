"""The database: one engine per process, and sessions that are for reading or for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlmodel import Session

BUSY_TIMEOUT_MS = 15_000


def make_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, synchronous FULL, foreign keys on) or PostgreSQL.

    An answer is only acknowledged after commit, and on SQLite a commit survives a power cut only
    with synchronous FULL. Messages of a failed statement leave out its values: they may be someone's answers.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _make_sqlite_engine(url)
    return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, hide_parameters=True)


def _make_sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at the start: upgrading a read lock later fails instead of waiting.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def reading(engine: Engine) -> Session:
    """A session for reading. The caller closes it."""
    return Session(engine, expire_on_commit=False)


def writing(engine: Engine) -> Session:
    """A session whose transaction takes the write lock at once. The caller commits and closes it."""
    return Session(engine.execution_options(writing=True), expire_on_commit=False)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A writing session that commits at the end, or rolls everything back if anything was raised."""
    with writing(engine) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
