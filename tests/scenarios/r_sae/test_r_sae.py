"""Small-area models against sae, metafor, samplics and R, on the files in this folder (README.md)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.fay_herriot import fay_herriot
from analysis.hierarchical_bayes import hierarchical_bayes

HERE = Path(__file__).parent
CASES = ["milk", "wide", "few", "flat"]
RELATIVE = 1e-8
R_SCRIPT = shutil.which("Rscript")


def areas(case: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    frame = pd.read_csv(HERE / f"{case}.csv")
    x = np.column_stack([np.ones(len(frame)), frame.filter(regex="^x")])
    return frame["y"].to_numpy(), frame["d"].to_numpy(), x


def golden(name: str, case: str) -> dict[str, np.ndarray]:
    frame = pd.read_csv(HERE / f"golden_{name}.csv", dtype={"name": str})
    rows = frame[frame["case"] == case]
    assert len(rows)
    return {str(what): group["value"].to_numpy() for what, group in rows.groupby("what")}


def by_reml(case: str) -> dict[str, object]:
    fit = fay_herriot(*areas(case))
    return {
        "a": [fit.a],
        "beta": fit.beta,
        "beta_se": np.sqrt(np.diag(fit.covariance)),
        "eblup": fit.eblup,
        "mse": fit.mse,
    }


@pytest.mark.parametrize("case", CASES)
def test_reml_is_metafors(case: str) -> None:
    ours, theirs = by_reml(case), golden("metafor", case)
    assert set(theirs) == {"a", "beta", "beta_se", "eblup"}
    for what, values in theirs.items():
        np.testing.assert_allclose(ours[what], values, rtol=RELATIVE, err_msg=what)


@pytest.mark.parametrize("case", CASES)
def test_reml_and_its_errors_are_those_of_samplics(case: str) -> None:
    ours, theirs = by_reml(case), golden("samplics", case)
    assert set(theirs) == {"a", "beta", "eblup", "mse"}
    for what, values in theirs.items():
        np.testing.assert_allclose(ours[what], values, rtol=RELATIVE, err_msg=what)


@pytest.mark.parametrize("case", CASES)
def test_reml_and_its_errors_are_those_of_sae(case: str) -> None:
    ours, theirs = by_reml(case), golden("sae", case)
    assert set(theirs) == {"a", "beta", "beta_se", "eblup", "mse"}
    for what, values in theirs.items():
        np.testing.assert_allclose(ours[what], values, rtol=RELATIVE, err_msg=what)


def test_reml_finds_no_variance_where_there_is_none() -> None:
    assert by_reml("flat")["a"] == [0.0]


def test_the_published_coefficients_of_milk() -> None:
    """As printed by saens, whose variance stops at 1e-4 relative: five digits of them are settled."""
    ours = by_reml("milk")
    np.testing.assert_allclose(ours["beta"], [0.968189, 0.132780, 0.226946, -0.241301], atol=2e-6)
    np.testing.assert_allclose(ours["beta_se"], [0.069362, 0.103001, 0.092330, 0.081617], atol=2e-6)


@pytest.mark.parametrize("case", CASES)
def test_the_posterior_is_that_of_quadrature(case: str) -> None:
    fit, theirs = hierarchical_bayes(*areas(case)), golden("bayes", case)
    assert set(theirs) == {"mean", "sd", "lower", "upper"}
    for what, values in theirs.items():
        np.testing.assert_allclose(getattr(fit, what), values, rtol=RELATIVE, err_msg=what)


@pytest.mark.r
@pytest.mark.skipif(R_SCRIPT is None, reason="needs R with the package metafor")
def test_the_golden_files_are_what_r_writes(tmp_path: Path) -> None:
    assert R_SCRIPT is not None
    subprocess.run([R_SCRIPT, str(HERE / "golden.R"), str(HERE), str(tmp_path)], check=True)
    for name in ("golden_metafor.csv", "golden_bayes.csv"):
        written, kept = pd.read_csv(tmp_path / name), pd.read_csv(HERE / name)
        assert written.drop(columns="value").equals(kept.drop(columns="value"))
        np.testing.assert_allclose(written["value"], kept["value"], rtol=1e-9, atol=1e-12)
