"""Weighting everyone who answered a wave, or some of them, to the population of the wave."""

from __future__ import annotations

from analysis.inputs import Inputs
from analysis.raking import Collapsed, collapse
from analysis.tallies import Tallies, cell_counts, with_area_margin
from analysis.weights import CellWeights, cell_weights

SPARSE = 10
"""A level of a margin with fewer respondents than this is weighted together with a neighbour."""


def with_margins(tallies: Tallies, inputs: Inputs) -> Tallies:
    """Tallies with every margin of the questionnaire in their cells, also those that follow from the area."""
    areas = inputs.reference.areas
    smallest = [str(code) for code in tallies.respondents["area"].unique()]
    for margin in inputs.questionnaire.margins:
        if margin.area_level is not None:
            placed = {code: areas.placed_at(code, (margin.area_level,)) for code in smallest if code in areas}
            tallies = with_area_margin(tallies, margin.name, {c: p[0] for c, p in placed.items() if p})
    return tallies


def weigh(tallies: Tallies, inputs: Inputs) -> tuple[CellWeights, tuple[Collapsed, ...]]:
    """The weight of each cell of tallies `with_margins`, and which levels were merged to find it.

    Raises RakingError when there is none.
    """
    cells = tallies.cells.assign(**{name: "" for name in inputs.targets if name not in tallies.cells})
    respondents = cell_counts(tallies)
    cells, wanted, collapsed = collapse(cells, inputs.targets, respondents, SPARSE)
    return cell_weights(respondents, cells, wanted), tuple(collapsed)
