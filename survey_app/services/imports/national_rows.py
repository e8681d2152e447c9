"""The figures in a national layer's file: one per row, or one per column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey_app.services.imports.area_column import AreaColumn
from survey_app.services.imports.numbers import number_in
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row, Table

LONGEST = {"indicator": 200, "period": 64, "area_code": 64}
COUNTRIES = ("E92", "W92", "S92", "N92", "K0", "J01")  # GSS codes of whole countries and their sums
PERIODS = ("period", "year", "time_period", "date")
UNITS = ("unit", "measure", "units")
TEXT_COLUMNS = 0.5  # share of cells that are not numbers above which a column is text, not figures

Key = tuple[str, str, str]  # indicator, period, area code


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureColumns:
    """Where the figures are. `value` None means wide: every column of numbers is an indicator."""

    area: AreaColumn
    name: str | None
    indicator: str | None
    period: str | None
    value: str | None
    unit: str | None
    polarity: str | None
    wide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One area's value of one indicator, as published."""

    row: int
    area_name: str
    value: float
    unit: str
    polarity: int


@dataclass(slots=True)
class Figures:
    """What a file gives, and how many cells it leaves empty."""

    held: dict[Key, Figure] = field(default_factory=dict)
    blank: int = 0
    countries: int = 0
    repeats: int = 0

    def notes(self) -> Iterable[str]:
        if self.blank:
            yield f"{self.blank:,} empty values were left out."
        if self.countries:
            yield f"{self.countries:,} row(s) of whole countries were left out: a yardstick compares places."
        if self.repeats:
            yield f"{self.repeats:,} values were given more than once, each time the same."


def read_figures(
    table: Table,
    columns: FigureColumns,
    findings: Findings,
    *,
    period: str = "",
    unit: str = "",
    polarity: int = 0,
    names: Mapping[str, str] | None = None,
) -> Figures:
    """Every figure of the table. period, unit and polarity are for files that do not give them.

    names: of areas by code, for files without. The same figure given twice is one; two different values for
    one area, indicator and period are a problem.
    """
    figures = Figures()
    given = polarity
    for row in table.rows:
        code = row[columns.area.column]
        if not code:
            findings.add(row.number, columns.area.column, "The cell is empty.", "Every row needs an area.")
            continue
        if code.startswith(COUNTRIES):
            figures.countries += 1
            continue
        name = row[columns.name] if columns.name else (names or {}).get(code, "")
        when = row[columns.period] if columns.period else period
        which = _polarity(row, columns, given, findings)
        for indicator, column in _cells(row, columns):
            if not row[column]:
                figures.blank += 1
                continue
            value = number_in(row, column, findings)
            _check(row.number, {"indicator": indicator, "period": when, "area_code": code}, findings)
            if value is not None:
                measured = row[columns.unit] if columns.unit else unit
                figure = Figure(row.number, name, value, measured, which)
                _keep(figures, (indicator, when, code), figure, findings)
    _check_polarities(figures, findings)
    return figures


def _cells(row: Row, columns: FigureColumns) -> Iterable[tuple[str, str]]:
    """(indicator, column of its value) for every figure on the row."""
    if columns.value is not None and columns.indicator is not None:
        return [(row[columns.indicator], columns.value)]
    return [(column, column) for column in columns.wide]


def _polarity(row: Row, columns: FigureColumns, given: int, findings: Findings) -> int:
    text = row[columns.polarity] if columns.polarity else ""
    if not text:
        return given
    if text not in {"1", "+1", "-1", "0"}:
        findings.add(
            row.number,
            columns.polarity or "",
            f"{text!r} is not a polarity.",
            "Write 1 where higher is better, -1 where lower is, 0 for neither.",
        )
        return given
    return int(text)


def _keep(figures: Figures, key: Key, figure: Figure, findings: Findings) -> None:
    before = figures.held.setdefault(key, figure)
    if before is figure:
        return
    if (before.value, before.unit, before.polarity) == (figure.value, figure.unit, figure.polarity):
        figures.repeats += 1
        return
    findings.add(
        figure.row,
        "value",
        f"{key[0]!r} of {key[2]} in {key[1]!r} is {figure.value:g} here, "
        f"and {before.value:g} in row {before.row}.",
        "Keep the right one.",
    )


def _check_polarities(figures: Figures, findings: Findings) -> None:
    """An indicator is better high or better low everywhere."""
    first: dict[tuple[str, str], Figure] = {}
    for (indicator, period, _), figure in figures.held.items():
        before = first.setdefault((indicator, period), figure)
        if before.polarity != figure.polarity:
            findings.add(
                figure.row,
                "polarity",
                f"{indicator!r} has polarity {figure.polarity}, and in row {before.row} {before.polarity}.",
                "Give an indicator one polarity.",
            )


def _check(number: int, texts: Mapping[str, str], findings: Findings) -> None:
    for what, text in texts.items():
        if not text:
            findings.add(number, what, f"There is no {what}.", f"Give the column, or say --{what}.")
        elif len(text) > LONGEST[what]:
            findings.add(
                number, what, f"{text[:30]!r}... is too long.", f"At most {LONGEST[what]} characters."
            )


def figure_columns(table: Table, taken: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """The columns of a wide table that hold numbers, and those passed over because they hold text."""
    figures, texts = [], []
    for column in table.header:
        if column in set(taken):
            continue
        filled = [row[column] for row in table.rows if row[column]]
        wrong = sum(not _is_number(text) for text in filled)
        (figures if filled and wrong <= TEXT_COLUMNS * len(filled) else texts).append(column)
    return tuple(figures), texts


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
