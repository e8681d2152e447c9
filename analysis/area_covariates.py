"""Covariates of areas, such as a census share or a deprivation score, read from a CSV file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.faults import Fault

AREA = "area"


@dataclass(frozen=True)
class Covariates:
    file: str
    areas: tuple[str, ...]  # in the order of the file
    values: Mapping[str, tuple[float, ...]]  # by column, in the order of areas


def read_covariates(
    path: Path, columns: Sequence[str], needed: Sequence[str]
) -> tuple[Covariates, list[Fault]]:
    """Column `area` and `columns`, numbers; and everything wrong with them. Other columns are not read.

    needed: areas that must have a row. Areas with a row and no answers are predicted from the model alone.
    """
    file = str(path)
    faults: list[Fault] = []
    areas: dict[str, int] = {}
    values: dict[str, list[float]] = {column: [] for column in columns}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return _nothing(file), [Fault(file, None, "The text is not UTF-8.", 'Save the file as "CSV UTF-8".')]
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [c for c in (AREA, *columns) if c not in (rows.fieldnames or ())]
    if missing:
        seen = ", ".join(rows.fieldnames or ()) or "nothing"
        remedy = f"The header has: {seen}."
        return _nothing(file), [Fault(file, 1, f'There is no column "{c}".', remedy) for c in missing]
    for row in rows:
        at = rows.line_num
        area = (row[AREA] or "").strip()
        cause = ""
        if not area:
            cause = "The area is empty."
        elif area in areas:
            cause = f'The area "{area}" is already in row {areas[area]}.'
        if cause:
            faults.append(Fault(file, at, cause, "Keep one row for each area."))
            continue
        areas[area] = at
        for column in columns:
            values[column].append(_number(file, at, column, row[column], faults))
    absent = [area for area in needed if area not in areas]
    if absent:
        named = ", ".join(absent[:5]) + (f" and {len(absent) - 5} more" if len(absent) > 5 else "")
        faults.append(Fault(file, None, f"Areas with answers have no row: {named}.", "Add their rows."))
    return Covariates(file, tuple(areas), {c: tuple(v) for c, v in values.items()}), faults


def _number(file: str, at: int, column: str, entry: str | None, faults: list[Fault]) -> float:
    try:
        value = float(entry or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        cause = f'"{entry or ""}" in column {column} is not a number.'
        faults.append(Fault(file, at, cause, "Fill in the area's value."))
    return value


def _nothing(file: str) -> Covariates:
    return Covariates(file, (), {})
