"""`survey-app margins`: the population that answers are weighted to."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.cli.importing import existing_file, refused, run, table_options
from survey_app.services.imports import ImportRefusedError, margin_mapping
from survey_app.services.imports.margin_mapping import MarginMapping
from survey_app.services.imports.margins import MarginOptions, import_margins


@click.group()
def margins() -> None:
    """Population margins: how many people of each level live in each area."""


@margins.command("import")
@click.argument("file", type=existing_file)
@click.option("--area", help="Column with the area's code; the smallest geography named otherwise.")
@click.option("--vintage", help="The year the areas' boundaries are of, where the column does not say.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="MARGIN:LEVEL=COLUMN[+COLUMN]",
    help="The columns that make up a level, such as age:16-24=age6_16_24. Repeat for every level.",
)
@click.option("--mapping", type=existing_file, help="The same in a YAML file; see --preset for its form.")
@click.option(
    "--preset",
    type=click.Choice(margin_mapping.presets()),
    help="A mapping that comes with the product (survey_app/services/imports/<preset>.yaml).",
)
@click.option(
    "--source", default="", help="Where the counts come from; the mapping's or the file's name otherwise."
)
@click.option("--only-held", is_flag=True, help="Pass over rows of areas that are not held.")
@click.option("--replace", is_flag=True, help="Of the margins in the file, remove levels it does not give.")
@table_options
def import_(
    file: Path,
    area: str | None,
    vintage: str | None,
    maps: tuple[str, ...],
    mapping: Path | None,
    preset: str | None,
    source: str,
    only_held: bool,
    replace: bool,
    sheet: str | None,
    header_row: int,
    dry_run: bool,
) -> None:
    """Add the counts of FILE (CSV, CSV.GZ or XLSX), or bring those held up to date.

    FILE has a row per area and a column per count, with --map, --mapping or --preset saying which is which;
    or the columns area, margin, level and count.
    """
    options = MarginOptions(
        mapping=_mapping(maps, mapping, preset),
        area=area,
        vintage=vintage,
        source=source,
        only_held=only_held,
        replace=replace,
        sheet=sheet,
        header_row=header_row,
    )
    run(
        lambda session, progress: import_margins(session, file, options, progress=progress),
        dry_run=dry_run,
    )


def _mapping(maps: tuple[str, ...], mapping: Path | None, preset: str | None) -> MarginMapping | None:
    if sum(map(bool, (maps, mapping, preset))) > 1:
        raise click.UsageError("Give one of --map, --mapping and --preset.")
    try:
        if maps:
            return margin_mapping.from_options(maps)
        if preset:
            return margin_mapping.preset(preset)
        return margin_mapping.from_file(mapping) if mapping else None
    except ImportRefusedError as error:
        refused(error)
