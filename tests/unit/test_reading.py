"""How pages are drawn for a reader: variants of a language, settings in a cookie, pictures in the page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from questionnaires.symbols import SYMBOLS
from questionnaires.variants import VARIANTS
from survey_app import i18n
from survey_app.presenters import dates, reading, symbols
from survey_app.presenters.words import Voice, Words, direction

STATIC = Path(__file__).resolve().parents[2] / "survey_app" / "static"
STYLE = (STATIC / "reading.css").read_text(encoding="utf-8")


def test_a_variant_speaks_its_base_language_under_its_own_name() -> None:
    easy, signed, english = (i18n.language(code) for code in ("en-easy", "en-bsl", "en"))
    assert (easy.code, easy.base, easy.direction, easy.name) == ("en-easy", "en", "ltr", "Easy Read")
    assert (signed.base, signed.name) == ("en", "British Sign Language")
    assert (english.variant, english.base) == (None, "en")
    assert easy.variant is VARIANTS["en-easy"]
    assert (
        dates.day(date(2026, 11, 23), "en-easy") == dates.day(date(2026, 11, 23), "en") == "23 November 2026"
    )
    assert direction("en-easy") == "ltr"


def test_english_is_not_marked_as_another_language_in_a_variant_of_english() -> None:
    assert Voice("en-easy", "en").quote("Autumn") == Words("Autumn")
    assert Voice("en-easy", "cy").quote("Hydref").language == "cy"
    assert Voice("ur", "en").quote("Autumn").language == "en"


def test_each_line_of_a_text_is_on_its_own_and_still_escaped() -> None:
    assert Words("One <b>.\nTwo.\n").__html__() == (
        '<span class="idea">One &lt;b&gt;.</span> <span class="idea">Two.</span>'
    )


@pytest.mark.parametrize(
    "cookie", ["", "large", "huge.red.tight", "large.cream.wide.x", "<script>", "." * 500]
)
def test_a_cookie_that_is_none_of_ours_changes_nothing(cookie: str) -> None:
    assert reading.from_cookie(cookie) is reading.AS_IT_COMES
    assert reading.page_classes(cookie, None) == ""


def test_what_is_chosen_comes_back_from_the_cookie() -> None:
    chosen = reading.reading({"size": "largest", "colours": "cream", "spacing": "wide", "else": "x"})
    assert reading.from_cookie(chosen.cookie) == chosen
    assert reading.page_classes(chosen.cookie, None) == "text-largest colours-cream lines-wide"
    assert reading.page_classes(chosen.cookie, VARIANTS["en-easy"]).endswith(" easy")
    assert reading.page_classes("", VARIANTS["en-bsl"]) == ""


def test_every_choice_has_words_and_a_look() -> None:
    for name, choices in reading.SETTINGS.items():
        assert name in reading.LEGENDS
        for choice, look in choices.items():
            assert (name, choice) in reading.LABELS
            assert not look or re.search(rf"\.{look}\b", STYLE), look


def test_every_picture_is_drawn_and_every_drawing_has_a_name() -> None:
    assert {path.stem for path in (STATIC / "symbols").glob("*")} == set(SYMBOLS)
    assert all(title == title.strip() and title for title in SYMBOLS.values())
    assert symbols.picture("no-such") == ""


@pytest.mark.parametrize("name", SYMBOLS)
def test_a_picture_is_small_and_takes_the_colours_of_its_page(name: str) -> None:
    text = symbols.picture(name)
    assert len(text.encode()) < 1500
    root = ElementTree.fromstring(text)
    assert root.attrib["viewBox"] == "0 0 96 96"
    drawn = [element for element in root.iter() if element is not root]
    assert {element.tag.split("}")[1] for element in drawn} <= {"path", "circle", "rect", "g"}
    painted = {element.get(key) for element in root.iter() for key in ("fill", "stroke") if element.get(key)}
    assert painted <= {"currentColor", "none"}
