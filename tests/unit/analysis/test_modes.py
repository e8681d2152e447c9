"""Ways of answering set side by side: by hand, and never so that a mode that is hidden could be had."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.build import Earlier, Policy, PublicationRefusedError
from analysis.margins import MarginCount, PopulationMargins
from analysis.modes import FEWEST
from analysis.release import Marker, Release, from_json
from analysis.released_modes import ModeFigure, ModesCompared
from analysis.standing import repeated
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies, count
from questionnaires.model import Margin
from tests.unit.analysis.samples import (
    WARDS,
    built,
    frame,
    questionnaire,
    reference,
    wave,
)

AGE = MARGIN_PREFIX + "age"
AGE_ALONE = Margin(name="age", item="age_band", levels=("young", "old"))
SIZES = {"web": 600, "paper": 300, "assisted": 150}


def answers(
    sizes: Mapping[str, int] = SIZES, *, seed: int = 3, cold: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """So many people of each mode: on paper they are older, and the old are more satisfied."""
    random = np.random.default_rng(seed)
    share = {"web": 0.3, "paper": 0.3, "assisted": 0.3} | dict(cold or {})
    old = {"web": 0.3, "paper": 0.75, "assisted": 0.6}
    rows = []
    for mode, size in sizes.items():
        for n in range(size):
            age = "old" if random.random() < old.get(mode, 0.5) else "young"
            life = int(random.integers(6, 11) if age == "old" else random.integers(3, 9))
            warm = 2 if random.random() < share.get(mode, 0.3) else 1
            rows.append((list(WARDS)[n % len(WARDS)], mode, age, life, warm))
    return frame(rows)


def of_mode(people: pd.DataFrame) -> Callable[[str], Tallies]:
    return lambda mode: count(people[people[MODE] == mode], ["age"])


def released(people: pd.DataFrame, **changes: object):
    return built(count(people, ["age"]), of_mode=of_mode(people), **changes)


def compared(release: Release) -> ModesCompared:
    assert release.modes_compared is not None
    return release.modes_compared


def by_key(found: ModesCompared) -> dict[tuple[str, str], ModeFigure]:
    return {(f.indicator, f.mode): f for f in found.figures}


def test_every_mode_is_weighted_to_the_same_population_as_worked_out_by_hand() -> None:
    """With one margin, a mode's weighted mean is its means by age at the population's shares."""
    people = answers()
    found = by_key(compared(released(people, questionnaire=questionnaire(AGE_ALONE)).release))
    for mode in SIZES:
        of = people[people[MODE] == mode]
        means = of.groupby(of[AGE].astype(str))["life"].mean()
        by_hand = 0.6 * means["young"] + 0.4 * means["old"]
        assert found["satisfied", mode].value == round(float(by_hand), 1)
        assert abs(float(of["life"].mean()) - float(by_hand)) > 0.1, "weighting must matter in this test"
        shares = (of["warm"] == 2).groupby(of[AGE].astype(str)).mean()
        assert found["cold", mode].value == round(100 * float(0.6 * shares["young"] + 0.4 * shares["old"]))
    assert [found["satisfied", m].base for m in ("web", "paper", "assisted")] == [600, 300, 150]


def test_a_difference_is_tested_as_between_two_samples_and_adjusted_for_all_tests() -> None:
    people = answers(cold={"paper": 0.5})
    found = by_key(compared(released(people, questionnaire=questionnaire(AGE_ALONE)).release))

    def by_hand(mode: str, values: pd.Series) -> tuple[float, float]:
        """Mean and linearised standard error, from the rows."""
        of = people[people[MODE] == mode]
        age = of[AGE].astype(str)
        weight = age.map({"young": 0.6, "old": 0.4}) / age.map(age.value_counts() / len(age))
        y = values[of.index].astype(float)
        mean = float((weight * y).sum() / weight.sum())
        variance = len(of) / (len(of) - 1) * float((weight**2 * (y - mean) ** 2).sum()) / len(of) ** 2
        return mean, float(np.sqrt(variance))

    p = {}
    for indicator, values in (("satisfied", people["life"]), ("cold", people["warm"] == 2)):
        first, first_se = by_hand("web", values)
        for mode in ("paper", "assisted"):
            second, second_se = by_hand(mode, values)
            z = (second - first) / np.hypot(first_se, second_se)
            p[indicator, mode] = 2 * stats.norm.sf(abs(z))
            factor, decimals = (100, 0) if indicator == "cold" else (1, 1)
            assert found[indicator, mode].difference == round(factor * (second - first), decimals)
            assert found[indicator, mode].p == pytest.approx(p[indicator, mode], abs=5e-5)
    adjusted = stats.false_discovery_control(list(p.values()))
    for key, q in zip(p, adjusted, strict=True):
        assert found[key].q == pytest.approx(q, abs=5e-5)
    assert found["cold", "paper"].q < 0.05 < found["satisfied", "paper"].q
    low, high = found["cold", "paper"].difference_lower, found["cold", "paper"].difference_upper
    assert 0 < low < found["cold", "paper"].difference < high
    web = found["cold", "web"]
    assert (web.difference, web.p, web.q) == (None, None, None)


def test_a_mode_of_too_few_people_is_not_compared_and_one_of_a_few_not_even_named() -> None:
    sizes = {"web": 600, "paper": 300, "assisted": FEWEST - 1}
    found = compared(released(answers(sizes)).release)
    assert {g.mode: g.state for g in found.modes} == {
        "web": "compared",
        "paper": "compared",
        "assisted": "few",
    }
    assert {f.mode for f in found.figures} == {"web", "paper"}
    tiny = compared(released(answers({"web": 600, "paper": 300, "assisted": 12})).release)
    assert {g.mode for g in tiny.modes} == {"web", "paper"}
    assert tiny.figures == (), "web and paper taken from everyone would leave the twelve"
    alone = compared(released(answers({"web": 600})).release)
    assert alone.figures == ()


def test_a_margin_with_few_of_a_mode_in_all_levels_but_one_does_not_weigh() -> None:
    people = answers()
    people = people[~((people[MODE] == "paper") & (people[AGE] == "young") & (people.index % 40 != 0))]
    assert 0 < ((people[MODE] == "paper") & (people[AGE] == "young")).sum() < 10
    found = compared(released(people.reset_index(drop=True)).release)
    groups = {group.mode: group for group in found.modes}
    assert (groups["paper"].merged, groups["paper"].dropped) == ((), ("age",)), "one level is none"
    assert (groups["web"].merged, groups["web"].dropped) == ((), ())
    assert groups["paper"].state == "compared"


def test_a_margin_with_two_levels_left_still_weighs() -> None:
    people = answers({"web": 400, "paper": 200})
    age = people[AGE].astype(str)
    middle = (people.index % 3 == 0) & ((people[MODE] == "web") | (people.index % 99 == 0))
    people[AGE] = age.mask(middle, "middle").astype("category")
    assert 0 < ((people[MODE] == "paper") & (people[AGE] == "middle")).sum() < 10
    three = ("young", "middle", "old")
    counts = [MarginCount(area=w, margin="age", level=level, count=500.0) for w in WARDS for level in three]
    found = compared(
        released(
            people,
            questionnaire=questionnaire(replace(AGE_ALONE, levels=three)),
            reference=replace(reference(), margins=PopulationMargins(counts)),
        ).release
    )
    groups = {group.mode: group for group in found.modes}
    assert (groups["paper"].dropped, groups["web"].merged) == ((), ())
    (merged,) = groups["paper"].merged
    assert merged in {("age", ("young", "middle")), ("age", ("middle", "old"))}


def test_a_mode_that_cannot_be_weighted_is_not_compared() -> None:
    """Margins that contradict each other among its people, which merging sparse levels does not cure."""
    people = answers()
    district = people[AREA].astype(str).map(WARDS)
    old_in_north = (people[AGE] == "old") == (district == "North")
    people = people[(people[MODE] != "paper") | old_in_north].reset_index(drop=True)
    of = people[people[MODE] == "paper"]
    assert len(of) >= FEWEST
    found = compared(released(people).release)
    assert {g.mode: g.state for g in found.modes}["paper"] == "unweighted"
    assert "paper" not in {f.mode for f in found.figures}


def test_it_is_made_once_after_the_wave_has_closed() -> None:
    people = answers()
    still_open = replace(wave(), closed="2026-06-30")
    first = released(people, wave=still_open)
    assert first.release.modes_compared is None
    earlier = (Earlier(first.release, first.bases),)
    second = released(people, number=2, earlier=earlier)
    made = compared(second.release)
    assert made.number == 2
    earlier = (*earlier, Earlier(second.release, second.bases))
    more = pd.concat([people, answers({"paper": 60}, seed=9)], ignore_index=True)
    for text in (AREA, MODE, AGE):
        more[text] = more[text].astype(str).astype("category")
    third = released(more, number=3, earlier=earlier)
    assert third.release.modes_compared == made
    found = repeated(Earlier(third.release, third.bases), earlier[-1])
    assert (found.modes, "ways of answering" in found.words()) == (True, True)
    assert not repeated(Earlier(third.release, third.bases), earlier[0]).modes
    figures = {(f.area, f.indicator): f for f in third.release.figures}
    assert figures["C", "cold"].base == 1110, "the figure itself is of the answers since"


def test_it_is_not_made_where_the_whole_area_figure_stands_from_before_a_few_answered() -> None:
    people = answers()
    first = released(people, wave=replace(wave(), closed="2026-06-30"))
    more = pd.concat([people, answers({"paper": 3}, seed=9)], ignore_index=True)
    for text in (AREA, MODE, AGE):
        more[text] = more[text].astype(str).astype("category")
    second = released(more, number=2, earlier=(Earlier(first.release, first.bases),))
    figures = {(f.area, f.indicator): f for f in second.release.figures}
    assert figures["C", "cold"].stands_from == 1
    assert compared(second.release).figures == ()


def test_that_of_a_withdrawn_release_comes_again_only_over_the_same_answers_and_where_it_was_seen() -> None:
    people = answers()
    wrong = released(people)
    told = compared(wrong.release)
    dropped = replace(
        told, figures=tuple(f for f in told.figures if (f.indicator, f.mode) != ("cold", "paper"))
    )
    gone = Earlier(replace(wrong.release, modes_compared=dropped), wrong.bases, withdrawn=True)
    again = compared(released(people, number=2, earlier=(gone,)).release)
    assert again.number == 2
    assert {(f.indicator, f.mode) for f in again.figures} == {(f.indicator, f.mode) for f in dropped.figures}
    other = replace(wave(), snapshot="t" * 64)
    assert released(people, number=2, earlier=(gone,), wave=other).release.modes_compared is None


def test_answers_that_changed_between_counts_refuse_the_release() -> None:
    people = answers()
    fewer = people.drop(index=people.index[-1])
    with pytest.raises(PublicationRefusedError, match="while they were being counted"):
        built(count(people, ["age"]), of_mode=of_mode(fewer))


def test_a_release_reads_back_and_one_without_it_keeps_its_digest() -> None:
    release = released(answers()).release
    assert from_json(release.to_json()) == release
    without = replace(release, modes_compared=None)
    assert "modes_compared" not in json.loads(without.to_json())
    assert from_json(without.to_json()) == without


@pytest.mark.parametrize("seed", range(6))
def test_nobody_hidden_can_be_had_by_taking_the_shown_modes_from_the_whole_area(seed: int) -> None:
    """The attacker knows the exact counts behind every number that is shown."""
    random = np.random.default_rng(seed)
    sizes = {"web": 400, "paper": int(random.integers(100, 160)), "assisted": int(random.integers(5, 120))}
    cold = {"web": 0.3, "paper": float(random.uniform(0.02, 0.4)), "assisted": float(random.uniform(0, 0.4))}
    people = answers(sizes, seed=seed, cold=cold)
    assert attacked(people, Policy()) == []


def test_without_complementary_suppression_the_same_attack_succeeds() -> None:
    people = answers({"web": 400, "paper": 150, "assisted": 12})
    assert attacked(people, Policy(complementary=False)) != []


def attacked(people: pd.DataFrame, policy: Policy) -> list[str]:
    """Protected counts of hidden modes that are told by what is left of the whole area."""
    release = released(people, policy=policy).release
    whole = {f.indicator for f in release.figures if f.area == "C" and f.marker is Marker.SHOWN}
    shown = {(f.indicator, f.mode) for f in compared(release).figures}
    found = []
    for indicator, column in (("satisfied", None), ("cold", "warm")):
        hidden = [mode for mode in people[MODE].unique() if (indicator, mode) not in shown]
        if indicator not in whole or not hidden or len(hidden) == people[MODE].nunique():
            continue
        rest = people[people[MODE].isin(hidden)]
        parts = rest[column].value_counts().to_list() if column else []
        if len(rest) < policy.minimum_base or any(0 < n < policy.minimum_count for n in parts):
            found.append(f"{indicator}: {len(rest)} {parts}")
    return found
