"""Grades: every threshold, the worst of all, and the reasons. Coverage: tests/spec/test_coverage.py."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from analysis.grading import (
    CRITERIA,
    Quality,
    equivalent_n,
    grade,
    graded,
    heavy_answers,
    mode_gap,
    rarer_answers,
    tie,
)


@pytest.mark.parametrize(
    ("effective", "expected"), [(100, "A"), (99.9, "B"), (50, "B"), (49.9, "C"), (30, "C"), (29.9, "D")]
)
def test_grade_by_effective_base(effective: float, expected: str) -> None:
    assert grade(effective, 1.0, 0.0) == expected


@pytest.mark.parametrize(
    ("effect", "expected"), [(1.5, "A"), (1.51, "B"), (2, "B"), (2.01, "C"), (3, "C"), (3.01, "D")]
)
def test_grade_by_design_effect(effect: float, expected: str) -> None:
    assert grade(500, effect, 0.0) == expected


@pytest.mark.parametrize(
    ("missing", "expected"), [(0.05, "A"), (0.051, "B"), (0.1, "B"), (0.101, "C"), (0.2, "C"), (0.201, "D")]
)
def test_grade_by_missing_answers(missing: float, expected: str) -> None:
    assert grade(500, 1.0, missing) == expected


def test_the_grade_is_the_worst_of_all() -> None:
    assert grade(500, 3.5, 0.06) == "D"
    assert grade(60, 1.0, 0.11) == "C"


def test_every_criterion_is_a_field_and_every_field_a_criterion() -> None:
    assert set(CRITERIA) == {field.name for field in fields(Quality)}


@pytest.mark.parametrize("name", CRITERIA)
def test_a_threshold_still_has_the_better_grade(name: str) -> None:
    criterion = CRITERIA[name]
    worse = -1e-9 if criterion.least else 1e-9
    for at, (better, below) in zip(criterion.thresholds, ("AB", "BC", "CD"), strict=True):
        assert graded(Quality(**{name: at})).grade == better
        found = graded(Quality(**{name: at + worse}))
        assert found.grade == below
        assert [(r.criterion, r.grade) for r in found.reasons] == [(name, below)]
        assert found.reasons[0].says.endswith(".")


def test_one_value_costs_what_it_costs_among_others() -> None:
    for criterion in CRITERIA.values():
        limits = criterion.thresholds
        values = [
            0.0,
            *limits,
            *(limit * 1.01 for limit in limits),
            *(limit * 0.99 for limit in limits),
            math.nan,
        ]
        assert [criterion.cost(value) for value in values] == criterion.steps(values).tolist()


def test_thresholds_get_worse_in_one_direction() -> None:
    for criterion in CRITERIA.values():
        order = sorted(criterion.thresholds, reverse=criterion.least)
        assert list(criterion.thresholds) == order


def test_nothing_known_costs_nothing_but_not_a_number_costs_all() -> None:
    assert graded(Quality()).grade == "A"
    assert graded(Quality()).reasons == ()
    assert graded(Quality(effective_n=math.nan)).grade == "D"
    assert graded(Quality(tie=math.nan)).grade == "D"


def test_reasons_are_kept_worst_first() -> None:
    found = graded(Quality(effective_n=70, missing=0.3, age=0.5, heavy=20))
    assert found.grade == "D"
    assert [(r.criterion, r.grade) for r in found.reasons] == [
        ("missing", "D"),
        ("heavy", "C"),
        ("effective_n", "B"),
    ]


def test_heavy_answers_count_those_who_decide_the_error() -> None:
    assert heavy_answers(np.ones(40)) == pytest.approx(40)
    assert heavy_answers([1, 10], [90, 3]) == pytest.approx(heavy_answers([1] * 90 + [10] * 3))
    assert heavy_answers([1] * 90 + [10] * 3) < 6
    assert heavy_answers([]) == 0


def test_a_tie_counts_both_ways() -> None:
    assert tie(0.1, 1.0, 101) == pytest.approx(1)
    assert tie(math.sqrt(0.02), 1.0, 101) == pytest.approx(2)
    assert tie(math.sqrt(0.005), 1.0, 101) == pytest.approx(2)
    assert tie(0.0, 0.0, 50) == 1
    assert math.isnan(tie(0.0, 0.0, 1))


def test_rarer_answers_do_not_mind_which_way_a_question_is_put() -> None:
    assert rarer_answers(200, 0.03) == pytest.approx(6)
    assert rarer_answers(200, 0.97) == pytest.approx(6)


def test_the_mode_gap_is_the_share_that_would_have_to_change() -> None:
    assert mode_gap({"web": 3, "paper": 1}, {"web": 30, "paper": 10}) == pytest.approx(0)
    assert mode_gap({"web": 1}, {"web": 6, "paper": 4}) == pytest.approx(0.4)
    assert mode_gap({"paper": 5}, {"web": 5}) == pytest.approx(1)
    assert math.isnan(mode_gap({}, {"web": 1}))


def test_a_modelled_value_is_worth_as_many_answers_as_its_error() -> None:
    assert equivalent_n(4.0, 0.04) == pytest.approx(100)
    assert equivalent_n(4.0, 0.0) == math.inf


def test_the_thresholds_are_those_that_are_documented() -> None:
    """A looser threshold would make docs/reliability.md untrue: run the simulation again first."""
    text = (Path(__file__).parents[3] / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .* \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", text, re.MULTILINE)
    assert {name: tuple(map(float, numbers)) for name, *numbers in rows} == {
        name: criterion.thresholds for name, criterion in CRITERIA.items()
    }
