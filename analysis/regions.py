"""What places that overlap cut the answers of a wave into: see `geographies` and `overlaps`."""

from __future__ import annotations

from collections.abc import Collection

from analysis.disclosure import Overlapping
from analysis.geographies import regions
from analysis.indicators import BASE, counts
from analysis.inputs import Inputs
from analysis.tallies import UNPLACED, Tallies, place


def overlapping(inputs: Inputs, asked: Tallies, by_option: Collection[str]) -> dict[str, Overlapping]:
    """Of each asked indicator, what areas that overlap cut its answers into. Empty where none overlap.

    Areas that an earlier release showed and this one has not count too: readers know them.

    by_option: as in `indicators.counts`.
    """
    places = inputs.geographies
    areas = inputs.reference.areas
    dropped = {
        code
        for bases in inputs.past
        for _signature, records in bases.figures.values()
        for code in records.keys() - set(inputs.codes)
        if code in areas
    }
    if not places.further and not dropped:
        return {}
    held_by = regions(areas, {*inputs.codes, *dropped})
    names = {held: str(number) for number, held in enumerate(sorted({*held_by.values()} - {()}))}
    smallest = {str(code) for code in (*asked.respondents["area"].unique(), *asked.answers["area"].unique())}
    nowhere = {UNPLACED, *inputs.stragglers}
    held_in = {code: () if code in nowhere else held_by[code] for code in smallest}
    by_region = place(asked, {code: (names[held],) if held else () for code, held in held_in.items()})
    found = counts(by_region, inputs.locals, list(names.values()), inputs.former, by_option)
    return {
        code: Overlapping(
            families=places.families[1:],
            regions={held: exact[name] for held, name in names.items() if exact[name][BASE]},
            closed=inputs.closed,
        )
        for code, exact in found.items()
    }
