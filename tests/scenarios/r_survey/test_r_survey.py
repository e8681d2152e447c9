"""`python -m analysis estimate` against R's survey package, on the files in this folder (README.md)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.intervals import wald_interval
from analysis.standalone import run

HERE = Path(__file__).parent
CASES = [("ordinary", ""), ("skewed", ""), ("awkward", "_pooled"), ("awkward", "_by_wave")]
KEY = ["area", "wave", "item"]
NUMBERS = [
    "n",
    "effective_n",
    "estimate",
    "se",
    "lower",
    "upper",
    "weighted_n",
    "logit_lower",
    "logit_upper",
]
RELATIVE = 1e-8  # the promise is 1e-6; R's own files hold 15 digits
R_SCRIPT = shutil.which("Rscript")


def read(path: Path) -> pd.DataFrame:
    labels = ["area", "wave", "item", "id"]
    return pd.read_csv(path, dtype=dict.fromkeys(labels, str), keep_default_na=False, na_values=[""])


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "".join(case))
def compared(request, tmp_path_factory):
    """Our weights and estimates, and R's, of one case."""
    folder, config = request.param
    out = tmp_path_factory.mktemp("out")
    inputs = HERE / folder
    run(inputs / "responses.csv", inputs / "margins.csv", inputs / f"config{config}.yaml", out)
    ours = read(out / "weights.csv"), read(out / "estimates.csv")
    theirs = (
        read(inputs / f"golden_weights{config}.csv"),
        read(inputs / f"golden_estimates{config}.csv").set_index(KEY).sort_index(),
    )
    return *ours, *theirs


def test_weights_are_those_of_rake(compared):
    weights, _, golden, _ = compared
    assert list(weights.columns) == ["id", "weight"]
    assert list(weights["id"]) == list(golden["id"])
    np.testing.assert_allclose(weights["weight"], golden["weight"], rtol=RELATIVE)


def test_estimates_are_those_of_svymean_and_svyby(compared):
    _, estimates, _, golden = compared
    answered = estimates[estimates["n"] > 0].set_index(KEY).sort_index()
    assert list(answered.index) == list(golden.index)
    ours, theirs = answered[NUMBERS].astype(float), golden[NUMBERS].astype(float)
    # R's logit interval overflows with one degree of freedom (README.md); ours does not.
    ours.loc[theirs["logit_lower"].isna() & (ours["n"] == 2), ["logit_lower", "logit_upper"]] = np.nan
    np.testing.assert_allclose(ours, theirs, rtol=RELATIVE, atol=1e-12)


def test_wald_intervals_are_those_of_svyciprop_mean(compared):
    _, estimates, _, golden = compared
    ours = estimates.set_index(KEY).loc[golden.index]
    lower, upper = wald_interval(ours["estimate"], ours["se"] ** 2, ours["n"] - 1)
    usual = golden["mean_lower"].notna().to_numpy()
    assert usual.sum() >= 5
    np.testing.assert_allclose(lower[usual], golden["mean_lower"][usual], rtol=RELATIVE, atol=1e-12)
    np.testing.assert_allclose(upper[usual], golden["mean_upper"][usual], rtol=RELATIVE, atol=1e-12)


def test_the_awkward_case_is_awkward():
    golden = read(HERE / "awkward" / "golden_estimates_pooled.csv")
    proportions = golden[golden["item"] == "yes"].set_index("area")
    assert proportions.loc["YES", "estimate"] == 1
    assert proportions.loc["NO", "estimate"] == 0
    assert proportions.loc["ONE", "n"] == 1
    assert "SILENT" not in proportions.index
    people = read(HERE / "awkward" / "responses.csv").astype(str)
    assert people[(people["age"] == "16-24") & (people["tenure"] == "owned")].empty


def test_the_skewed_case_is_skewed():
    weights = read(HERE / "skewed" / "golden_weights.csv")["weight"]
    assert len(weights) * (weights**2).sum() / weights.sum() ** 2 > 2
    people = read(HERE / "skewed" / "responses.csv")
    assert people[["age", "sex", "tenure", "eth", "life_sat", "belong"]].isna().any().all()


@pytest.mark.r
def test_r_still_makes_the_golden_files(tmp_path):
    assert R_SCRIPT is not None, "R is not installed: apt-get install r-base-core r-cran-survey"
    subprocess.run([R_SCRIPT, HERE / "golden.R", HERE, tmp_path], check=True, capture_output=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("golden_*.csv"))
    assert made == sorted(path.relative_to(HERE) for path in HERE.rglob("golden_*.csv"))
    assert len(made) > 2 * len(CASES)
    for path in made:  # logit intervals come from iterations that stop at 1e-8
        pd.testing.assert_frame_equal(read(tmp_path / path), read(HERE / path), rtol=1e-9, atol=1e-12)


def test_the_inputs_are_those_of_the_script():
    """The data are made by make_inputs.py; nobody edited them by hand."""
    names: dict[str, object] = {"__file__": str(HERE / "make_inputs.py"), "__name__": "make_inputs"}
    exec(compile((HERE / "make_inputs.py").read_text(encoding="utf-8"), "make_inputs.py", "exec"), names)
    for case in ("ordinary", "skewed", "awkward", "clustered"):
        made = names[case]().to_csv(index=False, lineterminator="\n")  # type: ignore[operator]
        assert made == (HERE / case / "responses.csv").read_text(encoding="utf-8")
