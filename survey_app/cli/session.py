"""What every command needs: settings from the environment and a database session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
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
    with reading(make_engine(config().database_url)) as session:
        yield session


@contextmanager
def write_session() -> Iterator[Session]:
    """All or nothing: commits when the block ends, rolls back when it raises."""
    with transaction(make_engine(config().database_url)) as session:
        yield session


def refuse(*reasons: str) -> NoReturn:
    """Print every reason on standard error and exit with 1."""
    for reason in reasons:
        click.echo(reason, err=True)
    raise SystemExit(1)
