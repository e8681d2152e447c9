"""After a release was withdrawn: nothing of it comes again, and what comes instead tells of no few people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.build import Built, Earlier
from analysis.disclosure import Decision, Why, decide, safe
from analysis.earlier import Past, Record, State
from analysis.margins import MarginCount, PopulationMargins
from analysis.release import Figure, Marker
from analysis.standing import repeated
from analysis.tallies import merge
from tests.unit.analysis.samples import WARDS, built, reference, tallied, wave
from tests.unit.analysis.test_disclosure import (
    ATOMS,
    NESTING,
    POLICY,
    derivable,
    even,
    own_of,
    past_of,
    rolled,
    survey,
)

SIZES = dict.fromkeys(WARDS, 60)


def decided(sizes: dict[str, int], past: list[Past], withdrawn: tuple[int, ...] = (1,)) -> Decision:
    return decide(NESTING, even(sizes), POLICY, past, past[-1].number + 1, withdrawn)


def test_over_the_very_same_answers_every_figure_is_given_anew() -> None:
    found = decided(SIZES, [past_of(even(SIZES))])
    assert found.fresh == set(NESTING.codes)
    assert found.records["N1"] == Record(60, 30, State.FRESH, 60, 2)
    assert decided(SIZES, [past_of(even(SIZES))], ()).stands.keys() == set(NESTING.codes)


@pytest.mark.parametrize(("more", "fresh"), [(1, False), (9, False), (10, True), (-1, False), (-10, True)])
def test_a_figure_that_a_few_people_changed_is_hidden_instead_of_standing(more: int, fresh: bool) -> None:
    found = decided({**SIZES, "N1": 60 + more}, [past_of(even(SIZES))])
    assert ("N1" in found.fresh) is fresh
    assert not found.stands
    if not fresh:
        assert found.hidden["N1"] is Why.WITHDRAWN
        assert found.hidden["North"] is Why.WITHDRAWN
        assert "S1" in found.fresh, "nobody came or went there"


def test_the_same_number_of_people_with_other_answers_are_not_the_same_answers() -> None:
    half = {code: (60, 30) for code in WARDS}
    one = past_of(rolled(half))
    found = decide(NESTING, rolled({**half, "N1": (60, 31)}), POLICY, [one], 2, [1])
    assert found.hidden["N1"] is Why.WITHDRAWN


def test_what_was_hidden_in_the_withdrawn_release_stays_hidden() -> None:
    sizes = {**SIZES, "N3": 29}
    one = past_of(even(sizes))
    found = decided(sizes, [one])
    assert found.hidden["N3"] is Why.STAYS_HIDDEN
    assert found.fresh == one.fresh


def test_small_steps_after_a_withdrawal_add_up_and_the_way_back_is_open() -> None:
    one = past_of(even(SIZES))
    six = {**SIZES, "N1": 66}
    two = Past(2, decided(six, [one]).records)
    assert two.records["N1"] == Record(66, 33, State.HIDDEN, 60, 1)
    assert "N1" in decided({**SIZES, "N1": 72}, [one, two]).fresh, "12 since it was last read"
    assert "N1" in decided(SIZES, [one, two]).fresh, "the six went again: the very same answers"
    assert decided({**SIZES, "N1": 68}, [one, two]).hidden["N1"] is Why.STAYS_HIDDEN


def test_a_figure_stands_from_a_release_that_was_not_withdrawn() -> None:
    one = past_of(even(SIZES))
    two = past_of(even({**SIZES, "S1": 75}), 2, (one,))
    found = decided({**SIZES, "S1": 76}, [one, two], (2,))
    assert found.stands["N1"].number == 1
    assert found.hidden["S1"] is Why.WITHDRAWN


@settings(max_examples=80, deadline=None)
@given(survey(), st.lists(st.tuples(st.sampled_from(ATOMS), st.integers(1, 25)), max_size=4))
def test_an_attacker_who_kept_the_withdrawn_release_learns_of_no_few_people(
    own: dict[str, tuple[int, int]], joined: list[tuple[str, int]]
) -> None:
    """Whatever follows from both is checked for what changed; where nobody came, from both together."""
    before = rolled(own)
    one = past_of(before)
    later_own = dict(own)
    for code, more in joined:
        base, numerator = later_own[code]
        later_own[code] = (base + more, numerator + more)
    after = rolled(later_own)
    later = decide(NESTING, after, POLICY, [one], 2, [1])
    assert not later.stands
    for group in set(derivable(one.fresh)) & set(derivable(later.fresh)):
        change = int((own_of(after, group) - own_of(before, group))[0])
        assert change == 0 or abs(change) >= POLICY.minimum_change, group
    for group in derivable(later.fresh):
        assert safe(own_of(after, group), POLICY), group
    if not joined:
        for group in derivable(one.fresh | later.fresh):
            assert safe(own_of(after, group), POLICY), group


# Through a whole build.


def figures(made: Built) -> dict[tuple[str, str], Figure]:
    return {(figure.area, figure.indicator): figure for figure in made.release.figures}


def other_margins() -> PopulationMargins:
    """Nine tenths of people are old."""
    counts = {"children": 300.0, "young": 100.0, "old": 900.0}
    return PopulationMargins(
        [
            MarginCount(area=ward, margin="age", level=level, count=people)
            for ward in WARDS
            for level, people in counts.items()
        ]
    )


def test_wrong_margins_are_put_right_after_withdrawing() -> None:
    answers = tallied(SIZES)
    wrong = built(answers, reference=replace(reference(), margins=other_margins()))
    stuck = built(answers, number=2, earlier=(Earlier(wrong.release, wrong.bases),))
    assert all(f.stands_from == 1 for f in stuck.release.figures if f.marker is Marker.SHOWN)
    right = built(answers, number=2, earlier=(Earlier(wrong.release, wrong.bases, withdrawn=True),))
    alone = built(answers)
    assert figures(right) == figures(alone)
    assert right.release.weighting == alone.release.weighting != wrong.release.weighting
    assert not repeated(Earlier(right.release, right.bases), Earlier(wrong.release, wrong.bases, True))


def test_with_a_few_more_answers_no_number_of_the_withdrawn_release_is_printed_again() -> None:
    first = built(tallied(SIZES))
    more = merge([tallied(SIZES), tallied({"N1": 3}, seed=7)])
    second = built(more, number=2, earlier=(Earlier(first.release, first.bases, withdrawn=True),))
    now = figures(second)
    assert now["N1", "satisfied"].marker is Marker.HIDDEN
    assert now["S1", "satisfied"].marker is Marker.SHOWN
    assert all(f.stands_from is None for f in second.release.figures)
    assert (second.release.responses, second.release.modes, second.release.weighting) == (
        first.release.responses,
        {},
        (),
    )
    why = {(w.area, w.indicator): w.why for w in second.report.hidden}
    assert why["N1", "satisfied"] == Why.WITHDRAWN


def test_what_a_later_release_repeats_is_told() -> None:
    first = built(tallied(SIZES))
    more = merge([tallied(SIZES), tallied({"N1": 1}, seed=7)])
    second = built(more, number=2, earlier=(Earlier(first.release, first.bases),))
    found = repeated(Earlier(second.release, second.bases), Earlier(first.release, first.bases))
    shown = sum(f.marker is Marker.SHOWN for f in first.release.figures)
    assert (found.figures, found.totals) == (shown, True)
    assert str(shown) in found.words()
    assert "totals" in found.words()


def test_breakdowns_of_a_withdrawn_release_come_again_only_over_the_same_answers() -> None:
    sizes = dict.fromkeys(WARDS, 300)
    answers = tallied(sizes)
    wrong = built(answers, reference=replace(reference(), margins=other_margins()))
    made = wrong.release.breakdowns
    assert made is not None
    assert made.figures
    gone = Earlier(wrong.release, wrong.bases, withdrawn=True)
    right = built(answers, number=2, earlier=(gone,)).release.breakdowns
    assert right is not None
    assert right.number == 2
    seen = {(f.area, f.indicator, f.group, f.level) for f in made.figures}
    assert {(f.area, f.indicator, f.group, f.level) for f in right.figures} <= seen
    assert right.shares != made.shares, "other weights"
    other = built(answers, number=2, earlier=(gone,), wave=replace(wave(), snapshot="t" * 64))
    assert other.release.breakdowns is None
    kept = built(answers, number=2, earlier=(replace(gone, withdrawn=False),)).release.breakdowns
    assert kept == made
