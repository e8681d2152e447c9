"""National layers: scores, units, and whose value a neighbourhood shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.national import (
    NationalLayer,
    NationalYardstick,
    UnitMismatchError,
    benchmark_yardstick,
    figures,
    index_figures,
    inherited,
    newest,
    unit_problems,
)
from questionnaires.framework import Benchmark, IndexLayer, IndexScore
from tests.unit.analysis.samples import COLD, SATISFIED, areas, england, framework

LAYERS = {"england": england()}


def test_a_district_is_scored_on_the_national_yardstick() -> None:
    found = {(f.area, f.indicator): f for f in figures(framework(), LAYERS, ("N1", "North", "South"))}
    assert (found["North", "satisfied"].score, found["North", "satisfied"].band) == (6.0, 3)
    assert (found["South", "satisfied"].score, found["South", "satisfied"].band) == (4.0, 1)
    assert found["North", "jobs"].score == 7.0
    assert ("N1", "satisfied") not in found, "a ward has no value of its own"
    assert ("South", "jobs") not in found


def test_a_neighbourhood_inherits_from_the_nearest_area_and_names_it() -> None:
    layer = england()
    held = inherited(layer, areas(), "N1", "Life satisfaction")
    assert held is not None
    assert (held.value, held.area.code) == (7.6, "North")
    wider = NationalLayer(id="x", values={("C", "q"): 1.0, ("North", "q"): 2.0})
    assert inherited(wider, areas(), "N2", "q").area.code == "North"
    assert inherited(wider, areas(), "S1", "q").area.code == "C"
    assert inherited(wider, areas(), "C", "other") is None


def layer(unit: str) -> dict[str, NationalLayer]:
    yardstick = NationalYardstick(mean=0.2, sd=0.05, areas=300, unit=unit)
    return {"e": NationalLayer(id="e", values={("North", "Cold"): 0.3}, yardsticks={"Cold": yardstick})}


BENCHMARKED = replace(COLD, benchmark=Benchmark(layer="e", indicator="Cold"))


def test_shares_are_turned_to_percentages() -> None:
    found = benchmark_yardstick(BENCHMARKED, layer("Share"))
    assert found is not None
    assert (found[1].mean, found[1].sd, found[1].unit) == (20, 5, "%")
    shown = figures(framework(BENCHMARKED), layer("share"), ("North",))[0]
    assert (shown.value, shown.score) == (30, 1.0), "polarity -1: two deviations above is four points below"
    assert benchmark_yardstick(BENCHMARKED, layer("%"))[1].mean == 0.2


def test_a_proportion_in_another_unit_is_refused_by_name() -> None:
    with pytest.raises(UnitMismatchError, match='"cold" is a percentage'):
        benchmark_yardstick(BENCHMARKED, layer("per 1,000"))
    assert len(unit_problems(framework(BENCHMARKED, SATISFIED), layer("per 1,000"))) == 1


def test_a_layer_that_is_not_loaded_gives_nothing() -> None:
    assert benchmark_yardstick(SATISFIED, {}) is None
    assert figures(framework(), {}, ("North",)) == ()


INDEXED = replace(
    framework(),
    layers=(IndexLayer(id="hi", title="Health Index", scale="100 = England 2015"),),
    index=(IndexScore(layer="hi", indicator="overall"),),
)
HEALTH = NationalLayer(id="hi", values={("North", "overall"): 101.3}, periods={"overall": "2021"})


def test_an_index_keeps_its_own_scale_and_names_its_period() -> None:
    [found] = index_figures(INDEXED, {"hi": HEALTH}, ("N1", "North", "South"))
    assert (found.area, found.node, found.value) == ("North", "", 101.3)
    assert (found.index, found.title, found.period) == ("Health Index", "overall", "2021")
    assert found.scale == "100 = England 2015"
    assert index_figures(INDEXED, {}, ("North",)) == ()


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (["2019", "2021", "2020"], "2021"),
        (["Apr 2022 to Mar 2023", "Sep 2021 to Aug 2022"], "Apr 2022 to Mar 2023"),
        (["2018-20", "2019"], "2018-20"),
        (["2022/23", "2022"], "2022/23"),
        ([], ""),
    ],
)
def test_the_newest_period_is_the_one_that_ends_last(periods: list[str], expected: str) -> None:
    assert newest(periods) == expected
