"""A made-up survey whose later release says other things of the same answers: another indicator, a smaller
level, another geography instead of the first. Whoever has both looks for the few who answered in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.areas import Area, AreaSet
from analysis.bounds import Bounds, Known
from analysis.build import Earlier, Policy, Reference
from analysis.release import Marker, Release
from analysis.tallies import AREA, count
from questionnaires.framework import Indicator
from tests.attacks.attacks import FEW, FEWEST, ROOM, Outcome
from tests.unit.analysis import samples

HALVES = tuple(f"{ward}{half}" for ward in samples.WARDS for half in "ab")
CROSSING = {"Hill": HALVES[1:4], "Dale": HALVES[5:8]}
WARM = replace(samples.COLD, code="warm", codes=(1,), made_by="Us")
CROSSED = (*samples.LEVELS, "crossing")


@dataclass(frozen=True)
class Plan:
    """What the first release publishes, and what the second does."""

    levels: tuple[tuple[str, ...], tuple[str, ...]]
    indicators: tuple[tuple[Indicator, ...], tuple[Indicator, ...]] = ((samples.COLD,), (samples.COLD,))


PLANS: Mapping[str, Plan] = {
    "the same again": Plan((samples.LEVELS, samples.LEVELS)),
    "a share under another name": Plan(
        (samples.LEVELS, samples.LEVELS), ((samples.COLD,), (samples.COLD, WARM))
    ),
    "a share instead of another": Plan((samples.LEVELS, samples.LEVELS), ((samples.COLD,), (WARM,))),
    "another name where places overlap": Plan((CROSSED, CROSSED), ((samples.COLD,), (samples.COLD, WARM))),
    "a smaller level": Plan((samples.LEVELS, ("half", *samples.LEVELS))),
    "a larger level": Plan((("half", "county"), samples.LEVELS)),
    "other places instead": Plan((("ward", "county"), ("crossing", "county"))),
}


def areas() -> AreaSet:
    around = {
        half: (half[:-1], *(place for place, held in CROSSING.items() if half in held)) for half in HALVES
    }
    return AreaSet(
        [
            *samples.areas(),
            *(Area(code=c, name=c, level="crossing", vintage="2024", parents=("C",)) for c in CROSSING),
            *(Area(code=h, name=h, level="half", vintage="2024", parents=around[h]) for h in HALVES),
        ]
    )


@dataclass(frozen=True)
class Changed:
    """Two releases, and the exact (halves, [then cold, then warm, came cold, came warm]) behind them."""

    releases: tuple[Release, Release]
    truth: np.ndarray


def publish(plan: Plan, seed: int, policy: Policy) -> Changed:
    random = np.random.default_rng(seed)
    sizes = dict(zip(HALVES, random.choice([8, 40, 55, 80], len(HALVES)).tolist(), strict=True))
    late = {
        half: int(n) for half, n in zip(HALVES, random.choice([0, 0, 2, 5, 14], len(HALVES)), strict=True)
    }
    then, came = samples.people(sizes, seed), samples.people(late, seed + 100)
    made: tuple[Earlier, ...] = ()
    for at, people in enumerate((then, _together(then, came))):
        built = samples.built(
            count(people, ["age"]),
            reference=Reference(areas=areas(), margins=samples.population()),
            framework=samples.framework(*plan.indicators[at]),
            wave=samples.wave(plan.levels[at]),
            policy=policy,
            number=at + 1,
            earlier=made,
        )
        made = (*made, Earlier(built.release, built.bases))
    truth = np.array(
        [
            [int(((p[AREA] == half) & (p["warm"] == code)).sum()) for p in (then, came) for code in (2, 1)]
            for half in HALVES
        ]
    )
    return Changed((made[0].release, made[1].release), truth)


def _together(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([one.astype({c: str for c in one if one[c].dtype == "category"}), other])
    return both.astype({c: "category" for c in one if one[c].dtype == "category"})


def solve(changed: Changed) -> Outcome:
    """Every count of every figure of both releases, as one puzzle: who is in a place, and who came there?"""
    placed, size = areas(), len(HALVES)
    held = {a.code: [h for h in HALVES if h == a.code or placed.inside(h, a.code)] for a in placed}
    members, totals = [], []
    for release, kinds in zip(changed.releases, (((0,), (1,)), ((0, 2), (1, 3))), strict=True):
        for figure in release.figures:
            if figure.marker is Marker.SHOWN and figure.stands_from is None:
                for kind in kinds:
                    cells = [(HALVES.index(half), k) for half in held[figure.area] for k in kind]
                    members.append(np.array(sorted(k * size + half for half, k in cells), dtype=np.intp))
                    totals.append(float(sum(changed.truth[half, k] for half, k in cells)))
    solver = Bounds(Known(4 * size, members, np.array(totals)))
    outcome = Outcome()
    for code, inside in held.items():
        at = [HALVES.index(half) for half in inside]
        for kinds, few in (((2, 3), FEW), ((0, 1), FEWEST)):
            people = int(changed.truth[np.ix_(at, kinds)].sum())
            if 0 < people < few:
                outcome.tried += 1
                if not solver.leaves(np.array([k * size + half for k in kinds for half in at]), people, ROOM):
                    outcome.recovered.append(f"{code}: {people} {'came' if 2 in kinds else 'were there'}")
    return outcome
