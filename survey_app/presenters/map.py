"""The map: boundaries made small without gaps, and a page of one indicator at one level.

Neighbours share a border: both sides are snapped to the same grid, cut at the points where three or more
lines meet, and every stretch between two such points is thinned once for both (Douglas and Peucker 1973), as
TopoJSON does. So there is never a gap or an overlap that was not in the boundaries already.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis.release import Marker, ReleasedIndicator
from survey_app.presenters import band, phrases
from survey_app.presenters.band import Standing
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

Point = tuple[int, int]
Ring = list[Point]

GRID = 440  # units across the longer side: at 600 px one unit is less than two pixels
TOLERANCE = 1.8  # grid units a thinned border may lie from the true one
SMALLEST = 6  # islands of fewer square units are left out, unless they are all there is of an area
TILE = 40
LONGEST_LINE = 8  # letters of a name that fit a tile


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths by area code in a coordinate system of `width` x `height` units, y downwards."""

    width: int
    height: int
    paths: dict[str, str]
    labels: dict[str, Label]


# -- geometry --


def draw(shapes: Mapping[str, Mapping[str, Any]], grid: int = GRID, tolerance: float = TOLERANCE) -> Drawing:
    """Draw GeoJSON Polygons and MultiPolygons (longitude, latitude) as SVG paths of small whole numbers.

    Equirectangular projection at the middle latitude. Raises ValueError for any other kind of geometry.
    """
    outlines = {code: _rings(geometry) for code, geometry in shapes.items()}
    everything = [point for rings in outlines.values() for ring in rings for point in ring]
    if not everything:
        return Drawing(0, 0, {}, {})
    west, east = min(p[0] for p in everything), max(p[0] for p in everything)
    south, north = min(p[1] for p in everything), max(p[1] for p in everything)
    squeeze = math.cos(math.radians((south + north) / 2))
    unit = max((east - west) * squeeze, north - south, 1e-9) / grid

    def snap(ring: Sequence[Sequence[float]]) -> Ring:
        placed = [(round((x - west) * squeeze / unit), round((north - y) / unit)) for x, y, *_ in ring]
        return _without_repeats(placed)

    snapped = {code: [snap(ring) for ring in rings] for code, rings in outlines.items()}
    thinned = _thin(snapped, tolerance)
    return Drawing(
        width=round((east - west) * squeeze / unit),
        height=round((north - south) / unit),
        paths={code: _path(rings, snapped[code]) for code, rings in _largest_first(thinned)},
        labels={},
    )


def tiles(places: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> Drawing:
    """Draw areas as squares in a layout of (column, row) by code, with a short name in each."""
    if not places:
        return Drawing(0, 0, {}, {})
    left, top = min(c for c, _ in places.values()), min(r for _, r in places.values())
    paths, labels = {}, {}
    for code, (column, row) in places.items():
        x, y = (column - left) * TILE, (row - top) * TILE
        paths[code] = f"M{x} {y}h{TILE}v{TILE}h-{TILE}z"
        lines = short(names.get(code, code))
        labels[code] = Label(x + TILE // 2, y + TILE // 2 + (3 if len(lines) == 1 else -2), lines)
    width = (max(c for c, _ in places.values()) - left + 1) * TILE
    return Drawing(width, (max(r for _, r in places.values()) - top + 1) * TILE, paths, labels)


def short(name: str) -> tuple[str, ...]:
    """A name in at most two short lines, to fit a tile: "Great", "Baddow"; the whole name is in its title."""
    parts = [part for part in name.replace("-", " ").split() if part[:1].isupper()] or [name]
    return tuple(part if len(part) <= LONGEST_LINE else part[: LONGEST_LINE - 1] + "." for part in parts[:2])


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or []
    if kind == "Polygon":
        return list(coordinates)
    if kind == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    raise ValueError(f"cannot draw a geometry of type {kind!r}")


def _without_repeats(ring: Iterable[Point]) -> Ring:
    """An open ring: no point twice in a row, and the last not equal to the first."""
    kept: Ring = []
    for point in ring:
        if not kept or point != kept[-1]:
            kept.append(point)
    while len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def _thin(outlines: Mapping[str, list[Ring]], tolerance: float) -> dict[str, list[Ring]]:
    """Thin every stretch of border once, so that both sides keep the same points."""
    neighbours: dict[Point, set[Point]] = {}
    for rings in outlines.values():
        for ring in rings:
            for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
                neighbours.setdefault(one, set()).add(other)
                neighbours.setdefault(other, set()).add(one)
    meeting = {point for point, around in neighbours.items() if len(around) != 2}
    done: dict[tuple[Point, ...], Ring] = {}

    def stretch(points: Ring) -> Ring:
        forwards = tuple(points)
        backwards = forwards[::-1]
        key = min(forwards, backwards)
        if key not in done:
            done[key] = _douglas_peucker(list(key), tolerance)
        return done[key] if key == forwards else done[key][::-1]

    def ring_of(ring: Ring) -> Ring:
        joined: Ring = []
        for part in _stretches(ring, meeting):
            joined += stretch(part)
        return _without_collinear(_without_repeats(joined))

    return {code: [ring_of(ring) for ring in rings] for code, rings in outlines.items()}


def _stretches(ring: Ring, meeting: Collection[Point]) -> list[Ring]:
    """A ring cut where lines meet. One that meets nothing is cut at two points both sides agree on."""
    if len(ring) < 3:
        return [ring]
    cuts = [i for i, point in enumerate(ring) if point in meeting]
    if not cuts:
        cuts = [ring.index(min(ring))]
    if len(cuts) == 1:
        x, y = ring[cuts[0]]
        far = max(range(len(ring)), key=lambda i: ((ring[i][0] - x) ** 2 + (ring[i][1] - y) ** 2, ring[i]))
        cuts = sorted({cuts[0], far})
    closed = ring + ring
    ends = [*cuts[1:], cuts[0] + len(ring)]
    return [closed[start : end + 1] for start, end in zip(cuts, ends, strict=True)]


def _douglas_peucker(points: Ring, tolerance: float) -> Ring:
    """The fewest of these points whose line stays within `tolerance` of them; both ends are kept."""
    keep = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        start, end = waiting.pop()
        worst, at = tolerance, 0
        for i in range(start + 1, end):
            distance = _distance(points[i], points[start], points[end])
            if distance > worst:
                worst, at = distance, i
        if at:
            keep.add(at)
            waiting += [(start, at), (at, end)]
    return [points[i] for i in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the segment between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if not length else min(1.0, max(0.0, (px * dx + py * dy) / length))
    return math.hypot(px - along * dx, py - along * dy)


def _without_collinear(ring: Ring) -> Ring:
    """Drop points on the line between their neighbours: it changes the path, never the shape."""
    changed = True
    while changed and len(ring) > 2:
        kept = [
            point
            for before, point, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
            if _turn(before, point, after)
        ]
        changed = len(kept) < len(ring)
        ring = _without_repeats(kept)
    return ring


def _turn(before: Point, point: Point, after: Point) -> int:
    return (point[0] - before[0]) * (after[1] - point[1]) - (point[1] - before[1]) * (after[0] - point[0])


def doubled_area(ring: Ring) -> int:
    """Twice the area of a ring in square units, signed by its direction (shoelace formula)."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True))


def _largest_first(outlines: Mapping[str, list[Ring]]) -> list[tuple[str, list[Ring]]]:
    """Large areas are drawn first, so that a small one inside can still be seen and clicked."""
    sizes = {code: max((abs(doubled_area(r)) for r in rings), default=0) for code, rings in outlines.items()}
    return sorted(outlines.items(), key=lambda item: (-sizes[item[0]], item[0]))


def _path(rings: list[Ring], before: list[Ring]) -> str:
    """An SVG path of relative moves. An area too small for the grid becomes a dot: it must not vanish."""
    drawn = [ring for ring in rings if len(ring) > 2 and abs(doubled_area(ring)) >= 2 * SMALLEST]
    if not drawn:
        drawn = [max((r for r in rings if len(r) > 2), key=lambda r: abs(doubled_area(r)), default=[])]
    if not drawn[0]:
        x, y = next((ring[0] for ring in before if ring), (0, 0))
        return f"M{x} {y}h2v2h-2z"
    return "".join(_encoded(ring) for ring in drawn)


def _encoded(ring: Ring) -> str:
    steps = [(x - px, y - py) for (px, py), (x, y) in pairwise(ring)]
    numbers = [n for step in steps for n in step]
    text = "".join(f"{n}" if n < 0 or not i else f" {n}" for i, n in enumerate(numbers))
    return f"M{ring[0][0]} {ring[0][1]}l{text}z"


# -- the page --


@dataclass(frozen=True, slots=True)
class MapRow:
    """One area in the table, and its shape where there is one."""

    code: str
    name: str
    standing: Standing
    value: str
    score: str
    base: str


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    name: Words
    chosen: bool


@dataclass(frozen=True, slots=True)
class MapPage:
    title: Words
    question: Words
    average: str
    source: str  # of the national average, where a score is held against one; with its period
    source_period: str
    level: str
    levels: tuple[Choice, ...]
    indicators: tuple[tuple[Words, tuple[Choice, ...]], ...]  # by domain
    rows: tuple[MapRow, ...]  # by name
    legend: tuple[tuple[Standing, int], ...]  # how many areas stand there
    period: str


def choose_indicator(index: ReleaseIndex, wanted: str) -> str:
    """The indicator asked for if this survey has it, else the first with a figure. "" when there is none."""
    shown = {figure.indicator for figure in index.release.figures if figure.marker is Marker.SHOWN}
    asked = [i.code for i in index.release.indicators if i.item is not None]
    if wanted in asked:
        return wanted
    return next((code for code in asked if code in shown), asked[0] if asked else "")


def build(
    index: ReleaseIndex,
    reach: Collection[str],
    *,
    indicator: str,
    level: str,
    wording: Wording | None = None,
) -> MapPage:
    """A page of one local indicator at one level. Raises KeyError when there is no such indicator.

    Without a `wording` everything is called what the release calls it.
    """
    wording = wording or Wording()
    chosen = index.indicators[indicator]
    domains = {node.code: wording.branch(node) for node in index.release.tree if node.kind == "domain"}
    grouped: dict[str, list[Choice]] = {}
    for one in index.release.indicators:
        if one.item is not None:
            choice = Choice(one.code, wording.title(one), one.code == indicator)
            grouped.setdefault(one.domain, []).append(choice)
    spoken = wording.with_unit(chosen)
    rows = tuple(_map_row(index, a.code, spoken) for a in index.at_level(level) if a.code in reach)
    present = {row.standing.css for row in rows}
    usual = {standing.css for standing in (*band.BANDS, band.UNSURE, band.HIDDEN)}
    legend = [s for s in band.legend(index.release.bands) if s.css in present | usual]
    release = index.release
    against = chosen.yardstick if chosen.yardstick and chosen.yardstick.layer else None
    return MapPage(
        title=wording.title(chosen),
        question=wording.question(chosen),
        average=band.average(chosen),
        source=release.sources.get(against.layer, against.layer) if against else "",
        source_period=against.period if against else "",
        level=phrases.level(level, many=True),
        levels=tuple(
            Choice(code, Words(phrases.level(code, many=True)), code == level)
            for code in index.levels()
            if any(a.code in reach for a in index.at_level(code))
        ),
        indicators=tuple((domains.get(code, Words(code)), tuple(found)) for code, found in grouped.items()),
        rows=rows,
        legend=tuple((s, sum(1 for row in rows if row.standing.css == s.css)) for s in legend),
        period=phrases.period(release.opened, release.closed),
    )


def _map_row(index: ReleaseIndex, code: str, indicator: ReleasedIndicator) -> MapRow:
    figure = index.figure(code, indicator.code)
    shown = figure if figure is not None and figure.marker is Marker.SHOWN else None
    return MapRow(
        code=code,
        name=index.areas[code].name,
        standing=band.of_figure(figure),
        value=phrases.value_and_interval(indicator, shown) if shown else "",
        score=phrases.decimal(shown.score) if shown and shown.score is not None else "",
        base=phrases.base(shown.base) if shown else "",
    )
