"""Import a national layer: published values by area, and the yardsticks to score them on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlmodel import Session

from survey_app.services.imports import area_column, code_changes, yardsticks
from survey_app.services.imports.geographies import detect
from survey_app.services.imports.national_rows import (
    PERIODS,
    UNITS,
    FigureColumns,
    Figures,
    Key,
    figure_columns,
    read_figures,
)
from survey_app.services.imports.outcome import Difference, Outcome, Progress, difference, silent
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Table, read_table
from survey_app.services.imports.yardsticks import Subject, Yardstick
from survey_app.store import areas as area_store
from survey_app.store import audit
from survey_app.store import national as store


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalOptions:
    """How to read the file. Columns not given are found by their usual names.

    wide: a row per area and a column per indicator, of which `indicators` when given. period, unit and
    polarity (1 higher is better, -1 lower, 0 neither) are for files that do not say. codes_changed: a file of
    old and new area codes. counts: where places became one, add their values up. header_rows: how many rows,
    one under the other, name a column.
    """

    layer: str
    wide: bool = False
    area: str | None = None
    name: str | None = None
    indicator: str | None = None
    value: str | None = None
    indicators: tuple[str, ...] = ()
    period: str = ""
    unit: str = ""
    polarity: int = 0
    source: str = ""
    yardsticks: Path | None = None
    replace: bool = False  # of the indicators in the file, remove areas it does not give
    sheet: str | None = None
    header_row: int = 1
    header_rows: int = 1
    codes_changed: Path | None = None
    counts: bool = False


def import_national(
    session: Session,
    path: Path,
    options: NationalOptions,
    *,
    actor: str = "command-line",
    progress: Progress = silent,
) -> Outcome:
    """Add the values of a file to a layer, or bring those held up to date; then its yardsticks.

    The areas need not be held: the yardstick is England. It is taken over all areas of the file (mean and
    sample standard deviation, each area once), or from `options.yardsticks`. Where an indicator is held for
    areas the file does not give, values and yardstick would disagree: refused, unless `options.replace`.
    Values come under today's codes with `options.codes_changed`; the yardstick stays that of the areas as
    published.
    Raises ImportRefusedError with every reason.
    """
    findings = Findings(path.name)
    table = read_table(
        path,
        findings,
        sheet=options.sheet,
        header_row=options.header_row,
        header_rows=options.header_rows,
        progress=progress,
    )
    notes: list[str] = []
    columns = _columns(table, options, findings, notes)
    figures = Figures()
    if columns is not None:
        figures = read_figures(
            table,
            columns,
            findings,
            period=options.period,
            unit=options.unit,
            polarity=options.polarity,
            names={area.code: area.name for area in area_store.all_areas(session)},
        )
    if options.yardsticks is not None:
        sticks = yardsticks.given(options.yardsticks, figures.held, options.layer, findings)
    else:
        sticks, without = yardsticks.worked_out(figures.held)
        notes += [
            f"{name!r} of {when!r} has no yardstick: its areas do not differ." for name, when in without
        ]
    if options.codes_changed is not None:
        notes += code_changes.rename_all(figures, options.codes_changed, findings, add=options.counts)
    held = store.held(session, options.layer)
    outdated = _outdated(set(figures.held), set(held))
    if outdated and not options.replace:
        _report_outdated(outdated, findings)
    findings.refuse_if_any()
    source = options.source or path.name
    changes = _write_values(session, options.layer, source, figures, held, outdated, progress)
    subjects = {(indicator, period) for indicator, period, _ in figures.held}
    stick_changes = _write_yardsticks(session, options.layer, source, sticks, subjects)
    counts = (changes.counts("values", removed=len(outdated)), stick_changes.counts("yardsticks"))
    outcome = Outcome(counts, (*notes, *figures.notes()))
    audit.record(session, actor, "national.import", options.layer, file=path.name, **outcome.detail())
    return outcome


def _columns(
    table: Table, options: NationalOptions, findings: Findings, notes: list[str]
) -> FigureColumns | None:
    if not table.rows:
        return None
    area = area_column.choose(table, options.area, None, findings)
    indicator, value = options.indicator or "indicator", options.value or "value"
    if not options.wide and not {indicator, value} <= set(table.header):
        findings.add(
            1,
            "",
            f"There are no columns {indicator} and {value}.",
            "Name them with --indicator and --value, or say --wide if each indicator has a column.",
        )
        return None
    if area is None or not table.require(findings, *options.indicators, *filter(None, [options.name])):
        return None
    period = None if options.period else _first(table, PERIODS)
    unit = None if options.unit else _first(table, UNITS)
    name = options.name or _name(table, area.column)
    polarity = "polarity" if "polarity" in table.header else None
    if not options.wide:
        return FigureColumns(
            area=area,
            name=name,
            indicator=indicator,
            period=period,
            value=value,
            unit=unit,
            polarity=polarity,
        )
    wide, texts = options.indicators, []
    if not wide:
        taken = [column for each in detect(table.header) for column in (each.code, each.name) if column]
        wide, texts = figure_columns(table, [*taken, *filter(None, (area.column, name, period))])
    if texts:
        notes.append(f"Columns of text passed over: {', '.join(texts)}.")
    return FigureColumns(
        area=area, name=name, indicator=None, period=period, value=None, unit=None, polarity=None, wide=wide
    )


def _first(table: Table, names: tuple[str, ...]) -> str | None:
    return next((each for each in names if each in table.header), None)


def _name(table: Table, area: str) -> str | None:
    known = next((each.name for each in detect(table.header) if each.code == area), None)
    return known or _first(table, ("area_name", "name"))


def _outdated(given: set[Key], held: set[Key]) -> list[Key]:
    """Areas held of an indicator and period that the file gives for other areas."""
    speaks_of = {(indicator, period) for indicator, period, _ in given}
    return sorted(key for key in held - given if (key[0], key[1]) in speaks_of)


def _report_outdated(outdated: list[Key], findings: Findings) -> None:
    areas: dict[tuple[str, str], list[str]] = {}
    for indicator, period, code in outdated:
        areas.setdefault((indicator, period), []).append(code)
    for (indicator, period), codes in areas.items():
        findings.add(
            0,
            indicator,
            f"{len(codes):,} areas hold a value for {period!r}, and the file gives them none: "
            f"{', '.join(codes[:5])}{' ...' if len(codes) > 5 else ''}.",
            "Give them too, or import with --replace to remove them.",
        )


def _write_values(
    session: Session,
    layer: str,
    source: str,
    figures: Figures,
    held: dict[Key, tuple[str, float, str, int, str]],
    outdated: list[Key],
    progress: Progress,
) -> Difference[Key]:
    wanted = {
        key: (figure.area_name, figure.value, figure.unit, figure.polarity, source)
        for key, figure in figures.held.items()
    }
    changes: Difference[Key] = difference(wanted, held)
    store.remove(session, layer, [*outdated, *changes.changed])
    store.add_many(session, layer, {**changes.added, **changes.changed}, partial(progress, "Writing values"))
    return changes


def _write_yardsticks(
    session: Session, layer: str, source: str, sticks: dict[Subject, Yardstick], subjects: set[Subject]
) -> Difference[Subject]:
    wanted = {
        subject: (stick.mean, stick.sd, stick.areas, stick.polarity, source)
        for subject, stick in sticks.items()
    }
    held = store.held_yardsticks(session, layer)
    changes: Difference[Subject] = difference(wanted, held)
    without = (subjects & set(held)) - set(wanted)  # its areas no longer differ
    store.remove_yardsticks(session, layer, [*changes.changed, *sorted(without)])
    store.add_yardsticks(session, layer, {**changes.added, **changes.changed})
    return changes
