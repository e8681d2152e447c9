"""What rounded numbers tell: a made-up survey in which every answer weighs the same, so that nothing but
rounding stands between a published figure and the counts behind it.

Of each figure the attacker lists every pair of whole numbers, people and those of them who gave the answer,
that would have been published as this base, effective base, share and interval: often there is only one. What
is hidden is then bounded by linear programming over all places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.areas import AreaSet
from analysis.build import Policy, Reference
from analysis.intervals import proportion_interval
from analysis.margins import MarginCount, PopulationMargins
from analysis.release import Figure, Marker, Release
from analysis.tallies import count
from questionnaires.framework import Indicator
from questionnaires.model import Margin
from tests.attacks.attacks import FEW, FEWEST, ROOM, Outcome
from tests.unit.analysis import samples

WARDS = tuple(samples.WARDS)
AGE = Margin(name="age", item="age_band", levels=("old",))
AREAS: AreaSet = samples.areas()
INSIDE = {a.code: [w for w in WARDS if w == a.code or AREAS.inside(w, a.code)] for a in AREAS}


def _share(code: str, item: str, *codes: int) -> Indicator:
    return replace(samples.COLD, code=code, item=item, codes=codes)


SHARES: Mapping[str, Indicator] = {
    one.code: one
    for one in (samples.COLD, _share("content", "life", 8, 9, 10), _share("delighted", "life", 10))
}


@dataclass(frozen=True)
class Alike:
    """A release, and indicator -> the exact (wards, [who gave the answer, who did not]) behind it."""

    release: Release
    truth: Mapping[str, NDArray[np.int64]]
    policy: Policy


def publish(seed: int, policy: Policy) -> Alike:
    random = np.random.default_rng(seed)
    sizes = random.choice([14, 31, 34, 38, 47, 62], len(WARDS))
    chance = {"cold": 0.3, "life": [0.02] * 7 + [0.2, 0.26, 0.1, 0.3]}
    rows = [
        (
            ward,
            "web",
            "old",
            int(random.choice(11, p=chance["life"])),
            1 + int(random.random() < chance["cold"]),
        )
        for ward, size in zip(WARDS, sizes, strict=True)
        for _ in range(size)
    ]
    population = [MarginCount(area=ward, margin="age", level="old", count=900.0) for ward in WARDS]
    built = samples.built(
        count(samples.frame(rows), ["age"]),
        questionnaire=samples.questionnaire(AGE),
        framework=samples.framework(*SHARES.values()),
        reference=Reference(areas=AREAS, margins=PopulationMargins(population)),
        policy=policy,
    )
    truth = {code: np.zeros((len(WARDS), 2), dtype=np.int64) for code in SHARES}
    for ward, _mode, _age, life, warm in rows:
        for code, share in SHARES.items():
            said = warm if share.item == "warm" else life
            truth[code][WARDS.index(ward), 0 if said in share.codes else 1] += 1
    return Alike(built.release, truth, policy)


def possible(figure: Figure, responses: int, policy: Policy) -> NDArray[np.int64]:
    """(pairs, [people, of them]) that would be published as this figure."""
    base, step, decimals = figure.base or 0, policy.base_step, policy.percentage_decimals
    people = np.arange(max(1, base - step), base + step + 1)
    n = np.repeat(people, people + 1)
    x = np.concatenate([np.arange(each + 1) for each in people])
    p = x / n
    lower, upper = proportion_interval(p, p * (1 - p) / n * responses / (responses - 1), n)
    least = 10.0**-decimals
    value = np.where((x > 0) & (x < n), np.clip(np.round(100 * p, decimals), least, 100 - least), 100.0 * p)
    ends = (
        np.minimum(value, np.round(100 * lower, decimals)),
        np.maximum(value, np.round(100 * upper, decimals)),
    )
    alike = np.array([policy.rounded_base(int(each)) == base for each in people])[n - people[0]]
    for told, found in ((figure.value, value), (figure.lower, ends[0]), (figure.upper, ends[1])):
        alike &= np.isclose(found, told or 0.0)
    return np.column_stack([n, x])[alike]


def _known(alike: Alike, code: str) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Each area with a shown figure, and what is possible of it: other shares of the item have its base."""
    release, item = alike.release, SHARES[code].item
    shown = {(f.indicator, f.area): f for f in release.figures if f.marker is Marker.SHOWN}
    for area in INSIDE:
        if (code, area) in shown:
            pairs = possible(shown[code, area], release.responses, alike.policy)
            for other, share in SHARES.items():
                if share.item == item and (other, area) in shown:
                    beside = possible(shown[other, area], release.responses, alike.policy)
                    pairs = pairs[np.isin(pairs[:, 0], beside[:, 0])]
            yield area, pairs


def solve(alike: Alike) -> Outcome:
    """Every small count that is hidden, bounded by all that the release says of its indicator."""
    outcome = Outcome()
    for code, truth in alike.truth.items():
        rows, least, most = [], [], []
        shown = set()
        for area, pairs in _known(alike, code):
            shown.add(area)
            counts = {(1, 1): pairs[:, 0], (1, 0): pairs[:, 1], (0, 1): pairs[:, 0] - pairs[:, 1]}
            for kinds, values in counts.items():
                rows.append(_row(area, kinds))
                least.append(float(values.min()))
                most.append(float(values.max()))
        for area, inside in INSIDE.items():
            at = [WARDS.index(ward) for ward in inside]
            for kinds, few in (((1, 1), FEWEST), ((1, 0), FEW), ((0, 1), FEW)):
                people = int((truth[at] * kinds).sum())
                if area in shown or not 0 < people < few:
                    continue
                outcome.tried += 1
                low, high = _ends(_row(area, kinds), rows, least, most)
                if high - low < ROOM:
                    outcome.recovered.append(f"{code} {area} {kinds}: {people}")
    return outcome


def _row(area: str, kinds: tuple[int, int]) -> NDArray[np.float64]:
    """Which unknowns (wards x [gave the answer, did not]) a count of an area sums."""
    row = np.zeros((len(WARDS), 2))
    row[[WARDS.index(ward) for ward in INSIDE[area]]] = kinds
    return row.reshape(-1)


def _ends(
    target: NDArray[np.float64], rows: list[NDArray[np.float64]], least: list[float], most: list[float]
) -> tuple[float, float]:
    """The least and the most the target can be; inf where nothing bounds it."""
    if not rows:
        return 0.0, np.inf
    above, below = np.array(rows), -np.array(rows)
    limits = {"A_ub": np.vstack([above, below]), "b_ub": np.array([*most, *(-each for each in least)])}
    low, high = linprog(target, **limits), linprog(-target, **limits)
    if low.status or high.status not in (0, 3):
        raise AssertionError(f"the attacker's own sums cannot be: {low.message}")
    return np.ceil(low.fun - 1e-6), np.floor(-high.fun + 1e-6) if high.status == 0 else np.inf
