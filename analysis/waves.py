"""Responses weighted together: those of one wave, or of all of them, with their weighting cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import raking
from analysis.estimates import ALL
from analysis.faults import Fault, RefusedError
from analysis.plan import Plan
from analysis.raking import Floats, RakingError
from analysis.survey_files import Population, Responses, named_rows
from analysis.weights import CellWeights, cell_weights


@dataclass(frozen=True)
class Cells:
    """The weighting cells of N rows: everyone with the same margin levels, and the same design weight."""

    of_row: NDArray[np.int64]  # (N,) which cell
    levels: pd.DataFrame  # C rows, a column for each margin
    counts: Floats  # (C,) rows
    design: Floats | None  # (C,) the design weight of each row there

    @property
    def mass(self) -> Floats:
        """(C,) sum of design weights: what is raked."""
        return self.counts if self.design is None else self.counts * self.design


@dataclass(frozen=True)
class WeightedWave:
    """Responses weighted together: those of one wave, or all of them (wave ALL)."""

    wave: str
    rows: NDArray[np.intp]  # (N,) positions in the responses
    cells: Cells
    weights: CellWeights

    @property
    def cell(self) -> NDArray[np.int64]:
        return self.cells.of_row

    def of_each_row(self) -> Floats:
        return np.asarray(self.weights.weight[self.cell], dtype=float)


def weight(plan: Plan, population: Population, answered: Responses) -> list[WeightedWave]:
    """Each wave raked (all together when pooled). Raises RefusedError when a wave cannot be."""
    waves, faults = [], []
    targets = wanted(plan, population)
    for wave, rows in split(plan, answered):
        cells = weighting_cells(plan, answered, rows)
        try:
            weights = cell_weights(cells.counts, cells.levels, targets, cap=plan.cap, design=cells.design)
        except RakingError as error:
            faults += [placed(reason, wave, population, None) for reason in error.reasons]
        else:
            waves.append(WeightedWave(wave, rows, cells, weights))
    if faults:
        raise RefusedError(faults)
    return waves


def wanted(plan: Plan, population: Population) -> dict[str, dict[str, float]]:
    """The population of each margin that weights."""
    return {name: population.targets[name] for name in plan.margins}


def split(plan: Plan, answered: Responses) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """The rows that are weighted together, wave by wave, or all of them as wave ALL."""
    if plan.pooled or plan.wave not in answered.labels:
        yield ALL, np.arange(len(answered), dtype=np.intp)
        return
    wave = answered.labels[plan.wave]
    for at, name in enumerate(wave.names):
        rows = np.flatnonzero(wave.code == at)
        if len(rows):
            yield name, rows


def weighting_cells(plan: Plan, answered: Responses, rows: NDArray[np.intp]) -> Cells:
    """Each row's weighting cell, the margin levels of each cell, and how many rows it has."""
    known = {m: c for m, c in plan.margins.items() if all(column in answered.labels for column in c)}
    cell = np.zeros(len(rows), dtype=np.int64)
    labels = {name: answered.margin(columns) for name, columns in known.items()}
    for label in labels.values():
        cell, _ = pd.factorize(cell * len(label.names) + label.code[rows], sort=True)
    design = None if answered.design is None else answered.design[rows]
    if design is not None:
        same, distinct = pd.factorize(design, sort=True)
        cell, _ = pd.factorize(cell * len(distinct) + same, sort=True)
    _, first, counts = np.unique(cell, return_index=True, return_counts=True)
    levels = {
        name: np.array(label.names, dtype=object)[label.code[rows][first]] for name, label in labels.items()
    }
    frame = pd.DataFrame(levels, index=range(len(first)), dtype=object)
    return Cells(cell, frame, counts.astype(float), None if design is None else design[first])


def raking_faults(plan: Plan, population: Population, answered: Responses) -> list[Fault]:
    """Every reason, known before raking, why a wave cannot be weighted, at the row it is about."""
    faults = []
    for wave, rows in split(plan, answered) if len(answered) else ():
        cells = weighting_cells(plan, answered, rows)
        targets = {m: t for m, t in population.targets.items() if m in cells.levels.columns}
        for reason in raking.faults(cells.mass, cells.levels, targets):
            if (reason.margin, reason.level) in population.refused:
                continue  # its row is reported already
            faults.append(placed(reason, wave, population, (plan, answered, rows)))
    return faults


def placed(
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
