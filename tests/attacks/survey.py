"""A made-up survey with much to hide: wards of every size, rare answers, small communities, late paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from analysis.areas import Area, AreaSet
from analysis.build import Earlier, Policy, Reference, build_release
from analysis.margins import MarginCount, PopulationMargins
from analysis.release import Release
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies, count, roll_up
from questionnaires.framework import Framework, Indicator, Statistic
from questionnaires.model import Item, Margin, Option, Purpose, Questionnaire, Section
from tests.unit.analysis import samples

DISTRICTS = {"North": 8, "East": 7, "South": 9}
LEVELS = ("ward", "district", "county")
MODES = ("web", "paper", "assisted")  # only some fifty had help
AGES, GROUPS = ("young", "middle", "old"), ("white", "asian", "black", "other")
INTERIM, CLOSED = 2_600, 4_000
"""How many had answered by the releases made while the wave was open and after it closed."""
SMALL_WARD, MEDIUM_WARD = 0.2, 2.0
"""Sizes, in ordinary wards: North has one small ward among large ones, the other districts every size."""
LATE = {"North0": 4, **{f"North{n}": 14 for n in range(1, 8)}}
"""Paper that came late: so many from each ward, for a third release."""


def _agreement(code: str, text: str) -> Item:
    labels = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree")
    return Item(
        code=code,
        kind="likert",
        text=text,
        purpose=Purpose.FRAMEWORK,
        options=tuple(Option(code=i, text=label) for i, label in enumerate(labels, start=1)),
    )


def _about(code: str, text: str, margin: str, levels: tuple[str, ...]) -> Item:
    return Item(
        code=code,
        kind="single_choice",
        text=text,
        purpose=Purpose.WEIGHTING,
        margin=margin,
        options=samples.options(*levels),
    )


ITEMS = ("belong", "safe", "heard", "warm")


def questionnaire() -> Questionnaire:
    items = (
        _agreement("belong", "I belong here"),
        _agreement("safe", "I feel safe here"),
        _agreement("heard", "I am heard here"),
        samples.questionnaire().item("warm"),
        _about("age_band", "How old are you?", "age", AGES),
        _about("ethnicity", "What is your ethnic group?", "ethnic_group", GROUPS),
    )
    return replace(
        samples.questionnaire(
            Margin(name="age", item="age_band", levels=AGES),
            Margin(name="ethnic_group", item="ethnicity", levels=GROUPS),
            Margin(name="district", area_level="district"),
        ),
        sections=(Section(code="s", title="S", items=items),),
    )


def framework() -> Framework:
    def share(code: str, item: str, *codes: int) -> Indicator:
        return Indicator(
            code=code,
            title=code,
            polarity=1,
            item=item,
            statistic=Statistic.PROPORTION,
            codes=codes,
            unit="%",
        )

    return samples.framework(
        share("belongs", "belong", 1, 2),
        share("belongs_strongly", "belong", 1),
        share("safe", "safe", 1, 2),
        share("unheard", "heard", 4, 5),
        share("cold", "warm", 2),
        Indicator(code="agreement", title="agreement", polarity=1, item="heard", unit="out of 5"),
    )


def areas() -> AreaSet:
    found = [Area(code="C", name="County", level="county", vintage="2024")]
    for district, wards in DISTRICTS.items():
        found.append(Area(code=district, name=district, level="district", vintage="2024", parents=("C",)))
        found += [
            Area(
                code=f"{district}{n}",
                name=f"{district} {n}",
                level="ward",
                vintage="2024",
                parents=(district,),
            )
            for n in range(wards)
        ]
    return AreaSet(found)


def answers(seed: int = 7) -> pd.DataFrame:
    """Everyone who will answer, in the order they do, each known by their ward, as attackers know."""
    random = np.random.default_rng(seed)
    places = [area.code for area in areas() if area.level == "ward"]
    sizes = random.pareto(1.0, len(places)) + 0.5
    sizes = np.where([place.startswith("North") for place in places], MEDIUM_WARD, sizes)
    sizes[places.index("North0")] = SMALL_WARD
    late = [ward for ward, number in LATE.items() for _ in range(number)]
    area = np.array([*random.choice(places, size=CLOSED, p=sizes / sizes.sum()), *late])
    rows = len(area)
    agree = np.array([0.34, 0.38, 0.14, 0.09, 0.05])
    frame = {
        AREA: area,
        MODE: random.choice(MODES, rows, p=[0.7, 0.288, 0.012]),
        MARGIN_PREFIX + "age": random.choice([*AGES, ""], rows, p=[0.2, 0.4, 0.37, 0.03]),
        MARGIN_PREFIX + "ethnic_group": random.choice([*GROUPS, ""], rows, p=[0.8, 0.08, 0.06, 0.03, 0.03]),
    }
    for item in ITEMS[:3]:
        frame[item] = random.choice([1, 2, 3, 4, 5, -2], rows, p=[*(agree * 0.96), 0.04])
    frame["warm"] = random.choice([1, 2, 3, -2], rows, p=[0.85, 0.1, 0.03, 0.02])
    table = pd.DataFrame(frame)
    for name in (AREA, MODE, MARGIN_PREFIX + "age", MARGIN_PREFIX + "ethnic_group"):
        table[name] = table[name].astype(str).astype("category")
    return table.astype(dict.fromkeys(ITEMS, np.int8))


@dataclass(frozen=True)
class Published:
    """What the public has, and the truth behind it, which only says whether an attack has worked."""

    releases: tuple[Release, ...]
    truth: tuple[Tallies, ...]  # rolled up to the released areas, one for each release
    of_mode: tuple[Mapping[str, Tallies], ...]  # the same, by way of answering


def publish(policy: Policy) -> Published:
    everyone = answers()
    population = PopulationMargins(
        [
            MarginCount(area=area.code, margin=margin, level=level, count=count_)
            for area in areas()
            if area.level == "ward"
            for margin, counts in POPULATION.items()
            for level, count_ in counts.items()
        ]
    )
    releases: list[Release] = []
    truth: list[Tallies] = []
    of_mode: list[Mapping[str, Tallies]] = []
    earlier: tuple[Earlier, ...] = ()
    for number, (so_far, created) in enumerate(MOMENTS, start=1):
        people = everyone.iloc[:so_far]
        counted = count(people, ["age", "ethnic_group"])
        by_mode = {mode: count(people[people[MODE] == mode], ["age", "ethnic_group"]) for mode in MODES}
        built = build_release(
            counted,
            questionnaire(),
            framework(),
            Reference(areas=areas(), margins=population),
            policy,
            wave=samples.wave(LEVELS),
            number=number,
            created=created,
            earlier=earlier,
            of_mode=by_mode.__getitem__,
        )
        earlier = (*earlier, Earlier(built.release, built.bases))
        releases.append(built.release)
        truth.append(roll_up(counted, areas(), LEVELS))
        of_mode.append({mode: roll_up(tallies, areas(), LEVELS) for mode, tallies in by_mode.items()})
    return Published(tuple(releases), tuple(truth), tuple(of_mode))


POPULATION: Mapping[str, Mapping[str, float]] = {
    "age": {"young": 300.0, "middle": 450.0, "old": 350.0},
    "ethnic_group": {"white": 880.0, "asian": 95.0, "black": 80.0, "other": 45.0},
}
MOMENTS = (
    (INTERIM, datetime(2026, 4, 1, tzinfo=UTC)),
    (CLOSED, datetime(2026, 5, 10, tzinfo=UTC)),
    (CLOSED + sum(LATE.values()), datetime(2026, 6, 10, tzinfo=UTC)),
)
