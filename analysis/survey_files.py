"""Responses and population margins read from CSV files, with everything wrong in them reported at once.

Rows are numbered as a spreadsheet shows them: the header is row 1, and blank lines count.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from analysis.estimates import ALL
from analysis.faults import Fault
from analysis.plan import Plan
from analysis.raking import NOT_STATED, Floats

MARGIN_COLUMNS = ("margin", "level", "count")
NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
NAMED_ROWS = 3
NAMED_VALUES = 20


@dataclass(frozen=True)
class Labels:
    """A column of labels: `code` (R,) is each row's index into `names`."""

    code: NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True)
class Responses:
    """One entry per response, in the file's order."""

    file: str
    row: NDArray[np.int64]
    ids: pd.Series
    labels: dict[str, Labels]  # by column; "" means not stated
    answers: dict[str, Floats]  # by column; not a number where not answered
    design: Floats | None = None  # each response's design weight, where the plan names their column

    def __len__(self) -> int:
        return len(self.row)

    def margin(self, columns: tuple[str, ...]) -> Labels:
        """The levels of a margin; not stated when any of its columns is."""
        parts = [self.labels[column] for column in columns]
        if len(parts) == 1:
            return parts[0]
        code = np.zeros(len(self), dtype=np.int64)
        for part in parts:
            code = code * len(part.names) + part.code
        code, distinct = pd.factorize(code, sort=True)
        names = []
        for combination in distinct:
            key, levels = int(combination), list[str]()
            for part in reversed(parts):
                key, at = divmod(key, len(part.names))
                levels.insert(0, part.names[at])
            names.append(NOT_STATED if NOT_STATED in levels else ":".join(levels))
        return _relabelled(code, names)

    def clusters(self, column: str) -> NDArray[np.int64]:
        """A number for each response's cluster. Where the column is empty the person was drawn alone."""
        label = self.labels[column]
        code = label.code.copy()
        if NOT_STATED in label.names:
            alone = np.flatnonzero(code == label.names.index(NOT_STATED))
            code[alone] = len(label.names) + np.arange(len(alone))
        return code


@dataclass(frozen=True)
class Population:
    """Population counts by margin and level, and the row of the file each came from."""

    file: str
    targets: dict[str, dict[str, float]]
    rows: dict[tuple[str, str], int]
    refused: set[tuple[str, str]]  # levels whose row has a fault


def read_population(path: Path) -> tuple[Population, list[Fault]]:
    """A margins file: columns margin, level, count. Faults hold everything wrong with it."""
    table, row, faults = _read(path, MARGIN_COLUMNS, text=MARGIN_COLUMNS)
    population = Population(str(path), {}, {}, set())
    if table is None:
        return population, faults
    filled = zip(row, *(table[c].str.strip() for c in MARGIN_COLUMNS), strict=True)
    for at, margin, level, count in filled:
        cause = remedy = ""
        if not margin or not level:
            cause, remedy = "The margin or its level has no name.", "Fill both in, or remove the row."
        elif not NUMBER.fullmatch(count):
            cause = f'The count "{count}" of {margin} "{level}" is not a number of people.'
            remedy = "Write digits only, such as 12345."
        elif (margin, level) in population.rows:
            cause = f'{margin} "{level}" is already in row {population.rows[margin, level]}.'
            remedy = "Keep one of the two rows."
        else:
            population.targets.setdefault(margin, {})[level] = float(count)
            population.rows[margin, level] = int(at)
            continue
        population.refused.add((margin, level))
        faults.append(Fault(str(path), int(at), cause, remedy))
    for margin, levels in population.targets.items():
        if not sum(levels.values()):
            cause = f'Every count of margin "{margin}" is 0.'
            faults.append(Fault(str(path), None, cause, "Give the population of each level."))
    return population, faults


def read_responses(path: Path, plan: Plan) -> tuple[Responses | None, list[Fault]]:
    """A responses file's columns that the plan names, and everything wrong with them.

    None when the file cannot be read as a table at all; otherwise what could be read.
    """
    named = (plan.id, *plan.label_columns, plan.design_weight, *plan.item_columns)
    wanted = tuple(dict.fromkeys(c for c in named if c))
    table, row, faults = _read(path, wanted, text=(plan.id,))
    if table is None or not wanted:
        return None, faults
    file = str(path)
    ids = table[plan.id] if plan.id in table else pd.Series([""] * len(table), dtype=str)
    if plan.id in table:
        faults += _id_faults(file, row, ids)
    labels = {c: _labels(table[c]) for c in plan.label_columns if c in table}
    faults += _reserved_faults(file, row, plan, labels)
    answers = {}
    for column in plan.item_columns:
        if column in table:
            answers[column], found = _answers(file, row, column, table[column])
            faults += found
    design = None
    if plan.design_weight in table:
        design, found = _design_weights(file, row, plan.design_weight, table[plan.design_weight])
        faults += found
    return Responses(file, row, ids, labels, answers, design), faults


def _design_weights(
    file: str, row: NDArray[np.int64], column: str, values: pd.Series
) -> tuple[Floats, list[Fault]]:
    """Each row's design weight; a fault names those that are none. A wrong one is read as 1."""
    given, faults = _answers(file, row, column, values)
    if faults:
        return np.ones(len(given)), faults
    wrong = ~(given > 0)
    if wrong.any():
        at, more = named_rows(row, wrong)
        cause = f"Column {column} has no design weight above 0 here{more}."
        faults = [Fault(file, at, cause, "Fill in the inverse of the person's chance to be asked.")]
    return np.where(wrong, 1.0, given), faults


def named_rows(row: NDArray[np.int64], wrong: NDArray[np.bool_]) -> tuple[int, str]:
    """The first row that is wrong, and words for how many more there are."""
    at = row[wrong]
    others = ", ".join(str(r) for r in at[1:NAMED_ROWS])
    more = len(at) - NAMED_ROWS
    words = f" (also row {others}" if others else ""
    words += f" and {more} more" if more > 0 else ""
    return int(at[0]), words + (")" if others else "")


def _id_faults(file: str, row: NDArray[np.int64], ids: pd.Series) -> list[Fault]:
    faults = []
    empty = ids.str.strip().eq("").to_numpy(dtype=bool)
    if empty.any():
        at, more = named_rows(row, empty)
        faults.append(Fault(file, at, f"The response has no id{more}.", "Give every response an id."))
    repeated = ids.duplicated().to_numpy(dtype=bool) & ~empty
    if repeated.any():
        at, more = named_rows(row, repeated)
        cause = f'The id "{ids.iloc[int(repeated.argmax())]}" was used in an earlier row{more}.'
        faults.append(Fault(file, at, cause, "Keep one row for each response."))
    return faults


def _reserved_faults(file: str, row: NDArray[np.int64], plan: Plan, labels: dict[str, Labels]) -> list[Fault]:
    faults = []
    checks = [
        (plan.area, ALL, f'The area is "{ALL}", which is kept for totals', "Give the area another code.")
    ]
    if not plan.pooled:
        waves = f'The wave is "{ALL}", which is kept for totals'
        checks.append((plan.wave, ALL, waves, "Give the wave another name."))
        checks.append((plan.wave, "", "The wave is empty", "Fill it in, or write weight_pooled_waves: true."))
    for column, value, cause, remedy in checks:
        if column in labels and value in labels[column].names:
            wrong = labels[column].code == labels[column].names.index(value)
            at, more = named_rows(row, wrong)
            faults.append(Fault(file, at, f"{cause}{more}.", remedy))
    return faults


def _labels(column: pd.Series) -> Labels:
    column = column.astype("category")  # the id column is text
    categories = [str(name).strip() for name in column.cat.categories]
    return _relabelled(column.cat.codes.to_numpy().astype(np.int64), categories)


def _relabelled(code: NDArray[np.int64], names: list[str]) -> Labels:
    """Labels with each name once, sorted, so that nothing depends on the order of rows."""
    distinct = sorted(set(names))
    place = {name: at for at, name in enumerate(distinct)}
    moved = np.array([place[name] for name in names], dtype=np.int64)
    return Labels(moved[code], tuple(distinct))


def _answers(file: str, row: NDArray[np.int64], column: str, values: pd.Series) -> tuple[Floats, list[Fault]]:
    """Each row's value, and a fault for each distinct entry that is not one."""
    values = values.astype("category")  # the id column is text
    code = values.cat.codes.to_numpy()
    entries = [str(entry).strip() for entry in values.cat.categories]
    parsed = np.array([float(e) if NUMBER.fullmatch(e) else np.nan for e in entries], dtype=float)
    faults = []
    for at, entry in enumerate(entries):
        wrong = code == at if entry and np.isnan(parsed[at]) else np.zeros(0, dtype=bool)
        if wrong.any():
            first, more = named_rows(row, wrong)
            cause = f'"{entry}" in column {column} is not an answer: answers are numbers, 0 or more{more}.'
            faults.append(Fault(file, first, cause, "Use the answer's code; leave not answered empty."))
    faults.sort(key=lambda f: f.row or 0)
    if len(faults) > NAMED_VALUES:
        cause = f"Column {column} has {len(faults) - NAMED_VALUES} more entries that are not numbers."
        faults[NAMED_VALUES:] = [Fault(file, None, cause, "Is this the right column?")]
    return parsed[code] if len(parsed) else np.full(len(values), np.nan), faults


def _read(
    path: Path, wanted: tuple[str, ...], *, text: tuple[str, ...]
) -> tuple[pd.DataFrame | None, NDArray[np.int64], list[Fault]]:
    """The wanted columns (categorical unless in `text`), the rows they stand in, and what is wrong."""
    file = str(path)
    nothing = np.zeros(0, dtype=np.int64)
    undecodable = _undecodable_row(path)
    if undecodable is not None:
        fault = Fault(file, undecodable, "The text is not UTF-8.", 'Save the file as "CSV UTF-8".')
        return None, nothing, [fault]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    faults = _header_faults(file, header, wanted)
    present = [column for column in wanted if header.count(column) == 1]
    if not present:
        return None, nothing, faults
    ragged: list[pacsv.InvalidRow] = []

    def remember(invalid: pacsv.InvalidRow) -> str:
        ragged.append(invalid)
        return "skip"

    categorical = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pacsv.read_csv(
            path,
            read_options=pacsv.ReadOptions(use_threads=False),  # threads would lose the row numbers
            parse_options=pacsv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=remember
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=present,
                column_types={c: pa.string() if c in text else categorical for c in present},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        faults.append(Fault(file, None, f"Not a CSV file: {error}.", "Look for a quote that is not closed."))
        return None, nothing, faults
    for bad in ragged[:NAMED_VALUES]:
        cause = f"The row has {bad.actual_columns} fields where the header has {bad.expected_columns}."
        faults.append(Fault(file, bad.number, cause, "Check its commas and quotes."))
    if len(ragged) > NAMED_VALUES:
        cause = f"{len(ragged) - NAMED_VALUES} more rows have another number of fields than the header."
        faults.append(Fault(file, None, cause, "Check their commas and quotes."))
    row = np.arange(2, table.num_rows + len(ragged) + 2, dtype=np.int64)
    row = np.delete(row, [bad.number - 2 for bad in ragged])
    frame = table.to_pandas()
    blank = np.logical_and.reduce([(frame[c] == "").to_numpy(dtype=bool) for c in present])
    if blank.all():
        faults.append(Fault(file, None, "The file has a header and nothing under it.", "Add rows."))
    return frame[~blank].reset_index(drop=True), row[~blank], faults


def _header_faults(file: str, header: list[str], wanted: tuple[str, ...]) -> list[Fault]:
    if not header:
        return [Fault(file, 1, "The file is empty.", "Write a header and rows.")]
    faults = []
    for column in wanted:
        if column not in header:
            seen = ", ".join(header[:30])
            remedy = f"The header has: {seen}. Name one of these, with commas between columns."
            faults.append(Fault(file, 1, f'There is no column "{column}".', remedy))
        elif header.count(column) > 1:
            faults.append(Fault(file, 1, f'There are two columns "{column}".', "Rename or remove one."))
    return faults


def _undecodable_row(path: Path) -> int | None:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None
