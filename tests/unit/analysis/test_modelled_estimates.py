"""The key `small_area` of the estimate command: what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.__main__ import main
from analysis.faults import RefusedError
from analysis.modelled_estimates import AREA_COLUMNS
from analysis.small_area import small_areas
from analysis.standalone import run

CONFIG = """\
id: rid
area: area
margins: {sex: [sex]}
items:
  life_sat: {statistic: mean}
  warm: {statistic: proportion, codes: [1]}
  middle: {item: life_sat, statistic: median}
small_area: {items: [life_sat, warm], covariates: [imd]}
"""
AREAS = 14


class Inputs:
    """900 people in 14 of 15 areas; people in deprived areas are less satisfied."""

    def __init__(self, folder: Path):
        self.folder = folder
        draw = np.random.default_rng(12)
        imd = np.linspace(-1.5, 1.5, AREAS)
        at = np.minimum(draw.geometric(0.12, 900) - 1, AREAS - 1)
        life = np.clip(np.rint(7 - 0.6 * imd[at] + draw.normal(0, 2, 900)), 0, 10)
        people = pd.DataFrame(
            {
                "rid": np.arange(900),
                "area": [f"N{i + 1}" for i in at],
                "sex": draw.choice(["F", "M"], 900, p=[0.6, 0.4]),
                "life_sat": life.astype(int),
                "warm": (draw.random(900) < 0.5 - 0.1 * imd[at]).astype(int),
            }
        )
        people.to_csv(folder / "R.csv", index=False)
        (folder / "M.csv").write_text("margin,level,count\nsex,F,500\nsex,M,500\n")
        names = [f"N{i + 1}" for i in range(AREAS)] + ["N99"]
        pd.DataFrame({"area": names, "other": 1, "imd": [*imd, 0.7]}).to_csv(folder / "X.csv", index=False)
        self.config()

    def config(self, small_area: str = "") -> Inputs:
        lines = CONFIG.splitlines()
        lines[-1] = small_area or lines[-1]
        (self.folder / "C.yaml").write_text("\n".join(lines) + "\n")
        return self

    def run(self, covariates: bool = True, **options):
        given = (self.folder / name for name in ("R.csv", "M.csv", "C.yaml", "out"))
        return run(*given, covariates=self.folder / "X.csv" if covariates else None, **options)

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / "out" / name)


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return Inputs(tmp_path)


def refused(inputs: Inputs, **options) -> str:
    with pytest.raises(RefusedError) as caught:
        inputs.run(**options)
    assert not (inputs.folder / "out").exists()
    return str(caught.value)


def test_every_area_of_the_covariates_has_a_modelled_value(inputs: Inputs) -> None:
    inputs.run()
    table, estimates = inputs.table("small_areas.csv"), inputs.table("estimates.csv")
    assert list(table.columns) == AREA_COLUMNS
    assert table.groupby("item").size().to_dict() == {"life_sat": AREAS + 1, "warm": AREAS + 1}
    assert set(table["marker"]) == {"modelled"}
    assert ((table["lower"] < table["modelled"]) & (table["modelled"] < table["upper"])).all()
    empty = table[table["area"] == "N99"]
    assert empty["direct"].isna().all()
    assert (empty["shrinkage"] == 0).all()
    merged = table.merge(estimates, on=["area", "wave", "item"])
    np.testing.assert_allclose(merged["direct"], merged["estimate"], rtol=1e-12)
    assert (merged["mse"] < merged["direct_se"] ** 2 * 1.05).all()


def test_modelled_areas_come_to_the_estimate_of_all(inputs: Inputs) -> None:
    inputs.run()
    table = inputs.table("small_areas.csv").merge(
        inputs.table("estimates.csv"), on=["area", "wave", "item"], suffixes=("", "_direct")
    )
    everyone = inputs.table("estimates.csv").query("area == 'all'").set_index("item")["estimate"]
    for item, rows in table.groupby("item"):
        total = float(np.average(rows["modelled"], weights=rows["weighted_n"]))
        assert total == pytest.approx(everyone[item], rel=1e-9)


def test_the_table_is_what_the_function_gives(inputs: Inputs) -> None:
    inputs.config("small_area: {items: [life_sat], covariates: [imd], model: reml, benchmark: ratio}").run()
    table = inputs.table("small_areas.csv")
    rows = inputs.table("estimates.csv").query("item == 'life_sat'").set_index("area")
    here = rows.reindex(table["area"])
    found = small_areas(
        here["estimate"],
        here["se"] ** 2,
        here["effective_n"].fillna(0),
        {"imd": pd.read_csv(inputs.folder / "X.csv")["imd"]},
        target=float(rows.loc["all", "estimate"]),
        share=here["weighted_n"].fillna(0),
        model="reml",
        benchmark="ratio",
    )
    for column in ("modelled", "mse", "lower", "upper", "shrinkage"):
        np.testing.assert_allclose(table[column], getattr(found, column), rtol=1e-9)
    model = inputs.table("small_area_models.csv").iloc[0]
    assert (model["model"], model["benchmark"], model["sampled"], model["unsampled"]) == (
        "reml",
        "ratio",
        AREAS,
        1,
    )
    assert model["a"] == pytest.approx(found.diagnostics.a)
    assert model["coefficients"].startswith("constant ")


def test_without_covariates_areas_are_drawn_to_the_mean(inputs: Inputs) -> None:
    inputs.config("small_area: {items: [life_sat]}").run(covariates=False)
    table = inputs.table("small_areas.csv")
    assert len(table) == AREAS
    assert table["modelled"].std() < table["direct"].std()


def test_modelled_areas_are_not_released(inputs: Inputs) -> None:
    written = inputs.run(release=True)
    assert [path.name for path in written.files] == ["estimates.csv"]
    assert any("not released" in note for note in written.notes)


def test_the_command_takes_covariates(inputs: Inputs) -> None:
    given = [
        f"--{name}={inputs.folder / file}"
        for name, file in (
            ("responses", "R.csv"),
            ("margins", "M.csv"),
            ("config", "C.yaml"),
            ("covariates", "X.csv"),
            ("out", "out"),
        )
    ]
    result = CliRunner().invoke(main, ["estimate", *given])
    assert result.exit_code == 0, result.output
    assert "small_areas.csv" in result.output
    assert "small_area_models.csv" in result.output


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("small_area: yes please", '"small_area" says nothing'),
        ("small_area: {items: [other], covariates: [imd]}", '"other" is not one of the items'),
        ("small_area: {items: [middle], covariates: [imd]}", "it is a median"),
        ("small_area: {covariates: [imd]}", "No item is to be modelled"),
        ("small_area: {items: life_sat}", '"items" is not a list'),
        ("small_area: {items: [warm, warm]}", "names one twice"),
        ("small_area: {items: [warm], model: magic}", 'no model "magic"'),
        ("small_area: {items: [warm], benchmark: magic}", "difference, ratio, none"),
        ("small_area: {items: [warm], prior: flat}", '"prior" is not a key'),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_at_its_line(inputs: Inputs, key: str, said: str) -> None:
    text = refused(inputs.config(key))
    assert said in text
    assert "C.yaml row 8" in text


def test_covariates_go_with_the_plan(inputs: Inputs) -> None:
    assert "Give it with --covariates" in refused(inputs, covariates=False)
    assert "leave --covariates out" in refused(inputs.config("small_area: {items: [warm]}"))


def test_everything_wrong_with_the_covariates_is_said_at_once(inputs: Inputs) -> None:
    (inputs.folder / "X.csv").write_text("area,imd\nN1,1\nN1,2\n,3\nN2,high\nN3,\nN4,inf\n")
    text = refused(inputs)
    for said in (
        'row 3: The area "N1" is already in row 2',
        "row 4: The area is empty",
        'row 5: "high" in column imd is not a number',
        'row 6: "" in column imd',
        'row 7: "inf" in column imd',
        "have no row: N10, N11, N12, N13, N14 and 5 more",
    ):
        assert said in text
    (inputs.folder / "X.csv").write_text("area,deprivation\nN1,1\n")
    assert 'There is no column "imd". The header has: area, deprivation.' in refused(inputs)


def test_a_model_that_fails_is_refused_with_its_item(inputs: Inputs) -> None:
    frame = pd.read_csv(inputs.folder / "X.csv").assign(imd=1.0)
    frame.to_csv(inputs.folder / "X.csv", index=False)
    text = refused(inputs)
    assert '"life_sat" cannot be modelled: The covariates say the same thing twice. Leave one out.' in text
    assert '"warm" cannot be modelled' in text
