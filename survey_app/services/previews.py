"""What an indicator would say before it is kept: figures through every disclosure rule, and no counts.

Worked out apart, as proposals are, on the answers of one wave. Nothing is stored.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from analysis.release import Figure, Marker, Release, ReleasedArea, ReleasedIndicator
from questionnaires import bespoke
from questionnaires.bespoke import Definition
from survey_app.config import Config
from survey_app.services import proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One indicator of a release that is not published: its figures as readers would see them."""

    indicator: ReleasedIndicator
    areas: tuple[ReleasedArea, ...]  # those with a figure, shown or hidden, in the order of the release
    figures: tuple[Figure, ...]  # of the same areas

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def shown(self) -> int:
        return sum(figure.marker is Marker.SHOWN for figure in self.figures)


def of(release: Release, code: str) -> Preview:
    """The preview of one of a release's indicators. Raises LookupError when it has none of this code."""
    indicator = next((each for each in release.indicators if each.code == code), None)
    if indicator is None:
        raise LookupError(f"The release has no indicator {code!r}.")
    figures = {figure.area: figure for figure in release.figures if figure.indicator == code}
    areas = tuple(area for area in release.areas if area.code in figures)
    return Preview(indicator=indicator, areas=areas, figures=tuple(figures[area.code] for area in areas))


def from_json(text: str) -> Preview:
    """The inverse of `Preview.to_json`. Raises ValueError, KeyError or TypeError for anything else."""
    raw = json.loads(text)
    indicator = {**raw["indicator"], "yardstick": None}  # previews show no scores
    return Preview(
        indicator=ReleasedIndicator(**indicator),
        areas=tuple(ReleasedArea(**{**area, "parents": tuple(area["parents"])}) for area in raw["areas"]),
        figures=tuple(Figure(**{**figure, "marker": Marker(figure["marker"])}) for figure in raw["figures"]),
    )


def work_out(config: Config, slug: str, definition: Definition) -> Preview:
    """What the wave's next release would say with this definition. Raises as `proposals.work_out` does."""
    asked = {"wave": slug, "definition": bespoke.to_json(definition)}
    return from_json(proposals.run_apart(config, asked))
