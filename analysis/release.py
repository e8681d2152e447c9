"""A Release: everything one publication says, and nothing it must not.

Pages, maps and downloads read only this. It is immutable, and its JSON form is what is stored and digested.
Numbers in it are already rounded and suppressed by the disclosure rules.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from analysis import comments as reviewed
from analysis.comments import ItemComments, PublishedComments
from analysis.comparisons import Changes, RankRange, read_changes
from analysis.released_models import ModelledFigure, ReleasedModel, read_model
from analysis.released_modes import ModesCompared, read_modes


class Marker(StrEnum):
    """What happened to a figure. Every figure has one; a hidden figure never says why."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # too few answers, or hidden to protect another figure: not told apart
    NOT_ASKED = "not-asked"  # this questionnaire has no item for the indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedArea:
    code: str
    name: str
    level: str
    parents: tuple[str, ...]  # codes of every released area that contains it, nearest level first
    population: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What a score of 5 and one standard deviation mean for an indicator."""

    mean: float
    sd: float
    areas: int  # how many areas it was taken over
    relative_to: str  # "national" or "survey"
    layer: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedIndicator:
    code: str
    title: str
    headline: str
    domain: str
    subdomain: str  # code of the sub-domain in the tree
    polarity: int
    statistic: str
    unit: str
    item: str | None
    question: str = ""  # as asked, in the questionnaire's own language
    yardstick: Yardstick | None = None
    national_layer: str = ""
    comparable: bool = True
    note: str = ""
    made_by: str = ""  # of a bespoke indicator: the place or people that made it
    also_under: tuple[str, ...] = ()  # of one: codes of further sub-domains it is shown under
    sentence: str = ""  # of one: its words for a scorecard, which no framework file has


BESPOKE = frozenset({"made_by", "also_under", "sentence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One local indicator in one area. All numbers None unless the marker is SHOWN.

    value, lower, upper: in the indicator's unit; proportions as whole percentages, means to one decimal.
    score...: 0-10, higher better, capped; score_uncapped is for downloads. base: rounded to 5.
    """

    area: str
    indicator: str
    marker: Marker
    base: int | None = None
    effective_base: int | None = None
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    score: float | None = None
    score_lower: float | None = None
    score_upper: float | None = None
    score_uncapped: float | None = None
    band: int | None = None  # 0 (lowest) to 4 (highest); None when no band is likely enough
    band_chance: float | None = None
    grade: str | None = None  # "A" to "D"
    reasons: tuple[str, ...] | None = None  # criteria that cost it an "A", worst first: grading.CRITERIA
    stands_from: int | None = None  # number of the earlier release this figure was kept from


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigure:
    """One local indicator among one group of people in one area. Only those that may be shown are here.

    Numbers as in `Figure`. One that is not here is hidden, for a reason that is not told.
    """

    area: str
    indicator: str
    group: str  # name of a margin: "age"
    level: str  # "16-24"
    base: int
    value: float
    lower: float
    upper: float
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionShare:
    """The share of one option of an item among the answers in one area, in whole percentages.

    The base is that of the item's figure there. An option that is not here is hidden.
    """

    area: str
    item: str
    option: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdowns:
    """Figures by group and shares by option, made once in a wave: see docs/disclosure.md.

    number: of the release they were made for. groups: name -> (level, words) in order. options: item ->
    (code, words) in order.
    """

    number: int
    groups: dict[str, list[tuple[str, str]]]
    options: dict[str, list[tuple[int, str]]]
    figures: tuple[GroupFigure, ...]
    shares: tuple[OptionShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalFigure:
    """A national layer's value for the area it belongs to (never for an area that merely lies inside it)."""

    area: str
    indicator: str
    value: float
    score: float
    band: int
    period: str
    layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFigure:
    """An index's own score for the area it belongs to, beside a part of the tree, as its publisher gives it.

    On the scale of the index: it is not scored again, and not blended with anything.
    """

    area: str
    node: str  # code of the headline, domain or sub-domain; "" for the whole
    layer: str
    index: str  # what the index is called
    title: str  # what it calls this score
    value: float
    period: str
    scale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """A headline, domain or sub-domain, so that a release can be read without the framework file."""

    code: str
    title: str
    kind: str  # "headline", "domain", "subdomain"
    parent: str | None


OMITTED_WHEN_EMPTY = (
    "sources",
    "breakdowns",
    "index",
    "modes_compared",
    "comments",
    "changes",
    "ranks",
    "modelled",
    "models",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    wave: str
    wave_title: str
    number: int
    created: str  # ISO 8601, UTC
    opened: str
    closed: str
    questionnaire: str
    questionnaire_version: str
    framework: str
    framework_version: str
    k: float
    bands: tuple[float, ...]
    responses: int  # rounded to 5
    modes: dict[str, int]  # responses by mode, rounded to 5; a mode below the minimum base is not named
    areas: tuple[ReleasedArea, ...]
    tree: tuple[TreeNode, ...]
    indicators: tuple[ReleasedIndicator, ...]
    figures: tuple[Figure, ...]
    national: tuple[NationalFigure, ...]
    policy: dict[str, Any]
    weighting: tuple[dict[str, Any], ...]  # one row per margin level: sample, target, weighted shares
    provenance: dict[str, str]  # digests of every input, and the code version
    sources: dict[str, str] = field(default_factory=dict)  # who published each national layer, by layer id
    breakdowns: Breakdowns | None = None
    index: tuple[IndexFigure, ...] = ()
    modes_compared: ModesCompared | None = None
    comments: tuple[ItemComments, ...] = ()
    changes: Changes | None = None  # since the wave before
    ranks: tuple[RankRange, ...] = ()
    modelled: tuple[ModelledFigure, ...] = ()
    models: tuple[ReleasedModel, ...] = ()

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, so that equal releases have equal digests.

        A number that a figure does not have is left out: most of a large release is hidden figures. So are
        parts of OMITTED_WHEN_EMPTY, and what only bespoke indicators have: releases from before there were
        such things have the digest they always had.
        """
        document = asdict(self)
        for name in OMITTED_WHEN_EMPTY:
            if not document[name]:
                del document[name]
        document["indicators"] = [
            {name: value for name, value in one.items() if value or name not in BESPOKE}
            for one in document["indicators"]
        ]
        document["figures"] = [
            {name: value for name, value in figure.items() if value is not None}
            for figure in document["figures"]
        ]
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _figure(raw: dict[str, Any]) -> Figure:
    reasons = raw.get("reasons")
    return Figure(**{**raw, "marker": Marker(raw["marker"]), "reasons": tuple(reasons) if reasons else None})


def from_json(text: str) -> Release:
    """The inverse of `Release.to_json`. Raises ValueError or TypeError when the text is not a release."""
    raw = json.loads(text)
    raw["areas"] = tuple(ReleasedArea(**{**a, "parents": tuple(a["parents"])}) for a in raw["areas"])
    raw["tree"] = tuple(TreeNode(**n) for n in raw["tree"])
    raw["indicators"] = tuple(
        ReleasedIndicator(
            **{
                **i,
                "yardstick": Yardstick(**i["yardstick"]) if i["yardstick"] else None,
                "also_under": tuple(i.get("also_under", ())),
            }
        )
        for i in raw["indicators"]
    )
    raw["figures"] = tuple(_figure(f) for f in raw["figures"])
    raw["national"] = tuple(NationalFigure(**n) for n in raw["national"])
    raw["index"] = tuple(IndexFigure(**one) for one in raw.get("index", ()))
    raw["comments"] = reviewed.read(raw.get("comments", ()), {}).items
    raw["modelled"] = tuple(
        ModelledFigure(**{**one, "reasons": tuple(one["reasons"])}) for one in raw.get("modelled", ())
    )
    raw["models"] = tuple(read_model(one) for one in raw.get("models", ()))
    raw["bands"] = tuple(raw["bands"])
    raw["weighting"] = tuple(raw["weighting"])
    if raw.get("breakdowns"):
        raw["breakdowns"] = _breakdowns(raw["breakdowns"])
    if raw.get("modes_compared"):
        raw["modes_compared"] = read_modes(raw["modes_compared"])
    if raw.get("changes"):
        raw["changes"] = read_changes(raw["changes"])
    raw["ranks"] = tuple(RankRange(**rank) for rank in raw.get("ranks", ()))
    return Release(**raw)


def _breakdowns(raw: dict[str, Any]) -> Breakdowns:
    return Breakdowns(
        number=raw["number"],
        groups={name: [(level, words) for level, words in rows] for name, rows in raw["groups"].items()},
        options={name: [(code, words) for code, words in rows] for name, rows in raw["options"].items()},
        figures=tuple(GroupFigure(**figure) for figure in raw["figures"]),
        shares=tuple(OptionShare(**share) for share in raw["shares"]),
    )


def carrying(release: Release, said: PublishedComments) -> Release:
    """The release with what may be said of comments, and the digest of those it was made from."""
    made_from = {"comments": said.digest} if said.digest else {}
    return replace(release, comments=said.items, provenance=release.provenance | made_from)


def national_for(release: Release, area: str, indicator: str) -> NationalFigure | None:
    """The national figure of a released area, or of the nearest released area around it that has one.

    `NationalFigure.area` names whose figure it is: on a neighbourhood's page it is inherited, and must be
    labelled with that area. Raises KeyError for an area that the release does not have.
    """
    parents = next((a.parents for a in release.areas if a.code == area), None)
    if parents is None:
        raise KeyError(area)
    held = {figure.area: figure for figure in release.national if figure.indicator == indicator}
    return next((held[code] for code in (area, *parents) if code in held), None)
