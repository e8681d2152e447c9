"""What every command needs: settings from the environment and a database session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session

from survey_app.config import Config, ConfigError, from_environment
from survey_app.db import make_engine, reading, transaction


def config() -> Config:
    """The installation's settings, or a refusal that says which one is wrong."""
    try:
        return from_environment()
    except ConfigError as error:
        refuse(str(error))


@contextmanager
def read_session() -> Iterator[Session]:
    """A session for reading; nothing it does is kept."""
    with _engine() as engine, reading(engine) as session:
        yield session


@contextmanager
def write_session() -> Iterator[Session]:
    """All or nothing: commits when the block ends, rolls back when it raises."""
    with _engine() as engine, transaction(engine) as session:
        yield session


@contextmanager
def _engine() -> Iterator[Engine]:
    """The installation's database, its connections closed at the end of the command."""
    engine = make_engine(config().database_url)
    try:
        yield engine
    except IntegrityError as error:
        refuse(
            "Someone else changed the same rows at the same time, so nothing was written.",
            str(error.orig).partition("\n")[0],  # PostgreSQL goes on with the row itself
        )
    except DatabaseError as error:
        refuse(
            f"The database did not do as asked: {error.orig}".strip(),
            "Check that it is running and that HEREABOUTS_DATABASE_URL is right, then run: "
            "survey-app database upgrade",
        )
    finally:
        engine.dispose()


def refuse(*reasons: str) -> NoReturn:
    """Print every reason on standard error and exit with 1."""
    for reason in reasons:
        click.echo(reason, err=True)
    raise SystemExit(1)
