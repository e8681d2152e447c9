"""Population margins over a wave."""

from __future__ import annotations

import pytest

from analysis.areas import Area, AreaSet
from analysis.margins import (
    MarginCount,
    MarginsMissingError,
    PopulationMargins,
    population,
    population_by_area,
    targets,
)
from questionnaires.model import Margin
from tests.unit.analysis.samples import WARDS, areas, questionnaire
from tests.unit.analysis.samples import population as sample


def test_margins_are_summed_over_the_wave_and_kept_to_the_levels_asked() -> None:
    wanted = targets(questionnaire(), sample(), areas(), ())
    assert wanted["age"] == {"young": 6 * 600, "old": 6 * 400}, "children are not surveyed"
    assert wanted["district"] == {"North": 3 * 1000, "South": 3 * 1000}
    assert targets(questionnaire(), sample(), areas(), ("North",))["age"] == {"young": 1800, "old": 1200}


def test_the_people_of_each_area_of_a_level_are_those_the_wave_reaches() -> None:
    def people(*wave: str, margins: PopulationMargins | None = None) -> dict[str, float | None]:
        return population_by_area(questionnaire(), margins or sample(), areas(), wave, "district")

    assert people() == {"North": 3000, "South": 3000}, "children are not surveyed"
    assert people("North") == {"North": 3000}
    assert people("N1", "N2", "S1") == {"North": 2000, "South": 1000}
    assert people("N1", "North") == {"North": 3000}, "a ward of a district that is there is not counted twice"
    without = PopulationMargins([row for row in sample().counts if row.area != "N2"])
    assert people("N1", "N2", "S1", margins=without) == {"North": None, "South": 1000}


def test_a_count_loaded_for_the_larger_area_is_used_as_it_is() -> None:
    both = PopulationMargins(
        [*sample().counts, MarginCount(area="North", margin="age", level="old", count=7)]
    )
    assert both.over("age", areas(), "North") == {"old": 7}
    assert both.over("age", areas(), "C") == {
        "children": 1800,
        "young": 3600,
        "old": 2400,
    }


def test_overlapping_levels_are_not_counted_twice() -> None:
    places = AreaSet(
        [
            Area(code="D", name="D", level="district", vintage="1"),
            *(Area(code=c, name=c, level="ward", vintage="1", parents=("D",)) for c in "ab"),
            *(Area(code=c, name=c, level="msoa", vintage="1", parents=("D",)) for c in "xyz"),
        ]
    )
    counted = PopulationMargins(
        [
            MarginCount(area=c, margin="age", level="old", count=n)
            for c, n in zip("abxyz", (5, 7, 4, 4, 4), strict=True)
        ]
    )
    assert counted.over("age", places, "D") == {"old": 12}


def test_a_given_area_margin_wins_over_the_sum_of_ages() -> None:
    given = [
        MarginCount(area=d, margin="district", level="all", count=n)
        for d, n in (("North", 10), ("South", 30))
    ]
    margins = PopulationMargins([*sample().counts, *given])
    assert targets(questionnaire(), margins, areas(), ())["district"] == {"North": 10, "South": 30}
    assert population(questionnaire(), margins, areas(), "N1") == 1000


def test_a_wave_smaller_than_the_areas_of_a_margin_is_weighted_to_its_part_of_them() -> None:
    wanted = targets(questionnaire(), sample(), areas(), ("N1", "N2", "S1"))
    assert wanted["district"] == {"North": 2000, "South": 1000}
    assert wanted["age"] == {"young": 1800, "old": 1200}


def test_everything_missing_is_named_with_the_command_that_loads_it() -> None:
    asked = questionnaire(
        Margin(name="age", item="age_band", levels=("young", "old", "oldest")),
        Margin(name="tenure", item="age_band", levels=("young",)),
        Margin(name="parish", area_level="parish"),
    )
    short = PopulationMargins([c for c in sample().counts if c.area != "N1"])
    with pytest.raises(MarginsMissingError) as refused:
        targets(asked, short, areas(), tuple(WARDS))
    text = str(refused.value)
    assert '"tenure" is loaded' in text
    assert 'no level "oldest"' in text
    assert "Ward N1 (N1)" in text
    assert 'level "parish"' in text
    assert text.count("survey-app margins import") >= 3
