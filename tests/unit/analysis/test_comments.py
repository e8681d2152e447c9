"""Which themes and quotes are published: every rule at its edge, over time, and against subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.areas import Area, AreaSet
from analysis.comments import (
    ANOTHER_QUOTED,
    FEW_NEW,
    FEW_SPEAK_IT,
    Comment,
    CommentsRefusedError,
    ItemComments,
    PublishedComments,
    Theme,
    publishable,
    read,
)
from analysis.disclosure import Policy

POLICY = Policy(base_step=1)  # exact counts, so that the tests see what is counted
AREAS = AreaSet(
    [
        Area(code="A1", name="County", level="alliance", vintage="2024"),
        Area(code="D1", name="Northfield", level="lad", vintage="2024", parents=("A1",)),
        Area(code="D2", name="Southmere", level="lad", vintage="2024", parents=("A1",)),
        Area(code="X1", name="Elsewhere", level="lad", vintage="2024"),
        Area(code="W1", name="St Mary's", level="ward", vintage="2024", parents=("D1",)),
    ]
)
FRAME = (Theme("more", "buses", "Buses"), Theme("more", "parks", "Parks"))
BUSES = frozenset({"buses"})


def some(
    number: int,
    area: str = "W1",
    themes: Iterable[str] = (),
    quote: str | None = None,
    *,
    language: str = "en",
    item: str = "more",
    first: int | None = None,
) -> list[Comment]:
    """So many people who say the same. `first`: the number of the first of them; by default all are new."""
    ids = count(first) if first is not None else NUMBERS
    return [
        Comment(
            person=f"p{next(ids)}",
            item=item,
            area=area,
            language=language,
            themes=frozenset(themes),
            quote=None if quote is None else quote.format(n=n),
        )
        for n in range(number)
    ]


NUMBERS = count(1_000_000)


def publish(
    comments: Sequence[Comment], *earlier: PublishedComments, policy: Policy = POLICY, seed: str = "spring:1"
) -> PublishedComments:
    return publishable(comments, FRAME, AREAS, ["A1"], policy, seed=seed, earlier=earlier)


def only(found: PublishedComments) -> ItemComments:
    (item,) = found.items
    return item


def counted(found: PublishedComments) -> dict[tuple[str, str], int]:
    return {(c.theme, c.area): c.count for item in found.items for c in item.counts}


@pytest.mark.parametrize(("people", "told"), [(29, False), (30, True), (31, True)])
def test_an_item_needs_the_minimum_base(people: int, told: bool) -> None:
    assert bool(publish(some(people)).items) == told


@pytest.mark.parametrize(
    ("spoke", "others", "told"),
    [
        (9, 40, False),
        (10, 40, True),
        (11, 40, True),
        (40, 9, False),
        (40, 10, True),
        (40, 0, True),
        (0, 40, False),
    ],
)
def test_a_theme_needs_the_minimum_count_and_so_do_the_others(spoke: int, others: int, told: bool) -> None:
    found = publish(some(spoke, themes=BUSES) + some(others))
    assert (("buses", "all") in counted(found)) == told
    assert ("parks", "all") not in counted(found)  # nobody, which must look like a few


@pytest.mark.parametrize(
    ("second", "elsewhere", "told"),
    [(29, 0, False), (30, 0, True), (30, 1, False), (30, 29, False), (30, 30, True), (0, 0, True)],
)
def test_districts_are_told_together_or_not_at_all(second: int, elsewhere: int, told: bool) -> None:
    bases = only(publish(some(40, "W1") + some(second, "D2") + some(elsewhere, ""))).bases
    assert bases["all"] == 40 + second + elsewhere
    assert ("D1" in bases) == told
    assert ("D2" in bases) == (told and second > 0)
    assert not set(bases) & {"W1", "", "X1"}


def test_a_theme_small_in_one_district_is_told_in_none() -> None:
    large, small = some(20, "D1", BUSES) + some(20, "D1"), some(9, "D2", BUSES) + some(31, "D2")
    found = publish(large + small)
    assert set(only(found).bases) == {"all", "D1", "D2"}
    assert counted(found) == {("buses", "all"): 29}
    found = publish(large + some(10, "D2", BUSES) + some(30, "D2"))
    assert counted(found) == {("buses", "all"): 30, ("buses", "D1"): 20, ("buses", "D2"): 10}


def test_a_district_outside_the_wave_is_not_named() -> None:
    assert set(only(publish(some(40, "D1") + some(40, "X1"))).bases) == {"all", "D1"}


def test_counts_are_rounded_as_bases_are() -> None:
    found = publish(some(13, themes=BUSES) + some(30), policy=Policy())
    assert only(found).bases == {"all": 45, "D1": 45}
    assert counted(found) == {("buses", "all"): 15, ("buses", "D1"): 15}


@pytest.mark.parametrize(("new", "now"), [(0, 40), (1, 40), (9, 40), (10, 50)])
def test_a_base_that_moved_by_a_few_stands(new: int, now: int) -> None:
    first = publish(some(40, first=0))
    assert only(publish(some(40 + new, first=0), first)).bases["all"] == now


@pytest.mark.parametrize(("gone", "now"), [(9, 40), (10, 30), (11, None)])
def test_withdrawn_comments_leave_with_others_or_the_item_goes(gone: int, now: int | None) -> None:
    first = publish(some(40, first=0))
    found = publish(some(40 - gone, first=0), first)
    assert (only(found).bases["all"] if found.items else None) == now


def test_small_steps_do_not_add_up_to_a_difference() -> None:
    """40, 49, 51: each release is checked against what the last was counted with, not against what it hid."""
    first = publish(some(40, first=0))
    second = publish(some(49, first=0), first)
    third = publish(some(51, first=0), first, second)
    assert [only(found).bases["all"] for found in (first, second, third)] == [40, 40, 51]


def test_going_back_near_an_older_release_is_noticed() -> None:
    """40, 50, 39: eleven fewer than the last, and one fewer than the first."""
    first = publish(some(40, first=0))
    second = publish(some(50, first=0), first)
    third = publish(some(39, first=0), first, second)
    assert [only(found).bases["all"] for found in (first, second, third)] == [40, 50, 50]


def test_a_theme_that_moved_by_a_few_stands_while_the_base_moves() -> None:
    first = publish(some(20, themes=BUSES, first=0) + some(30, first=100))
    second = publish(some(23, themes=BUSES, first=0) + some(60, first=100), first)
    assert only(second).bases["all"] == 83
    assert counted(second)["buses", "all"] == 20
    third = publish(some(30, themes=BUSES, first=0) + some(60, first=100), first, second)
    assert only(third).bases["all"] == 83  # seven more than the release before
    # The second release seems to say that 83 - 20 did not speak of it: ten more must not by then.
    for others, told in ((72, 20), (73, 33)):
        fourth = publish(some(33, themes=BUSES, first=0) + some(others, first=100), first, second, third)
        assert counted(fourth)["buses", "all"] == told


def test_a_hidden_theme_stays_hidden_until_enough_have_come() -> None:
    first = publish(some(9, themes=BUSES, first=0) + some(40, first=100))
    second = publish(some(11, themes=BUSES, first=0) + some(60, first=100), first)
    assert counted(second) == {}
    third = publish(some(22, themes=BUSES, first=0) + some(80, first=100), first, second)
    assert counted(third)["buses", "all"] == 22


def test_quotes_hang_on_a_district_or_on_the_whole_wave_never_on_a_ward() -> None:
    here, there = some(40, "W1", quote="Here {n}"), some(40, "D2", quote="There {n}")
    assert {(q.area, q.text[0]) for q in only(publish(here + there)).quotes} == {("D1", "H"), ("D2", "T")}
    found = only(publish(here + there[:29]))  # districts are not told, so quotes do not tell them either
    assert {quote.area for quote in found.quotes} == {"all"}
    (document,) = PublishedComments(items=(found,)).document()
    assert {key for quote in document["quotes"] for key in quote} == {"area", "text"}


@pytest.mark.parametrize(("speakers", "shown"), [(29, False), (30, True)])
def test_a_language_few_write_in_is_not_quoted(speakers: int, shown: bool) -> None:
    found = publish(some(60) + some(speakers, "D2", quote="بسیں {n}", language="ur"))
    assert bool(only(found).quotes) == shown
    assert found.held_back == ({} if shown else {FEW_SPEAK_IT: speakers})


def test_a_language_few_write_in_here_is_quoted_from_everywhere() -> None:
    ours = some(40, "D1", quote="A {n}", language="ur") + some(1, "D2", quote="B", language="ur")
    quotes = only(publish(ours + some(40, "D2"))).quotes
    assert [quote.area for quote in quotes if quote.text == "B"] == ["all"]


def test_a_person_is_quoted_once() -> None:
    both = some(40, quote="One {n}", first=0) + some(40, quote="Two {n}", first=0, item="other")
    found = publish(both)
    texts = [quote.text for item in found.items for quote in item.quotes]
    assert len(texts) == 40
    assert len({text.split()[1] for text in texts}) == 40
    assert found.held_back == {ANOTHER_QUOTED: 40}


def test_the_order_follows_from_the_release_and_the_words_alone() -> None:
    people = some(40, quote="Words {n}", first=0)
    one, other = publish(people), publish(people[::-1])
    assert one == other
    renamed = [replace(each, person=f"x{each.person}") for each in people]
    assert only(publish(renamed)).quotes == only(one).quotes
    assert only(publish(people, seed="spring:2")).quotes != only(one).quotes
    assert [q.text for q in only(one).quotes] != [c.quote for c in people]


def test_a_few_new_quotes_wait_and_a_quote_taken_back_goes_at_once() -> None:
    first = publish(some(40, quote="Old {n}", first=0))
    later = some(40, quote="Old {n}", first=0)[1:] + some(3, quote="New {n}", first=100)
    second = publish(later, first, seed="spring:2")
    texts = {quote.text for quote in only(second).quotes}
    assert texts == {f"Old {n}" for n in range(1, 40)}
    assert second.held_back == {FEW_NEW: 3}


@pytest.mark.parametrize("text", ["ring 01632 960 123", "SS9 1AB", "a@example.org", "see www.example.org"])
def test_a_certain_identifier_stops_everything(text: str) -> None:
    with pytest.raises(CommentsRefusedError) as refused:
        publish(some(40, quote="Fine {n}") + some(1, quote=text))
    assert len(refused.value.problems) == 1
    assert text not in str(refused.value)


def test_one_comment_each() -> None:
    with pytest.raises(ValueError, match="more than one comment"):
        publish(some(40, first=0) + some(1, first=0))


def test_nothing_said_is_nothing_carried() -> None:
    assert publish([]).document() == []
    assert publish(some(29)).document() == []


def test_what_is_carried_reads_back() -> None:
    found = publish(some(40, themes=BUSES, quote="Words {n}") + some(40, "D2"))
    again = read(found.document(), found.exact)
    assert (again.items, again.exact) == (found.items, found.exact)


GROUPS = st.lists(st.integers(0, 60), min_size=6, max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(GROUPS, min_size=1, max_size=4))
def test_nothing_published_differs_by_a_few_people(histories: list[list[int]]) -> None:
    """Whatever is taken from whatever: within a release, and the same figure between any two releases."""
    releases: list[PublishedComments] = []
    for groups in histories:
        people = [
            each
            for (area, themes), number in zip(
                [(a, t) for a in ("D1", "D2", "") for t in (BUSES, ())], groups, strict=True
            )
            for each in some(number, area, themes)
        ]
        releases.append(publish(people, *releases))
    told: list[dict[str, dict[str, int]]] = []
    for release in releases:
        for item in release.items:
            buses = {c.area: c.count for c in item.counts if c.theme == "buses"}
            small = [n for n in item.bases.values() if 0 < n < 30] + [n for n in buses.values() if 0 < n < 10]
            rest = item.bases["all"] - sum(n for area, n in item.bases.items() if area != "all")
            assert not small
            assert len(item.bases) == 1 or rest == 0 or rest >= 30
            told.append({"base": dict(item.bases), "buses": buses})
    for one in told:
        for other in told:
            for figure in ("base", "buses"):
                for area in one[figure].keys() & other[figure].keys():
                    assert not 0 < abs(one[figure][area] - other[figure][area]) < 10
