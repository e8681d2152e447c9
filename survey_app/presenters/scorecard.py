"""One area's scorecard: the framework as rows, each local figure beside the national one, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from analysis.comparisons import Changes
from analysis.release import Figure, Marker, NationalFigure, ReleasedArea, ReleasedIndicator, TreeNode
from questionnaires import bespoke
from survey_app.presenters import band, changed, index_scores, models, phrases, ranks
from survey_app.presenters.band import Standing
from survey_app.presenters.index_scores import IndexScore
from survey_app.presenters.models import Modelled
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

NAMED_IN_OPENING = 3  # strengths and concerns named in the first sentence; the lists have the rest
NAMED_IN_LISTS = 5  # national figures named among strengths and concerns; the rows have them all
GROUPING_LEVELS = ("lad", "alliance")  # neighbourhoods are looked for by district


@dataclass(frozen=True, slots=True)
class Place:
    """A link to another scorecard."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A 0-10 strip: positions are scores; None leaves that mark out."""

    css: str
    title: str
    dot: float | None = None
    low: float | None = None
    high: float | None = None
    tick: float | None = None


@dataclass(frozen=True, slots=True)
class National:
    """A national figure and whose it is."""

    place: str
    inherited: bool
    value: str
    score: str
    standing: Standing
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The same indicator in this area or one that contains it."""

    name: str
    level: str
    value: str
    score: str
    base: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator. `value`, `share`, `sentence`, `score`, `base` are empty unless its figure is shown."""

    code: str
    title: Words
    standing: Standing
    strip: Strip
    value: str
    share: str
    sentence: Markup
    score: str
    base: str
    national: National | None
    local: bool  # asked in this survey, shown or not
    question: Words
    yardstick: str
    grade: str
    reasons: list[str]  # why it is not firmer, worst first
    note: Words
    comparable: bool
    stands_from: int | None
    compared: tuple[Compared, ...]
    broken_down: bool  # a page of its own has its options and groups
    modelled: Modelled | None  # never in place of what is above
    change: str  # since the wave before, and whether that is more than chance; empty where not compared
    moved: bool  # it is more than chance
    rank: str  # between which ranks; empty among too few
    made_by: str = ""  # of a bespoke indicator
    composite: bool = False  # of several questions: `question` says what is counted


@dataclass(frozen=True, slots=True)
class Branch:
    """A headline, domain or sub-domain. `missing` names what lies below it without any figure at all."""

    code: str
    title: Words
    kind: str
    rows: tuple[Row, ...]
    branches: tuple[Branch, ...]
    missing: tuple[Words, ...]
    scores: tuple[IndexScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Indicators on which an area's national figures stand out, and whose figures they are."""

    place: str
    indicators: Markup


@dataclass(frozen=True, slots=True)
class Scorecard:
    area: Place
    population: str
    parents: tuple[Place, ...]  # widest first
    group: Place | None  # the district whose neighbours are listed
    siblings: tuple[Place, ...]
    inside: int  # how many released areas lie in this one
    opening: Markup
    base: str
    period: str
    strengths: tuple[Row, ...]
    concerns: tuple[Row, ...]
    national_strengths: tuple[Named, ...]
    national_concerns: tuple[Named, ...]
    only_here: tuple[Words, ...]
    no_data: tuple[Words, ...]
    too_few: int
    branches: tuple[Branch, ...]
    parts: tuple[Branch, ...]  # domains: a page is long, and has a way to each
    scores: tuple[IndexScore, ...]  # of the whole framework: an index's overall score
    index_sources: tuple[tuple[str, str], ...]  # who published the scores of indices, and of which period


def build(
    index: ReleaseIndex,
    code: str,
    reach: Collection[str],
    wording: Wording | None = None,
    since: Changes | None = None,
) -> Scorecard:
    """The scorecard of a released area, naming no area outside `reach`. Raises KeyError.

    since: what changes are told since; without it none are.
    Without a `wording` everything is called what the release calls it.
    """
    wording = wording or Wording()
    area = index.areas[code]
    order = {level: n for n, level in enumerate(index.levels())}
    parents = sorted(
        (index.areas[c] for c in area.parents if c in reach and c in index.areas),
        key=lambda a: (order[a.level], a.name),
    )
    rows = {i.code: _row(index, area, parents, i, wording, since) for i in index.release.indicators}
    branches, only_here, no_data = _tree(index, code, rows, wording)
    # One that is shown in several places is one figure.
    listed = list({row.code: row for row in _rows(branches)}.values())
    group = group_of(index, area, reach)
    return Scorecard(
        area=_place(area),
        population="" if area.population is None else phrases.whole(area.population),
        parents=tuple(_place(p) for p in parents),
        group=None if group is None else _place(group),
        siblings=tuple(_place(a) for a in _siblings(index, area, group) if a.code in reach),
        inside=sum(1 for a in index.inside(code) if a.code in reach),
        opening=_opening(index, area, listed),
        base=phrases.base(index.base(code)),
        period=phrases.period(index.release.opened, index.release.closed),
        strengths=tuple(r for r in listed if r.standing.css in band.BETTER),
        concerns=tuple(r for r in listed if r.standing.css in band.WORSE),
        national_strengths=_named(listed, band.BETTER),
        national_concerns=_named(listed, band.WORSE),
        only_here=tuple(only_here),
        no_data=tuple(no_data),
        too_few=sum(1 for r in listed if r.standing is band.HIDDEN),
        branches=branches,
        parts=tuple(domain for headline in branches for domain in headline.branches),
        scores=index_scores.of_part(index, code, ""),
        index_sources=index_scores.sources(index, code),
    )


def group_of(index: ReleaseIndex, area: ReleasedArea, reach: Collection[str]) -> ReleasedArea | None:
    """The area under which this one is listed: its district, else its alliance, else the nearest parent."""
    parents = [index.areas[c] for c in area.parents if c in index.areas and c in reach]
    for level in GROUPING_LEVELS:
        for parent in parents:
            if parent.level == level:
                return parent
    return parents[0] if parents else None


def _siblings(index: ReleaseIndex, area: ReleasedArea, group: ReleasedArea | None) -> Iterator[ReleasedArea]:
    for other in index.at_level(area.level):
        if other.code != area.code and (group is None or group.code in other.parents):
            yield other


def _place(area: ReleasedArea) -> Place:
    return Place(area.code, area.name, phrases.level(area.level))


def _row(
    index: ReleaseIndex,
    area: ReleasedArea,
    parents: list[ReleasedArea],
    released: ReleasedIndicator,
    wording: Wording,
    since: Changes | None,
) -> Row:
    indicator = wording.with_unit(released)
    figure = index.figure(area.code, indicator.code)
    shown = figure if figure is not None and figure.marker is Marker.SHOWN else None
    national = _national(index, area, indicator)
    standing = band.of_figure(figure)
    local = standing is not band.NOT_ASKED
    change = index.change(area.code, indicator.code) if since and shown else None
    return Row(
        code=indicator.code,
        title=wording.title(released),
        standing=standing,
        strip=_strip(indicator, figure, index.national(area.code, indicator.code), national, standing),
        value=phrases.value_and_interval(indicator, shown) if shown else "",
        share=phrases.value_in_words(indicator, shown) if shown else "",
        sentence=wording.sentence(released, shown) if shown else Markup(),
        score=phrases.score_and_interval(shown) if shown and shown.score is not None else "",
        base=phrases.base(shown.base) if shown else "",
        national=national,
        local=local,
        question=wording.question(released),
        yardstick=band.average(indicator) if local else "",
        grade=band.grade(shown.grade) if shown else "",
        reasons=band.reasons(shown.reasons) if shown else [],
        note=wording.note(released),
        comparable=indicator.comparable,
        stands_from=shown.stands_from if shown else None,
        compared=tuple(_compared(index, a, indicator) for a in (area, *reversed(parents))) if local else (),
        broken_down=index.broken_down(area.code, indicator),
        made_by=indicator.made_by,
        composite=bespoke.is_composite(indicator.item),
        change=changed.sentence(indicator, since, change) if since and change else "",
        moved=change is not None and change.moved,
        rank=ranks.among(index, area, indicator.code),
        modelled=models.of_area(index, area, indicator),
    )


def _compared(index: ReleaseIndex, area: ReleasedArea, indicator: ReleasedIndicator) -> Compared:
    figure = index.figure(area.code, indicator.code)
    shown = figure if figure is not None and figure.marker is Marker.SHOWN else None
    return Compared(
        name=area.name,
        level=phrases.level(area.level),
        value=phrases.value_and_interval(indicator, shown) if shown else "",
        score=phrases.score_and_interval(shown) if shown and shown.score is not None else "",
        base=phrases.base(shown.base) if shown else "",
        standing=band.of_figure(figure),
    )


def _national(index: ReleaseIndex, area: ReleasedArea, indicator: ReleasedIndicator) -> National | None:
    found = index.national(area.code, indicator.code)
    if found is None:
        return None
    owner = index.areas.get(found.area)
    return National(
        place=owner.name if owner else found.area,
        inherited=found.area != area.code,
        value=phrases.national_value(indicator, found),
        score=phrases.decimal(found.score),
        standing=band.of_national(found),
        period=found.period,
        source=index.release.sources.get(found.layer, found.layer),
    )


def _strip(
    indicator: ReleasedIndicator,
    figure: Figure | None,
    national_figure: NationalFigure | None,
    national: National | None,
    standing: Standing,
) -> Strip:
    told = [str(standing.words)]
    if figure is not None and figure.score is not None:
        told = [
            _("Score %(score)s: %(words)s", score=phrases.score_and_interval(figure), words=standing.words)
        ]
    if national is not None:
        told.append(_("%(place)s: national score %(score)s", place=national.place, score=national.score))
    scored = figure if figure is not None and figure.score is not None else None
    return Strip(
        css=standing.css,
        title="; ".join(told),
        dot=scored.score if scored else None,
        low=scored.score_lower if scored else None,
        high=scored.score_upper if scored else None,
        tick=national_figure.score if national_figure else None,
    )


def _tree(
    index: ReleaseIndex, area: str, rows: dict[str, Row], wording: Wording
) -> tuple[tuple[Branch, ...], list[Words], list[Words]]:
    """The framework with its rows; sub-domains only this survey tells of; sub-domains nothing tells of."""
    only_here: list[Words] = []
    no_data: list[Words] = []
    children: dict[str | None, list[TreeNode]] = {}
    for node in index.release.tree:
        children.setdefault(node.parent, []).append(node)
    own: dict[str, list[Row]] = {}
    for indicator in index.release.indicators:
        for place in (indicator.subdomain, *indicator.also_under):
            own.setdefault(place, []).append(rows[indicator.code])

    def grow(node: TreeNode) -> Branch:
        title = wording.branch(node)
        below = children.get(node.code, [])
        mine = own.get(node.code, [])
        missing: list[Words] = []
        branches = []
        for child in below:
            branch = grow(child)
            if branch.rows or branch.branches or branch.scores:
                branches.append(branch)
            elif branch.missing:  # nothing anywhere below it: named one level up, not under a bare heading
                missing += branch.missing
            else:
                missing.append(branch.title)
                no_data.append(branch.title)
        told = [row for row in mine if row.national or row.local]
        if told:  # one that nothing tells of is named, not drawn as an empty line
            missing += [row.title for row in mine if row not in told]
        scores = index_scores.of_part(index, area, node.code)
        if any(row.value for row in mine) and not scores and not any(row.national for row in mine):
            only_here.append(title)
        return Branch(node.code, title, node.kind, tuple(told), tuple(branches), tuple(missing), scores)

    return tuple(grow(node) for node in children.get(None, [])), only_here, no_data


def _rows(branches: tuple[Branch, ...]) -> Iterator[Row]:
    for branch in branches:
        yield from branch.rows
        yield from _rows(branch.branches)


def _opening(index: ReleaseIndex, area: ReleasedArea, rows: list[Row]) -> Markup:
    """One sentence: what stands out among the answers, on how many answers it rests, and when."""
    count = index.base(area.code)
    if count is None:
        return phrases.sentence(
            _("Too few people in %(area)s have answered to say anything yet."), area=phrases.said(area.name)
        )
    good = [row.title for row in rows if row.standing.css in band.BETTER]
    bad = [row.title for row in rows if row.standing.css in band.WORSE]
    return phrases.sentence(
        _OPENINGS[bool(good), bool(bad)](),
        area=phrases.said(area.name),
        good=_some(good),
        bad=_some(bad),
        base=phrases.whole(count),
        period=phrases.period(index.release.opened, index.release.closed),
    )


_OPENINGS = {
    (True, True): lambda: _(
        "In %(area)s people’s answers are better than average on %(good)s, and worse than average on "
        "%(bad)s, based on about %(base)s answers, %(period)s."
    ),
    (True, False): lambda: _(
        "In %(area)s people’s answers are better than average on %(good)s, based on about %(base)s "
        "answers, %(period)s."
    ),
    (False, True): lambda: _(
        "In %(area)s people’s answers are worse than average on %(bad)s, based on about %(base)s "
        "answers, %(period)s."
    ),
    (False, False): lambda: _(
        "In %(area)s no answer is clearly better or worse than average, based on about %(base)s "
        "answers, %(period)s."
    ),
}


def _named(rows: list[Row], standings: Collection[str]) -> tuple[Named, ...]:
    titles: dict[str, list[Words]] = {}
    for row in rows:
        if row.national and row.national.standing.css in standings:
            titles.setdefault(row.national.place, []).append(row.title)
    return tuple(Named(place, _some(names, NAMED_IN_LISTS)) for place, names in titles.items())


def _some(titles: list[Words], limit: int = NAMED_IN_OPENING) -> Markup:
    named: list[object] = [phrases.quoted(title) for title in titles[:limit]]
    more = len(titles) - limit
    if more > 0:
        named.append(ngettext("%(num)s more", "%(num)s more", more))
    return phrases.listed(named)
