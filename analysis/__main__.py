"""`python -m analysis`: the analysis on files, with no web app and no database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis.faults import RefusedError
from analysis.standalone import run

EXISTING = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def main() -> None:
    """Weights and estimates from survey files."""


@main.command()
@click.option("--responses", type=EXISTING, required=True, help="CSV, one row for each response.")
@click.option("--margins", type=EXISTING, required=True, help="CSV of the population: margin,level,count.")
@click.option("--config", type=EXISTING, required=True, help="YAML: columns, margins and items.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write to; made when missing.",
)
@click.option("--release", is_flag=True, help="Hide small groups and round; writes no weights.")
@click.option("--covariates", type=EXISTING, help="CSV: area and the columns that small_area names.")
def estimate(
    responses: Path, margins: Path, config: Path, out: Path, release: bool, covariates: Path | None
) -> None:
    """Weight responses to the population and estimate every item in every area."""
    try:
        with click.progressbar(length=100, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

            def progress(doing: str, done: float) -> None:
                bar.label = doing
                bar.update(int(100 * done) - bar.pos)

            written = run(
                responses, margins, config, out, release=release, covariates=covariates, progress=progress
            )
            bar.update(100 - bar.pos)
    except RefusedError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        click.echo(f"Refused: {len(error.faults)} to correct. Nothing was written.", err=True)
        raise SystemExit(1) from error
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}. Choose another folder for --out.", err=True)
        raise SystemExit(1) from error
    for note in written.notes:
        click.echo(note)
    for path in written.files:
        click.echo(f"Wrote {path}")
    click.echo(written.warning, err=True)


if __name__ == "__main__":
    main(prog_name="python -m analysis")
