"""What every import command shares: options, progress on the screen, and how the end is told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlmodel import Session

from survey_app.cli.session import refuse, write_session
from survey_app.services.imports import ImportRefusedError, Outcome
from survey_app.services.imports.outcome import Progress

SHOWN_PROBLEMS = 50
PATIENCE = 1.0  # seconds before a bar appears

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that reads a table."""
    for option in (
        click.option(
            "--dry-run", is_flag=True, help="Check everything and say what would change; write nothing."
        ),
        click.option("--header-row", type=click.IntRange(1), default=1, help="Row the column names are in."),
        click.option("--sheet", help="Sheet of an Excel workbook; the first one otherwise."),
    ):
        command = option(command)
    return command


class DryRunError(Exception):
    """Raised to roll back an import that was only tried."""


def run(work: Callable[[Session, Progress], Outcome], *, dry_run: bool) -> None:
    """Run an import in one transaction and tell how it went. Exits with 1 when the file was refused."""
    bar = _Bar()
    outcome: Outcome | None = None
    try:
        with write_session() as session:
            outcome = work(session, bar)
            if dry_run:
                raise DryRunError
    except DryRunError:
        bar.close()
        click.echo("Nothing was written. It would be:")
    except ImportRefusedError as error:
        bar.close()
        refused(error)
    bar.close()
    if outcome is not None:
        for line in (*outcome.counts, *outcome.notes):
            click.echo(str(line))


def refused(error: ImportRefusedError) -> NoReturn:
    """Print the problems, at most fifty of them, and exit with 1."""
    shown = [str(problem) for problem in error.problems[:SHOWN_PROBLEMS]]
    if len(error.problems) > SHOWN_PROBLEMS:
        shown.append(f"... and {len(error.problems) - SHOWN_PROBLEMS:,} more.")
    count = f"{len(error.problems):,} problem{'' if len(error.problems) == 1 else 's'}"
    refuse(*shown, f"Nothing was imported: {count} to put right first.")


class _Bar:
    """A progress bar on standard error, if that is a terminal and the work is not over at once."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.what = ""
        self.bar: Any = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self.started < PATIENCE:
            return
        if what != self.what:
            self.close()
            self.what = what
            self.bar = click.progressbar(length=total, label=what, file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(max(0, done - self.bar.pos))

    def close(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None
