"""What a release knows of its figures' quality, held to sums done by hand, person by person."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from analysis.grading import CRITERIA, heavy_answers
from analysis.indicators import local_indicators
from analysis.quality import heavy_by, in_survey, mode_gaps, unmet_margins, years_since
from analysis.release import Marker, from_json
from analysis.tallies import by_mode, count, roll_up
from tests.unit.analysis.samples import (
    LEVELS,
    WARDS,
    areas,
    built,
    frame,
    framework,
    questionnaire,
    tallied,
)

LOCALS = local_indicators(framework(), questionnaire())


def weights_of(tallies, by_age: dict[str, float]) -> np.ndarray:
    return np.array([by_age[age] for age in tallies.cells["age"].astype(str)])


def test_what_the_whole_survey_says_is_that_of_its_people_one_by_one() -> None:
    rows = [("N1", "web", "old", 2, 1)] * 30 + [("N1", "web", "young", 8, 2)] * 10
    rows += [("S1", "web", "old", 4, 2)] * 5 + [("S2", "web", "young", 9, 1)] * 25
    tallies = count(frame(rows), ["age"])
    w = np.array([3.0 if row[2] == "young" else 0.5 for row in rows])
    found = in_survey(tallies, LOCALS, weights_of(tallies, {"young": 3.0, "old": 0.5}), len(rows))

    satisfied = np.array([float(row[3]) for row in rows])
    mean = (w * satisfied).sum() / w.sum()
    n = len(rows)
    linearised = n / (n - 1) * (w**2 * (satisfied - mean) ** 2).sum() / w.sum() ** 2
    kish = w.sum() ** 2 / (w**2).sum()
    plain = (w * (satisfied - mean) ** 2).sum() / w.sum() / (kish - 1)
    assert found["satisfied"].tie == pytest.approx(max(linearised / plain, plain / linearised), rel=1e-12)
    assert found["satisfied"].share is None, "a mean has no rarer answer"

    cold = next(local for local in LOCALS if local.code == "cold")
    yes = np.array([row[4] in cold.indicator.codes for row in rows])
    assert found["cold"].share == pytest.approx((w * yes).sum() / w.sum(), rel=1e-12)
    assert set(found) == {"satisfied", "cold"}, "nothing is known of what was not asked"


def test_heavy_answers_are_counted_area_by_area() -> None:
    table = pd.DataFrame({"area": ["a", "a", "b"], "cell": [0, 1, 1], "n": [50, 2, 7]})
    found = heavy_by(table, np.array([1.0, 5.0]))
    assert found["a"] == pytest.approx(heavy_answers([1] * 50 + [5] * 2))
    assert found["b"] == pytest.approx(7)


def test_margins_that_nobody_is_in_are_weighed_by_their_people() -> None:
    tallies = count(frame([("N1", "web", "old", 2, 1)] * 20), ["age"])
    assert unmet_margins(tallies, {"age": {"young": 600, "old": 400}}) == pytest.approx(0.6)
    assert unmet_margins(tallies, {"age": {"old": 400}}) == 0


def test_an_area_that_answered_in_other_ways_than_all_is_told_by_how_much() -> None:
    rows = [("N1", "web", "old", 2, 1)] * 30 + [("S1", "paper", "old", 2, 1)] * 10
    tallies = count(frame(rows), ["age"])
    gaps = mode_gaps(roll_up(tallies, areas(), LEVELS), by_mode(tallies))
    assert gaps["N1"] == pytest.approx(0.25)
    assert gaps["S1"] == pytest.approx(0.75)
    assert gaps["C"] == pytest.approx(0)


@pytest.mark.parametrize(("closed", "years"), [("2026-06-30", 0.5), ("2027-01-05", 0), ("2024-12-29", 2)])
def test_age_is_counted_from_the_day_the_wave_closed(closed: str, years: float) -> None:
    assert years_since(closed, datetime(2026, 12, 29, tzinfo=UTC)) == pytest.approx(years, abs=0.01)


def test_a_figure_keeps_why_it_is_not_an_a_and_an_a_has_no_reason() -> None:
    made = built(tallied(dict.fromkeys(WARDS, 150)))
    shown = [f for f in made.release.figures if f.marker is Marker.SHOWN]
    assert {f.grade == "A" for f in shown} == {True, False}
    for figure in shown:
        assert (figure.grade == "A") == (figure.reasons is None)
        assert set(figure.reasons or ()) <= set(CRITERIA)
    assert from_json(made.release.to_json()) == made.release
    hidden = [f for f in made.release.figures if f.marker is not Marker.SHOWN]
    assert {f.reasons for f in hidden} <= {None}


def test_people_with_large_weights_who_answer_otherwise_cost_every_figure_its_a() -> None:
    """600 people and a design effect below 2: the number of answers alone would not tell."""
    rows = []
    for ward in WARDS:
        rows += [(ward, "web", "young", at % 11, 1) for at in range(25)]
        rows += [(ward, "web", "old", 7, 1 + at % 2) for at in range(75)]
    made = built(count(frame(rows), ["age"]))
    county = next(f for f in made.release.figures if (f.area, f.indicator) == ("C", "satisfied"))
    assert county.effective_base > 100
    assert made.report.design_effect < 2
    assert "tie" in (county.reasons or ())
    assert county.grade > "A"
