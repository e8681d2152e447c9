"""Every engine counts a snapshot as a plain-Python counter does, and as every other engine, row for row."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import answer_counts, counting, engines, snapshot, tallies
from analysis.engines import ENGINES, EngineError, arrays
from analysis.snapshot import SnapshotError, SnapshotRow
from analysis.tallies import MISSING_CODES, Tallies
from questionnaires.answers import Answer, Missing
from questionnaires.model import Item, Purpose, Section
from tests.unit.analysis.samples import questionnaire

SURVEY = replace(
    questionnaire(),
    sections=(
        *questionnaire().sections,
        Section(
            code="more",
            title="More",
            items=(
                Item(
                    code="earned",
                    kind="integer",
                    text="Earned",
                    purpose=Purpose.CONTEXT,
                    minimum=0,
                    maximum=40_000,
                ),
            ),
        ),
    ),
)
QUICK = ["numpy", "duckdb"]
ITEMS = ("life", "warm", "age_band", "earned")
MISSING = [Missing.NOT_ANSWERED, Missing.PREFER_NOT_TO_SAY, Missing.INVALID_MARK, None]

Person = tuple[str, str, str, Answer | Missing | None, Answer | Missing | None, Answer | Missing | None]
PERSON = st.tuples(
    st.sampled_from(["N1", "N2", "S1", "nowhere known", "it's", ""]),
    st.sampled_from(["web", "paper"]),
    st.sampled_from(["young", "old", ""]),
    st.one_of(st.integers(0, 10), st.sampled_from(MISSING)),
    st.one_of(st.integers(1, 3), st.sampled_from(MISSING)),
    st.one_of(st.integers(0, 40_000), st.sampled_from(MISSING)),
)
PARTS = st.lists(st.lists(PERSON, max_size=12), max_size=4)


def submitted(parts: list[list[Person]]) -> list[list[SnapshotRow]]:
    rows: list[list[SnapshotRow]] = []
    number = 0
    for part in parts:
        rows.append([])
        for area, mode, age, *given_answers in part:
            number += 1
            answers = dict(zip(("life", "warm", "earned"), given_answers, strict=True))
            rows[-1].append(
                SnapshotRow(
                    id=f"r{number}",
                    sequence=number,
                    area=area,
                    mode=mode,
                    language="en",
                    cell={"age": age},
                    answers={code: answer for code, answer in answers.items() if answer is not None},
                )
            )
    return rows


def written(folder: Path, parts: list[list[SnapshotRow]]) -> Path:
    for part in parts or [[]]:
        snapshot.append(folder, part, SURVEY)
    return folder


def plain(rows: list[SnapshotRow], margin: bool = True) -> tuple[Counter, Counter]:
    """Respondents and answers counted one person at a time."""
    respondents: Counter = Counter()
    answers: Counter = Counter()
    for row in rows:
        age = (row.cell["age"],) if margin else ()
        respondents[(row.area, row.mode, *age)] += 1
        for item in ITEMS:
            answer = row.answers.get(item, Missing.NOT_ASKED)
            code = MISSING_CODES[answer.value] if isinstance(answer, Missing) else answer
            answers[(row.area, *age, item, code)] += 1
    return respondents, answers


def spelt(found: Tallies) -> tuple[Counter, Counter]:
    """The same, from tallies."""
    cells = [tuple(row) for row in found.cells.itertuples(index=False)]
    respondents = Counter({(r.area, r.mode, *cells[r.cell]): r.n for r in found.respondents.itertuples()})
    answers = Counter({(r.area, *cells[r.cell], r.item, r.code): r.n for r in found.answers.itertuples()})
    assert len(respondents) == len(found.respondents), "no row twice"
    assert len(answers) == len(found.answers)
    assert (found.respondents["n"] > 0).all()
    assert (found.answers["n"] > 0).all()
    return respondents, answers


def same(one: Tallies, other: Tallies) -> None:
    assert_frame_equal(one.cells, other.cells)
    assert_frame_equal(one.respondents, other.respondents)
    assert_frame_equal(one.answers, other.answers)


@pytest.fixture(params=QUICK)
def engine(request: pytest.FixtureRequest) -> str:
    needed(request.param)
    return request.param


def needed(name: str) -> None:
    """Skip, saying what is missing. With CI=true a skipped test fails the run."""
    if importlib.util.find_spec(ENGINES[name].library) is None:
        pytest.skip(f"{name} is not counted with: {ENGINES[name].library} is not installed")


@settings(max_examples=25)
@given(PARTS, st.sets(st.integers(1, 40), max_size=10))
def test_engines_equal_a_plain_counter_before_and_after_withdrawals(
    parts: list[list[Person]], withdrawn: set[int]
) -> None:
    for name in QUICK:
        needed(name)
    rows = submitted(parts)
    with tempfile.TemporaryDirectory() as temporary:
        folder = written(Path(temporary) / "it's a snapshot", rows)
        everyone = [row for part in rows for row in part]
        found = [engines.tally(folder, engine=name) for name in QUICK]
        assert spelt(found[0]) == plain(everyone)
        for other in found[1:]:
            same(found[0], other)
        assert spelt(engines.tally(folder, [])) == plain(everyone, margin=False)

        snapshot.remove(folder, [f"r{number}" for number in withdrawn])
        left = [row for row in everyone if row.sequence not in withdrawn]
        again = [engines.tally(folder, engine=name) for name in QUICK]
        assert spelt(again[0]) == plain(left)
        for other in again[1:]:
            same(again[0], other)


@settings(max_examples=20)
@given(st.lists(PERSON, min_size=1, max_size=30), st.integers(1, 4), st.randoms(use_true_random=False))
def test_neither_shards_nor_the_order_of_rows_matters(
    people: list[Person], shards: int, random: object
) -> None:
    rows = submitted([people])[0]
    shuffled = [replace(row, sequence=i) for i, row in enumerate(random.sample(rows, len(rows)), start=1)]
    with tempfile.TemporaryDirectory() as temporary:
        whole = engines.tally(written(Path(temporary) / "whole", [rows]))
        same(engines.tally(written(Path(temporary) / "shuffled", [shuffled])), whole)
        counted = [
            engines.tally(written(Path(temporary) / f"{i}", [rows[i::shards]]))
            for i in range(shards)
            if rows[i::shards]
        ]
    merged = tallies.merge(counted)
    assert spelt(merged) == spelt(whole) == plain(rows)


@settings(max_examples=20)
@given(st.lists(PERSON, min_size=1, max_size=30), st.sampled_from([0, 40, 20_000_000]))
def test_neither_batches_nor_counting_by_sorting_changes_a_count(people: list[Person], limit: int) -> None:
    parts = submitted([people[:5], people[5:6], people[6:]])
    rows = [row for part in parts for row in part]
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        folder = written(Path(temporary), [part for part in parts if part])
        whole = engines.tally(folder)
        patch.setattr(arrays, "BATCH", 6)
        patch.setattr(arrays, "DECODED", 20)
        patch.setattr(answer_counts, "DENSE_LIMIT", limit)
        same(engines.tally(folder), whole)
        same(tallies.count(snapshot.read(folder), ["age"]), whole)
    assert spelt(whole) == plain(rows)


def test_an_empty_snapshot_has_no_counts(engine: str, tmp_path: Path) -> None:
    found = engines.tally(written(tmp_path, []), engine=engine)
    assert spelt(found) == (Counter(), Counter())
    assert list(found.cells.columns) == ["age"]


def test_a_snapshot_of_missing_answers_is_counted_as_such(engine: str, tmp_path: Path) -> None:
    nobody = ("", "web", "", Missing.NOT_ANSWERED, None, Missing.PREFER_NOT_TO_SAY)
    rows = submitted([[nobody] * 3, [nobody] * 2])
    found = engines.tally(written(tmp_path, rows), engine=engine)
    assert spelt(found)[1] == Counter(
        {
            ("", "", "life", -2): 5,
            ("", "", "warm", -1): 5,
            ("", "", "age_band", -1): 5,
            ("", "", "earned", -3): 5,
        }
    )


def test_some_items_only_and_respondents_whole(engine: str, tmp_path: Path) -> None:
    written(tmp_path, submitted([[("N1", "web", "old", 7, 2, 5), ("S1", "paper", "", 6, 1, None)]]))
    found = engines.tally(tmp_path, items=["warm"], engine=engine)
    assert set(found.answers["item"]) == {"warm"}
    assert int(found.respondents["n"].sum()) == 2
    assert len(engines.tally(tmp_path, items=[], engine=engine).answers) == 0


def test_the_people_of_one_mode_only(engine: str, tmp_path: Path) -> None:
    people: list[Person] = [
        ("N1", "web", "old", 7, 2, 5),
        ("N1", "paper", "old", 7, 1, None),
        ("S1", "paper", "", 6, 1, 40),
    ]
    rows = submitted([people, [("N1", "paper", "young", 1, None, None)]])
    folder = written(tmp_path, rows)
    everyone = [row for part in rows for row in part]
    found = {mode: engines.tally(folder, mode=mode, engine=engine) for mode in ("web", "paper")}
    for mode, counted in found.items():
        assert spelt(counted) == plain([row for row in everyone if row.mode == mode])
    assert spelt(tallies.merge(list(found.values()))) == plain(everyone)


@settings(max_examples=20)
@given(st.lists(PERSON, min_size=1, max_size=20), st.sampled_from([0, 40, 20_000_000]))
def test_areas_left_out_merged_and_counted_again_are_the_same_densely_and_by_sorting(
    people: list[Person], limit: int
) -> None:
    rows = submitted([people])[0]
    kept = {"N1", "it's", ""}
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer_counts, "DENSE_LIMIT", limit)
        whole = engines.tally(written(Path(temporary), [rows]))
    inside = tallies.in_areas(whole, kept)
    assert spelt(inside) == plain([row for row in rows if row.area in kept])
    outside = tallies.in_areas(whole, {row.area for row in rows} - kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer_counts, "DENSE_LIMIT", limit)
        assert spelt(tallies.merge([inside, outside])) == plain(rows)


def test_one_item_s_rows_are_those_of_the_long_table(engine: str, tmp_path: Path) -> None:
    people = [("N1", "web", "old", 7, 2, 5), ("S1", "paper", "", 6, None, 31_000), ("N1", "web", "", 7, 1, 5)]
    found = engines.tally(written(tmp_path, submitted([people])), engine=engine)
    for item in ITEMS:
        long = found.answers[found.answers["item"] == item].drop(columns="item").reset_index(drop=True)
        rows = found.given.rows_of(item)
        assert rows is not None
        assert_frame_equal(rows, long)
    assert found.given.rows_of("never asked") is None


def test_what_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, submitted([[("N1", "web", "old", 7, 2, 5)]]))
    with pytest.raises(KeyError, match="colour, sex"):
        engines.tally(tmp_path, ["sex"], ["colour"])
    with pytest.raises(EngineError, match=r"'abacus'.*numpy, duckdb, spark"):
        engines.tally(tmp_path, engine="abacus")
    monkeypatch.setitem(ENGINES, "duckdb", replace(ENGINES["duckdb"], library="not_installed_here"))
    with pytest.raises(EngineError, match=r"hereabouts\[duckdb\]"):
        engines.tally(tmp_path, engine="duckdb")


def test_no_engine_counts_an_altered_part(engine: str, tmp_path: Path) -> None:
    written(tmp_path, submitted([[("N1", "web", "old", 7, 2, 5)]]))
    part = next(tmp_path.glob("part-*"))
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    with pytest.raises(SnapshotError, match="altered"):
        engines.tally(tmp_path, engine=engine)


def test_naming_engines_loads_none_of_them() -> None:
    code = "import sys, analysis.engines as e; e.check('numpy'); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_more_groups_than_were_met_in_the_first_batch_keep_every_count() -> None:
    """Groups are numbered as they come: a later batch may bring areas that sort before the first ones."""
    axis = counting.Axis(["A", "B", "C"])
    held = counting.Counting(axis, counting.Axis(["web"]), {}, {"x": (0, 1)})
    for area in (2, 0, 1, 0):
        codes = pd.Series([area]).to_numpy()
        held.add({"response.area": codes, "response.mode": codes * 0}, [("x", codes % 2)])
    found = held.tallies().answers
    assert list(zip(found["area"], found["code"], found["n"], strict=True)) == [
        ("A", 0, 2),
        ("B", 1, 1),
        ("C", 0, 1),
    ]


def test_the_documented_query_counts_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed("duckdb")
    import duckdb

    written(tmp_path, submitted([[("S1", "web", "old", 7, 2, 5)], [("N1", "web", "", 7, 2, 5)] * 2]))
    text = (Path(__file__).parents[3] / "docs" / "snapshot.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(text.split("```sql")[1].split("```")[0]).fetchall()
    assert rows == [("N1", 2), ("S1", 1)]


@pytest.fixture
def spark() -> Iterator[None]:
    needed("spark")
    if shutil.which("java") is None:
        pytest.skip("Spark is not counted with: there is no Java")
    yield
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_spark_counts_the_same_files_to_the_last_answer(spark: None, tmp_path: Path) -> None:
    people = [
        (
            ("N1", "N2", "S1", "it's", "")[i % 5],
            ("web", "paper")[i % 3 == 0],
            ("young", "old", "")[i % 7 % 3],
            Missing.NOT_ANSWERED if i % 11 == 0 else i % 11,
            None if i % 13 == 0 else 1 + i % 3,
            i * 199,
        )
        for i in range(200)
    ]
    rows = submitted([people[:120], people[120:]])
    folder = written(tmp_path / "a folder", rows)
    snapshot.remove(folder, ["r5", "r150"])
    found = engines.tally(folder, engine="spark")
    assert spelt(found) == plain([r for part in rows for r in part if r.id not in ("r5", "r150")])
    same(found, engines.tally(folder))
