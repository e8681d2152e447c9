"""A small survey to test with: three questions, two margins, six wards in two districts in one county."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from analysis.areas import Area, AreaSet
from analysis.build import Earlier, Policy, Reference, WaveFacts, build_release
from analysis.margins import MarginCount, PopulationMargins
from analysis.national import NationalLayer, NationalYardstick
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies, count
from questionnaires.framework import (
    Benchmark,
    Domain,
    Framework,
    Headline,
    Indicator,
    Statistic,
    SubDomain,
)
from questionnaires.model import Item, Margin, Option, Purpose, Questionnaire, Scale, Section

CREATED = datetime(2026, 5, 1, 12, tzinfo=UTC)
WARDS = {"N1": "North", "N2": "North", "N3": "North", "S1": "South", "S2": "South", "S3": "South"}
LEVELS = ("ward", "district", "county")

SATISFIED = Indicator(
    code="satisfied",
    title="Life satisfaction",
    polarity=1,
    item="life",
    unit="out of 10",
    benchmark=Benchmark(layer="england", indicator="Life satisfaction"),
)
COLD = Indicator(
    code="cold",
    title="Cold home",
    polarity=-1,
    item="warm",
    statistic=Statistic.PROPORTION,
    codes=(2,),
    unit="%",
)
ELSEWHERE = Indicator(code="elsewhere", title="Asked in another survey", polarity=1, item="not_here")
JOBS = Indicator(
    code="jobs", title="Jobs", polarity=1, unit="%", benchmark=Benchmark(layer="england", indicator="Jobs")
)


def framework(*indicators: Indicator) -> Framework:
    subdomains = (
        SubDomain(code="life", title="Life", indicators=indicators or (SATISFIED, COLD, ELSEWHERE, JOBS)),
        SubDomain(code="quiet", title="Nothing known"),
    )
    domain = Domain(code="all", title="All", subdomains=subdomains)
    return Framework(
        id="small", version="1", title="Small", headlines=(Headline(code="h", title="H", domains=(domain,)),)
    )


def options(*levels: str) -> tuple[Option, ...]:
    return tuple(Option(code=i, text=level, level=level) for i, level in enumerate(levels, start=1))


def questionnaire(*margins: Margin) -> Questionnaire:
    items = (
        Item(
            code="life",
            kind="scale",
            text="How is life?",
            purpose=Purpose.FRAMEWORK,
            scale=Scale(low=0, high=10, low_label="Bad", high_label="Good"),
        ),
        Item(
            code="warm",
            kind="single_choice",
            text="Is your home warm?",
            purpose=Purpose.FRAMEWORK,
            options=(
                Option(code=1, text="Yes"),
                Option(code=2, text="No"),
                Option(code=3, text="Don't know", substantive=False),
            ),
        ),
        Item(
            code="age_band",
            kind="single_choice",
            text="How old are you?",
            purpose=Purpose.WEIGHTING,
            margin="age",
            options=options("young", "old"),
        ),
    )
    return Questionnaire(
        id="small",
        version="1",
        title="Small",
        language="en",
        framework="small",
        digest="d" * 64,
        sections=(Section(code="s", title="S", items=items),),
        margins=margins
        or (
            Margin(name="age", item="age_band", levels=("young", "old")),
            Margin(name="district", area_level="district"),
        ),
    )


def areas(wards: Mapping[str, str] = WARDS) -> AreaSet:
    districts = sorted(set(wards.values()))
    return AreaSet(
        [
            Area(code="C", name="County", level="county", vintage="2024"),
            *(Area(code=d, name=d, level="district", vintage="2024", parents=("C",)) for d in districts),
            *(
                Area(code=w, name=f"Ward {w}", level="ward", vintage="2024", parents=(d,))
                for w, d in wards.items()
            ),
        ]
    )


def population(wards: Mapping[str, str] = WARDS) -> PopulationMargins:
    return PopulationMargins(
        [
            MarginCount(area=ward, margin="age", level=level, count=people)
            for ward in wards
            for level, people in (("children", 300.0), ("young", 600.0), ("old", 400.0))
        ]
    )


def england() -> NationalLayer:
    return NationalLayer(
        id="england",
        source="Office for Figures, OGL v3",
        values={
            ("North", "Life satisfaction"): 7.6,
            ("South", "Life satisfaction"): 7.2,
            ("North", "Jobs"): 80.0,
        },
        yardsticks={
            "Life satisfaction": NationalYardstick(mean=7.4, sd=0.4, areas=300, period="2025", unit="mean"),
            "Jobs": NationalYardstick(mean=75.0, sd=5.0, areas=300, period="2025", unit="%"),
        },
    )


def reference(wards: Mapping[str, str] = WARDS) -> Reference:
    return Reference(areas=areas(wards), margins=population(wards), national=(england(),))


def wave(levels: tuple[str, ...] = LEVELS) -> WaveFacts:
    return WaveFacts(
        slug="spring",
        title="Spring",
        opened="2026-03-01",
        closed="2026-04-30",
        levels=levels,
        snapshot="s" * 64,
    )


def frame(rows: Iterable[tuple[str, str, str, int, int]]) -> pd.DataFrame:
    """A snapshot frame from (area, mode, age level, life, warm)."""
    table = pd.DataFrame(list(rows), columns=[AREA, MODE, MARGIN_PREFIX + "age", "life", "warm"])
    for name in (AREA, MODE, MARGIN_PREFIX + "age"):
        table[name] = table[name].astype(str).astype("category")
    return table.astype({"life": np.int8, "warm": np.int8})


def people(sizes: Mapping[str, int], seed: int = 1, cold: float = 0.4) -> pd.DataFrame:
    """So many random people in each area."""
    random = np.random.default_rng(seed)
    return frame(
        (
            area,
            "paper" if random.random() < 0.3 else "web",
            ("old", "old", "young", "")[random.integers(4)] if random.random() < 0.9 else "young",
            int(random.integers(4, 11)) if random.random() < 0.95 else -2,
            2 if random.random() < cold else 1,
        )
        for area, size in sizes.items()
        for _ in range(size)
    )


def tallied(sizes: Mapping[str, int], seed: int = 1, cold: float = 0.4) -> Tallies:
    return count(people(sizes, seed, cold), ["age"])


def built(tallies: Tallies, *, number: int = 1, earlier: tuple[Earlier, ...] = (), **changes: object):
    """A release of the small survey."""
    given = {
        "questionnaire": questionnaire(),
        "framework": framework(),
        "reference": reference(),
        "policy": Policy(),
        "wave": wave(),
        "created": CREATED,
    } | changes
    positional = [given.pop(name) for name in ("questionnaire", "framework", "reference", "policy")]
    return build_release(tallies, *positional, number=number, earlier=earlier, **given)
