"""Counting, merging and rolling up, against a plain-Python counter."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import answer_counts, tallies
from analysis.tallies import MISSING_CODES, Tallies, UnknownAreasError
from questionnaires.answers import SNAPSHOT_CODES
from tests.unit.analysis.samples import LEVELS, areas, frame

PLACES = areas()
PERSON = st.tuples(
    st.sampled_from(["N1", "N2", "S1", "North", "C", tallies.UNPLACED]),
    st.sampled_from(["web", "paper"]),
    st.sampled_from(["young", "old", ""]),
    st.integers(-4, 10),
    st.integers(-4, 3),
)
PEOPLE = st.lists(PERSON, max_size=40)


def plain(rows: list[tuple[str, str, str, int, int]], above: bool = False) -> tuple[Counter, Counter]:
    """Respondents and answers counted one person at a time."""
    respondents: Counter = Counter()
    answers: Counter = Counter()
    for place, mode, age, life, warm in rows:
        placed = PLACES.placed_at(place, LEVELS) if above and place != tallies.UNPLACED else ()
        for area in placed if above else (place,):
            respondents[area, mode, age] += 1
            answers[area, age, "life", life] += 1
            answers[area, age, "warm", warm] += 1
    return respondents, answers


def counted(found: Tallies) -> tuple[Counter, Counter]:
    """The same, from tallies, with cells spelt out."""
    age = found.cells["age"].tolist() if "age" in found.cells else []
    respondents = Counter({(r.area, r.mode, age[r.cell]): r.n for r in found.respondents.itertuples() if r.n})
    answers = Counter({(r.area, age[r.cell], r.item, r.code): r.n for r in found.answers.itertuples() if r.n})
    assert len(respondents) == len(found.respondents), "no row twice, none empty"
    assert len(answers) == len(found.answers)
    return respondents, answers


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_counting_equals_a_plain_counter(rows: list) -> None:
    assert counted(tallies.count(frame(rows), ["age"])) == plain(rows)


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_rolling_up_equals_a_plain_counter(rows: list) -> None:
    found = tallies.roll_up(tallies.count(frame(rows), ["age"]), PLACES, LEVELS)
    assert counted(found) == plain(rows, above=True)


@settings(max_examples=30, deadline=None)
@given(PEOPLE, st.integers(1, 5))
def test_counting_shards_and_merging_equals_one_pass(rows: list, shards: int) -> None:
    parts = [tallies.count(frame(rows[i::shards]), ["age"]) for i in range(shards)]
    assert counted(tallies.merge(parts)) == plain(rows)


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_an_area_margin_splits_cells_and_keeps_every_count(rows: list) -> None:
    district = {"N1": "North", "N2": "North", "North": "North", "S1": "South"}
    before = tallies.count(frame(rows), ["age"])
    after = tallies.with_area_margin(before, "district", district)
    assert counted(after) == plain(rows)
    for row in after.respondents.itertuples():
        assert after.cells["district"][row.cell] == district.get(row.area, "")
    for row in after.answers.itertuples():
        assert after.cells["district"][row.cell] == district.get(row.area, "")
    assert tallies.cell_counts(after).sum() == len(rows)
    assert (tallies.cell_counts(after) > 0).all()


def test_sparse_counting_equals_dense_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("N1", "web", "old", i % 11, i % 3) for i in range(50)] + [("S1", "paper", "", -2, 1)]
    dense = counted(tallies.count(frame(rows), ["age"]))
    monkeypatch.setattr(answer_counts, "DENSE_LIMIT", 0)
    assert counted(tallies.count(frame(rows), ["age"])) == dense


@settings(max_examples=30, deadline=None)
@given(PEOPLE, st.sampled_from([0, 60]))
def test_a_roll_up_of_codes_counted_by_sorting_counts_the_same(rows: list, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer_counts, "DENSE_LIMIT", limit)
        found = tallies.roll_up(tallies.count(frame(rows), ["age"]), PLACES, LEVELS)
    assert counted(found) == plain(rows, above=True)


def test_a_survey_without_margins_has_one_cell() -> None:
    found = tallies.count(frame([("N1", "web", "old", 5, 1), ("S1", "web", "", 6, 2)]), [])
    assert len(found.cells) == 1
    assert set(found.respondents["cell"]) == {0}
    merged = tallies.merge([found, found])
    assert int(merged.respondents["n"].sum()) == 4


def test_totals_by_mode_and_items_wanted() -> None:
    found = tallies.count(frame([("N1", "web", "old", 5, 1)] * 2 + [("N1", "paper", "", 6, 2)] * 3), ["age"])
    assert tallies.by_mode(found) == {"paper": 3, "web": 2}
    assert set(tallies.only(found, {"warm"}).answers["item"]) == {"warm"}


def test_unknown_areas_are_all_named() -> None:
    found = tallies.count(frame([("X9", "web", "old", 5, 1), ("Z1", "web", "old", 5, 1)]), ["age"])
    with pytest.raises(UnknownAreasError, match="X9, Z1"):
        tallies.roll_up(found, PLACES, LEVELS)


def test_tallies_of_other_margins_do_not_merge() -> None:
    one = frame([("N1", "web", "old", 5, 1)])
    with pytest.raises(ValueError, match="different margins"):
        tallies.merge([tallies.count(one, ["age"]), tallies.count(one, [])])
    with pytest.raises(ValueError, match="nothing"):
        tallies.merge([])


def test_missing_codes_are_those_of_answers() -> None:
    assert {reason.value: code for reason, code in SNAPSHOT_CODES.items()} == MISSING_CODES
