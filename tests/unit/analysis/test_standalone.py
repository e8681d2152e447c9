"""The estimate command on files: what it writes, what it refuses, and what it says."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.__main__ import main
from analysis.faults import RefusedError
from analysis.standalone import run

CONFIG = """\
id: rid
area: area
margins: {"age:sex": [age, sex], tenure: [tenure]}
items:
  life_sat: {statistic: mean}
  belong45: {item: belong, statistic: proportion, codes: [4, 5]}
"""
MARGINS = """\
margin,level,count
age:sex,young:F,300
age:sex,young:M,200
age:sex,old:F,300
age:sex,old:M,200
tenure,own,600
tenure,rent,400
"""
RESPONSES = """\
rid,area,age,sex,tenure,life_sat,belong,notes
p1,N1,young,F,own,7,4,"a, b"
p2,N1,young,M,rent,8,2,
p3,N1,old,F,own,,5,"two
lines"
p4,N2,old,M,rent,6,,
p5,N2,old,F,rent,10,5,
p6,N2,young,F,,5,1,
p7,,old,M,own,9,3,
"""


class Files:
    """The three inputs in a folder, any of them changed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.out = folder / "out"
        self.write(RESPONSES, MARGINS, CONFIG)

    def write(self, responses: str | None = None, margins: str | None = None, config: str | None = None):
        for name, text in (("R.csv", responses), ("M.csv", margins), ("C.yaml", config)):
            if text is not None:
                (self.folder / name).write_text(text, encoding="utf-8")
        return self

    @property
    def inputs(self) -> tuple[Path, Path, Path]:
        return self.folder / "R.csv", self.folder / "M.csv", self.folder / "C.yaml"

    def run(self, **options):
        return run(*self.inputs, self.out, **options)

    def refusals(self) -> list[tuple[str, int | None, str]]:
        """File, row and cause of everything refused; nothing may have been written."""
        with pytest.raises(RefusedError) as caught:
            self.run()
        assert not self.out.exists()
        assert all(fault.remedy for fault in caught.value.faults)
        return [(Path(f.file).name, f.row, f.cause) for f in caught.value.faults]

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.out / name, dtype={"area": str, "wave": str, "id": str})


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def test_it_writes_weights_in_the_order_of_the_responses(files):
    files.run()
    weights = files.table("weights.csv")
    assert list(weights.columns) == ["id", "weight"]
    assert list(weights["id"]) == [f"p{i}" for i in range(1, 8)]
    assert weights["weight"].mean() == pytest.approx(1)


def test_weights_reach_crossed_margins_and_keep_the_not_stated(files):
    files.run()
    people = pd.read_csv(files.folder / "R.csv").assign(weight=files.table("weights.csv")["weight"])
    crossed = people.groupby(people["age"] + ":" + people["sex"])["weight"].sum() / 7
    assert crossed.to_dict() == pytest.approx({"young:F": 0.3, "young:M": 0.2, "old:F": 0.3, "old:M": 0.2})
    # one of seven did not state tenure; the rest divide 60 : 40
    tenure = people.groupby(people["tenure"].fillna(""))["weight"].sum()
    assert tenure.to_dict() == pytest.approx({"own": 3.6, "rent": 2.4, "": 1.0})


def test_estimates_have_the_promised_columns_and_totals(files):
    files.run()
    found = files.table("estimates.csv")
    promised = ["area", "wave", "item", "n", "effective_n", "estimate", "se", "lower", "upper"]
    assert list(found.columns)[:9] == promised
    assert list(found.columns)[9:] == ["weighted_n", "logit_lower", "logit_upper"]
    rows = found.set_index(["item", "area"])
    assert list(rows.index) == [
        (item, area) for item in ("life_sat", "belong45") for area in ("all", "N1", "N2")
    ]
    assert set(found["wave"]) == {"all"}
    # six answered life_sat, one of them (p7) from no known area
    assert rows.loc["life_sat", "n"].to_dict() == {"all": 6, "N1": 2, "N2": 3}
    people = pd.read_csv(files.folder / "R.csv").assign(weight=files.table("weights.csv")["weight"])
    given = people[people["life_sat"].notna()]
    assert rows.loc[("life_sat", "all"), "estimate"] == pytest.approx(
        np.average(given["life_sat"], weights=given["weight"])
    )
    assert rows.loc[("life_sat", "all"), "weighted_n"] == pytest.approx(given["weight"].sum())


def test_the_margins_report_shows_before_and_after(files):
    files.run()
    report = files.table("margins.csv").set_index(["margin", "level"])
    row = report.loc[("age:sex", "young:F")]
    assert (row["respondents"], row["target_share"], row["weighted_share"]) == pytest.approx((2, 0.3, 0.3))


def test_the_order_of_responses_changes_nothing(files):
    lines = RESPONSES.replace('"two\nlines"', "").splitlines()
    files.write(responses="\n".join(lines) + "\n").run()
    first = (files.out / "estimates.csv").read_bytes(), files.table("weights.csv")
    files.write(responses="\n".join([lines[0], *reversed(lines[1:])]) + "\n").run()
    assert (files.out / "estimates.csv").read_bytes() == first[0]
    pd.testing.assert_frame_equal(files.table("weights.csv")[::-1].reset_index(drop=True), first[1])


def waves(files: Files, pooled: str) -> Files:
    rows = RESPONSES.replace('"two\nlines"', "").splitlines()
    doubled = [rows[0] + ",wave"]
    doubled += [f"{wave}{row},{wave}" for wave in ("w1", "w2") for row in rows[1:]]
    doubled += ["extra,N1,young,F,own,1,1,,w2"]
    config = CONFIG + f"wave: wave\nweight_pooled_waves: {pooled}\n"
    return files.write(responses="\n".join(doubled) + "\n", config=config)


def test_waves_weighted_together_give_wave_all(files):
    waves(files, "true").run()
    assert set(files.table("estimates.csv")["wave"]) == {"all"}


def test_waves_weighted_apart_each_reach_the_margins(files):
    waves(files, "false").run()
    found = files.table("estimates.csv")
    assert set(found["wave"]) == {"w1", "w2"}
    totals = found[(found["area"] == "all") & (found["item"] == "life_sat")].set_index("wave")
    assert totals["n"].to_dict() == {"w1": 6, "w2": 7}
    weights = files.table("weights.csv")["weight"]
    assert (weights[:7].mean(), weights[7:].mean()) == pytest.approx((1, 1))


def test_every_fault_in_every_file_is_reported_at_once(files):
    files.write(
        responses="""\
rid,area,age,sex,tenure,life_sat,belong
p1,N1,young,F,own,seven,4
p1,all,young,M,rent,-9,2
,N1,old,F,boat,,5
p4,N2,old
p5,N2,old,F,rent,10,NA
p6,N2,young,F,,-9,1
""",
        margins="""\
margin,level,count
age:sex,young:F,300
age:sex,young:M,"1,200"
age:sex,old:F,300
age:sex,old:M,200
tenure,own,600
tenure,own,500
tenure,rent,400
tenure,squat,100
,x,3
""",
        config=CONFIG.replace("area: area", "area: area\nweights: w").replace(
            "codes: [4, 5]", "code: [4, 5]"
        ),
    )
    found = files.refusals()
    places = [(file, row, cause.split(":")[0] if file == "R.csv" else cause) for file, row, cause in found]
    for expected in [
        ("C.yaml", 3, '"weights" is not a key'),
        ("C.yaml", 7, '"code" is not a key of item "belong45"'),
        ("C.yaml", 7, 'Item "belong45" is a proportion without the codes'),
        ("M.csv", 3, 'The count "1,200"'),
        ("M.csv", 7, 'tenure "own" is already in row 6'),
        ("M.csv", 10, "has no name"),
        ("M.csv", 9, 'tenure "squat"'),
        ("M.csv", 5, 'age:sex "old:M"'),
        ("R.csv", 5, "The row has 3 fields where the header has 7"),
        ("R.csv", 4, "no id"),
        ("R.csv", 3, 'The id "p1" was used'),
        ("R.csv", 3, 'The area is "all"'),
        ("R.csv", 2, '"seven" in column life_sat'),
        ("R.csv", 3, '"-9" in column life_sat'),
        ("R.csv", 4, 'tenure "boat"'),
    ]:
        assert any(p[:2] == expected[:2] and expected[2] in p[2] for p in places), (expected, places)
    assert len(found) == 15
    assert "rows 7" not in str(found)
    assert any("(also row 7)" in cause for _, _, cause in found)


def test_rows_are_counted_as_a_spreadsheet_shows_them(files):
    """The header is row 1, blank lines count, and a line break inside quotes does not."""
    lines = RESPONSES.replace("p5,", "\np5,").replace("N2,young,F,,5,1", "N2,young,F,,five,1")
    assert files.write(responses=lines).refusals() == [
        ("R.csv", 8, '"five" in column life_sat is not an answer: answers are numbers, 0 or more.')
    ]


def test_blank_lines_and_a_byte_order_mark_are_no_fault(files):
    files.run()
    wanted = (files.out / "estimates.csv").read_bytes()
    files.write(
        responses="\ufeff" + RESPONSES.replace("p5,", "\np5,") + "\n\n", margins="\ufeff" + MARGINS + "\n"
    )
    files.run()
    assert (files.out / "estimates.csv").read_bytes() == wanted


def test_whole_numbers_written_as_decimals_are_the_same_codes(files):
    files.run()
    wanted = (files.out / "estimates.csv").read_bytes()
    files.write(responses=RESPONSES.replace(",7,4,", ",7.0, 4.0 ,")).run()
    assert (files.out / "estimates.csv").read_bytes() == wanted


@pytest.mark.parametrize(
    ("change", "row", "cause"),
    [
        ({"responses": ""}, 1, "The file is empty"),
        ({"responses": RESPONSES.splitlines()[0] + "\n"}, None, "nothing under it"),
        ({"responses": RESPONSES.replace(",", ";")}, 1, 'no column "rid"'),
        ({"responses": RESPONSES.replace("belong,notes", "belong,belong")}, 1, 'two columns "belong"'),
        ({"responses": RESPONSES.replace("belong", "belongs")}, 1, 'no column "belong"'),
        ({"margins": MARGINS.replace("tenure,", "housing,")}, None, 'Margin "tenure" of'),
        (
            {"margins": MARGINS.replace("600", "0").replace("400", "0")},
            None,
            'Every count of margin "tenure"',
        ),
        ({"margins": MARGINS.replace("600", "-6")}, 6, 'The count "-6"'),
        ({"config": "id: [rid"}, 1, "Not a YAML file"),
        ({"config": "- id"}, 1, "not a list of keys"),
        ({"config": CONFIG.replace("id: rid\n", "")}, None, 'The key "id" is missing'),
        ({"config": CONFIG + "id: again\n"}, 7, "Not a YAML file"),
        ({"config": CONFIG + "weight_pooled_waves: false\n"}, 7, "no wave column"),
        ({"config": CONFIG + "weight_pooled_waves: 'no'\n"}, 7, "not true or false"),
        ({"config": CONFIG + "cap: 1\n"}, 7, "not a cap"),
        ({"config": CONFIG.replace("[tenure]", "tenure")}, 3, 'Margin "tenure" has no list of columns'),
        ({"config": CONFIG.replace("[age, sex]", "[age, age]")}, 3, "names a column twice"),
        ({"config": CONFIG.replace("mean", "mode")}, 5, 'Item "life_sat" has no statistic'),
        ({"config": CONFIG.replace("mean", "mean, codes: [1]")}, 5, "which has no codes"),
        ({"config": CONFIG.replace("[4, 5]", "[4, 4]")}, 6, "names a code twice"),
        ({"config": CONFIG[: CONFIG.index("items")] + "items: {}\n"}, 4, '"items" lists nothing'),
    ],
)
def test_each_fault_has_its_place(files, change, row, cause):
    found = files.write(**change).refusals()
    assert any(at == row and cause in what for _, at, what in found), found


def test_text_that_is_not_utf_8_is_placed(files):
    (files.folder / "R.csv").write_bytes(RESPONSES.replace("p4,N2", "p4,Maldón").encode("latin-1"))
    assert files.refusals() == [("R.csv", 6, "The text is not UTF-8.")]


def test_contradictory_margins_are_refused_with_the_wave(files):
    header = "rid,area,age,sex,tenure,life_sat,belong,wave\n"
    rows = [f"r{i},N1,young,F,own,5,4,w1\nq{i},N1,old,F,rent,5,4,w1\n" for i in range(5)]
    files.write(
        responses=header + "".join(rows),
        margins="margin,level,count\nage,young,30\nage,old,70\ntenure,own,60\ntenure,rent,40\n",
        config=CONFIG.replace('"age:sex": [age, sex]', "age: [age]")
        + "wave: wave\nweight_pooled_waves: false\n",
    )
    ((file, row, cause),) = files.refusals()
    assert (file, row) == ("M.csv", 2)
    assert cause.startswith('age "young" in wave w1: After 1000 rounds')


def test_notes_say_what_may_not_be_meant(files):
    written = files.write(
        margins=MARGINS + "eth,white,5\nfaith,any,6\n", config=CONFIG.replace("5]", "5, 9]")
    ).run()
    said = "\n".join(written.notes)
    assert "Not used for weighting: eth, faith" in said
    assert "1 responses have no area" in said
    assert "Nobody gave the answer 9 counted by belong45" in said


def test_a_cap_trims(files):
    free = files.run().notes[-1]
    assert "0.0% at the cap" in free
    capped = files.write(config=CONFIG + "cap: 1.2\n").run()
    assert files.table("weights.csv")["weight"].max() == pytest.approx(1.2)
    assert "largest weight 1.20" in capped.notes[-1]


def large(files: Files, n: int = 400) -> Files:
    """Areas BIG, MID and TINY (12 people), in a seeded sample large enough to release something of."""
    rng = np.random.default_rng(3)
    area = np.array(["TINY"] * 12 + ["MID"] * 60 + ["BIG"] * (n - 72))
    frame = pd.DataFrame(
        {
            "rid": np.arange(n),
            "area": area,
            "age": rng.choice(["young", "old"], n),
            "sex": rng.choice(["F", "M"], n),
            "tenure": rng.choice(["own", "rent"], n),
            "life_sat": rng.integers(0, 11, n),
            "belong": rng.integers(1, 6, n),
        }
    )
    frame.to_csv(files.folder / "R.csv", index=False)
    return files


def test_release_hides_small_areas_and_what_would_give_them_away(files):
    large(files).run(release=True)
    found = files.table("estimates.csv")
    assert list(found.columns) == [
        "area",
        "wave",
        "item",
        "n",
        "effective_n",
        "estimate",
        "se",
        "lower",
        "upper",
        "marker",
    ]
    markers = found.set_index(["item", "area"])["marker"]
    for item in ("life_sat", "belong45"):
        # TINY has 12 answers; all - BIG - MID would give it away, so MID, the next smallest, hides with it
        assert markers[item].to_dict() == {"all": "shown", "BIG": "shown", "MID": "hidden", "TINY": "hidden"}
    hidden = found[found["marker"] == "hidden"]
    assert hidden[["n", "effective_n", "estimate", "se", "lower", "upper"]].isna().all().all()
    shown = found[found["marker"] == "shown"].set_index("item")
    assert (shown["n"] % 5 == 0).all()
    np.testing.assert_allclose(shown.loc["belong45", "estimate"] * 100 % 1, 0, atol=1e-9)
    np.testing.assert_allclose((shown.loc["life_sat", "estimate"] * 10).round(6) % 1, 0, atol=1e-9)
    assert (shown["lower"] < shown["estimate"]).all()
    assert (shown["estimate"] < shown["upper"]).all()


def test_release_writes_nothing_about_single_people(files):
    written = large(files).run(release=True)
    assert [path.name for path in files.out.iterdir()] == ["estimates.csv"]
    assert "not compared with earlier releases" in written.warning


def test_release_will_not_share_a_folder_with_weights(files):
    large(files).run()
    before = (files.out / "estimates.csv").read_bytes()
    with pytest.raises(RefusedError, match="Choose another folder"):
        files.run(release=True)
    assert (files.out / "estimates.csv").read_bytes() == before


def command(files: Files, *extra: str):
    responses, margins, config = map(str, files.inputs)
    arguments = ["--responses", responses, "--margins", margins, "--config", config, "--out", str(files.out)]
    return CliRunner().invoke(main, ["estimate", *arguments, *extra])


def test_the_command_says_its_output_is_undisclosed(files):
    result = command(files)
    assert result.exit_code == 0
    assert "undisclosed" in result.stderr
    assert "analyst's own" in result.stderr
    assert f"Wrote {files.out / 'estimates.csv'}" in result.stdout
    assert "design effect" in result.stdout


def test_the_command_refuses_with_every_reason_and_exit_code_1(files):
    result = command(files.write(responses=RESPONSES.replace("p2,", "p1,").replace(",own,", ",boat,")))
    assert result.exit_code == 1
    assert f"{files.folder / 'R.csv'} row 3: The id" in result.stderr
    assert 'tenure "boat"' in result.stderr
    assert 'M.csv row 6: tenure "own"' in result.stderr
    assert "Refused: 3 to correct. Nothing was written." in result.stderr
    assert result.stdout == ""


def test_a_folder_that_cannot_be_written_is_said_in_words(files):
    (files.folder / "taken").write_text("a file, not a folder", encoding="utf-8")
    files.out = files.folder / "taken" / "out"
    result = command(files)
    assert result.exit_code == 1
    assert "Choose another folder for --out" in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("arguments", [[], ["--responses", "none.csv"], ["--unknown"]])
def test_wrong_usage_is_exit_code_2(arguments):
    assert CliRunner().invoke(main, ["estimate", *arguments]).exit_code == 2


def test_it_runs_as_a_module_without_the_web_app(files):
    responses, margins, config = map(str, files.inputs)
    code = "import runpy, sys; runpy.run_module('analysis', run_name='__main__', alter_sys=True)"
    blocked = (
        f"import sys; sys.modules.update(flask=None, sqlmodel=None, sqlalchemy=None, survey_app=None); {code}"
    )
    arguments = ["--responses", responses, "--margins", margins, "--config", config, "--out", str(files.out)]
    done = subprocess.run(
        [sys.executable, "-c", blocked, "estimate", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (files.out / "weights.csv").exists()


def test_a_hundred_thousand_rows_take_seconds(files):
    large(files, 100_000)
    start = time.process_time()
    files.run()
    assert time.process_time() - start < 10  # about 0.5 s on a quiet machine


def test_the_worked_example_of_the_documentation(files):
    text = (Path(__file__).parents[3] / "docs" / "analysis.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", text, flags=re.DOTALL))
    ours = {"R.csv", "M.csv", "C.yaml", "weights.csv", "estimates.csv"}
    assert set(blocks) == ours | {"notebook.py", "printed.txt"}
    files.write(blocks["R.csv"], blocks["M.csv"], blocks["C.yaml"]).run()
    for name in ("weights.csv", "estimates.csv"):
        assert files.table(name).round(4).to_csv(index=False, lineterminator="\n") == blocks[name]


def test_the_notebook_example_of_the_documentation(capsys):
    text = (Path(__file__).parents[3] / "docs" / "analysis.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", text, flags=re.DOTALL))
    exec(compile(blocks["notebook.py"], "notebook.py", "exec"), {})
    assert capsys.readouterr().out == blocks["printed.txt"]


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ("groups: {sex: sex}", 'Group "sex" has no list of columns'),
        ("changes: true", "Changes are between waves that are weighted apart"),
        ("replicates: jackknife", "There is no cluster column"),
        ("replicates: {jackknife: 1}", "is not a jackknife of 2 to 1000 groups"),
        ("replicates: {jackknife: 9}\ncluster: area", "Clusters are left out one by one"),
        ("design_weight: life_sat", "Column life_sat has no design weight above 0"),
        ("cluster: street", 'There is no column "street"'),
    ],
)
def test_further_keys_are_checked(files, more, cause):
    found = files.write(config=CONFIG + more + "\n").refusals()
    assert any(cause in what for _, _, what in found), found


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ("{statistic: net, positive: [1]}", "without both its positive and its negative codes"),
        ("{statistic: net, positive: [1], negative: [1]}", "names a code twice"),
        ("{statistic: bands, bands: {all: 0}}", "has no bands, or only one"),
        ("{statistic: bands, bands: {a: 5, b: 2}}", "has bands that do not rise"),
        ("{statistic: median, codes: [1]}", "is a median, which has no codes"),
        ("{statistic: top_box}", "is a top box without the codes"),
    ],
)
def test_further_statistics_are_checked(files, entry, cause):
    found = files.write(config=CONFIG + f"  more: {entry}\n").refusals()
    assert any(cause in what for _, _, what in found), found


def test_groups_and_changes_do_not_depend_on_the_order_of_rows(files):
    waves(files, "false")
    config = (files.folder / "C.yaml").read_text() + "groups: {sex: [sex]}\nchanges: true\n"
    files.write(config=config).run()
    names = ("groups.csv", "changes.csv")
    first = [(files.out / name).read_bytes() for name in names]
    header, *rows = (files.folder / "R.csv").read_text().splitlines()
    files.write(responses="\n".join([header, *reversed(rows)]) + "\n").run()
    assert [(files.out / name).read_bytes() for name in names] == first
