"""The shipped questionnaire and framework, from answers through a snapshot to a release."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.areas import Area, AreaSet
from analysis.build import Built, Policy, Reference, WaveFacts, build_release
from analysis.margins import MarginCount, PopulationMargins, margin_levels
from analysis.release import Marker, from_json
from analysis.snapshot import SnapshotRow, append, digest, margins, read
from analysis.tallies import count
from questionnaires.answers import Answer, Missing
from questionnaires.kinds import KINDS
from questionnaires.loading import FRAMEWORKS, LIBRARY, find, load, load_framework
from questionnaires.model import Item
from tests.unit.analysis.samples import CREATED, WARDS
from tests.unit.analysis.samples import areas as sample_areas

QUESTIONNAIRE = load(find(LIBRARY, "thriving-places-core", "1.0"))
FRAMEWORK = load_framework(FRAMEWORKS / "thriving-places.yaml")


def districts_as_lads() -> AreaSet:
    return AreaSet(
        Area(
            code=a.code,
            name=a.name,
            level="lad" if a.level == "district" else a.level,
            vintage=a.vintage,
            parents=a.parents,
        )
        for a in sample_areas()
    )


def answer(item: Item, random: np.random.Generator) -> Answer | Missing:
    codes = KINDS[item.kind].codes(item)
    if not codes or random.random() < 0.04:
        return Missing.NOT_ANSWERED
    if KINDS[item.kind].many:
        return tuple(sorted({int(random.choice(codes))}))
    return int(random.choice(codes))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Built:
    random = np.random.default_rng(20)
    folder: Path = tmp_path_factory.mktemp("snapshot")
    named = {m.name: m for m in QUESTIONNAIRE.margins if m.area_level is None}
    rows = []
    for number in range(1, 1201):
        answers = {item.code: answer(item, random) for item in QUESTIONNAIRE.items()}
        cell = {}
        for name, margin in named.items():
            chosen = answers[str(margin.item)]
            options = {o.code: o.level or "" for o in QUESTIONNAIRE.item(str(margin.item)).options}
            cell[name] = options[chosen] if isinstance(chosen, int) else ""
        rows.append(
            SnapshotRow(
                id=f"r{number}",
                sequence=number,
                area=str(random.choice(list(WARDS))),
                mode="paper" if number % 5 == 0 else "web",
                language="en",
                cell=cell,
                answers=answers | {score.code: int(random.integers(2)) for score in QUESTIONNAIRE.scores},
            )
        )
    append(folder, rows[:700], QUESTIONNAIRE)
    append(folder, rows[700:], QUESTIONNAIRE)
    people = PopulationMargins(
        [
            MarginCount(area=ward, margin=name, level=level, count=100.0 * (1 + position))
            for ward in WARDS
            for name, margin in named.items()
            for position, level in enumerate(margin_levels(QUESTIONNAIRE, margin))
        ]
    )
    return build_release(
        count(read(folder), list(margins(folder))),
        QUESTIONNAIRE,
        FRAMEWORK,
        Reference(areas=districts_as_lads(), margins=people),
        Policy(),
        wave=WaveFacts(
            slug="w",
            title="W",
            opened="2026-01-01",
            closed="2026-02-01",
            levels=("ward", "lad", "county"),
            snapshot=digest(folder),
        ),
        number=1,
        created=CREATED,
    )


def test_every_indicator_of_the_framework_is_fed_by_the_questionnaire(made: Built) -> None:
    asked = {f.indicator for f in made.release.figures}
    assert asked == {i.code for _, _, _, i in FRAMEWORK.indicators() if i.item}
    assert [f.indicator for f in made.release.figures if f.marker is Marker.NOT_ASKED] == []


def test_with_two_hundred_people_a_ward_most_figures_are_shown(made: Built) -> None:
    shown = [f for f in made.release.figures if f.marker is Marker.SHOWN]
    assert len(shown) > 0.8 * len(made.release.figures)
    assert {f.area for f in shown} == set(WARDS) | {"North", "South", "C"}


def test_the_release_can_be_stored_and_names_the_snapshot(made: Built) -> None:
    assert from_json(made.release.to_json()) == made.release
    assert len(made.release.provenance["snapshot"]) == 64
    assert made.release.provenance["questionnaire"] == QUESTIONNAIRE.digest
    assert {row["margin"] for row in made.release.weighting} == {m.name for m in QUESTIONNAIRE.margins}
