"""Raking: margins are reached exactly, and what cannot be reached is refused with the category's name."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.raking import Collapsed, RakingError, collapse, rake

AGES = ["young", "middle", "old"]
SEXES = ["F", "M"]


def table(rows: str) -> tuple[np.ndarray, pd.DataFrame]:
    """Counts and cells from an ASCII table with columns age, sex, count; "-" means not stated."""
    parsed = [line.split() for line in rows.strip().splitlines()]
    cells = pd.DataFrame([r[:2] for r in parsed], columns=["age", "sex"]).replace("-", "")
    return np.array([float(r[2]) for r in parsed]), cells


def shares(counts, cells, weight, margin):
    weighted = pd.Series(counts * weight).groupby(cells[margin].to_numpy()).sum()
    return (weighted / counts.sum()).to_dict()


def test_one_margin_is_a_ratio():
    counts, cells = table("""
        young F 20
        old   F 80
    """)
    weight = rake(counts, cells, {"age": {"young": 500, "old": 500}})
    # young: 50 wanted of 20 there; old: 50 wanted of 80 there
    np.testing.assert_allclose(weight, [50 / 20, 50 / 80])


def test_two_margins_are_both_reached_and_the_odds_ratio_is_kept():
    counts, cells = table("""
        young F 10
        young M 30
        old   F 40
        old   M 20
    """)
    weight = rake(counts, cells, {"age": {"young": 30, "old": 70}, "sex": {"F": 52, "M": 48}})
    assert shares(counts, cells, weight, "age") == pytest.approx({"young": 0.30, "old": 0.70}, rel=1e-9)
    assert shares(counts, cells, weight, "sex") == pytest.approx({"F": 0.52, "M": 0.48}, rel=1e-9)
    assert counts @ weight == pytest.approx(100)
    # raking multiplies rows and columns, so (10 * 20) / (30 * 40) = 1/6 stays
    mass = counts * weight
    assert mass[0] * mass[3] / (mass[1] * mass[2]) == pytest.approx(1 / 6)


def test_targets_are_shares_so_their_scale_does_not_matter():
    counts, cells = table("young F 10\nold F 30\nyoung M 5\nold M 5")
    small = {"age": {"young": 1, "old": 2}, "sex": {"F": 1, "M": 1}}
    large = {m: {k: v * 1e6 for k, v in levels.items()} for m, levels in small.items()}
    np.testing.assert_allclose(rake(counts, cells, small), rake(counts, cells, large))


def test_people_who_did_not_state_a_margin_keep_their_share_of_it():
    counts, cells = table("""
        young F 20
        old   F 60
        -     F 20
    """)
    weight = rake(counts, cells, {"age": {"young": 500, "old": 500}})
    # 20 of 100 did not say: they stay 20, and the other 80 are shared 40 : 40
    np.testing.assert_allclose(weight, [40 / 20, 40 / 60, 20 / 20])


def test_not_stated_is_the_same_as_a_level_added_to_the_population():
    counts, cells = table("""
        young F 10
        old   F 40
        -     F 8
        young M 12
        old   M 20
        old   - 5
        -     M 5
    """)
    targets = {"age": {"young": 40, "old": 60}, "sex": {"F": 51, "M": 49}}
    explicit = {
        "age": {"young": 0.87 * 40, "old": 0.87 * 60, "not stated": 13},
        "sex": {"F": 0.95 * 51, "M": 0.95 * 49, "not stated": 5},
    }
    named = cells.replace("", "not stated")
    np.testing.assert_allclose(rake(counts, cells, targets), rake(counts, named, explicit), rtol=1e-9)


def test_every_impossible_level_is_named_at_once():
    counts, cells = table("""
        young F 10
        old   X 10
        ancient F 4
    """)
    targets = {"age": {"young": 40, "middle": 30, "old": 30, "ancient": 0}, "sex": {"F": 50, "M": 50}}
    with pytest.raises(RakingError) as caught:
        rake(counts, cells, targets)
    found = {(r.margin, r.level) for r in caught.value.reasons}
    assert found == {("age", "middle"), ("age", "ancient"), ("sex", "M"), ("sex", "X")}
    assert 'sex "M": The population has 50, but nobody who answered' in str(caught.value)
    assert 'sex "X": 10 people gave this answer' in str(caught.value)
    assert all(r.remedy for r in caught.value.reasons)


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_targets_that_are_not_counts_are_named(bad):
    counts, cells = table("young F 10\nold F 10")
    with pytest.raises(RakingError, match=r'age "young": The target .* is not a count'):
        rake(counts, cells, {"age": {"young": bad, "old": 1}})


def test_contradictory_margins_name_the_worst_level():
    # All the young are F and all the old M, but the population has 30 young and 60 F: no weights do both.
    counts, cells = table("young F 50\nold M 50")
    with pytest.raises(RakingError) as caught:
        rake(counts, cells, {"age": {"young": 30, "old": 70}, "sex": {"F": 60, "M": 40}})
    (reason,) = caught.value.reasons
    # after the last margin (sex) is met, young people weigh 60 where 30 are wanted
    assert (reason.margin, reason.level) == ("age", "young")
    assert "weighted total is 60 where 30 is wanted" in reason.cause


def test_stalling_is_not_convergence():
    counts, cells = table("young F 10\nyoung M 30\nold F 40\nold M 20")
    targets = {"age": {"young": 30, "old": 70}, "sex": {"F": 52, "M": 48}}
    with pytest.raises(RakingError, match="After 1 rounds"):
        rake(counts, cells, targets, max_iterations=1)


def test_no_respondents_and_bad_counts_are_refused():
    _, cells = table("young F 0")
    with pytest.raises(RakingError, match="no respondents"):
        rake(np.array([0.0]), cells, {"age": {"young": 1}})
    with pytest.raises(RakingError, match="negative or not numbers"):
        rake(np.array([-1.0]), cells, {"age": {"young": 1}})
    with pytest.raises(RakingError, match="No such weighting column"):
        rake(np.array([1.0]), cells, {"tenure": {"own": 1}})
    with pytest.raises(ValueError, match="1 cells"):
        rake(np.array([1.0, 2.0]), cells, {"age": {"young": 1}})


def test_an_empty_cell_of_an_unknown_level_does_no_harm():
    counts, cells = table("young F 10\nold F 10\nghost F 0")
    weight = rake(counts, cells, {"age": {"young": 1, "old": 3}})
    np.testing.assert_allclose(weight[:2], [0.5, 1.5])


@st.composite
def rakeable(draw):
    """Every combination answered by somebody, some people not stating; any population."""
    combinations = list(itertools.product([*AGES, ""], [*SEXES, ""]))
    counts = draw(
        st.lists(st.integers(1, 400), min_size=len(combinations), max_size=len(combinations)).map(np.array)
    )
    population = st.integers(1, 1_000_000)
    targets = {
        "age": {age: draw(population) for age in AGES},
        "sex": {sex: draw(population) for sex in SEXES},
    }
    return counts.astype(float), pd.DataFrame(combinations, columns=["age", "sex"]), targets


@given(rakeable())
def test_weights_reproduce_every_margin(case):
    counts, cells, targets = case
    weight = rake(counts, cells, targets)
    assert (weight > 0).all()
    assert counts @ weight == pytest.approx(counts.sum(), rel=1e-9)
    for margin, levels in targets.items():
        got = shares(counts, cells, weight, margin)
        unstated = counts[(cells[margin] == "").to_numpy()].sum() / counts.sum()
        wanted = {k: v / sum(levels.values()) * (1 - unstated) for k, v in levels.items()} | {"": unstated}
        assert got == pytest.approx(wanted, rel=1e-8)


@given(rakeable(), st.randoms(use_true_random=False))
def test_weights_do_not_depend_on_the_order_of_cells(case, random):
    counts, cells, targets = case
    order = list(range(len(counts)))
    random.shuffle(order)
    shuffled = rake(counts[order], cells.iloc[order].reset_index(drop=True), targets)
    np.testing.assert_allclose(shuffled, rake(counts, cells, targets)[order], rtol=1e-9)


@given(rakeable(), st.integers(2, 5))
def test_splitting_a_cell_changes_nothing(case, parts):
    counts, cells, targets = case
    split = np.append(counts, counts[0] / parts)
    split[0] -= counts[0] / parts
    again = pd.concat([cells, cells.iloc[[0]]], ignore_index=True)
    weight = rake(split, again, targets)
    assert weight[-1] == pytest.approx(weight[0], rel=1e-12)
    np.testing.assert_allclose(weight[:-1], rake(counts, cells, targets), rtol=1e-8)


def test_sparse_levels_join_their_smaller_neighbour():
    counts = np.array([40.0, 3.0, 20.0, 50.0])
    cells = pd.DataFrame({"age": ["a", "b", "c", "d"]})
    targets = {"age": {"a": 10, "b": 20, "c": 30, "d": 40}}
    new_cells, new_targets, report = collapse(cells, targets, counts, minimum=10)
    # b has 3, its neighbours 40 and 20: it joins c
    assert new_targets == {"age": {"a": 10, "b+c": 50, "d": 40}}
    assert list(new_cells["age"]) == ["a", "b+c", "b+c", "d"]
    assert report == [Collapsed("age", ("b", "c"), "b+c", 23.0)]
    assert str(report[0]) == "age: b, c weighted together as b+c (23 people)"
    assert list(cells["age"]) == ["a", "b", "c", "d"]  # the caller's are left alone


@pytest.mark.parametrize(("people", "merged"), [(9, True), (10, False), (11, False)])
def test_the_minimum_itself_is_enough(people, merged):
    cells = pd.DataFrame({"age": ["a", "b"]})
    _, targets, _ = collapse(cells, {"age": {"a": 1, "b": 1}}, np.array([50.0, people]), minimum=10)
    assert ("a+b" in targets["age"]) == merged


def test_merging_goes_on_until_every_group_is_large_enough():
    cells = pd.DataFrame({"age": ["a", "b", "c", "d", ""]})
    targets = {"age": {"a": 1, "b": 1, "c": 1, "d": 1}}
    new_cells, new_targets, _ = collapse(cells, targets, np.array([2.0, 3.0, 4.0, 90.0, 5.0]), minimum=8)
    # a joins b (5); c (4) is then smallest and joins a+b (5) rather than d (90): 9
    assert list(new_targets["age"]) == ["a+b+c", "d"]
    assert list(new_cells["age"]) == ["a+b+c", "a+b+c", "a+b+c", "d", ""]


def test_empty_levels_merge_even_with_no_minimum_and_idle_levels_go():
    cells = pd.DataFrame({"age": ["a", "c"]})
    targets = {"age": {"a": 1, "b": 1, "c": 1, "idle": 0}}
    _, new_targets, report = collapse(cells, targets, np.array([5.0, 6.0]), minimum=0)
    assert new_targets == {"age": {"a+b": 2, "c": 1}}
    assert len(report) == 1


def test_answers_the_population_does_not_have_are_not_stated():
    cells = pd.DataFrame({"sex": ["F", "M", "another way"]})
    new_cells, targets, report = collapse(cells, {"sex": {"F": 1, "M": 1}}, np.array([50.0, 50.0, 7.0]), 5)
    assert list(new_cells["sex"]) == ["F", "M", ""]
    assert targets == {"sex": {"F": 1, "M": 1}}
    assert report == [Collapsed("sex", ("another way",), "", 7.0)]


def test_a_margin_nobody_stated_stops_weighting():
    cells = pd.DataFrame({"sex": ["", ""], "age": ["a", "b"]})
    targets = {"sex": {"F": 1, "M": 1}, "age": {"a": 1, "b": 1}}
    new_cells, new_targets, report = collapse(cells, targets, np.array([50.0, 50.0]), 5)
    assert list(new_targets) == ["age"]
    assert report == [Collapsed("sex", ("F", "M"), "", 0.0)]
    np.testing.assert_allclose(rake(np.array([50.0, 50.0]), new_cells, new_targets), [1, 1])


@given(
    st.lists(st.integers(0, 60), min_size=6, max_size=6),
    st.lists(st.integers(0, 50), min_size=4, max_size=4),
    st.integers(0, 40),
)
def test_after_collapsing_raking_never_refuses_a_level(counts, population, minimum):
    if not sum(counts):
        return
    levels = ["a", "b", "c", "d"]
    cells = pd.DataFrame({"age": [*levels, "stranger", ""]})
    targets = {"age": dict(zip(levels, population, strict=True))}
    people = np.array(counts, dtype=float)
    new_cells, new_targets, _ = collapse(cells, targets, people, minimum)
    weight = rake(people, new_cells, new_targets)
    assert people @ weight == pytest.approx(people.sum())
