"""Estimates straight from files, without the web app or a database: what `python -m analysis estimate` does.

Reads everything, reports everything wrong at once, weights, estimates, and writes. See docs/analysis.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import raking
from analysis.estimates import ALL, estimate, everywhere
from analysis.intervals import logit_interval
from analysis.plan import Fault, Plan, PlannedItem, RefusedError, read_plan
from analysis.raking import NOT_STATED, Floats, RakingError
from analysis.suppression import suppressed
from analysis.survey_files import (
    Labels,
    Population,
    Responses,
    named_rows,
    read_population,
    read_responses,
)
from analysis.weights import CellWeights, cell_weights

ESTIMATE_COLUMNS = [
    "area",
    "wave",
    "item",
    "n",
    "effective_n",
    "estimate",
    "se",
    "lower",
    "upper",
    "weighted_n",
    "logit_lower",
    "logit_upper",
]
UNDISCLOSED = (
    "These files are undisclosed: they are the analyst's own and can identify people. Do not publish or "
    "share them; use --release for estimates that may leave."
)
RELEASED = (
    "Small groups are hidden and numbers rounded within this table. It was not compared with earlier "
    "releases or with other tables of the same answers: check those before you publish."
)


@dataclass(frozen=True)
class WeightedWave:
    """Responses weighted together: those of one wave, or all of them (wave ALL)."""

    wave: str
    rows: NDArray[np.intp]  # (N,) positions in the responses
    cell: NDArray[np.int64]  # (N,) the weighting cell of each
    weights: CellWeights

    def of_each_row(self) -> Floats:
        return np.asarray(self.weights.weight[self.cell], dtype=float)


@dataclass(frozen=True)
class Written:
    """What was done, in words for the person who asked."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]
    warning: str


Progress = Callable[[str, float], None]
"""Told what is being done and the share of the work done before it, 0 to 1."""


def run(
    responses: Path,
    margins: Path,
    config: Path,
    out: Path,
    *,
    release: bool = False,
    progress: Progress = lambda doing, done: None,
) -> Written:
    """Read, weight, estimate and write to `out`.

    Raises RefusedError with every reason, before anything is written; OSError when `out` cannot be written.
    """
    progress("reading", 0)
    plan, population, answered = read_inputs(responses, margins, config)
    if release and (out / "weights.csv").exists():
        cause = "The folder holds weights of single responses from an earlier run."
        raise RefusedError([Fault(str(out), None, cause, "Choose another folder for what may be released.")])
    progress("weighting", 0.3)
    waves = weight(plan, population, answered)
    progress("estimating", 0.4)
    estimates, counts = estimate_all(plan, answered, waves)
    progress("writing", 0.8)
    out.mkdir(parents=True, exist_ok=True)
    if release:
        tables = {"estimates.csv": suppressed(estimates, counts, plan.items)}
    else:
        tables = {
            "weights.csv": _weights_table(answered, waves),
            "margins.csv": _margins_table(waves),
            "estimates.csv": estimates[ESTIMATE_COLUMNS],
        }
    files = tuple(_write(table, out / name) for name, table in tables.items())
    notes = (*_notes(plan, population, answered), *(_summary(wave) for wave in waves))
    return Written(files, notes, RELEASED if release else UNDISCLOSED)


def read_inputs(responses: Path, margins: Path, config: Path) -> tuple[Plan, Population, Responses]:
    """The three files, or RefusedError with everything wrong in any of them."""
    plan, faults = read_plan(config)
    population, more = read_population(margins)
    faults += more
    for name in plan.margins:
        if not population.targets.get(name):
            cause = f'Margin "{name}" of {config} has no counts here.'
            faults.append(Fault(str(margins), None, cause, f"Add rows that begin with {name}."))
    answered, more = read_responses(responses, plan)
    faults += more
    if answered is not None:
        faults += _raking_faults(plan, population, answered)
    if faults or answered is None:
        raise RefusedError(faults)
    return plan, population, answered


def weight(plan: Plan, population: Population, answered: Responses) -> list[WeightedWave]:
    """Each wave raked (all together when pooled). Raises RefusedError when a wave cannot be."""
    waves, faults = [], []
    for wave, rows in _waves(plan, answered):
        cell, cells, counts = _cells(plan, answered, rows)
        targets = {name: population.targets[name] for name in plan.margins}
        try:
            weights = cell_weights(counts, cells, targets, cap=plan.cap)
        except RakingError as error:
            faults += [_placed(reason, wave, population, None) for reason in error.reasons]
        else:
            waves.append(WeightedWave(wave, rows, cell, weights))
    if faults:
        raise RefusedError(faults)
    return waves


def estimate_all(
    plan: Plan, answered: Responses, waves: list[WeightedWave]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimates by area, wave and item; and the unweighted counts beneath them.

    The counts have columns area, code, n, wave, column.
    """
    area = answered.labels[plan.area]
    found, counted = [], []
    for wave in waves:
        tallies = {c: _tally(answered.answers[c], area, wave) for c in plan.item_columns}
        for column, tally in tallies.items():
            simple = tally.groupby(["area", "code"])["n"].sum().reset_index()
            counted.append(simple.assign(wave=wave.wave, column=column))
        names = [area.names[at] for at in np.unique(area.code[wave.rows]) if area.names[at]]
        for item in plan.items:
            found.append(_estimates(item, tallies[item.column], wave, [ALL, *names]))
    return pd.concat(found, ignore_index=True), pd.concat(counted, ignore_index=True)


def _estimates(item: PlannedItem, tally: pd.DataFrame, wave: WeightedWave, areas: list[str]) -> pd.DataFrame:
    parts = [
        estimate(
            frame,
            wave.weights.weight,
            total_n=len(wave.rows),
            statistic=item.statistic,
            codes=item.codes,
        )
        for frame in (everywhere(tally), tally[tally["area"] != ""])
    ]
    rows = pd.concat([p for p in parts if len(p)] or parts[:1]).set_index("area").reindex(areas)
    rows["n"] = rows["n"].fillna(0).astype(int)
    rows["logit_lower"] = rows["logit_upper"] = np.nan
    if item.statistic == "proportion":
        ends = logit_interval(rows["estimate"], rows["se"] ** 2, rows["n"] - 1)
        rows["logit_lower"], rows["logit_upper"] = ends
    rows.insert(0, "wave", wave.wave)
    rows.insert(1, "item", item.name)
    return rows.reset_index()


def _tally(values: Floats, area: Labels, wave: WeightedWave) -> pd.DataFrame:
    """Counts of one column's answers: columns area, cell, code, n, in an order that rows cannot change."""
    value = values[wave.rows]
    given = ~np.isnan(value)
    code, distinct = pd.factorize(value[given], sort=True)
    cells = len(wave.weights.weight)
    key = (area.code[wave.rows][given] * cells + wave.cell[given]) * max(len(distinct), 1) + code
    keys, n = np.unique(key, return_counts=True)
    place, code = np.divmod(keys, max(len(distinct), 1))
    at, cell = np.divmod(place, cells)
    names = np.array(area.names, dtype=object)
    return pd.DataFrame(
        {"area": names[at].astype(str), "cell": cell, "code": np.asarray(distinct, dtype=float)[code], "n": n}
    )


def _waves(plan: Plan, answered: Responses) -> Iterator[tuple[str, NDArray[np.intp]]]:
    if plan.pooled or plan.wave not in answered.labels:
        yield ALL, np.arange(len(answered), dtype=np.intp)
        return
    wave = answered.labels[plan.wave]
    for at, name in enumerate(wave.names):
        rows = np.flatnonzero(wave.code == at)
        if len(rows):
            yield name, rows


def _cells(
    plan: Plan, answered: Responses, rows: NDArray[np.intp]
) -> tuple[NDArray[np.int64], pd.DataFrame, Floats]:
    """Each row's weighting cell, the margin levels of each cell, and how many rows it has."""
    known = {m: c for m, c in plan.margins.items() if all(column in answered.labels for column in c)}
    cell = np.zeros(len(rows), dtype=np.int64)
    labels = {name: answered.margin(columns) for name, columns in known.items()}
    for label in labels.values():
        cell, _ = pd.factorize(cell * len(label.names) + label.code[rows], sort=True)
    _, first, counts = np.unique(cell, return_index=True, return_counts=True)
    levels = {
        name: np.array(label.names, dtype=object)[label.code[rows][first]] for name, label in labels.items()
    }
    frame = pd.DataFrame(levels, index=range(len(first)), dtype=object)
    return cell, frame, counts.astype(float)


def _raking_faults(plan: Plan, population: Population, answered: Responses) -> list[Fault]:
    faults = []
    for wave, rows in _waves(plan, answered) if len(answered) else ():
        _, cells, counts = _cells(plan, answered, rows)
        targets = {m: t for m, t in population.targets.items() if m in cells.columns}
        for reason in raking.faults(counts, cells, targets):
            if (reason.margin, reason.level) in population.refused:
                continue  # its row is reported already
            faults.append(_placed(reason, wave, population, (plan, answered, rows)))
    return faults


def _placed(
    reason: raking.Reason,
    wave: str,
    population: Population,
    people: tuple[Plan, Responses, NDArray[np.intp]] | None,
) -> Fault:
    """The reason, at the row of the file it is about: the population's, or the first response's."""
    among = "" if wave == ALL else f" in wave {wave}"
    what = f'{reason.margin} "{reason.level}"{among}: {reason.cause}'
    target = population.rows.get((reason.margin, reason.level))
    if people is not None and target is None:
        plan, answered, rows = people
        label = answered.margin(plan.margins[reason.margin])
        wrong = label.code[rows] == label.names.index(reason.level)
        at, more = named_rows(answered.row[rows], wrong)
        return Fault(answered.file, at, f"{what.removesuffix('.')}{more}.", reason.remedy)
    return Fault(population.file, target, what, reason.remedy)


def _weights_table(answered: Responses, waves: list[WeightedWave]) -> pd.DataFrame:
    each = np.empty(len(answered))
    for wave in waves:
        each[wave.rows] = wave.of_each_row()
    return pd.DataFrame({"id": answered.ids, "weight": each})


def _margins_table(waves: list[WeightedWave]) -> pd.DataFrame:
    rows = [
        {
            "wave": wave.wave,
            "margin": row.margin,
            "level": row.level,
            "respondents": int(row.respondents),
            "target_share": row.target_share,
            "unweighted_share": row.unweighted_share,
            "weighted_share": row.weighted_share,
        }
        for wave in waves
        for row in wave.weights.report
    ]
    return pd.DataFrame(rows)


def _write(table: pd.DataFrame, path: Path) -> Path:
    """Whole or not at all: a reader never sees half a file."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    table.to_csv(unfinished, index=False, lineterminator="\n")
    os.replace(unfinished, path)
    return path


def _summary(wave: WeightedWave) -> str:
    weights = wave.weights
    name = "All responses" if wave.wave == ALL else f"Wave {wave.wave}"
    return (
        f"{name}: {len(wave.rows)} weighted together; design effect {weights.design_effect:.2f}, effective "
        f"n {weights.effective_n:.0f}, largest weight {weights.largest:.2f} times the mean, "
        f"{weights.trimmed_share:.1%} at the cap."
    )


def _notes(plan: Plan, population: Population, answered: Responses) -> Iterator[str]:
    """What was accepted but may not be what was meant."""
    unused = sorted(set(population.targets) - set(plan.margins))
    if unused:
        yield f"Not used for weighting: {', '.join(unused)}, which the configuration does not name."
    sums = {name: sum(population.targets[name].values()) for name in plan.margins}
    if max(sums.values()) > 1.01 * min(sums.values()):
        listed = ", ".join(f"{name} {total:,.0f}" for name, total in sums.items())
        yield f"The margins count different populations ({listed}): only the shares within each are used."
    area = answered.labels[plan.area]
    if NOT_STATED in area.names:
        count = int((area.code == area.names.index(NOT_STATED)).sum())
        yield f"{count} responses have no area: they count in the totals only."
    for item in plan.items:
        unseen = set(item.codes) - set(np.unique(answered.answers[item.column]).tolist())
        if unseen:
            codes = ", ".join(f"{code:g}" for code in sorted(unseen))
            yield f"Nobody gave the answer {codes} counted by {item.name} in column {item.column}."
