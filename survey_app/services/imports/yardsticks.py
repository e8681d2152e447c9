"""Yardsticks: the mean and standard deviation an indicator is scored by, worked out or given."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey_app.services.imports.national_rows import Figure, Key
from survey_app.services.imports.numbers import number_in
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import read_table

Subject = tuple[str, str]  # indicator, period


@dataclass(frozen=True, slots=True)
class Yardstick:
    """mean and sd (n - 1 in the denominator) over `areas` areas, each once, in the indicator's unit."""

    mean: float
    sd: float
    areas: int
    polarity: int


def worked_out(figures: Mapping[Key, Figure]) -> tuple[dict[Subject, Yardstick], list[Subject]]:
    """A yardstick for every indicator and period, over all its areas.

    Also returns the indicators without one: fewer than two areas, or the same value everywhere.
    """
    values: dict[Subject, list[float]] = defaultdict(list)
    polarity: dict[Subject, int] = {}
    for (indicator, period, _), figure in figures.items():
        values[indicator, period].append(figure.value)
        polarity[indicator, period] = figure.polarity
    found, without = {}, []
    for subject, all_values in values.items():
        count = len(all_values)
        mean = math.fsum(all_values) / count
        sd = (
            math.sqrt(math.fsum((value - mean) ** 2 for value in all_values) / (count - 1))
            if count > 1
            else 0
        )
        if sd > 0:
            found[subject] = Yardstick(mean, sd, count, polarity[subject])
        else:
            without.append(subject)
    return found, without


def given(
    path: Path, figures: Mapping[Key, Figure], layer: str, findings: Findings
) -> dict[Subject, Yardstick]:
    """Yardsticks from a file with the columns indicator, period, mean, sd and areas, and perhaps layer.

    Rows of other layers are passed over. Every indicator of `figures` must have one: working the missing
    ones out over a few areas would silently score on another scale.
    """
    here = Findings(path.name)
    table = read_table(path, here)
    polarity = {(indicator, period): figure.polarity for (indicator, period, _), figure in figures.items()}
    found: dict[Subject, Yardstick] = {}
    if table.require(here, "indicator", "period", "mean", "sd", "areas"):
        for row in table.rows:
            if row.cells.get("layer", layer) != layer:
                continue
            subject = row["indicator"], row["period"]
            mean, sd, areas = (number_in(row, column, here) for column in ("mean", "sd", "areas"))
            if mean is None or sd is None or areas is None:
                continue
            if sd <= 0:
                here.add(row.number, "sd", "The standard deviation is not above 0.", "Leave the row out.")
            if subject in found:
                here.add(
                    row.number, "indicator", f"{subject[0]!r} of {subject[1]!r} is twice.", "Keep one row."
                )
            found[subject] = Yardstick(mean, sd, int(areas), polarity.get(subject, 0))
        for indicator, period in sorted(set(polarity) - set(found)):
            here.add(
                0, "indicator", f"There is no yardstick for {indicator!r} of {period!r}.", "Add its row."
            )
    findings.found += here.found
    return {subject: stick for subject, stick in found.items() if subject in polarity}
