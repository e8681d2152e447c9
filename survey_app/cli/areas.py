"""`survey-app areas`: the places surveys are about."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.cli.importing import existing_file, run, table_options
from survey_app.cli.session import read_session
from survey_app.services.imports.areas import AreaOptions, import_areas
from survey_app.services.imports.geographies import AreaColumns, of_code_column
from survey_app.store import areas as store


@click.group()
def areas() -> None:
    """Areas, what they lie in, and their boundaries."""


@areas.command("import")
@click.argument("file", type=existing_file)
@click.option("--code", help="Column with the code of the row's own area.")
@click.option("--name", help="Column with its name.")
@click.option("--level", help="Its level: lsoa, ward, lad, ...")
@click.option("--vintage", help="The year its boundaries are of, such as 2021.")
@click.option("--alias", "aliases", multiple=True, help="Column with another name for it. Repeat as needed.")
@click.option(
    "--parent",
    "parents",
    multiple=True,
    metavar="LEVEL:VINTAGE:CODE:NAME[:ALIAS...]",
    help="An area it lies in, by columns. Without CODE, codes are made from names; NAME may be left out "
    "where the areas are held.",
)
@click.option(
    "--within",
    multiple=True,
    metavar="INNER:OUTER",
    help="Levels that are nested, such as ward:lad. Refused, with the rows, where it is not so.",
)
@click.option("--parents", "parents_file", type=existing_file, help="File with the columns child and parent.")
@table_options
def import_(
    file: Path,
    code: str | None,
    name: str | None,
    level: str | None,
    vintage: str | None,
    aliases: tuple[str, ...],
    parents: tuple[str, ...],
    within: tuple[str, ...],
    parents_file: Path | None,
    sheet: str | None,
    header_row: int,
    dry_run: bool,
) -> None:
    """Add the areas of FILE (CSV, CSV.GZ, XLSX or GeoJSON), or bring those held up to date.

    Columns named as ONS does (lsoa21_code, LSOA21CD, ward24_name ...) need no options: the first geography
    with one row each is the row's own area, and the others are what it lies in. GeoJSON gives areas their
    boundaries.

    Which of those areas lie in one another is taken from the rows where they show it, and said. Add
    --within where they cannot, such as --within alliance:icb in a file about one ICB.
    """
    options = AreaOptions(
        own=_own(code, name, level, vintage, aliases),
        parents=tuple(_parent(text) for text in parents),
        within=tuple(_pair(text) for text in within),
        parents_file=parents_file,
        sheet=sheet,
        header_row=header_row,
    )
    run(
        lambda session, progress: import_areas(session, file, options, progress=progress),
        dry_run=dry_run,
    )


@areas.command("list")
@click.option("--level", help="List the areas of this level; without it, how many there are of each.")
def list_(level: str | None) -> None:
    """Say what areas are held."""
    with read_session() as session:
        if level is None:
            for each, number in store.levels(session).items():
                click.echo(f"{each}: {number:,}")
        else:
            for area in store.by_level(session, level):
                click.echo(f"{area.code}  {area.vintage}  {area.name}")


def _own(
    code: str | None, name: str | None, level: str | None, vintage: str | None, aliases: tuple[str, ...]
) -> AreaColumns | None:
    if code is None:
        if name or level or vintage or aliases:
            raise click.UsageError("--name, --level, --vintage and --alias go with --code.")
        return None
    known = of_code_column(code)
    level, vintage = level or (known and known[0]), vintage or (known and known[1])
    if not level or not vintage:
        raise click.UsageError(f"Say the --level and --vintage of {code!r}: its name does not.")
    return AreaColumns(level, vintage, code, name, aliases)


def _parent(text: str) -> AreaColumns:
    level, vintage, code, name, *aliases = (text + ":::").split(":")
    if not level or not vintage or not (code or name):
        raise click.UsageError(
            f"--parent {text!r}: write LEVEL:VINTAGE:CODE:NAME, such as lad:2024:lad24_code:lad24_name."
        )
    return AreaColumns(level, vintage, code or None, name or None, tuple(alias for alias in aliases if alias))


def _pair(text: str) -> tuple[str, str]:
    inner, _, outer = text.partition(":")
    if not inner or not outer:
        raise click.UsageError(f"--within {text!r}: write INNER:OUTER, such as ward:lad.")
    return inner, outer
