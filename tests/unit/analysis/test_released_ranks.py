"""Ranks in a release: best first, with their range, among five areas or more, of shown figures only."""

from __future__ import annotations

from dataclasses import replace

from analysis.comparisons import RankRange
from analysis.release import Figure, Marker, Release, from_json
from analysis.released_ranks import released_ranks
from tests.unit.analysis.samples import WARDS, built, tallied
from tests.unit.analysis.test_released_changes import shown

RELEASE = built(tallied(dict.fromkeys(WARDS, 60))).release


def ranked(*figures: Figure) -> dict[str, RankRange]:
    found: Release = replace(RELEASE, figures=figures)
    return {one.area: one for one in released_ranks(found)}


def wards(reach: int, indicator: str = "cold") -> list[Figure]:
    return [
        shown(code, v, v - reach, v + reach, indicator)
        for code, v in zip(WARDS, (10, 20, 30, 40, 50, 60), strict=True)
    ]


def test_the_best_is_first_whichever_way_the_indicator_runs() -> None:
    cold = ranked(*wards(1))
    assert [cold[code].rank for code in WARDS] == [1, 2, 3, 4, 5, 6], "fewer cold homes are better"
    assert {(one.lower, one.upper, one.among) for one in cold.values()} == {(n, n, 6) for n in range(1, 7)}
    satisfied = ranked(*wards(1, "satisfied"))
    assert [satisfied[code].rank for code in WARDS] == [6, 5, 4, 3, 2, 1]


def test_areas_that_chance_could_have_put_in_any_order_have_the_whole_range() -> None:
    found = ranked(*wards(60))
    assert {(one.lower, one.upper) for one in found.values()} == {(1, 6)}
    # 95% for six at once is 99.15% for each: 2.63 standard errors, so 7 either side of 5 at 1.96.
    near = ranked(*wards(5))
    assert (near["N1"].lower, near["N1"].upper) == (1, 2)
    assert (near["N3"].lower, near["N3"].upper) == (2, 4)


def test_hidden_figures_and_levels_of_fewer_than_five_have_no_rank() -> None:
    hidden = replace(shown("N1", 10, 9, 11), marker=Marker.HIDDEN, value=None, lower=None, upper=None)
    found = ranked(hidden, *wards(1)[1:])
    assert set(found) == set(WARDS) - {"N1"}
    assert {one.among for one in found.values()} == {5}
    assert ranked(hidden, *wards(1)[1:5]) == {}
    assert {one.area for one in RELEASE.ranks} == set(WARDS), "two districts and a county are too few to rank"


def test_ranks_are_in_the_document_and_a_release_without_them_keeps_its_digest() -> None:
    assert RELEASE.ranks
    assert from_json(RELEASE.to_json()) == RELEASE
    bare = replace(RELEASE, ranks=())
    assert '"ranks"' not in bare.to_json()
    assert from_json(bare.to_json()).digest == bare.digest != RELEASE.digest
