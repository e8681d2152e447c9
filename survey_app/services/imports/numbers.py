"""Numbers in cells: read as written, or reported."""

from __future__ import annotations

import math

from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row


def number_in(row: Row, column: str, findings: Findings) -> float | None:
    """The number in a cell. A problem, and None, when it is anything else: a blank is not 0."""
    text = row[column]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        what = f"{text!r} is not a number." if text else "The cell is empty."
        findings.add(row.number, column, what, "Write a number, without spaces, commas or marks.")
        return None
    return value


def count_in(row: Row, column: str, findings: Findings) -> float | None:
    """The count in a cell: a number, 0 or more."""
    value = number_in(row, column, findings)
    if value is not None and value < 0:
        findings.add(row.number, column, f"{row[column]} is less than 0.", "A count is 0 or more.")
        return None
    return value
