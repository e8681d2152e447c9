"""`survey-app national`: published figures to set local ones beside."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.cli.importing import existing_file, run, table_options
from survey_app.cli.session import read_session
from survey_app.services.imports.national import NationalOptions, import_national
from survey_app.store import national as store


@click.group()
def national() -> None:
    """National index layers: published values by area, and yardsticks."""


@national.command("import")
@click.argument("file", type=existing_file)
@click.option("--layer", required=True, help="Name of the layer, such as ons-subnational.")
@click.option("--wide", is_flag=True, help="FILE has a row per area and a column per indicator.")
@click.option("--area", help="Column with the area's code; found by its name otherwise.")
@click.option("--name", help="Column with the area's name.")
@click.option("--indicator", help="Column that names the indicator (one figure to a row).")
@click.option("--value", help="Column with the value (one figure to a row).")
@click.option(
    "--only", "indicators", multiple=True, help="With --wide: take this column. Repeat; all otherwise."
)
@click.option("--period", default="", help="The period, where no column gives it.")
@click.option("--unit", default="", help="The unit, where no column gives it.")
@click.option(
    "--polarity",
    type=click.Choice(["1", "-1", "0"]),
    default="0",
    show_default=True,
    help="1 higher is better, -1 lower is, 0 neither; where no column gives it.",
)
@click.option("--source", default="", help="Where the figures come from; the file's name otherwise.")
@click.option(
    "--yardsticks",
    type=existing_file,
    help="File with the columns indicator, period, mean, sd and areas; worked out from FILE otherwise.",
)
@click.option(
    "--codes-changed",
    type=existing_file,
    help="File of old and new area codes (columns old and new, or such as lad22_code and lad23_code).",
)
@click.option(
    "--counts", is_flag=True, help="With --codes-changed: where places became one, add their values up."
)
@click.option(
    "--header-rows",
    type=click.IntRange(1, 9),
    default=1,
    help="How many rows name the columns, from the wide heading down: headline, domain, sub-domain.",
)
@click.option("--replace", is_flag=True, help="Of the indicators in the file, remove areas it does not give.")
@table_options
def import_(
    file: Path,
    layer: str,
    wide: bool,
    area: str | None,
    name: str | None,
    indicator: str | None,
    value: str | None,
    indicators: tuple[str, ...],
    period: str,
    unit: str,
    polarity: str,
    source: str,
    yardsticks: Path | None,
    codes_changed: Path | None,
    counts: bool,
    header_rows: int,
    replace: bool,
    sheet: str | None,
    header_row: int,
    dry_run: bool,
) -> None:
    """Add the figures of FILE (CSV, CSV.GZ or XLSX) to a layer, or bring those held up to date.

    FILE has the columns area_code, area_name, indicator, period, value, unit and polarity; with --wide, a
    column per indicator. An indicator's yardstick is its mean and standard deviation over all the areas in
    FILE: give every English authority, or --yardsticks.

    With --header-rows a column is called by its headings from the widest to its own, joined by " > ".
    """
    if indicators and not wide:
        raise click.UsageError("--only goes with --wide.")
    if counts and codes_changed is None:
        raise click.UsageError("--counts only goes with --codes-changed.")
    if header_rows > 1 and not wide:
        raise click.UsageError("--header-rows only goes with --wide.")
    if not layer or len(layer) > 64:
        raise click.UsageError("--layer: use 1 to 64 characters.")
    options = NationalOptions(
        layer=layer,
        wide=wide,
        area=area,
        name=name,
        indicator=indicator,
        value=value,
        indicators=indicators,
        period=period,
        unit=unit,
        polarity=int(polarity),
        source=source,
        yardsticks=yardsticks,
        codes_changed=codes_changed,
        counts=counts,
        header_rows=header_rows,
        replace=replace,
        sheet=sheet,
        header_row=header_row,
    )
    run(
        lambda session, progress: import_national(session, file, options, progress=progress),
        dry_run=dry_run,
    )


@national.command("list")
def list_() -> None:
    """Say which layers are held, and how many values of each."""
    with read_session() as session:
        for layer, number in store.layers(session).items():
            click.echo(f"{layer}: {number:,} values, {len(store.yardsticks(session, [layer]))} yardsticks")
