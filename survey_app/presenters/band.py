"""Where a figure stands on the 0-10 scale: its band, or the named reason why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.release import Figure, Marker, NationalFigure, ReleasedIndicator
from survey_app.presenters import phrases


@dataclass(frozen=True, slots=True)
class Standing:
    """A state a figure can be in. `css` is its class in drawings; `words` never need the colour."""

    css: str
    words: object
    explanation: object = ""


BANDS: tuple[Standing, ...] = (
    Standing("b0", _l("Much worse than average")),
    Standing("b1", _l("Worse than average")),
    Standing("b2", _l("About average")),
    Standing("b3", _l("Better than average")),
    Standing("b4", _l("Much better than average")),
)
UNSURE = Standing("unsure", _l("Can’t tell yet"), _l("The likely range is too wide"))
UNSCORED = Standing("unscored", _l("No score"), _l("There is nothing to compare this with yet"))
HIDDEN = Standing("few", _l("Too few answers"), _l("Hidden to protect people"))
NOT_ASKED = Standing("none", _l("Not asked"), _l("This survey did not ask about it"))
NO_NATIONAL = Standing("none", _l("No national data"), _l("No national figure exists for this place"))


def of_figure(figure: Figure | None) -> Standing:
    """The standing of a local figure. A band is given only where the release found one likely enough."""
    if figure is None or figure.marker is Marker.NOT_ASKED:
        return NOT_ASKED
    if figure.marker is Marker.HIDDEN:
        return HIDDEN
    if figure.score is None:
        return UNSCORED
    return UNSURE if figure.band is None else BANDS[figure.band]


def of_national(figure: NationalFigure | None) -> Standing:
    """The standing of a national figure: always in a band, since it is not a sample of ours."""
    return NO_NATIONAL if figure is None else BANDS[figure.band]


def legend(limits: tuple[float, ...]) -> list[Standing]:
    """Every standing a map can show, best first; `limits` are the release's own limits between bands."""
    ends = [phrases.decimal(limit) for limit in limits]
    between = [_("score %(low)s to %(high)s", low=low, high=high) for low, high in pairwise(ends)]
    told = [_("score below %(high)s", high=ends[0]), *between, _("score %(low)s or more", low=ends[-1])]
    bands = [replace(band, explanation=text) for band, text in zip(BANDS, told, strict=True)]
    return [*reversed(bands), UNSURE, HIDDEN, UNSCORED, NOT_ASKED]


def average(indicator: ReleasedIndicator) -> str:
    """What "average" means for this indicator: whose average a score of 5 stands for."""
    if indicator.yardstick is None:
        return ""
    if indicator.yardstick.relative_to == "national":
        return _("Average means the average of English districts.")
    return _("There is no national yardstick: average means the average of the places in this survey.")


BETTER = frozenset({"b3", "b4"})
WORSE = frozenset({"b0", "b1"})


GRADES: dict[str, object] = {
    "A": _l("A: firm"),
    "B": _l("B: fairly firm"),
    "C": _l("C: rough"),
    "D": _l("D: very rough, use with care"),
}


REASONS: dict[str, object] = {
    "effective_n": _l("Few people answered."),
    "design_effect": _l("Some people's answers count for many times others'."),
    "missing": _l("Many people left this question out."),
    "share_half_width": _l("The percentage may be well above or below this."),
    "mean_half_width": _l("The average may be well above or below this."),
    "heavy": _l("A few people's answers decide how sure the figure is."),
    "rarer": _l("Nearly everyone, or nearly no one, gives this answer."),
    "tie": _l("People who are hard to reach answer differently."),
    "unmet_margins": _l("Some kinds of people did not answer at all."),
    "mode_gap": _l("People here answered in other ways than elsewhere."),
    "model_share": _l("Much of this figure comes from areas like this one."),
    "age": _l("The answers are some years old."),
}
"""Why a figure is not an "A", by criterion of analysis.grading.CRITERIA."""


def reasons(criteria: Sequence[str] | None) -> list[str]:
    """Why a figure is not firm, worst first; a criterion that has no words here is left out."""
    return [str(REASONS[name]) for name in criteria or () if name in REASONS]


def grade(letter: str | None) -> str:
    """How far a figure can be leaned on, in words; empty when it was not graded."""
    return str(GRADES.get(letter or "", letter or ""))
