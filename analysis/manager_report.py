"""What the manager of a wave sees before publishing: exact numbers, and why figures are withheld. Never
public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.comments import PublishedComments
from analysis.disclosure import Decision
from analysis.indicators import BASE
from analysis.inputs import Inputs
from analysis.nesting import Counts
from analysis.weights import CellWeights


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A figure that is hidden, or that stands as an earlier release gave it, and why. Not public."""

    area: str
    indicator: str
    base: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerReport:
    """What the manager of the wave sees before publishing. Exact, so never public."""

    responses: int
    modes: Mapping[str, int]
    design_effect: float | None
    effective_n: float | None
    largest_weight: float | None
    weighting: tuple[Mapping[str, Any], ...]
    collapsed: tuple[str, ...]
    shown: int
    hidden: tuple[Withheld, ...]
    standing: tuple[Withheld, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report(
    inputs: Inputs,
    decisions: Mapping[str, Decision],
    exact: Mapping[str, Mapping[str, Counts]],
    weights: CellWeights | None,
    collapsed: tuple[str, ...],
    more: tuple[str, ...] = (),
) -> ManagerReport:
    """The report of one build. exact: indicator -> area -> Counts. weights: None when too few answered.

    more: notes on what was made after the figures.
    """
    notes = [*inputs.notes, *more]
    if weights is None:
        notes.append(
            f"Only {inputs.responses} responses, fewer than {inputs.policy.minimum_base}: "
            "nothing is weighted and every figure is hidden."
        )

    def withheld(indicator: str, code: str, why: str) -> Withheld:
        return Withheld(area=code, indicator=indicator, base=int(exact[indicator][code][BASE]), why=why)

    return ManagerReport(
        responses=inputs.responses,
        modes=inputs.modes,
        design_effect=weights.design_effect if weights else None,
        effective_n=weights.effective_n if weights else None,
        largest_weight=weights.largest if weights else None,
        weighting=tuple(asdict(row) for row in weights.report) if weights else (),
        collapsed=collapsed,
        shown=sum(len(d.fresh) + len(d.stands) for d in decisions.values()),
        hidden=tuple(
            withheld(name, code, why.value) for name, d in decisions.items() for code, why in d.hidden.items()
        ),
        standing=tuple(
            withheld(name, code, f"stands from release {record.number}: too few answers have come or gone")
            for name, d in decisions.items()
            for code, record in d.stands.items()
        ),
        notes=tuple(notes),
    )


def comment_notes(said: PublishedComments) -> Iterator[str]:
    """What the manager is told of the comments that a release carries, and of those that it does not."""
    if said.digest:
        quotes = sum(len(item.quotes) for item in said.items)
        yield f"Comments: themes or quotes of {len(said.items)} questions, {quotes:,} quotes."
    for why, count in sorted(said.held_back.items()):
        yield f"Comments: {count:,} that may be quoted are not: {why}."
