"""Groups, changes, further statistics, design weights, clusters and the jackknife against R (README.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.standalone import run

HERE = Path(__file__).parent
KEYS = {
    "weights": ["id"],
    "estimates": ["area", "wave", "item"],
    "groups": ["area", "wave", "item", "group", "level"],
    "changes": ["area", "item", "from_wave", "to_wave"],
}
CASES = {
    ("ordinary", ""): ["groups"],
    ("skewed", ""): ["groups"],
    ("awkward", "_pooled"): ["groups"],
    ("awkward", "_by_wave"): ["groups", "changes"],
    ("ordinary", "_statistics"): ["estimates", "groups"],
    ("skewed", "_statistics"): ["estimates", "groups"],
    ("awkward", "_statistics"): ["estimates", "changes"],
    ("skewed", "_capped"): ["weights", "estimates"],
    ("ordinary", "_jackknife"): ["estimates", "groups"],
    ("clustered", ""): ["weights", "estimates", "groups"],
    ("clustered", "_design"): ["weights", "estimates", "groups"],
}
TABLES = [(*case, kind) for case, kinds in CASES.items() for kind in kinds]
LOGIT = ["logit_lower", "logit_upper"]
OF_MEDIANS = ["estimate", "se", "woodruff_lower", "woodruff_upper"]
RELATIVE = 1e-8
RELATIVE_OF_LOGIT = 1e-6  # svyciprop fits a glm, whose iterations stop at 1e-8


def read(path: Path, kind: str) -> pd.DataFrame:
    labels = dict.fromkeys(KEYS[kind], str)
    header = pd.read_csv(path, nrows=0).columns
    empty = {column: [""] for column in header if column not in labels}
    table = pd.read_csv(path, dtype=labels, keep_default_na=False, na_values=empty)
    return table.set_index(KEYS[kind]).sort_index()


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder that a case was run into, each once."""
    folders: dict[tuple[str, str], Path] = {}

    def of(folder: str, config: str) -> Path:
        if (folder, config) not in folders:
            out = tmp_path_factory.mktemp(f"{folder}{config}")
            inputs = HERE / folder
            run(inputs / "responses.csv", inputs / "margins.csv", inputs / f"config{config}.yaml", out)
            folders[folder, config] = out
        return folders[folder, config]

    return of


@pytest.fixture(params=TABLES, ids=lambda case: "-".join(part or "plain" for part in case))
def tables(request, ran):
    """Ours and R's, of the domains with an answer, in the same order."""
    folder, config, kind = request.param
    ours = read(ran(folder, config) / f"{kind}.csv", kind)
    theirs = read(HERE / folder / f"golden_{kind}{config}.csv", kind)
    return (ours[ours["n"] > 0] if "n" in ours else ours), theirs


def test_every_number_is_that_of_r(tables):
    ours, theirs = tables
    assert list(ours.index) == list(theirs.index)
    for column in theirs:
        if column not in ours:
            assert theirs[column].isna().all(), column  # such as clusters, where nobody is in any
            continue
        given = theirs[column].notna().to_numpy()
        tolerance = RELATIVE_OF_LOGIT if column in LOGIT else RELATIVE
        np.testing.assert_allclose(
            ours[column][given].astype(float),
            theirs[column][given].astype(float),
            rtol=tolerance,
            atol=1e-12,
            err_msg=column,
        )


def test_where_r_has_no_number_neither_have_we(tables):
    """But for two faults of survey 4.1, which are in the README."""
    ours, theirs = tables
    for column in set(theirs) & set(ours):
        only_ours = theirs[column].isna() & ours[column].notna()
        if column in LOGIT:
            people = ours["clusters"] if "clusters" in ours else ours["n"]
            only_ours &= people != 2  # one degree of freedom
        elif column in OF_MEDIANS and "item" in ours.index.names:
            only_ours &= ours.index.get_level_values("item") != "middle"
        assert not only_ours.any(), (column, ours[only_ours])


@pytest.mark.parametrize(("folder", "config"), [("ordinary", "_statistics"), ("skewed", "_statistics")])
def test_hardly_any_median_is_left_out(folder, config):
    theirs = read(HERE / folder / f"golden_groups{config}.csv", "groups")
    medians = theirs[theirs.index.get_level_values("item") == "middle"]
    assert len(medians) > 20
    assert medians["estimate"].isna().mean() < 0.1
    assert (medians["n"][medians["estimate"].isna()] < 10).all()


def test_what_the_cases_try():
    """Areas of one person, all yes, one cluster; empty combinations; waves that cannot be tested."""
    groups = read(HERE / "skewed" / "golden_groups.csv", "groups")
    assert (groups["n"] == 1).sum() > 20
    assert ((groups["estimate"] == 1) & (groups["n"] > 3)).any()
    found = groups.reset_index()
    possible = found["area"].nunique() * found["item"].nunique() * found.groupby("group")["level"].nunique()
    assert len(groups) < possible.sum()
    clustered = read(HERE / "clustered" / "golden_estimates.csv", "estimates")
    assert clustered["clusters"].min() == 1
    assert clustered["jackknife_se"].isna().any()
    design = read(HERE / "clustered" / "golden_estimates_design.csv", "estimates")
    both = clustered.index.intersection(design.index)
    # streets share their mood: forgetting them claims too much
    ratio = clustered.loc[both, "se"] / design.loc[both, "se"]
    assert ratio[("all", "all", "life_sat")] > 1.2
    changes = read(HERE / "awkward" / "golden_changes_by_wave.csv", "changes")
    assert changes["p"].isna().any()
    assert (changes["adjusted_p"] >= changes["p"])[changes["p"].notna()].all()
