"""Small areas: what is smoothed, modelled, benchmarked and refused. Digits: tests/scenarios/r_sae."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from analysis import fay_herriot, hierarchical_bayes
from analysis.area_level import SmallAreaError, area_level, standardised_residuals
from analysis.benchmarking import benchmarked, benchmarked_mse
from analysis.direct_variances import smoothed
from analysis.small_area import MODELS, small_areas

DRAW = np.random.default_rng(4)
M = 30
DEPRIVATION = DRAW.normal(size=M)
D = DRAW.uniform(0.02, 0.4, M)
TRUE = 7 - 0.5 * DEPRIVATION + 0.4 * DRAW.normal(size=M)
Y = TRUE + np.sqrt(D) * DRAW.normal(size=M)
X = np.column_stack([np.ones(M), DEPRIVATION])


def modelled(**changes):
    given = {
        "direct": Y,
        "variance": D,
        "effective_n": 4 / D,
        "covariates": {"deprivation": DEPRIVATION},
        "target": 7.0,
        "share": np.ones(M),
    }
    return small_areas(**(given | changes))


def test_everything_wrong_with_the_areas_is_said_at_once() -> None:
    with pytest.raises(SmallAreaError) as caught:
        area_level([1.0, math.nan], [0.1, 0.0], [[1.0, 1.0], [1.0, 1.0]], spare=3)
    said = str(caught.value)
    assert len(caught.value.reasons) == 4
    assert "no direct estimate" in said
    assert "not above 0" in said
    assert "same thing twice" in said
    assert "need at least 5" in said


def test_arrays_that_do_not_match_are_refused() -> None:
    with pytest.raises(SmallAreaError, match="do not match"):
        area_level([1.0, 2.0], [0.1], [1.0, 1.0], spare=1)


def test_reml_that_does_not_converge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fay_herriot, "MOST_ROUNDS", 2)
    with pytest.raises(SmallAreaError, match="did not converge in 2 rounds"):
        fay_herriot.fay_herriot(Y, D, X)


def test_bayes_needs_three_areas_more_than_covariates() -> None:
    hierarchical_bayes.hierarchical_bayes(Y[:5], D[:5], X[:5])
    with pytest.raises(SmallAreaError, match="need at least 5"):
        hierarchical_bayes.hierarchical_bayes(Y[:4], D[:4], X[:4])


def test_models_do_not_mind_the_order_of_areas_or_the_unit() -> None:
    turned = np.arange(M)[::-1]
    here = hierarchical_bayes.hierarchical_bayes(Y, D, X)
    there = hierarchical_bayes.hierarchical_bayes(100 * Y[turned], 1e4 * D[turned], X[turned])
    np.testing.assert_allclose(there.mean[turned], 100 * here.mean, rtol=1e-9)
    np.testing.assert_allclose(there.upper[turned], 100 * here.upper, rtol=1e-9)
    assert there.a == pytest.approx(1e4 * here.a)


@pytest.mark.parametrize("size", [5, 400])
def test_the_grid_follows_the_posterior_however_many_areas(size: int) -> None:
    """The probability below each limit, by another quadrature, is what the limit claims."""
    from scipy import integrate, stats

    draw = np.random.default_rng(size)
    d = draw.uniform(0.01, 1, size)
    x = np.ones((size, 1))
    y = draw.normal(size=size) * np.sqrt(0.2 + d)
    fit = hierarchical_bayes.hierarchical_bayes(y, d, x)

    def part(t: float) -> tuple[float, float, float]:
        a = math.exp(t)
        v = a + d
        b, q = np.sum(y / v) / np.sum(1 / v), 1 / np.sum(1 / v)
        log = -0.5 * (np.sum(np.log(v)) - math.log(q) + np.sum((y - b) ** 2 / v)) + t
        gamma = a / v[0]
        return log, gamma * y[0] + (1 - gamma) * b, gamma * d[0] + (1 - gamma) ** 2 * q

    top = max(part(t)[0] for t in np.linspace(-12, 30, 4000))

    def total(of) -> float:
        pieces = np.linspace(-30, 60, 91)
        return sum(
            integrate.quad(lambda t: of(*part(t)[1:]) * math.exp(part(t)[0] - top), low, high)[0]
            for low, high in pairwise(pieces)
        )

    whole = total(lambda mean, variance: 1.0)
    below = total(lambda mean, variance: stats.norm.cdf((fit.lower[0] - mean) / math.sqrt(variance)))
    assert below / whole == pytest.approx(0.025, abs=1e-8)
    assert fit.a_lower < fit.a < fit.a_upper


def test_variance_times_n_is_the_pooled_variance() -> None:
    found = smoothed([0.5, 0.1, math.nan, 0.0], [4, 10, 1, 3])
    assert found.unit_variance == pytest.approx((16 * 0.5 + 100 * 0.1 + 9 * 0.0) / (3 + 9 + 2))
    np.testing.assert_allclose(found.variance * [4, 10, 1, 3], found.unit_variance)
    assert found.areas == 3
    draw = np.random.default_rng(8)
    answers = [draw.normal(5, 2, size) for size in (3, 6, 40)]
    within = sum(float(np.sum((a - a.mean()) ** 2)) for a in answers)
    linearised = [float(np.sum((a - a.mean()) ** 2)) / len(a) ** 2 for a in answers]
    assert smoothed(linearised, [3, 6, 40]).unit_variance == pytest.approx(within / (2 + 5 + 39))


def test_variances_that_say_nothing_are_refused() -> None:
    with pytest.raises(SmallAreaError, match="no variance is known"):
        smoothed([math.nan, math.nan], [1, 0])
    with pytest.raises(SmallAreaError, match="nothing to model"):
        smoothed([0.0, 0.0], [10, 10])


@pytest.mark.parametrize("method", ["difference", "ratio"])
def test_benchmarked_areas_come_to_the_larger_area(method: str) -> None:
    share = np.array([1.0, 2.0, 5.0])
    found = benchmarked([2.0, 3.0, 4.0], share, 3.9, method)
    assert share @ found.values / share.sum() == pytest.approx(3.9)
    assert found.before == pytest.approx(3.5)
    np.testing.assert_allclose(found.values - found.adjustment, [2.0, 3.0, 4.0])


def test_benchmarks_that_mean_nothing_are_refused() -> None:
    with pytest.raises(SmallAreaError, match="difference, ratio, none"):
        benchmarked([1.0], [1.0], 1.0, "other")
    with pytest.raises(SmallAreaError, match="no people"):
        benchmarked([1.0], [0.0], 1.0, "ratio")
    with pytest.raises(SmallAreaError, match="no ratio"):
        benchmarked([1.0, -1.0], [1.0, 1.0], 1.0, "ratio")
    np.testing.assert_allclose(benchmarked_mse([0.04], [0.3]), [0.13])


@pytest.mark.parametrize("model", MODELS)
def test_values_lie_between_the_area_and_the_line(model: str) -> None:
    found = modelled(model=model, benchmark="none")
    line = X @ list(found.diagnostics.coefficients.values())
    low, high = np.minimum(Y, line), np.maximum(Y, line)
    assert np.all((found.modelled > low - 0.02) & (found.modelled < high + 0.02))
    assert np.all((found.lower < found.modelled) & (found.modelled < found.upper))
    assert np.all(np.diff(found.shrinkage[np.argsort(D)]) <= 0), "larger samples keep more of their own"
    assert list(found.diagnostics.coefficients) == ["constant", "deprivation"]


@pytest.mark.parametrize("model", MODELS)
def test_areas_with_no_sample_are_predicted_and_say_so(model: str) -> None:
    direct, n = Y.copy(), 4 / D
    direct[0], n[0] = math.nan, 0
    found = modelled(direct=direct, effective_n=n, model=model, benchmark="none")
    line = X @ list(found.diagnostics.coefficients.values())
    assert found.modelled[0] == pytest.approx(line[0])
    assert found.shrinkage[0] == 0
    assert math.isnan(found.direct[0])
    assert math.isnan(found.direct_se[0])
    assert found.mse[0] > max(found.diagnostics.a / 2, float(np.min(found.mse[1:])))
    assert (found.diagnostics.sampled, found.diagnostics.unsampled) == (M - 1, 1)


def test_the_benchmark_moves_values_and_widens_their_errors() -> None:
    before, after = modelled(benchmark="none"), modelled(target=7.5)
    assert float(np.mean(after.modelled)) == pytest.approx(7.5)
    shift = after.diagnostics.benchmark.adjustment
    np.testing.assert_allclose(after.modelled, before.modelled + shift)
    np.testing.assert_allclose(after.mse, before.mse + shift**2)
    assert np.all(after.upper - after.lower > before.upper - before.lower)


def test_values_stay_within_what_the_item_can_be() -> None:
    found = modelled(limits=(6.8, 7.1))
    assert found.lower.min() == 6.8
    assert found.upper.max() == 7.1


def test_residuals_have_unit_variance_by_their_own_covariance() -> None:
    areas = area_level(Y, D, X, spare=1)
    v = np.diag(0.1 + D)
    residual = np.linalg.solve(v, np.eye(M)) @ X
    hat = X @ np.linalg.inv(X.T @ residual) @ residual.T
    spread = np.diag(v - hat @ v)
    np.testing.assert_allclose(standardised_residuals(areas, 0.1), (Y - hat @ Y) / np.sqrt(spread))


def test_diagnostics_notice_an_area_unlike_the_others() -> None:
    odd = Y.copy()
    odd[3] += 6
    usual, strange = modelled().diagnostics, modelled(direct=odd).diagnostics
    assert usual.largest_residual < 3 < strange.largest_residual
    assert strange.normality < 0.01 < usual.normality
    assert usual.a_lower < usual.a < usual.a_upper


def test_unknown_models_and_incomplete_covariates_are_refused() -> None:
    with pytest.raises(SmallAreaError, match="hierarchical_bayes, reml"):
        modelled(model="other")
    with pytest.raises(SmallAreaError, match="Complete the covariates"):
        modelled(covariates={"deprivation": np.where(np.arange(M) == 2, math.nan, DEPRIVATION)})
