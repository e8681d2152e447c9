"""The geometry of the map, and its page."""

from __future__ import annotations

import math
import random
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.presenters import band
from survey_app.presenters import map as maps
from survey_app.services.results import ReleaseIndex
from tests.releases import MILL, NORTH, PARK, QUAY, release

INDEX = ReleaseIndex(release())
EVERYWHERE = frozenset(INDEX.areas)


def rings(path: str) -> list[list[tuple[int, int]]]:
    """The points of a drawn path, read back by the rules of SVG: M absolute, l, h and v relative."""
    found = []
    for part in re.findall(r"M[^z]*z", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", part)]
        assert re.fullmatch(r"M\d+ \d+l(?:[ -]?\d+)+z", part), part
        x, y = numbers[:2]
        ring = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def size(path: str) -> int:
    """Twice the area of a path; a hole runs the other way round, so it takes away."""
    return abs(sum(maps.doubled_area(ring) for ring in rings(path)))


def holds(path: str, point: tuple[float, float]) -> bool:
    """Whether a point lies in a path: a ray to the right crosses its lines an odd number of times."""
    x, y = point
    crossings = 0
    for ring in rings(path):
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossings += 1
    return crossings % 2 == 1


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def wavy(start: tuple[float, float], end: tuple[float, float], seed: int) -> list[tuple[float, float]]:
    """A crooked border of fifty points between two corners, the same each time it is asked for."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    points = []
    for step in range(51):
        along = step / 50
        off = 0.012 * math.sin(math.pi * along) * math.sin(seed + 9 * along * (1 + seed % 3))
        points.append(
            (
                x0 + along * (x1 - x0) - off * (y1 - y0) / length,
                y0 + along * (y1 - y0) + off * (x1 - x0) / length,
            )
        )
    return points


def crooked_grid(columns: int, rows_: int, seed: int) -> dict[str, dict[str, Any]]:
    """Areas side by side with crooked borders inside and a straight frame, like wards in a district."""

    def edge(a: tuple[int, int], b: tuple[int, int]) -> list[tuple[float, float]]:
        inside = not (a[0] == b[0] in {0, columns} or a[1] == b[1] in {0, rows_})
        start, end = min(a, b), max(a, b)
        points = (
            wavy(_place(start), _place(end), seed + hash((start, end)) % 97)
            if inside
            else [_place(start), _place(end)]
        )
        return points if a == start else points[::-1]

    def _place(corner: tuple[int, int]) -> tuple[float, float]:
        return corner[0] * 0.1, corner[1] * 0.1

    grid = {}
    for c in range(columns):
        for r in range(rows_):
            corners = [(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1), (c, r)]
            ring: list[tuple[float, float]] = []
            for a, b in pairwise(corners):
                ring += edge(a, b)[:-1]
            grid[f"{c},{r}"] = polygon(*ring)
    return grid


@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_neighbours_leave_no_gap_and_do_not_overlap(columns: int, rows_: int, seed: int) -> None:
    drawing = maps.draw(crooked_grid(columns, rows_, seed))
    frame = 2 * drawing.width * drawing.height
    assert sum(size(path) for path in drawing.paths.values()) == frame
    # Equal sizes could still hide a gap as large as an overlap: every point must lie in exactly one area.
    draws = random.Random(seed)
    for _ in range(200):
        point = draws.uniform(0, drawing.width), draws.uniform(0, drawing.height)
        assert sum(holds(path, point) for path in drawing.paths.values()) == 1, point


def test_thinning_saves_most_points_and_stays_near_the_true_border() -> None:
    shapes = crooked_grid(3, 3, 5)
    fine, coarse = maps.draw(shapes, tolerance=0), maps.draw(shapes)
    assert len("".join(coarse.paths.values())) < len("".join(fine.paths.values())) / 2
    for code, path in coarse.paths.items():
        kept = rings(path)[0]
        for point in rings(fine.paths[code])[0]:
            sides = zip(kept, kept[1:] + kept[:1], strict=True)
            assert min(maps._distance(point, a, b) for a, b in sides) <= maps.TOLERANCE + 1e-9


def test_north_is_up_and_a_degree_of_longitude_is_shorter() -> None:
    drawing = maps.draw(
        {
            "north": polygon((0, 60.5), (1, 60.5), (1, 61), (0, 61)),
            "south": polygon((0, 59), (1, 59), (1, 60.5), (0, 60.5)),
        },
        grid=400,
    )
    assert drawing.height == 400
    assert drawing.width == pytest.approx(100, abs=1), "cos 60 degrees is a half, and it is twice as high"
    assert min(y for _, y in rings(drawing.paths["north"])[0]) == 0


def test_an_area_inside_another_shares_its_border_and_is_drawn_on_top() -> None:
    inner = [(0.3 + 0.1 * math.cos(t / 20), 0.3 + 0.1 * math.sin(t / 20)) for t in range(126)]
    outer = polygon((0, 0), (1, 0), (1, 1), (0, 1))
    outer["coordinates"].append([*inner[::-1], inner[-1]])
    drawing = maps.draw({"a-small": polygon(*inner), "big": outer})
    assert list(drawing.paths) == ["big", "a-small"]
    hole = rings(drawing.paths["big"])[1]
    assert set(hole) == set(rings(drawing.paths["a-small"])[0])


def test_small_islands_go_but_a_small_area_stays() -> None:
    mainland, rock = (
        polygon((0, 0), (1, 0), (1, 1), (0, 1)),
        [(1.5, 0.5), (1.501, 0.5), (1.501, 0.501), (1.5, 0.5)],
    )
    drawing = maps.draw(
        {
            "land": {"type": "MultiPolygon", "coordinates": [mainland["coordinates"], [rock]]},
            "lighthouse": polygon((2, 1), (2.0001, 1), (2, 1.0001)),
        }
    )
    assert drawing.paths["land"].count("M") == 1
    assert drawing.paths["lighthouse"].endswith("h2v2h-2z"), "too small to draw, but there to be clicked"


def test_nothing_to_draw() -> None:
    assert maps.draw({}).paths == {}
    assert maps.tiles({}, {}).paths == {}


def test_a_line_is_no_area() -> None:
    with pytest.raises(ValueError, match="LineString"):
        maps.draw({"road": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}})


def test_a_layout_is_drawn_as_squares_with_short_names() -> None:
    drawing = maps.tiles({"a": (3, 1), "b": (4, 1), "c": (3, 3)}, {"a": "Southend-on-Sea", "b": "Quay"})
    assert (drawing.width, drawing.height) == (80, 120)
    assert drawing.paths["b"] == "M40 0h40v40h-40z"
    assert drawing.labels["a"].lines == ("Southend", "Sea")
    assert drawing.labels["c"].lines == ("c",), "no name: the code"
    assert maps.short("Chelmsford Rural") == ("Chelmsf.", "Rural")


def test_the_page_has_a_row_for_every_area_of_the_level_by_name() -> None:
    page = maps.build(INDEX, EVERYWHERE, indicator="safe", level="ward")
    assert [(row.code, row.value, row.score, row.base) for row in page.rows] == [
        (MILL, "38% (30 to 46)", "2.9", "about 210"),
        (PARK, "", "", ""),
        (QUAY, "71% (63 to 79)", "6.1", "about 210"),
    ]
    assert page.rows[1].standing is band.HIDDEN


def test_the_legend_counts_places_and_leaves_out_what_cannot_be() -> None:
    page = maps.build(INDEX, EVERYWHERE, indicator="safe", level="ward")
    counts = {standing.css: count for standing, count in page.legend}
    assert counts == {"b4": 0, "b3": 1, "b2": 0, "b1": 0, "b0": 1, "unsure": 0, "few": 1}
    unscored = maps.build(INDEX, EVERYWHERE, indicator="respect", level="ward")
    assert {standing.css: count for standing, count in unscored.legend}["unscored"] == 1


def test_only_areas_in_reach_are_on_the_map() -> None:
    page = maps.build(INDEX, {MILL, NORTH}, indicator="safe", level="ward")
    assert [row.code for row in page.rows] == [MILL]


def test_only_what_was_asked_can_be_chosen() -> None:
    assert maps.choose_indicator(INDEX, "damp") == "damp"
    assert maps.choose_indicator(INDEX, "jobs") == "safe"
    assert maps.choose_indicator(INDEX, "") == "safe"
    assert maps.choose_indicator(ReleaseIndex(release(indicators=(), figures=())), "safe") == ""


def test_a_score_held_against_the_nation_names_the_source_and_another_does_not() -> None:
    index = ReleaseIndex(release(sources={"ons": "Office for National Statistics"}))
    page = maps.build(index, EVERYWHERE, indicator="life", level="lad")
    assert (page.source, page.source_period) == ("Office for National Statistics", "2023")
    own = maps.build(index, EVERYWHERE, indicator="safe", level="lad")
    assert (own.source, own.source_period) == ("", "")
    page = maps.build(INDEX, EVERYWHERE, indicator="safe", level="ward")
    assert [choice.code for _, choices in page.indicators for choice in choices] == [
        "safe", "damp", "cold", "life", "anxiety", "respect",
    ]  # fmt: skip
