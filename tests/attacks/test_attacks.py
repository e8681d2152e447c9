"""Published releases are attacked; nothing protected may be recovered. The same attacks must break a release
without complementary suppression, or they would prove nothing.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.areas import Area, AreaSet
from analysis.build import Policy, PublicationRefusedError
from tests.attacks.attacks import ATTACKS
from tests.attacks.survey import Published, publish
from tests.unit.analysis import samples

SAFE, UNSAFE = Policy(), Policy(complementary=False)


@pytest.fixture(scope="module")
def published() -> Published:
    return publish(SAFE)


@pytest.fixture(scope="module")
def careless() -> Published:
    return publish(UNSAFE)


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_protected_is_recovered(published: Published, name: str) -> None:
    outcome = ATTACKS[name](published)
    print(f"{name}: {outcome.tried} small counts tried, {len(outcome.recovered)} recovered")
    assert outcome.tried > (2 if name == "solve for modes" else 10), (
        "an attack with nothing to find shows nothing"
    )
    assert outcome.recovered == []


@pytest.mark.parametrize("name", ATTACKS)
def test_without_complementary_suppression_the_same_attack_succeeds(careless: Published, name: str) -> None:
    outcome = ATTACKS[name](careless)
    print(f"{name}: {outcome.tried} small counts tried, {len(outcome.recovered)} recovered")
    assert outcome.recovered, f"{name} finds nothing even where nothing is protected by suppression"


def test_something_is_published_to_attack(published: Published) -> None:
    release = published.releases[-1]
    assert release.breakdowns is not None
    assert len(release.breakdowns.shares) > 50
    assert len({f.area for f in release.breakdowns.figures}) > 3
    assert release.modes_compared is not None
    assert release.modes_compared.figures


def test_breakdowns_are_made_once_after_the_wave_has_closed(published: Published) -> None:
    interim, closed, late = published.releases
    assert interim.breakdowns is None
    assert closed.breakdowns is not None
    assert late.breakdowns == closed.breakdowns
    assert interim.modes_compared is None
    assert closed.modes_compared is not None
    assert late.modes_compared == closed.modes_compared


def test_neighbourhoods_that_overlap_are_not_published_together() -> None:
    """Two overlapping areas minus what they share would be people nobody chose to publish."""
    places = AreaSet(
        [
            *(
                replace(area, parents=(*area.parents, "P")) if area.code in ("N1", "S1") else area
                for area in samples.areas()
            ),
            Area(code="P", name="Across the border", level="neighbourhood", vintage="2026", parents=("C",)),
        ]
    )
    with pytest.raises(PublicationRefusedError, match="overlap"):
        samples.built(
            samples.tallied({"N1": 90, "N2": 90, "S1": 90, "S2": 90}),
            reference=replace(samples.reference(), areas=places),
            wave=samples.wave(("ward", "district", "neighbourhood")),
        )
