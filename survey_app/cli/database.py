"""`survey-app database`: bring the database to the shape the code expects."""

from __future__ import annotations

import click
from sqlalchemy.exc import DatabaseError

from survey_app.cli.session import config, refuse
from survey_app.store import schema


@click.group()
def database() -> None:
    """Create the database, bring it up to date, take it back, check it."""


@database.command()
@click.option("--revision", default="head", show_default=True, help="How far to go.")
def upgrade(revision: str) -> None:
    """Create the database or bring it up to date. All or nothing; safe to repeat."""
    url = _reachable()
    _known(revision, "head")
    before = schema.current(url)
    schema.upgrade(url, revision)
    after = schema.current(url)
    click.echo(
        f"The database was up to date ({after})." if before == after else f"The database is at {after}."
    )


@database.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask: what later revisions added is deleted.")
def downgrade(revision: str, yes: bool) -> None:
    """Take the database back to REVISION ("base" empties it). Make a backup first."""
    url = _reachable()
    _known(revision, "base")
    if not yes:
        click.confirm(f"Everything added after {revision!r} will be deleted. Go on?", abort=True)
    schema.downgrade(url, revision)
    click.echo(f"The database is at {schema.current(url) or 'the beginning: it is empty'}.")


@database.command()
def check() -> None:
    """Say whether the database has the shape the code expects. Exit 1 when it has not."""
    url = _reachable()
    at, head = schema.current(url), schema.head()
    if at != head:
        refuse(
            f"The database is at {at or 'no revision'}, the code expects {head}.",
            "Run: survey-app database upgrade",
        )
    if differences := schema.differences(url):
        refuse("The database is at the right revision but its tables differ from the code's:", *differences)
    click.echo(f"The database is as the code expects it ({head}).")


@database.command()
@click.argument("message")
def revision(message: str) -> None:
    """For developers: write the next migration from what changed in survey_app/tables."""
    for path in schema.write_revision(_reachable(), message):
        click.echo(f"Wrote {path}. Read it, finish it, and run tests/migrations.")


def _known(revision: str, *others: str) -> None:
    known = (*schema.revisions(), *others)
    if revision not in known:
        refuse(f"There is no revision {revision!r}. There are: {', '.join(known)}.")


def _reachable() -> str:
    url = config().database_url
    try:
        schema.current(url)
    except DatabaseError as error:
        refuse(
            f"The database does not answer: {error.orig}",
            "Check HEREABOUTS_DATABASE_URL and that it is running.",
        )
    return url
