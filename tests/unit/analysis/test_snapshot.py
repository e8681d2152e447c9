"""The snapshot: exact, guarded, and never half written."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from analysis import snapshot
from analysis.snapshot import SnapshotError, SnapshotRow, append, digest, last_sequence, read, remove
from analysis.tallies import AREA, ID, LANGUAGE, MODE, count
from questionnaires.answers import Missing
from questionnaires.model import Item, Option, Purpose, Score, ScoreMethod, Section
from tests.unit.analysis.samples import questionnaire

EXTRA = Section(
    code="more",
    title="More",
    items=(
        Item(
            code="arts",
            kind="multiple_choice",
            text="Which?",
            purpose=Purpose.FRAMEWORK,
            options=(Option(code=1, text="A"), Option(code=2, text="B")),
        ),
        Item(code="hours", kind="integer", text="Hours", purpose=Purpose.CONTEXT, minimum=0, maximum=400),
        Item(code="words", kind="long_text", text="Words", purpose=Purpose.CONTEXT),
    ),
)
WIDE = replace(
    questionnaire(),
    sections=(*questionnaire().sections, EXTRA),
    scores=(Score(code="both", method=ScoreMethod.SUM, items=("life", "warm")),),
)


def row(number: int, **changes: object) -> SnapshotRow:
    given = {
        "id": f"r{number}",
        "sequence": number,
        "area": "N1" if number % 2 else "S1",
        "mode": "web",
        "language": "ur",
        "cell": {"age": "old"},
        "answers": {
            "life": 7,
            "warm": 2,
            "age_band": 2,
            "arts": (2,),
            "hours": 300,
            "words": "<b>سلام</b>",
            "both": 9,
        },
    }
    return SnapshotRow(**(given | changes))


def test_the_newest_response_is_known_whatever_was_removed(tmp_path: Path) -> None:
    assert snapshot.newest(tmp_path) is None
    append(tmp_path, [row(1), row(2)], WIDE)
    append(tmp_path, [row(3)], WIDE)
    assert snapshot.newest(tmp_path) == ("r3", 3)
    remove(tmp_path, ["r1"])
    assert snapshot.newest(tmp_path) == ("r3", 3)
    remove(tmp_path, ["r3"])
    assert snapshot.newest(tmp_path) == ("r2", 2)


def test_a_snapshot_is_for_the_services_own_user_only(tmp_path: Path) -> None:
    append(tmp_path / "new", [row(1)], WIDE)
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_columns_are_the_smallest_that_hold_every_code() -> None:
    assert snapshot.columns(WIDE) == {
        "life": "int8",
        "warm": "int8",
        "age_band": "int8",
        "arts__1": "int8",
        "arts__2": "int8",
        "hours": "int16",
        "both": "int8",
    }


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    answers = {"life": Missing.NOT_ANSWERED, "warm": Missing.PREFER_NOT_TO_SAY, "arts": Missing.INVALID_MARK}
    answers["both"] = Missing.NOT_ANSWERED
    rows = [row(1), row(2, answers=answers, cell={}, area="")]
    assert append(tmp_path, rows, WIDE) == 2
    found = read(tmp_path)
    assert found["life"].tolist() == [7, -2]
    assert found["warm"].tolist() == [2, -3]
    assert found[["arts__1", "arts__2"]].to_numpy().tolist() == [[0, 1], [-4, -4]]
    assert found["hours"].tolist() == [300, -1], "absent is not asked"
    assert found["both"].tolist() == [9, -2]
    assert found["margin.age"].tolist() == ["old", ""]
    assert found[AREA].tolist() == ["N1", ""]
    assert found["life"].dtype == np.int8
    assert found["hours"].dtype == np.int16
    assert "words" not in found.columns, "texts are never in a snapshot"
    assert read(tmp_path, [ID, LANGUAGE]).to_numpy().tolist() == [["r1", "ur"], ["r2", "ur"]]
    assert snapshot.margins(tmp_path) == ("age",)


def test_parts_add_up_and_are_counted_as_one(tmp_path: Path) -> None:
    append(tmp_path, [row(1), row(2, mode="paper")], WIDE)
    append(tmp_path, [row(5, cell={"age": "young"}), row(4, area="S3")], WIDE)
    assert last_sequence(tmp_path) == 5
    assert len(list(tmp_path.glob("part-*.parquet"))) == 2
    found = count(read(tmp_path), list(snapshot.margins(tmp_path)))
    assert int(found.respondents["n"].sum()) == 4
    assert sorted(found.cells["age"]) == ["old", "young"]


def test_a_withdrawal_rewrites_only_the_part_it_is_in(tmp_path: Path) -> None:
    append(tmp_path, [row(1), row(2)], WIDE)
    append(tmp_path, [row(3), row(4)], WIDE)
    append(tmp_path, [row(5)], WIDE)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("part-*")}
    assert remove(tmp_path, ["r4", "r5", "unknown"]) == 2
    after = {path.name: path.read_bytes() for path in tmp_path.glob("part-*")}
    assert after["part-000001.parquet"] == before["part-000001.parquet"]
    assert "part-000002.parquet" not in after, "the file that held the answers is gone"
    assert sorted(read(tmp_path, [ID])[ID]) == ["r1", "r2", "r3"]
    assert remove(tmp_path, ["r4"]) == 0
    assert last_sequence(tmp_path) == 5, "a removed response is not taken for new"
    append(tmp_path, [row(6, id="r4")], WIDE)
    assert sorted(read(tmp_path, [ID])[ID]) == ["r1", "r2", "r3", "r4"]


@pytest.mark.parametrize("numbers", [[2], [1], [3, 3]])
def test_nothing_is_added_twice(tmp_path: Path, numbers: list[int]) -> None:
    append(tmp_path, [row(1), row(2)], WIDE)
    with pytest.raises(SnapshotError, match="once each"):
        append(tmp_path, [row(n, id=f"x{i}") for i, n in enumerate(numbers)], WIDE)
    assert len(read(tmp_path)) == 2


def test_another_questionnaire_is_refused(tmp_path: Path) -> None:
    append(tmp_path, [row(1)], WIDE)
    with pytest.raises(SnapshotError, match="never changes once"):
        append(tmp_path, [row(2)], replace(WIDE, digest="e" * 64))


@pytest.mark.parametrize(
    ("answers", "message"),
    [({"hours": 40_000}, "hours does not fit"), ({"life": "x"}, "r1"), ({"other": 1}, "not asked: other")],
)
def test_answers_that_do_not_fit_are_refused_and_nothing_is_written(
    tmp_path: Path, answers: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        append(tmp_path, [row(1, answers=answers)], WIDE)
    assert last_sequence(tmp_path) == 0
    with pytest.raises(SnapshotError, match="survey-app snapshot"):
        read(tmp_path)


def test_a_crash_leaves_the_old_snapshot_and_the_next_write_sweeps_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(tmp_path, [row(1)], WIDE)
    before = digest(tmp_path)
    replaced = os.replace

    def power_cut(source: object, target: object) -> None:
        if str(target).endswith("manifest.json"):
            raise OSError("power cut")
        replaced(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(snapshot.os, "replace", power_cut)
        with pytest.raises(OSError, match="power cut"):
            append(tmp_path, [row(2)], WIDE)
        with pytest.raises(OSError, match="power cut"):
            remove(tmp_path, ["r1"])
    assert digest(tmp_path) == before
    assert read(tmp_path, [ID])[ID].tolist() == ["r1"]
    (tmp_path / "part-000009.parquet").write_bytes(b"left over")
    append(tmp_path, [row(2), row(3)], WIDE)
    assert read(tmp_path, [ID])[ID].tolist() == ["r1", "r2", "r3"]
    assert sorted(path.name for path in tmp_path.glob("part-*")) == [
        "part-000001.parquet",
        "part-000002.parquet",
    ]


def test_an_altered_part_is_noticed_when_read_and_before_it_is_rewritten(tmp_path: Path) -> None:
    append(tmp_path, [row(1), row(2)], WIDE)
    part = tmp_path / "part-000001.parquet"
    table = pq.read_table(part)
    pq.write_table(table.slice(0, 1), part)
    for attempt in (lambda: read(tmp_path), lambda: remove(tmp_path, ["r1"])):
        with pytest.raises(SnapshotError, match="altered"):
            attempt()


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        append(folder, [row(1), row(2)], WIDE)
    assert digest(first) == digest(second)
    remove(first, ["r1"])
    assert digest(first) != digest(second)


def test_a_manifest_from_elsewhere_is_refused(tmp_path: Path) -> None:
    append(tmp_path, [row(1)], WIDE)
    document = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**document, "format": 99}))
    with pytest.raises(SnapshotError, match="cannot be read"):
        read(tmp_path)


def test_an_empty_wave_has_an_empty_snapshot(tmp_path: Path) -> None:
    assert append(tmp_path, [], WIDE) == 0
    assert len(read(tmp_path)) == 0
    assert count(read(tmp_path), ["age"]).respondents.empty
    assert set(read(tmp_path, [MODE]).columns) == {MODE}
