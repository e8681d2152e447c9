"""`survey-app postcodes`: where each postcode lies."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.cli.importing import existing_file, run, table_options
from survey_app.services.imports.postcodes import PostcodeOptions, import_postcodes


@click.group()
def postcodes() -> None:
    """Postcodes, and the smallest area each lies in."""


@postcodes.command("import")
@click.argument("file", type=existing_file)
@click.option("--postcode", help="Column with the postcode; found by its usual names otherwise.")
@click.option("--area", help="Column with the area's code; the smallest geography named otherwise.")
@click.option("--vintage", help="The year the areas' boundaries are of, where the column does not say.")
@click.option("--only-held", is_flag=True, help="Pass over rows of areas that are not held.")
@click.option("--replace", is_flag=True, help="Forget postcodes that are not in the file.")
@table_options
def import_(
    file: Path,
    postcode: str | None,
    area: str | None,
    vintage: str | None,
    only_held: bool,
    replace: bool,
    sheet: str | None,
    header_row: int,
    dry_run: bool,
) -> None:
    """Add the postcodes of FILE (CSV, CSV.GZ or XLSX). Their areas must be held already."""
    options = PostcodeOptions(
        postcode=postcode,
        area=area,
        vintage=vintage,
        only_held=only_held,
        replace=replace,
        sheet=sheet,
        header_row=header_row,
    )
    run(
        lambda session, progress: import_postcodes(session, file, options, progress=progress),
        dry_run=dry_run,
    )
