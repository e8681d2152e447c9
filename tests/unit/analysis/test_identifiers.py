"""What is suggested for redaction: a table of texts, and ways to hide from it that must not work."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.identifiers import KINDS, Places, certain, has_capitals, masked, suggestions
from analysis.synthetic.comments import read_comments

PLACES = Places(["Northfield", "Leigh-on-Sea", "St. Mary's", "Central", "Malden", "A"])

TABLE = [
    ("postcode", "I live in SS9 1AB near the park", "SS9 1AB"),
    ("postcode", "we are at cm11ab", "cm11ab"),
    ("phone", "ring 01632 960 123 after six", "01632 960 123"),
    ("phone", "+44 (0)7700 900123", "+44 (0)7700 900123"),
    ("phone", "07700-900-123", "07700-900-123"),
    ("number", "ring 960123", "960123"),
    ("email", "write to j.example@example.org please", "j.example@example.org"),
    ("email", "jean (at) example.org", "jean (at) example.org"),
    ("email", "jean at example dot org", "jean at example dot org"),
    ("url", "see https://example.org/me?x=1", "https://example.org/me?x=1"),
    ("url", "my page www.example.org", "www.example.org"),
    ("url", "look at jeanscakes.co.uk/menu", "jeanscakes.co.uk/menu"),
    ("handle", "I am @jean_cakes there", "@jean_cakes"),
    ("date", "born on 3/4/1962 here", "3/4/1962"),
    ("date", "since 3rd of April 1962", "3rd of April 1962"),
    ("date", "she was born in 1962", "born in 1962"),
    ("age", "I am 83 and cannot walk", "I am 83"),
    ("age", "an 83-year-old widow", "83-year-old"),
    ("age", "widow in her eighties", "in her eighties"),
    ("only-one", "As the only Somali nurse here I know", "the only Somali nurse here I"),
    ("only-one", "ask the vicar about it", "the vicar"),
    ("house-number", "the man at number 12 shouts", "number 12"),
    ("street", "at 14a Oak Tree Road it floods", "14a Oak Tree Road"),
    ("street", "oak road floods", "oak road"),
    ("street", "it floods in Acacia Close", "Acacia Close"),
    ("postcode-district", "buses in SS9 are late", "SS9"),
    ("place", "nobody comes to northfield", "northfield"),
    ("place", "I love leigh on sea", "leigh on sea"),
    ("place", "the bells of St Marys", "St Marys"),
    ("place", "buses from malden", "malden"),
    ("place", "parking in Central", "Central"),
    ("name", "My neighbour Tom Invented is ill", "Tom Invented"),
    ("name", "Thanks to my carer priya I manage", "priya"),
    ("name", "Mr patel is kind", "patel"),
    ("name", "the shop of Jean Example-Smith", "Jean Example-Smith"),
    ("name", "Jean Example runs it", "Jean Example"),
    ("name", "we all miss Siân's cakes", "Siân's"),
    ("name", "сосед Иван шумит", "Иван"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), TABLE)
def test_each_kind_is_found(kind: str, text: str, expected: str) -> None:
    found = [(span.kind, text[span.start : span.end]) for span in suggestions(text, PLACES)]
    assert (kind, expected) in found


def test_every_kind_has_a_row() -> None:
    assert {kind for kind, _, _ in TABLE} == set(KINDS)
    assert {code for code, kind in KINDS.items() if kind.certain} == {"postcode", "phone", "email", "url"}


@pytest.mark.parametrize(
    "text",
    [
        "The buses stop at six. People help each other!",
        "More police on the high street, and mend our road.",
        "It takes 3 weeks to see a GP. On Monday I waited 45 minutes.",
        "Between 2019-2020 and 2021 it got worse; in 2022 2023 2024 too.",
        "We live too close to the main road and the central park.",
        "Rent is £1,000,000 too high. I am 45 minutes away. The only problem is parking.",
        "I REALLY like the NHS",
        "ask for the manager",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert [text[s.start : s.end] for s in suggestions(text, PLACES)] == []


def test_what_residents_of_the_demonstration_say_needs_no_redaction() -> None:
    """Made-up comments without a name in them, in six languages: a suggestion would be a false alarm."""
    comments = read_comments()
    texts = [
        t for pool in (comments.glad, comments.sorry, comments.wishes) for each in pool.values() for t in each
    ]
    assert len(texts) > 80
    assert [text for text in texts if suggestions(text, PLACES)] == []


@pytest.mark.parametrize(
    "text",
    [
        "０１６３２ ９６０１２３",
        "٠١٦٣٢ ٩٦٠ ١٢٣",
        "01632\u200b960\u2060123",
        "01632.960.123",
        "SS9\u200d1AB",
        "ss9-1ab",
        "j.example＠example.org",
        "j.exa\u00admple@example.org",
    ],
)
def test_other_digits_widths_and_invisible_letters_hide_nothing(text: str) -> None:
    (span,) = certain(text)
    assert (span.start, span.end) == (0, len(text))


def test_masks_say_what_was_there() -> None:
    text = "Ask for Jean Example at number 12, 01632 960 123."
    spans = suggestions(text, PLACES)
    assert masked(text, spans) == "Ask for [name] at [house number], [phone number]."
    assert masked(text, spans, english=False) == "Ask for […] at […], […]."
    assert suggestions(masked(text, spans), PLACES) == ()


def test_scripts_without_capitals_are_known() -> None:
    assert has_capitals("Dobrze nam się tu mieszka")
    assert has_capitals("!?")
    assert not has_capitals("ہمیں یہاں رہنا اچھا لگتا ہے۔")


@pytest.mark.parametrize("unit", ["a", "a-", "1 ", "a.", "1-a", "A b ", "Aa ", "a@", "the only "])
def test_a_long_text_takes_no_time(unit: str) -> None:
    """Whoever writes 20,000 letters must not hold up whoever reviews them."""
    text = (unit * 20_000)[:20_000]
    start = time.process_time()
    suggestions(text, PLACES)
    assert time.process_time() - start < 3


@settings(deadline=None)
@given(st.text(max_size=60))
def test_spans_lie_in_the_text_in_order_and_masking_leaves_nothing_certain(text: str) -> None:
    spans = suggestions(text, PLACES)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert certain(masked(text, spans)) == ()
