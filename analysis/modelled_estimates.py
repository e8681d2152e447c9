"""Modelled small areas of a stand-alone estimation: the tables, one row for each area or model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.area_covariates import Covariates
from analysis.area_level import SmallAreaError
from analysis.estimates import ALL
from analysis.faults import Fault, RefusedError
from analysis.plan import Plan
from analysis.planned_models import LIMITS, PlannedModels
from analysis.small_area import MODELLED, SmallAreas, small_areas

AREA_COLUMNS = [
    "area",
    "wave",
    "item",
    "direct",
    "direct_se",
    "modelled",
    "mse",
    "lower",
    "upper",
    "shrinkage",
    "marker",
]


@dataclass(frozen=True)
class ModelledItem:
    """One model: of an item in a wave."""

    wave: str
    item: str
    areas: tuple[str, ...]
    found: SmallAreas


def modelled_items(
    plan: Plan, planned: PlannedModels, estimates: pd.DataFrame, covariates: Covariates | None
) -> tuple[ModelledItem, ...]:
    """estimates: of survey_estimates.estimates_by_area. Raises RefusedError with every model that failed.

    Areas are those of the covariates' file, or without one those with answers. The larger area is all areas
    together: its people are divided by the weights of those who answered, so that the direct estimates of
    areas come to its own.
    """
    statistic = {item.name: item.statistic for item in plan.items}
    made, faults = [], []
    for (wave, item), table in estimates.groupby(["wave", "item"], sort=False):
        if item not in planned.items:
            continue
        rows = table.set_index("area")
        areas = covariates.areas if covariates else tuple(str(a) for a in rows.index if a != ALL)
        values = {column: covariates.values[column] for column in planned.covariates} if covariates else {}
        here = rows.reindex(list(areas))
        try:
            found = small_areas(
                here["estimate"],
                here["se"] ** 2,
                here["effective_n"].fillna(0),
                values,
                target=float(rows["estimate"].to_dict()[ALL]),
                share=here["weighted_n"].fillna(0),
                model=planned.model,
                benchmark=planned.benchmark,
                limits=LIMITS[statistic[str(item)]],
            )
        except SmallAreaError as error:
            among = "" if wave == ALL else f" in wave {wave}"
            for reason in error.reasons:
                cause, _, remedy = reason.partition(". ")
                cause = f'"{item}"{among} cannot be modelled: {cause.rstrip(".")}.'
                faults.append(Fault(covariates.file if covariates else "small_area", None, cause, remedy))
        else:
            made.append(ModelledItem(str(wave), str(item), areas, found))
    if faults:
        raise RefusedError(faults)
    return tuple(made)


def areas_table(models: tuple[ModelledItem, ...]) -> pd.DataFrame:
    """AREA_COLUMNS. direct and direct_se (smoothed) are empty where an area has no answers."""
    parts = [
        pd.DataFrame(
            {
                "area": model.areas,
                "wave": model.wave,
                "item": model.item,
                "direct": model.found.direct,
                "direct_se": model.found.direct_se,
                "modelled": model.found.modelled,
                "mse": model.found.mse,
                "lower": model.found.lower,
                "upper": model.found.upper,
                "shrinkage": model.found.shrinkage,
                "marker": MODELLED,
            }
        )
        for model in models
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=AREA_COLUMNS)
    return table.replace([np.inf, -np.inf], np.nan)


def models_table(models: tuple[ModelledItem, ...]) -> pd.DataFrame:
    """One row for each model, so that a reader can judge it: `small_area.Diagnostics`."""
    rows = []
    for model in models:
        known = model.found.diagnostics
        rows.append(
            {
                "wave": model.wave,
                "item": model.item,
                "model": known.model,
                "sampled": known.sampled,
                "unsampled": known.unsampled,
                "unit_variance": known.unit_variance,
                "a": known.a,
                "a_lower": known.a_lower,
                "a_upper": known.a_upper,
                "benchmark": known.benchmark.method,
                "target": known.benchmark.target,
                "before": known.benchmark.before,
                "largest_residual": known.largest_residual,
                "normality": known.normality,
                "shrinkage_median": known.shrinkage_median,
                "coefficients": "; ".join(f"{name} {b:.6g}" for name, b in known.coefficients.items()),
            }
        )
    return pd.DataFrame(rows)
