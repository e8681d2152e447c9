"""A made-up wave to measure with: 40 items, 300 areas, 180 cells, in a snapshot, and what a release needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis import snapshot
from analysis.areas import Area, AreaSet
from analysis.build import Built, Policy, Reference, WaveFacts, build_release
from analysis.margins import MarginCount, PopulationMargins
from analysis.snapshot import Manifest
from analysis.tallies import Tallies
from questionnaires.framework import Framework, Indicator, Statistic
from questionnaires.model import Item, Margin, Purpose, Questionnaire, Scale, Section
from tests.unit.analysis import samples

ITEMS, AREAS, PART = 40, 300, 1_000_000
LEVELS = {"age": 15, "sex": 3, "tenure": 4}
CELLS = 15 * 3 * 4
DISTRICTS = 30


def survey() -> Questionnaire:
    scale = Scale(low=0, high=10, low_label="Low", high_label="High")
    items = tuple(
        Item(code=f"item{i:02}", kind="scale", text="How?", purpose=Purpose.FRAMEWORK, scale=scale)
        for i in range(ITEMS)
    )
    asked = tuple(
        Item(
            code=f"by_{name}",
            kind="single_choice",
            text="Which?",
            purpose=Purpose.WEIGHTING,
            margin=name,
            options=samples.options(*(f"{name}{i}" for i in range(levels))),
        )
        for name, levels in LEVELS.items()
    )
    margins = tuple(
        Margin(name=name, item=f"by_{name}", levels=tuple(f"{name}{i}" for i in range(levels)))
        for name, levels in LEVELS.items()
    )
    return replace(
        samples.questionnaire(*margins), sections=(Section(code="s", title="S", items=(*items, *asked)),)
    )


def write(folder: Path, rows: int, seed: int = 1) -> None:
    """A snapshot as `append` leaves it, written by columns: a million Python rows take much longer."""
    random = np.random.default_rng(seed)
    snapshot.append(folder, [], survey())
    manifest = snapshot._require(folder)
    while manifest.rows < rows:
        size = min(PART, rows - manifest.rows)
        part = snapshot._write_part(folder, manifest.next_part, _table(random, size, manifest))
        manifest = replace(
            manifest,
            parts=(*manifest.parts, part),
            next_part=manifest.next_part + 1,
            last_sequence=manifest.last_sequence + size,
        )
    snapshot._commit(folder, manifest)


def _table(random: np.random.Generator, size: int, manifest: Manifest) -> pa.Table:
    start = manifest.last_sequence + 1
    levels = {"response.area": AREAS, "response.mode": 3, "response.language": 5}
    levels |= {f"margin.{name}": number for name, number in LEVELS.items()}
    schema = snapshot._schema(manifest)
    columns = []
    for field in schema:
        if field.name == "response.id":
            columns.append(pa.array([f"{n:032x}" for n in range(start, start + size)]))
        elif field.name == "response.sequence":
            columns.append(pa.array(np.arange(start, start + size)))
        elif field.name in levels:
            names = [f"{field.name.split('.')[1]}{i}" for i in range(levels[field.name])]
            codes = random.integers(0, len(names), size, dtype=np.int32)
            columns.append(pa.DictionaryArray.from_arrays(codes, names))
        else:
            codes = random.integers(0, 11, size, dtype=np.int8)
            codes[random.random(size) < 0.05] = -2
            columns.append(pa.array(codes).cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def reference() -> Reference:
    """Wards in districts in a county, and how many people of each level live in each."""
    wards = {f"area{i}": f"district{i % DISTRICTS}" for i in range(AREAS)}
    counted = [
        MarginCount(area=ward, margin=name, level=f"{name}{i}", count=float(900 + 10 * i))
        for ward in wards
        for name, levels in LEVELS.items()
        for i in range(levels)
    ]
    places = [Area(code="C", name="County", level="county", vintage="2024")]
    places += [
        Area(code=code, name=code, level="district", vintage="2024", parents=("C",))
        for code in sorted(set(wards.values()))
    ]
    places += [
        Area(code=ward, name=ward, level="ward", vintage="2024", parents=(district,))
        for ward, district in wards.items()
    ]
    return Reference(areas=AreaSet(places), margins=PopulationMargins(counted), national=())


def framework() -> Framework:
    """An indicator of every item: a mean of every other, a share of the rest."""
    return samples.framework(
        *(
            Indicator(code=f"mean{i:02}", title="Mean", polarity=1, item=f"item{i:02}")
            if i % 2
            else Indicator(
                code=f"share{i:02}",
                title="Share",
                polarity=1,
                item=f"item{i:02}",
                statistic=Statistic.PROPORTION,
                codes=(8, 9, 10),
                unit="%",
            )
            for i in range(ITEMS)
        )
    )


def released(counted: Tallies, *, closed: bool) -> Built:
    """The first release of a wave: figures at three levels, and once it has closed breakdowns."""
    return build_release(
        counted,
        survey(),
        framework(),
        reference(),
        Policy(),
        wave=WaveFacts(
            slug="made-up",
            title="Made up",
            opened="2026-03-01",
            closed="2026-04-30" if closed else "2026-06-30",
            levels=("ward", "district", "county"),
            snapshot="s" * 64,
        ),
        number=1,
        created=datetime(2026, 5, 1, tzinfo=UTC),
    )
