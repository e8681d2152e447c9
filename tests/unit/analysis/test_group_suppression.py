"""Groups within areas: what is shown, and what an attacker who solves for the hidden counts learns."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.group_suppression import shown_groups, suppressed_groups
from analysis.planned_items import PlannedItem
from analysis.suppression import hidden_areas

MEAN = PlannedItem("life_sat", "q", "mean")
YES = PlannedItem("yes", "q", "proportion", (1.0,))
SEX = {"sex": ("sex",)}
CROSSED = {"sex": ("sex",), "age:sex": ("age", "sex")}


def counts(rows: str) -> pd.DataFrame:
    """Counts from lines of area, age, sex, code, n; "-" is not stated, or no known area."""
    table = [[part.replace("-", "") for part in line.split()] for line in rows.strip().splitlines()]
    frame = pd.DataFrame(table, columns=["area", "by age", "by sex", "code", "n"])
    return frame.astype({"code": float, "n": int})


def shown(frame: pd.DataFrame, groups, items=(MEAN,)) -> dict[str, set[str]]:
    found = shown_groups(frame, groups, items, hidden_areas(frame, items))
    return {name: set(areas) for name, areas in found.items()}


def both_sexes(**areas: tuple[int, int]) -> pd.DataFrame:
    return counts("\n".join(f"{a} old F 3 {f}\n{a} old M 3 {m}" for a, (f, m) in areas.items()))


@pytest.mark.parametrize(("men", "areas"), [(29, {"all", "C"}), (30, {"all", "A", "B", "C"})])
def test_an_area_shows_all_levels_of_a_group_or_none(men, areas):
    # With 29 men A is hidden, and B with it, for else all - B - C would be A.
    assert shown(both_sexes(A=(60, men), B=(70, 70), C=(80, 80)), SEX)["sex"] == areas


def test_a_few_who_did_not_say_are_people_too():
    frame = counts("""
        A old F 3 60
        A old M 3 60
        A old - 3 5
        B old F 3 60
        B old M 3 60
        C old F 3 60
        C old M 3 60
        C old - 3 40
    """)
    # A's total less its women and men would be the 5; and so would all less B and C.
    assert shown(frame, SEX)["sex"] == {"all"}
    enough = frame.assign(n=frame["n"].where(frame["n"] != 5, 30))
    assert shown(enough, SEX)["sex"] == {"all", "A", "B", "C"}


def test_a_share_needs_ten_on_each_side_in_every_level():
    few = counts("A old F 1 9\nA old F 0 60\nA old M 1 50\nA old M 0 50\nB old F 1 90\nB old M 0 90")
    assert shown(few, SEX, [MEAN])["sex"] == {"all", "A", "B"}
    assert "A" not in shown(few, SEX, [YES]).get("sex", set())


def test_crossed_groups_are_shown_where_the_finer_is_or_the_coarser_alone_where_that_shows_more():
    fine = "{a} old F 3 40\n{a} old M 3 40\n{a} young F 3 40\n{a} young M 3 40"
    every = counts("\n".join(fine.format(a=a) for a in "AB"))
    assert shown(every, CROSSED) == {"sex": {"all", "A", "B"}, "age:sex": {"all", "A", "B"}}
    coarse = "{a} old F 3 70\n{a} old M 3 70\n{a} young F 3 10\n{a} young M 3 10"
    # ten young women: the finer table cannot be shown anywhere, so sex alone is
    assert shown(counts("\n".join(coarse.format(a=a) for a in "AB")), CROSSED) == {"sex": {"all", "A", "B"}}


def test_those_who_stated_one_of_two_columns_are_found_by_subtraction():
    frame = counts("""
        A old F 3 40
        A old M 3 40
        A young F 3 40
        A young M 3 40
        A - F 3 4
        B old F 3 40
        B old M 3 40
        B young F 3 40
        B young M 3 40
    """)
    # all women of A less its old and young women would be 4 people
    found = shown(frame, CROSSED)
    assert "A" not in found.get("age:sex", set())
    assert found["sex"] == {"all", "A", "B"}


def test_circles_of_groups_and_three_columns_are_not_released():
    frame = counts("A old F 3 90\nA young M 3 90").assign(**{"by tenure": "own"})
    circle = {"age:sex": ("age", "sex"), "sex:tenure": ("sex", "tenure"), "age:tenure": ("age", "tenure")}
    assert set(shown_groups(frame, circle, [MEAN], set())) == {"age:sex", "sex:tenure"}
    assert shown_groups(frame, {"all three": ("age", "sex", "tenure")}, [MEAN], set()) == {}


def test_hidden_rows_are_empty_and_marked():
    frame = both_sexes(A=(60, 12), B=(70, 70), C=(80, 80)).assign(wave="all", column="q")
    rows = [(a, level) for a in ("all", "A", "B", "C") for level in ("F", "M")]
    table = pd.DataFrame(rows, columns=["area", "level"]).assign(
        wave="all", item="life_sat", group="sex", n=81, effective_n=77.0, estimate=6.84
    )
    table = table.assign(se=0.11, lower=6.6, upper=7.08)
    found = suppressed_groups(table, frame, [MEAN], SEX).set_index(["area", "level"])
    assert (found["marker"] == "shown").to_dict() == {row: row[0] in ("all", "C") for row in rows}
    assert found.loc[("A", "M"), ["n", "estimate", "se", "lower", "upper"]].isna().all()
    assert found.loc[("C", "M"), ["n", "effective_n", "estimate"]].tolist() == [80, 75, 6.8]


ATOMS = pd.DataFrame(
    list(product(["A", "B", "C", ""], ["old", "young", ""], ["F", "M", ""], [0.0, 1.0])),
    columns=["area", "by age", "by sex", "code"],
)
VALUES = {"age": ("old", "young"), "sex": ("F", "M")}
UNBOUNDED = 3  # linprog's status where nothing published limits a count
AREAS = ("all", "A", "B", "C")
some_groups = st.sampled_from(
    [
        {"sex": ("sex",)},
        {"sex": ("sex",), "age": ("age",)},
        {"sex": ("sex",), "age:sex": ("age", "sex")},
        {"age:sex": ("age", "sex"), "sex": ("sex",), "age": ("age",)},
    ]
)


def within(area: str, levels: dict[str, str]) -> np.ndarray:
    chosen = np.ones(len(ATOMS), dtype=bool) if area == "all" else (ATOMS["area"] == area).to_numpy()
    for column, level in levels.items():
        chosen = chosen & (ATOMS[f"by {column}"] == level).to_numpy()
    return chosen


def cells(groups) -> list[tuple[str, str, np.ndarray]]:
    """Group, area and the people of every figure by group."""
    return [
        (name, area, within(area, dict(zip(columns, levels, strict=True))))
        for name, columns in groups.items()
        for levels in product(*(VALUES[c] for c in columns))
        for area in AREAS
    ]


def feasible_width(known: np.ndarray, counted: np.ndarray, part: np.ndarray) -> float:
    """How far apart the least and the most are that this count could be, given what is known."""
    least, most = (
        linprog(sign * part, A_eq=known, b_eq=counted, bounds=(0, None), method="highs") for sign in (1, -1)
    )
    return np.inf if most.status == UNBOUNDED else float(-most.fun - least.fun)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([0.3, 0.6, 0.9]), some_groups)
def test_no_small_count_can_be_solved_for(seed, empty, groups):
    """All that is shown, taken as exact counts, and the bounds of every hidden count of 1 to 9 (by LP)."""
    rng = np.random.default_rng(seed)
    n = rng.choice([2, 8, 15, 40, 70, 120], len(ATOMS)) * (rng.random(len(ATOMS)) > empty)
    stated = (ATOMS["by age"] != "") & (ATOMS["by sex"] != "") & (ATOMS["area"] != "")
    n = np.where(stated | (rng.random(len(ATOMS)) > 0.7), n, 0)
    frame = ATOMS.assign(n=n)[n > 0].reset_index(drop=True)
    hidden = hidden_areas(frame, [YES])
    found = shown_groups(frame, groups, [YES], hidden)
    published = [within(area, {}) for area in AREAS if area not in hidden]
    published += [cell for name, area, cell in cells(groups) if area in found.get(name, ())]
    yes = (ATOMS["code"] == 1.0).to_numpy()
    assert not any(1 <= n @ (cell & side) < 10 for cell in published for side in (yes, ~yes))
    known = np.array([cell & side for cell in published for side in (yes, ~yes)], dtype=float)
    secrets = [cell & side for _, _, cell in cells(groups) for side in (yes, ~yes)]
    for part in secrets if published else ():
        if 1 <= n @ part < 10:
            assert feasible_width(known, known @ n, part.astype(float)) >= 3


def test_the_attack_finds_what_is_not_protected():
    n = np.where(within("A", {"sex": "F"}), 40.0, np.where(within("B", {"age": "old", "sex": "F"}), 1.0, 0.0))
    known = np.array([within("all", {"sex": "F"}), within("A", {"sex": "F"})], dtype=float)
    women_of_b = within("B", {"sex": "F"}).astype(float)
    # all - A = 2 women, who may be B's or live where nobody knows: between 0 and 2
    assert feasible_width(known, known @ n, women_of_b) == pytest.approx(2)
