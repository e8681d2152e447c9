"""Published releases are attacked; nothing protected may be recovered. The same attacks must break a release
without complementary suppression, or they would prove nothing.
"""

from __future__ import annotations

import pytest

from analysis.build import Policy
from tests.attacks import changing, neighbourhoods, rounding
from tests.attacks.attacks import ATTACKS as COUNTS
from tests.attacks.attacks import Outcome
from tests.attacks.means import solve_options_with_means
from tests.attacks.neighbourhoods import WARDS
from tests.attacks.survey import Published, publish

ATTACKS = {**COUNTS, "solve for options with means": solve_options_with_means}
SEEDS = range(10)
SAFE, UNSAFE = Policy(), Policy(complementary=False)


@pytest.fixture(scope="module")
def published() -> Published:
    return publish(SAFE)


@pytest.fixture(scope="module")
def careless() -> Published:
    return publish(UNSAFE)


@pytest.fixture(scope="module")
def overlapping() -> list[neighbourhoods.Survey]:
    return [neighbourhoods.publish(seed, SAFE) for seed in SEEDS]


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


@pytest.mark.parametrize("name", neighbourhoods.ATTACKS)
def test_places_that_overlap_tell_of_nobody(overlapping: list[neighbourhoods.Survey], name: str) -> None:
    outcome = Outcome()
    further = 0
    for seed, survey in enumerate(overlapping):
        found = neighbourhoods.ATTACKS[name](survey)
        outcome.tried += found.tried
        outcome.recovered += [f"seed {seed}: {each}" for each in found.recovered]
        further += sum(place not in WARDS for place in neighbourhoods.shown(survey.releases[-1]))
    print(f"{name}: {outcome.tried} sums tried, {len(outcome.recovered)} recovered; {further} places shown")
    assert outcome.tried > 50
    assert further > 10, "nothing is attacked where nothing is published"
    assert outcome.recovered == []


@pytest.mark.parametrize("name", neighbourhoods.ATTACKS)
def test_without_suppression_places_that_overlap_tell_of_many(name: str) -> None:
    recovered = [
        each
        for seed in SEEDS
        for each in neighbourhoods.ATTACKS[name](neighbourhoods.publish(seed, UNSAFE)).recovered
    ]
    print(f"{name}: {len(recovered)} recovered")
    assert recovered


def _changing(plan: str, policy: Policy) -> Outcome:
    found = [changing.solve(changing.publish(changing.PLANS[plan], seed, policy)) for seed in range(3)]
    return Outcome(sum(one.tried for one in found), [each for one in found for each in one.recovered])


@pytest.mark.parametrize("plan", changing.PLANS)
def test_a_release_that_says_other_things_of_the_same_answers_tells_of_nobody_who_came(plan: str) -> None:
    outcome = _changing(plan, SAFE)
    print(f"{plan}: {outcome.tried} small counts tried, {len(outcome.recovered)} recovered")
    assert outcome.tried > 10
    assert outcome.recovered == []
    careless = _changing(plan, UNSAFE)
    print(f"{plan}: {careless.tried} small counts tried, {len(careless.recovered)} recovered")
    assert careless.recovered


def _rounded(policy: Policy) -> Outcome:
    found = [rounding.solve(rounding.publish(seed, policy)) for seed in range(6)]
    return Outcome(sum(one.tried for one in found), [each for one in found for each in one.recovered])


def test_the_counts_behind_rounded_numbers_tell_of_nobody() -> None:
    outcome, careless = _rounded(SAFE), _rounded(UNSAFE)
    print(f"rounded numbers: {outcome.tried} small counts tried, {len(outcome.recovered)} recovered")
    print(f"rounded numbers: {careless.tried} small counts tried, {len(careless.recovered)} recovered")
    assert outcome.tried > 50
    assert outcome.recovered == []
    assert careless.recovered, "rounding alone protects nobody, so this attack must find somebody"


def test_whoever_takes_rounding_apart_is_never_wrong() -> None:
    """The true counts are among those listed as possible, and mostly with one other or none."""
    sizes = []
    for seed in range(3):
        alike = rounding.publish(seed, SAFE)
        for figure in alike.release.figures:
            if figure.base is not None:
                at = [rounding.WARDS.index(ward) for ward in rounding.INSIDE[figure.area]]
                said, not_said = alike.truth[figure.indicator][at].sum(axis=0)
                pairs = rounding.possible(figure, alike.release.responses, SAFE).tolist()
                assert [said + not_said, said] in pairs
                sizes.append(len(pairs))
    assert len(sizes) > 20
    assert sorted(sizes)[len(sizes) // 2] <= 2
