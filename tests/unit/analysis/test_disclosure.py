"""What may be published: thresholds at -1, exact and +1, and attacks that must fail."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import Overlapping, Policy, Why, decide, primary, safe
from analysis.earlier import (
    Bases,
    BasesUnreadableError,
    Past,
    Record,
    State,
    read_bases,
    unsafe_changes,
)
from analysis.nesting import Nesting, OverlapError, nest
from tests.unit.analysis.samples import WARDS, Area, AreaSet, areas

POLICY = Policy()
UNPROTECTED = Policy(complementary=False)
NESTING = nest(areas(), ("C", "North", "South", *WARDS))
ATOMS = NESTING.codes
"""The people of each area who are in no smaller one: a ward's, or those known only by district or county."""


def rolled(own: dict[str, tuple[int, int]]) -> dict[str, np.ndarray]:
    """[base, numerator, numerator, complement] of every area, from those of its own people."""
    total = {code: np.zeros(4, dtype=np.int64) for code in ATOMS}
    for code, (base, numerator) in own.items():
        for area in (code, *NESTING.above[code]):
            total[area] += np.array([base, numerator, numerator, base - numerator])
    return total


def even(sizes: dict[str, int]) -> dict[str, np.ndarray]:
    """Half of everyone in the numerator."""
    return rolled({code: (size, size // 2) for code, size in sizes.items()})


@pytest.mark.parametrize(("base", "why"), [(29, Why.TOO_FEW), (30, None), (31, None)])
def test_the_minimum_base(base: int, why: Why | None) -> None:
    assert primary(np.array([base, 200]), POLICY) is why


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    ("count", "why"), [(0, None), (1, Why.SMALL_COUNT), (9, Why.SMALL_COUNT), (10, None), (11, None)]
)
def test_small_numerators_and_complements(count: int, why: Why | None, flip: bool) -> None:
    numerator = 100 - count if flip else count
    assert primary(np.array([100, numerator, numerator, 100 - numerator]), POLICY) is why


@pytest.mark.parametrize(("elsewhere", "shown"), [(29, False), (30, True), (31, True)])
def test_what_is_left_of_a_parent_needs_the_minimum_base(elsewhere: int, shown: bool) -> None:
    """60 + 60 + 60 in the wards, and some known only by district: district minus wards is those."""
    counts = even({"N1": 60, "N2": 60, "N3": 60, "North": elsewhere})
    found = decide(NESTING, counts, POLICY)
    assert ({"N1", "N2", "N3", "North"} <= found.fresh) is shown


@pytest.mark.parametrize(("known_above", "another"), [(9, True), (10, False), (11, False)])
def test_one_hidden_child_needs_company(known_above: int, another: bool) -> None:
    """28 hidden + those known only by district. Below ten of them, the rest is as good as the child."""
    counts = even({"N1": 60, "N2": 60, "N3": 28, "North": known_above})
    found = decide(NESTING, counts, POLICY)
    assert ("N1" in found.hidden) is another
    assert found.hidden["N3"] is Why.TOO_FEW


def test_the_smallest_sibling_that_is_enough_is_hidden() -> None:
    found = decide(NESTING, even({"N1": 90, "N2": 60, "N3": 20}), POLICY)
    assert found.hidden == {
        "N3": Why.TOO_FEW,
        "N2": Why.PROTECTS,
        "S1": Why.TOO_FEW,
        "S2": Why.TOO_FEW,
        "S3": Why.TOO_FEW,
        "South": Why.TOO_FEW,
    }
    assert found.fresh == {"N1", "North", "C"}


def test_the_parent_is_hidden_when_no_child_is_left_to_hide() -> None:
    """Two small wards, 29 together: what the district says, its wards' neighbours do not protect."""
    counts = even({"N1": 29, "S1": 90, "S2": 90, "S3": 90})
    found = decide(NESTING, counts, POLICY)
    assert "North" in found.hidden
    assert "C" in found.hidden or "South" in found.hidden


def test_a_parent_equal_to_its_only_child_says_what_the_child_would() -> None:
    places = AreaSet(
        [
            Area(code="D", name="D", level="district", vintage="1"),
            Area(code="w", name="w", level="ward", vintage="1", parents=("D",)),
        ]
    )
    same = nest(places, ("D", "w"))
    many = np.array([100, 5, 50, 50])
    assert decide(same, {"D": many, "w": many}, POLICY).fresh == {"D", "w"}
    few = np.array([100, 5, 5, 95])
    assert decide(same, {"D": few, "w": few}, POLICY).fresh == frozenset()


def test_an_empty_area_is_hidden_like_any_other_and_endangers_nobody() -> None:
    found = decide(NESTING, even({"N1": 60, "N2": 60, "S1": 60, "S2": 60}), POLICY)
    assert found.fresh == {"N1", "N2", "S1", "S2", "North", "South", "C"}
    assert set(found.hidden) == {"N3", "S3"}


# An attacker who knows every exact count of every shown figure, and adds and subtracts without limit.


def derivable(published: frozenset[str]) -> list[tuple[str, ...]]:
    """Every group of people (union of atoms) whose count follows from published counts, by linear algebra."""
    if not published:
        return []
    rows = np.array([[float(NESTING.holder(a, {p}) == p) for a in ATOMS] for p in sorted(published)])
    space = np.linalg.pinv(rows) @ rows  # projection on what is known
    groups = chain.from_iterable(combinations(range(len(ATOMS)), n) for n in range(1, len(ATOMS) + 1))
    found = []
    for group in groups:
        vector = np.zeros(len(ATOMS))
        vector[list(group)] = 1
        if np.allclose(space @ vector, vector, atol=1e-9):
            found.append(tuple(ATOMS[i] for i in group))
    return found


def own_of(counts: dict[str, np.ndarray], group: tuple[str, ...]) -> np.ndarray:
    own = NESTING.own(counts)
    return sum((own[code] for code in group), np.zeros(4, dtype=np.int64))


SIZE = st.one_of(st.just(0), st.integers(1, 60), st.integers(30, 200))


@st.composite
def survey(draw: st.DrawFn) -> dict[str, tuple[int, int]]:
    own = {}
    for code in ATOMS:
        base = draw(SIZE if code in WARDS else st.one_of(st.just(0), st.integers(0, 40)))
        own[code] = (base, draw(st.integers(0, base)) if draw(st.booleans()) else base // 2)
    return own


@settings(max_examples=60, deadline=None)
@given(survey())
def test_no_protected_count_can_be_worked_out(own: dict) -> None:
    counts = rolled(own)
    found = decide(NESTING, counts, POLICY)
    for group in derivable(found.fresh):
        assert safe(own_of(counts, group), POLICY), group


def test_without_complementary_suppression_the_same_attack_succeeds() -> None:
    counts = even({"N1": 60, "N2": 60, "N3": 7, "S1": 60, "S2": 60, "S3": 60})
    naive = decide(NESTING, counts, UNPROTECTED)
    rest = {"N3", "North"}  # nobody is known only by district, so this is the seven people of N3
    found = [group for group in derivable(naive.fresh) if set(group) == rest]
    assert [int(own_of(counts, group)[0]) for group in found] == [7]
    protected = decide(NESTING, counts, POLICY)
    assert [group for group in derivable(protected.fresh) if set(group) == rest] == []


def test_hiding_is_not_wasteful() -> None:
    """With enough answers everywhere nothing is hidden."""
    counts = even(dict.fromkeys(WARDS, 60))
    assert decide(NESTING, counts, POLICY).hidden == {}


# Over time.


def past_of(counts: dict[str, np.ndarray], number: int = 1, past: tuple[Past, ...] = ()) -> Past:
    return Past(number, decide(NESTING, counts, POLICY, past, number).records)


@pytest.mark.parametrize(
    ("more", "fresh"), [(0, False), (9, False), (10, True), (11, True), (-9, False), (-10, True)]
)
def test_a_figure_changes_only_when_enough_responses_have_come_or_gone(more: int, fresh: bool) -> None:
    first = past_of(even(dict.fromkeys(WARDS, 60)))
    later = decide(NESTING, even({**dict.fromkeys(WARDS, 60), "N1": 60 + more}), POLICY, [first], 2)
    assert ("N1" in later.fresh) is fresh
    if not fresh:
        assert later.stands["N1"] == Record(60, 30, State.FRESH, 60, 1)
    assert "S1" in later.stands


def test_small_steps_add_up_from_the_release_that_was_printed() -> None:
    sizes = dict.fromkeys(WARDS, 60)
    one = past_of(even(sizes))
    two = past_of(even({**sizes, "N1": 66}), 2, (one,))
    assert two.records["N1"].state is State.STANDS
    three = decide(NESTING, even({**sizes, "N1": 72}), POLICY, [one, two], 3)
    assert "N1" in three.fresh, "12 since release 1, whose figure was still standing"


def test_a_hidden_figure_stays_hidden_until_enough_have_come() -> None:
    sizes = {**dict.fromkeys(WARDS, 60), "N3": 29}
    one = past_of(even(sizes))
    two = decide(NESTING, even({**sizes, "N3": 31}), POLICY, [one], 2)
    assert two.hidden["N3"] is Why.STAYS_HIDDEN
    assert two.records["N3"].since == 29
    three = decide(NESTING, even({**sizes, "N3": 39}), POLICY, [one], 2)
    assert "N3" not in three.hidden or three.hidden["N3"] is Why.PROTECTS


def test_the_rest_of_a_parent_may_not_change_by_one_person() -> None:
    """Twelve join ward N1, and one who is known only by district: neither figure alone tells of the one."""
    sizes = {**dict.fromkeys(WARDS, 60), "North": 40}
    one = past_of(even(sizes))
    counts = even({**sizes, "N1": 72, "North": 41})
    later = decide(NESTING, counts, POLICY, [one], 2)
    assert not {"N1", "North"} <= later.fresh
    before = own_of(even(sizes), ("North",))[0]
    assert own_of(counts, ("North",))[0] - before == 1


def test_new_figures_are_safe_without_the_help_of_those_that_stand() -> None:
    """N3 stands (60 to 59 people, 10 to 9 cold). District minus N1 minus N2, all new, tells of its nine."""
    half = {code: (60, 30) for code in WARDS}
    one = past_of(rolled({**half, "N3": (60, 10), "North": (30, 0)}))
    after = {**half, "N1": (75, 37), "N2": (75, 37), "N3": (59, 9), "North": (50, 0)}
    later = decide(NESTING, rolled(after), POLICY, [one], 2)
    assert "N3" in later.stands
    assert not {"N1", "N2", "North"} <= later.fresh


@settings(max_examples=60, deadline=None)
@given(survey(), st.lists(st.tuples(st.sampled_from(ATOMS), st.integers(1, 25)), max_size=6))
def test_two_releases_never_differ_by_a_few_people(own: dict, joined: list) -> None:
    before = rolled(own)
    one = past_of(before)
    later_own = dict(own)
    for code, more in joined:
        base, numerator = later_own[code]
        later_own[code] = (base + more, numerator + more)
    after = rolled(later_own)
    later = decide(NESTING, after, POLICY, [one], 2)
    both = set(derivable(one.fresh)) & set(derivable(later.fresh))
    for group in both:
        change = int((own_of(after, group) - own_of(before, group))[0])
        assert change == 0 or abs(change) >= POLICY.minimum_change, group
    for group in derivable(later.fresh):
        assert safe(own_of(after, group), POLICY), group


# The machinery.


def test_overlapping_areas_are_refused_by_name() -> None:
    places = AreaSet(
        [
            Area(code="w", name="Ward", level="ward", vintage="1"),
            Area(code="m", name="Msoa", level="msoa", vintage="1"),
            Area(code="l", name="Lsoa", level="lsoa", vintage="1", parents=("w", "m")),
        ]
    )
    with pytest.raises(OverlapError, match=r"ward Ward \(w\) and msoa Msoa \(m\) share l"):
        nest(places, ("w", "m"))
    assert nest(places, ("w", "l")).above["l"] == ("w",)


def test_nesting_knows_parents_children_and_rests() -> None:
    assert isinstance(NESTING, Nesting)
    assert NESTING.above["N1"] == ("North", "C")
    assert NESTING.inside["C"] == {
        "district": ("North", "South"),
        "ward": ("N1", "N2", "N3", "S1", "S2", "S3"),
    }
    counts = even({**dict.fromkeys(WARDS, 50), "South": 7})
    rests = NESTING.rests({"C", "North", "N1"}, NESTING.own(counts))
    assert {code: int(rest[0]) for code, rest in rests.items()} == {"N1": 50, "North": 100, "C": 157}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"format": 2}',
        '{"format": 1, "figures": {"x": {"signature": "s", "areas": {"a": [1]}}}}',
    ],
)
def test_unreadable_bases_are_refused(text: str) -> None:
    with pytest.raises(BasesUnreadableError, match="Restore them"):
        read_bases(text)


def test_bases_come_back_as_they_were() -> None:
    bases = Bases(
        number=2,
        responses=99,
        responses_since=90,
        figures={"cold": ("warm|proportion|2|", past_of(even(dict.fromkeys(WARDS, 60))).records)},
    )
    assert read_bases(bases.to_json()) == bases
    assert bases.past("cold", "warm|proportion|2|") is not None
    assert bases.past("cold", "warm|proportion|1,2|") is None, "a redefined indicator is another number"
    assert bases.past("other", "") is None


@pytest.mark.parametrize(
    "changes", [{"minimum_base": 9}, {"minimum_count": 1}, {"minimum_change": 1}, {"base_step": 0}]
)
def test_reckless_policies_are_refused(changes: dict) -> None:
    with pytest.raises(ValueError):
        Policy(**changes)


def test_smaller_areas_that_were_not_there_before_do_not_tell_of_those_who_came() -> None:
    """N1 as it was, and its two halves now: three people came."""
    halves = ("N1a", "N1b")
    placed = AreaSet(
        [*areas(), *(Area(code=h, name=h, level="half", vintage="2024", parents=("N1",)) for h in halves)]
    )
    before = {code: Record(200, 100, State.FRESH, 200, 1) for code in ("N1",)}
    now = nest(placed, ("N1", *halves))
    counts = {code: np.array([n, n // 2]) for code, n in (("N1", 203), ("N1a", 103), ("N1b", 100))}
    assert list(unsafe_changes(now, set(halves), Past(1, before), counts, 10)) == [set(halves)]
    assert list(unsafe_changes(now, {"N1a"}, Past(1, before), counts, 10)) == []
    counts = {code: np.array([n, n // 2]) for code, n in (("N1", 210), ("N1a", 110), ("N1b", 100))}
    assert list(unsafe_changes(now, set(halves), Past(1, before), counts, 10)) == []


def test_an_area_where_nobody_is_outside_the_smaller_ones_ties_nothing_together() -> None:
    """North less N3 then, and North less N1 and N2 now: those of N3, where five came."""
    then = {
        "N1": (16, State.HIDDEN),
        "N2": (90, State.HIDDEN),
        "N3": (130, State.FRESH),
        "North": (236, State.FRESH),
    }
    now = {"N1": 32, "N2": 104, "N3": 135, "North": 271}
    nesting = nest(areas(), now)
    past = Past(1, {code: Record(n, n // 2, state, n, 1) for code, (n, state) in then.items()})
    counts = {code: np.array([n, n // 2]) for code, n in now.items()}
    found = list(unsafe_changes(nesting, {"N1", "N2", "North"}, past, counts, 10))
    assert found == [{"North"}]


@pytest.mark.parametrize(("beyond", "shown"), [(8, False), (29, False), (40, True)])
def test_other_places_instead_of_those_shown_before_do_not_single_out_a_few(beyond: int, shown: bool) -> None:
    """N2 was shown, and is not published now; Hill is N2 and a few people of N1. Nobody has come since."""
    here = np.array([beyond, beyond // 2])
    regions = {("Hill", "N2"): np.array([100, 50]), ("Hill", "N1"): here, ("N1",): np.array([100, 50])}
    hill = {"Hill": np.array([100, 50]) + here}
    before = Past(1, {"N2": Record(100, 50, State.FRESH, 100, 1)})
    told = Overlapping(families=(), regions=regions, closed=True)
    only_hill = Nesting(("Hill",), {"Hill": ()}, {"Hill": {}})
    assert ("Hill" in decide(only_hill, hill, POLICY, [before], 2, overlapping=told).fresh) is shown
