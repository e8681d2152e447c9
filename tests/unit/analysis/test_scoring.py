"""The 0-10 scale."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scoring import Z95, Scale, band, band_chances, score

BANDS = (3.5, 4.5, 5.5, 6.5)


def scale(**changes: float) -> Scale:
    return Scale(**({"mean": 7.0, "sd": 0.5, "polarity": 1, "k": 2.0, "bands": BANDS} | changes))


def test_the_mean_scores_five_and_a_deviation_is_k_points() -> None:
    assert scale().uncapped(7.0) == 5
    assert scale().uncapped(7.5) == 7
    assert scale(polarity=-1).uncapped(7.5) == 3
    assert scale(k=1.0).uncapped(7.5) == 6


@pytest.mark.parametrize(
    ("value", "expected"), [(3.49, 0), (3.5, 1), (4.49, 1), (4.5, 2), (5.5, 3), (6.49, 3), (6.5, 4), (10, 4)]
)
def test_bands_hold_their_lower_edge(value: float, expected: int) -> None:
    assert band(value, BANDS) == expected


def test_the_interval_is_transformed_before_it_is_capped() -> None:
    found = score(9.0, 8.0, 10.0, scale())
    assert (found.score, found.uncapped, found.lower, found.upper) == (10, 13, 9, 10)
    turned = score(9.0, 8.0, 10.0, scale(polarity=-1))
    assert (turned.score, turned.uncapped, turned.lower, turned.upper) == (0, -3, 0, 1)


def test_a_band_is_named_from_a_chance_of_eighty_percent() -> None:
    """S = 7.5, one edge below at 6.5: the chance of the top band is Phi(1 / error)."""
    for chance, named in ((0.79, None), (0.81, 4)):
        error = 1 / NormalDist().inv_cdf(chance)  # in score points; a quarter of it in the value
        half = error / 4 * Z95
        found = score(7.625, 7.625 - half, 7.625 + half, scale())
        assert found.band_chance == pytest.approx(chance, abs=0.005)
        assert found.band == named


def test_rounding_and_the_yardsticks_own_error_make_a_band_less_sure() -> None:
    sure = score(7.45, 7.4, 7.5, scale())
    assert score(7.45, 7.4, 7.5, scale(), step=0.5).band_chance < sure.band_chance
    assert score(7.45, 7.4, 7.5, scale(mean_error=0.3)).band_chance < sure.band_chance


@given(st.floats(-20, 30), st.floats(0, 10))
def test_band_chances_add_up_to_one(value: float, error: float) -> None:
    chances = band_chances(value, error, BANDS)
    assert len(chances) == 5
    assert sum(chances) == pytest.approx(1)
    assert min(chances) >= 0


@pytest.mark.parametrize(
    "changes", [{"sd": 0.0}, {"sd": float("nan")}, {"polarity": 0}, {"bands": (5.0, 4.0)}]
)
def test_impossible_scales_are_refused(changes: dict) -> None:
    with pytest.raises(ValueError):
        scale(**changes)


# Mean and standard deviation over the 299 English districts with a figure, and Chelmsford's own: ONS annual
# personal well-being estimates, April 2022 to March 2023 (Annual Population Survey, OGL v3). Scores by hand:
# 5 + 2 (x - mean) / sd.
ONS4 = (
    ("life satisfaction", 7.478, 0.269, 1, 7.55, 5.54),
    ("worthwhile", 7.764, 0.262, 1, 7.66, 4.21),
    ("happiness", 7.410, 0.272, 1, 7.79, 7.79),
    ("anxiety", 3.232, 0.414, -1, 2.76, 7.28),
)


@pytest.mark.parametrize(("name", "mean", "sd", "polarity", "value", "expected"), ONS4)
def test_local_answers_score_on_the_yardstick_of_english_districts(
    name: str, mean: float, sd: float, polarity: int, value: float, expected: float
) -> None:
    found = score(value, value, value, scale(mean=mean, sd=sd, polarity=polarity))
    assert found.score == expected
    assert found.band == band(expected, BANDS), "without an error the band is certain"
