"""Singling out by free text: an attacker with lists of names, streets and numbers reads what is published.

The same attacker must find people when review is skipped, or the test would show nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.areas import Area, AreaSet
from analysis.comments import Comment, CommentsRefusedError, PublishedComments, Quote, Theme, publishable
from analysis.disclosure import Policy
from analysis.identifiers import Places, certain, masked, suggestions
from analysis.release import carrying, from_json
from analysis.synthetic.comments import read_comments
from tests.releases import release

AREAS = AreaSet([Area(code="D1", name="Northfield", level="lad", vintage="2024")])
PLACES = Places(["Northfield", "Leigh-on-Sea"])

NAMES = ["Jean Example", "Tom Invented", "Priya Shah", "Siân", "Patel", "Oyelaran", "Kowalski"]
STREETS = ["Oak Tree Road", "Acacia Close", "Mill Lane", "Tidal Avenue"]
POSTCODES = ["SS9 1AB", "CM1 1QH", "RM17 6SL"]
NUMBERS = ["01632 960 123", "07700 900123", "+44 7700 900456"]
ADDRESSES = ["j.example@example.org", "priya@shah.example.com"]
ROLL = (*NAMES, *STREETS, *POSTCODES, *NUMBERS, *ADDRESSES)

PLANTED = [
    "Ask for Jean Example at number 12, her number is 01632 960 123 or 07700 900123.",
    "Write to me at j.example@example.org and I will tell you about my neighbour.",
    "My neighbour Tom Invented has been in hospital with his nerves again, poor man.",
    "I live at 14 Oak Tree Road, SS9 1AB, and it floods.",
    "The man in Acacia Close shouts. My neighbour Siân heard him.",
    "ring me on +44 7700 900456 or find me in CM11QH",
    "Mr Patel at the shop is the only one who helps. So is Mrs Oyelaran.",
    "rm17 6sl is forgotten. priya@shah.example.com",
    "my carer Priya Shah walks down mill lane in the dark",
    "Thanks to Kowalski and to Tidal Avenue",
]


def compact(text: str) -> str:
    """As an attacker compares: no accents lost, but no case, spaces or signs either."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w@]", "", plain)


def found_in(published: PublishedComments) -> set[str]:
    """What of the roll stands in anything that is published, its keys included."""
    everything = compact(json.dumps(published.document(), ensure_ascii=False))
    return {entry for entry in ROLL if compact(entry) in everything}


def published(texts: Sequence[str]) -> PublishedComments:
    others = [f"More buses, please, {word}." for word in ("soon", "now", "today", "again") for _ in range(10)]
    comments = [
        Comment(
            person=f"person-{n}", item="comments", area="D1", language="en", themes=frozenset(), quote=text
        )
        for n, text in enumerate([*texts, *others])
    ]
    return publishable(comments, [], AREAS, ["D1"], Policy(), seed="spring:1")


def reviewed(texts: Iterable[str]) -> list[str]:
    """As a reviewer leaves them who accepts every suggestion and adds nothing."""
    return [masked(text, suggestions(text, PLACES)) for text in texts]


def test_after_review_nobody_on_the_roll_is_found() -> None:
    done = published(reviewed(PLANTED))
    assert len(done.items[0].quotes) == len(PLANTED) + 4
    assert found_in(done) == set()


def test_when_review_is_skipped_the_last_gate_refuses_every_certain_identifier() -> None:
    with pytest.raises(CommentsRefusedError) as refused:
        published(PLANTED)
    assert len(refused.value.problems) == sum(len(certain(text)) for text in PLANTED) == 8
    assert not [entry for entry in ROLL if compact(entry) in compact(str(refused.value))]


def test_when_review_is_skipped_the_same_attacker_finds_people() -> None:
    """Names and streets are for a person to see: without one, all of them are there."""
    uncertain = [text for text in PLANTED if not certain(text)]
    found = found_in(published(uncertain))
    assert found == {
        *("Tom Invented", "Siân", "Patel", "Oyelaran", "Priya Shah", "Kowalski"),
        *("Acacia Close", "Mill Lane", "Tidal Avenue"),
    }


def test_when_the_last_gate_is_skipped_too_everyone_planted_is_found() -> None:
    done = published(reviewed(PLANTED))
    (item,) = done.items
    raw = tuple(Quote("all", text) for text in PLANTED)
    unguarded = PublishedComments(items=(replace(item, quotes=raw),))
    assert found_in(unguarded) == set(ROLL)


def test_hostile_comments_of_the_demonstration_come_out_without_certain_identifiers() -> None:
    texts = list(dict.fromkeys(reviewed(read_comments().attacks)))
    everything = published(texts).document()
    assert found_in(published(texts)) == set()
    assert not [quote for item in everything for quote in item["quotes"] if certain(quote["text"])]


def test_nothing_says_who_wrote_it() -> None:
    document = json.dumps(published(reviewed(PLANTED)).document())
    assert "person-" not in document
    assert not re.search(r'"(language|mode|age|person|response|time|date)"', document)


# What a release carries: its whole document is attacked, over time, with withdrawals.

FRAME = [Theme("comments", "buses", "Buses"), Theme("comments", "vicar", "The vicar")]
DISTRICTS = AreaSet(
    [Area(code=f"D{n}", name=f"District {n}", level="lad", vintage="2024") for n in (1, 2)],
)


def people(numbers: Sequence[int], quote: str = "") -> list[Comment]:
    """So many of each kind: with and without the rare theme, in two districts and in none."""
    kinds = [
        (area, themes) for area in ("D1", "D2", "") for themes in (frozenset({"vicar"}), frozenset[str]())
    ]
    return [
        Comment(
            person=f"{area}{sorted(themes)}{n}",
            item="comments",
            area=area,
            language="en",
            themes=themes | {"buses"},
            quote=f"{quote} {area}{len(themes)}{n}" if quote else None,
        )
        for (area, themes), number in zip(kinds, numbers, strict=True)
        for n in range(number)
    ]


def told(said: PublishedComments) -> dict[tuple[str, str], int]:
    """Every count that a reader has, and every rest that can be worked out from them."""
    found: dict[tuple[str, str], int] = {}
    for item in said.items:
        found |= {("", area): count for area, count in item.bases.items()}
        found |= {(count.theme, count.area): count.count for count in item.counts}
        for theme in item.themes:
            if theme not in item.standing:  # a count from another time is no part of this base
                areas = {area for t, area in found if t == theme}
                found |= {(f"not {theme}", a): found["", a] - found[theme, a] for a in areas}
    for theme in {theme for theme, _ in found}:
        districts = [count for (t, area), count in found.items() if t == theme and area != "all"]
        if districts:
            found[theme, "in none"] = found[theme, "all"] - sum(districts)
    return found


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 45), min_size=6, max_size=6), st.booleans()), min_size=1, max_size=5
    )
)
def test_no_rare_theme_singles_anyone_out(histories: list[tuple[list[int], bool]]) -> None:
    """An attacker holds every release, withdrawn ones too, and subtracts whatever can be subtracted."""
    policy = Policy(base_step=1)
    held: list[PublishedComments] = []
    for number, (numbers, falls) in enumerate(histories, start=1):
        made = publishable(
            people(numbers), FRAME, DISTRICTS, [], policy, seed=f"spring:{number}", earlier=held
        )
        if held and held[-1].withdrawn:
            assert not any(item.standing for item in made.items), "nothing stands from what was taken back"
        held.append(replace(made, withdrawn=falls))
    readings = [told(each) for each in held]
    for one in readings:
        for (theme, area), count in one.items():
            assert count == 0 or count >= (30 if theme == "" else 10), (theme, area, count)
    for one in readings:
        for other in readings:
            for key in one.keys() & other.keys():
                if key[1] != "in none":
                    assert not 0 < abs(one[key] - other[key]) < 10, key


def test_the_attacker_singles_out_who_came_last_where_counts_are_not_checked() -> None:
    """The same subtraction finds one person, if a release is made as though it were the first."""
    policy = Policy(base_step=1)
    first = publishable(people([10, 30, 10, 30, 0, 0]), FRAME, DISTRICTS, [], policy, seed="spring:1")
    careless = publishable(people([11, 30, 10, 30, 0, 0]), FRAME, DISTRICTS, [], policy, seed="spring:2")
    guarded = publishable(
        people([11, 30, 10, 30, 0, 0]), FRAME, DISTRICTS, [], policy, seed="spring:2", earlier=[first]
    )
    withdrawn = publishable(
        people([11, 30, 10, 30, 0, 0]),
        FRAME,
        DISTRICTS,
        [],
        policy,
        seed="spring:2",
        earlier=[replace(first, withdrawn=True)],
    )
    found = [told(each).get(("vicar", "D1")) for each in (first, careless, guarded, withdrawn)]
    assert found == [10, 11, 10, None]


def test_quotes_of_a_withdrawn_release_are_not_said_again_while_a_few_have_come() -> None:
    numbers = [10, 30, 10, 30, 0, 0]
    first = publishable(people(numbers, "Words"), FRAME, DISTRICTS, [], Policy(), seed="spring:1")
    gone = replace(first, withdrawn=True)
    more = people([12, 30, 10, 30, 0, 0], "Words")
    second = publishable(more, FRAME, DISTRICTS, [], Policy(), seed="spring:2", earlier=[gone])
    assert len(first.items[0].quotes) == 80
    assert second.items == ()


def test_nobody_on_the_roll_is_in_the_document_of_a_release() -> None:
    """The whole of it as it is stored and downloaded: questions, titles, provenance and all."""
    made = carrying(release(), published(reviewed(PLANTED)))
    document = compact(made.to_json())
    assert "morebusesplease" in document
    assert {entry for entry in ROLL if compact(entry) in document} == set()
    assert "person-" not in made.to_json()
    assert from_json(made.to_json()) == made
    unguarded = replace(made.comments[0], quotes=tuple(Quote("all", text) for text in PLANTED))
    raw = compact(replace(made, comments=(unguarded,)).to_json())
    assert {entry for entry in ROLL if compact(entry) in raw} == set(ROLL)
