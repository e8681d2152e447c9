"""What an estimate from tallies is, with the arithmetic visible.

Each case is a table of people, and what must come out for each area as sums anyone can do by hand. Both
engines must agree with it: `tallies` (count, roll up, estimate) and `plain`, which loops over the people.

Columns of people: area (smallest known), age (the weighting cell), weight (of all in that cell), life, warm.
`-2` is "not answered", `-1` "not asked". Wards N1, N2, N3 are in North; S1 in South; both in the county C.
se = sqrt(N / (N - 1) x sum of weight^2 (answer - mean)^2) / sum of weights, N being everybody in the table.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from analysis.estimates import estimate
from analysis.tallies import count, roll_up
from tests.unit.analysis.samples import LEVELS, areas, frame

CASES = {
    "a mean of people with different weights": (
        "life mean",
        """
        area | age   | weight | life | warm
        N1   | old   | 1      | 8    | 1
        N1   | old   | 1      | 6    | 1
        N1   | young | 3      | 4    | 1
        """,
        """
        area  | n | estimate                          | se
        N1    | 3 | (1*8 + 1*6 + 3*4) / (1 + 1 + 3)   | sqrt(3/2 * (2.8**2 + 0.8**2 + 9 * 1.2**2)) / 5
        North | 3 | 26 / 5                            | sqrt(3/2 * (7.84 + 0.64 + 12.96)) / 5
        C     | 3 | 26 / 5                            | sqrt(3/2 * 21.44) / 5
        """,
    ),
    "a proportion of people with different weights": (
        "warm proportion 2",
        """
        area | age   | weight | life | warm
        N1   | old   | 1      | 8    | 2
        N1   | old   | 1      | 6    | 1
        N2   | young | 3      | 4    | 2
        N2   | young | 3      | 4    | 1
        """,
        """
        area  | n | estimate                  | se
        N1    | 2 | 1 / (1 + 1)               | sqrt(4/3 * (1*0.5**2 + 1*0.5**2)) / 2
        N2    | 2 | 3 / (3 + 3)               | sqrt(4/3 * (9*0.5**2 + 9*0.5**2)) / 6
        North | 4 | (1 + 3) / (1 + 1 + 3 + 3) | sqrt(4/3 * (2*1*0.25 + 2*9*0.25)) / 8
        C     | 4 | 4 / 8                     | sqrt(4/3 * 5) / 8
        """,
    ),
    "who gave no answer is out of the base, but still somebody who was weighted": (
        "life mean",
        """
        area | age   | weight | life | warm
        N1   | old   | 1      | 9    | 1
        N1   | old   | 1      | 7    | 1
        N1   | young | 3      | -2   | 1
        N1   | young | 3      | -1   | 1
        """,
        """
        area  | n | estimate    | se
        N1    | 2 | (9 + 7) / 2 | sqrt(4/3 * (1 + 1)) / 2
        North | 2 | 8           | sqrt(8/3) / 2
        C     | 2 | 8           | sqrt(8/3) / 2
        """,
    ),
    "who is known only by district counts there and above, not in a ward": (
        "life mean",
        """
        area  | age   | weight | life | warm
        N1    | old   | 1      | 10   | 1
        North | old   | 1      | 4    | 1
        S1    | young | 2      | 1    | 1
        """,
        """
        area  | n | estimate                      | se
        N1    | 1 | 10                            | 0
        North | 2 | (10 + 4) / 2                  | sqrt(3/2 * (9 + 9)) / 2
        S1    | 1 | 1                             | 0
        South | 1 | 1                             | 0
        C     | 3 | (1*10 + 1*4 + 2*1) / (1+1+2)  | sqrt(3/2 * (1*6**2 + 1*0 + 4*3**2)) / 4
        """,
    ),
    "equal people in different cells are kept apart by their weights": (
        "warm proportion 1 2",
        """
        area | age   | weight | life | warm
        N3   | old   | 1      | 5    | 1
        N3   |       | 2      | 5    | 2
        N3   | young | 4      | 5    | 3
        """,
        """
        area  | n | estimate            | se
        N3    | 3 | (1 + 2) / (1+2+4)   | sqrt(3/2 * ((1 + 4) * (4/7)**2 + 16 * (3/7)**2)) / 7
        North | 3 | 3 / 7               | sqrt(3/2 * (5*16/49 + 16*9/49)) / 7
        C     | 3 | 3 / 7               | sqrt(3/2 * 224/49) / 7
        """,
    ),
}
ARITHMETIC = re.compile(r"(sqrt|[0-9+\-*/(). ])*")


def table(text: str) -> list[dict[str, str]]:
    header, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()
    ]
    return [dict(zip(header, row, strict=True)) for row in rows]


def worked_out(sum_: str) -> float:
    assert ARITHMETIC.fullmatch(sum_), sum_
    return float(eval(sum_, {"__builtins__": {}, "sqrt": math.sqrt}))


def by_tallies(people: list[dict], item: str, statistic: str, codes: list[int]) -> dict[str, tuple]:
    rows = [(p["area"], "web", p["age"], int(p["life"]), int(p["warm"])) for p in people]
    found = roll_up(count(frame(rows), ["age"]), areas(), LEVELS)
    weight = {p["age"]: float(p["weight"]) for p in people}
    weights = np.array([weight[age] for age in found.cells["age"]])
    answers = found.answers[(found.answers["item"] == item) & (found.answers["code"] >= 0)]
    answers = answers.assign(area=answers["area"].astype(str))
    made = estimate(answers, weights, total_n=len(people), statistic=statistic, codes=codes)
    return {row.area: (row.n, row.estimate, row.se) for row in made.itertuples()}


def by_hand(people: list[dict], item: str, statistic: str, codes: list[int]) -> dict[str, tuple]:
    inside: dict[str, list[tuple[float, float]]] = {}
    for person in people:
        answer = int(person[item])
        if answer < 0:
            continue
        y = float(answer) if statistic == "mean" else float(answer in codes)
        for area in areas().placed_at(person["area"], LEVELS):
            inside.setdefault(area, []).append((float(person["weight"]), y))
    found = {}
    for area, members in inside.items():
        total = sum(w for w, _ in members)
        mean = sum(w * y for w, y in members) / total
        spread = sum(w**2 * (y - mean) ** 2 for w, y in members)
        n = len(people)
        found[area] = (len(members), mean, math.sqrt(n / (n - 1) * spread) / total)
    return found


@pytest.mark.parametrize("engine", [by_tallies, by_hand], ids=["tallies", "plain"])
@pytest.mark.parametrize("case", CASES)
def test_estimate(case: str, engine) -> None:
    asked, people, expected = CASES[case]
    item, statistic, *codes = asked.split()
    found = engine(table(people), item, statistic, [int(code) for code in codes])
    wanted = {
        row["area"]: (int(row["n"]), worked_out(row["estimate"]), worked_out(row["se"]))
        for row in table(expected)
    }
    assert found.keys() == wanted.keys()
    for area, numbers in wanted.items():
        assert found[area] == pytest.approx(numbers, abs=1e-12), area
