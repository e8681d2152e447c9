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

from analysis.areas import Area, AreaSet
from analysis.comments import Comment, CommentsRefusedError, PublishedComments, Quote, publishable
from analysis.disclosure import Policy
from analysis.identifiers import Places, certain, masked, suggestions
from analysis.synthetic.comments import read_comments

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
