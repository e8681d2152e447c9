"""Ways of answering against R's survey package, on the files in this folder (README.md)."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import modes
from analysis.build import Policy
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, count
from tests.unit.analysis.samples import built

HERE = Path(__file__).parent
R_SCRIPT = shutil.which("Rscript")
DECIMALS = 12
TOLERANCE = 1e-8


def responses() -> pd.DataFrame:
    rows = pd.read_csv(HERE / "responses.csv", dtype={"age": str}, keep_default_na=False)
    frame = pd.DataFrame({AREA: rows["area"], MODE: rows["mode"], MARGIN_PREFIX + "age": rows["age"]})
    frame = frame.astype("category")
    frame["life"] = pd.to_numeric(rows["life"]).fillna(-2).astype(np.int8)
    frame["warm"] = rows["warm"].astype(np.int8)
    return frame


def test_every_mode_and_difference_is_what_r_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weighted, estimated, tested and adjusted as for a release, but not rounded."""
    monkeypatch.setattr(modes, "P_DECIMALS", DECIMALS)
    people = responses()
    made = built(
        count(people, ["age"]),
        of_mode=lambda mode: count(people[people[MODE] == mode], ["age"]),
        policy=replace(Policy(), mean_decimals=DECIMALS, percentage_decimals=DECIMALS),
    )
    compared = made.release.modes_compared
    assert compared is not None
    ours = pd.DataFrame([(f.indicator, f.mode, f.value, f.difference, f.p, f.q) for f in compared.figures])
    ours.columns = ["indicator", "mode", "value", "difference", "p", "q"]
    ours = ours.set_index(["indicator", "mode"]).astype(float).sort_index()
    theirs = pd.read_csv(HERE / "golden.csv", index_col=["indicator", "mode"]).sort_index()
    assert list(ours.index) == list(theirs.index)
    for column in ours:
        np.testing.assert_allclose(ours[column], theirs[column], rtol=TOLERANCE, err_msg=str(column))


@pytest.mark.r
@pytest.mark.skipif(R_SCRIPT is None, reason="needs R with the package survey")
def test_the_golden_file_is_what_r_writes(tmp_path: Path) -> None:
    assert R_SCRIPT is not None
    subprocess.run([R_SCRIPT, str(HERE / "golden.R"), str(HERE), str(tmp_path)], check=True)
    written, kept = (pd.read_csv(folder / "golden.csv") for folder in (tmp_path, HERE))
    assert written[["indicator", "mode"]].equals(kept[["indicator", "mode"]])
    for column in ("value", "se", "difference", "p", "q"):
        np.testing.assert_allclose(written[column], kept[column], rtol=1e-9)
