"""Estimates straight from files, without the web app or a database: what `python -m analysis estimate` does.

Reads everything, reports everything wrong at once, weights, estimates, and writes. See docs/analysis.md.
A file to write is one entry in TABLES, or in RELEASED_TABLES when it may leave.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import modelled_estimates, survey_estimates
from analysis.area_covariates import Covariates, read_covariates
from analysis.estimates import ALL
from analysis.faults import Fault, RefusedError
from analysis.group_suppression import suppressed_groups
from analysis.modelled_estimates import ModelledItem, modelled_items
from analysis.plan import Plan, read_plan
from analysis.raking import NOT_STATED, RakingError, margins
from analysis.replicates import Jackknife, deal, jackknife
from analysis.suppression import released_changes, suppressed
from analysis.survey_estimates import Sample, samples_of, shown_columns
from analysis.survey_files import Population, Responses, read_population, read_responses
from analysis.waves import WeightedWave, placed, raking_faults, wanted, weight
from analysis.weights import start_weights

UNDISCLOSED = (
    "These files are undisclosed: they are the analyst's own and can identify people. Do not publish or "
    "share them; use --release for estimates that may leave."
)
RELEASED = (
    "Small groups are hidden and numbers rounded within these tables. They were not compared with earlier "
    "releases or with other tables of the same answers: check those before you publish."
)


@dataclass(frozen=True)
class Survey:
    """What was read and weighted: what every table is made from."""

    plan: Plan
    population: Population
    answered: Responses
    samples: tuple[Sample, ...]
    estimates: pd.DataFrame  # survey_estimates.estimates_by_area
    modelled: tuple[ModelledItem, ...] = ()

    @property
    def waves(self) -> tuple[WeightedWave, ...]:
        return tuple(sample.weighted for sample in self.samples)


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
    covariates: Path | None = None,
    progress: Progress = lambda doing, done: None,
) -> Written:
    """Read, weight, estimate and write to `out`.

    Raises RefusedError with every reason, before anything is written; OSError when `out` cannot be written.
    """
    progress("reading", 0)
    plan, population, answered = read_inputs(responses, margins, config)
    about_areas = _covariates(plan, answered, config, covariates)
    if release and (out / "weights.csv").exists():
        cause = "The folder holds weights of single responses from an earlier run."
        raise RefusedError([Fault(str(out), None, cause, "Choose another folder for what may be released.")])
    progress("weighting", 0.3)
    survey = estimate_all(plan, population, answered, weight(plan, population, answered))
    progress("estimating", 0.5)
    if plan.small_area is not None and not release:
        modelled = modelled_items(plan, plan.small_area, survey.estimates, about_areas)
        survey = replace(survey, modelled=modelled)
    made = (RELEASED_TABLES if release else TABLES).items()
    tables = {name: table for name, make in made if (table := make(survey)) is not None}
    progress("writing", 0.9)
    out.mkdir(parents=True, exist_ok=True)
    files = tuple(_write(table, out / name) for name, table in tables.items())
    notes = (*_notes(plan, population, answered), *(_summary(wave) for wave in survey.waves))
    if release and plan.small_area is not None:
        notes = (
            *notes,
            "Modelled small areas are not released here: nothing checks yet what they give away.",
        )
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
        faults += raking_faults(plan, population, answered)
    if faults or answered is None:
        raise RefusedError(faults)
    return plan, population, answered


def _covariates(plan: Plan, answered: Responses, config: Path, covariates: Path | None) -> Covariates | None:
    """The covariates that the plan's models take. Raises RefusedError with everything wrong with them."""
    wanted_columns = plan.small_area.covariates if plan.small_area else ()
    if bool(wanted_columns) != (covariates is not None):
        cause = "Covariates are named for small areas, but no file of them was given."
        remedy = "Give it with --covariates, or take covariates out."
        if covariates is not None:
            cause = "A file of covariates was given, but no covariates are named for small areas."
            remedy = "Name its columns under small_area: covariates, or leave --covariates out."
        raise RefusedError([Fault(str(config), None, cause, remedy)])
    if covariates is None:
        return None
    areas = [name for name in answered.labels[plan.area].names if name]
    found, faults = read_covariates(covariates, wanted_columns, areas)
    if faults:
        raise RefusedError(faults)
    return found


def estimate_all(
    plan: Plan, population: Population, answered: Responses, weighted: Sequence[WeightedWave]
) -> Survey:
    """The samples with their replicates, and the estimates by area. Raises RefusedError as `weight` does."""
    jackknives, faults = [], []
    for wave in weighted:
        try:
            jackknives.append(_replicated(plan, population, answered, wave))
        except RakingError as error:
            faults += [placed(reason, wave.wave, population, None) for reason in error.reasons]
    if faults:
        raise RefusedError(faults)
    samples = tuple(samples_of(plan, answered, weighted, jackknives))
    estimates = survey_estimates.estimates_by_area(plan, answered, samples)
    return Survey(plan, population, answered, samples, estimates)


def _replicated(
    plan: Plan, population: Population, answered: Responses, wave: WeightedWave
) -> Jackknife | None:
    if plan.replicates is None:
        return None
    if plan.cluster:
        group = answered.clusters(plan.cluster)[wave.rows]
    else:
        group = deal(answered.ids.iloc[wave.rows].tolist(), plan.replicates.groups)
    cells = wave.cells
    start = start_weights(cells.counts, cells.design)
    prepared = margins(cells.counts * start, cells.levels, wanted(plan, population))
    return jackknife(group, cells.of_row, cells.counts, wave.weights.weight, prepared, cap=plan.cap)


def _weights_table(survey: Survey) -> pd.DataFrame:
    each = np.empty(len(survey.answered))
    for wave in survey.waves:
        each[wave.rows] = wave.of_each_row()
    return pd.DataFrame({"id": survey.answered.ids, "weight": each})


def _margins_table(survey: Survey) -> pd.DataFrame:
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
        for wave in survey.waves
        for row in wave.weights.report
    ]
    return pd.DataFrame(rows)


def _estimates_table(survey: Survey) -> pd.DataFrame:
    return shown_columns(survey.estimates)


def _groups_table(survey: Survey) -> pd.DataFrame | None:
    if not survey.plan.groups:
        return None
    by_group = survey_estimates.estimates_by_group(survey.plan, survey.answered, survey.samples)
    return shown_columns(by_group)


def _changes_table(survey: Survey) -> pd.DataFrame | None:
    if not survey.plan.changes:
        return None
    return survey_estimates.changes_between_waves(survey.plan, survey.estimates)


def _released_estimates(survey: Survey) -> pd.DataFrame:
    counts = survey_estimates.counts_by_area(survey.plan, survey.answered, survey.samples)
    return suppressed(survey.estimates, counts, survey.plan.items)


def _released_groups(survey: Survey) -> pd.DataFrame | None:
    if not survey.plan.groups:
        return None
    counts = survey_estimates.counts_by_area(survey.plan, survey.answered, survey.samples)
    by_group = survey_estimates.estimates_by_group(survey.plan, survey.answered, survey.samples)
    return suppressed_groups(by_group, counts, survey.plan.items, survey.plan.groups)


def _released_changes(survey: Survey) -> pd.DataFrame | None:
    changes = _changes_table(survey)
    return (
        changes
        if changes is None
        else released_changes(changes, _released_estimates(survey), survey.plan.items)
    )


def _small_areas_table(survey: Survey) -> pd.DataFrame | None:
    return modelled_estimates.areas_table(survey.modelled) if survey.modelled else None


def _small_area_models_table(survey: Survey) -> pd.DataFrame | None:
    return modelled_estimates.models_table(survey.modelled) if survey.modelled else None


Table = Callable[[Survey], pd.DataFrame | None]
TABLES: Mapping[str, Table] = {
    "weights.csv": _weights_table,
    "margins.csv": _margins_table,
    "estimates.csv": _estimates_table,
    "groups.csv": _groups_table,
    "changes.csv": _changes_table,
    "small_areas.csv": _small_areas_table,
    "small_area_models.csv": _small_area_models_table,
}
"""Files of a run and what makes them; None where the plan does not ask for one."""
RELEASED_TABLES: Mapping[str, Table] = {
    "estimates.csv": _released_estimates,
    "groups.csv": _released_groups,
    "changes.csv": _released_changes,
}
"""The same for a run with --release: only what may leave."""


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
        unseen = set(item.counted) - set(np.unique(answered.answers[item.column]).tolist())
        if unseen:
            codes = ", ".join(f"{code:g}" for code in sorted(unseen))
            yield f"Nobody gave the answer {codes} counted by {item.name} in column {item.column}."
