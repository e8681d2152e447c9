"""A release's words in the reader's language: only where what is translated is what was released."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.release import ReleasedIndicator, TreeNode
from questionnaires.framework import Domain, Framework, Headline, Indicator, SubDomain
from questionnaires.messages import word_framework, word_questionnaire
from questionnaires.model import Item, Purpose, Questionnaire, Section
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import Texts
from tests.releases import MILL, figure, indicator

SENTENCE = "{value} of people feel safe."
FRAMEWORK = Framework(
    id="small",
    version="1",
    title="Small",
    headlines=(
        Headline(
            code="local",
            title="Local conditions",
            domains=(
                Domain(
                    code="place",
                    title="Place",
                    subdomains=(
                        SubDomain(
                            code="safety",
                            title="Safety",
                            indicators=(
                                Indicator(
                                    code="safe",
                                    title="Feel safe",
                                    polarity=1,
                                    item="safe",
                                    unit="%",
                                    sentence=SENTENCE,
                                ),
                                Indicator(code="air", title="Air", polarity=-1, unit="µg", item="air"),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
QUESTIONNAIRE = Questionnaire(
    id="core",
    version="1",
    title="Core",
    language="en",
    framework="small",
    sections=(
        Section(
            code="one",
            title="One",
            items=(
                Item(code="safe", kind="likert", purpose=Purpose.FRAMEWORK, text="How safe do you feel?"),
            ),
        ),
    ),
)
SAFE = indicator("safe", "Feel safe", "safety", question="How safe do you feel?")
AIR = indicator("air", "Air", "safety", unit="µg", question="Air")
NODE = TreeNode(code="safety", title="Safety", kind="subdomain", parent="place")

POLISH = {
    "Feel safe": "Poczucie bezpieczeństwa",
    "Safety": "Bezpieczeństwo",
    "How safe do you feel?": "Jak bezpiecznie się czujesz?",
    SENTENCE: "{value} osób czuje się bezpiecznie.",
    "Air": "Powietrze",
    "µg": "mikrogramów",
}


def wording(language: str = "pl", words: dict[str, str] | None = None) -> Wording:
    known = POLISH if words is None else words

    def word(_context: str, text: str) -> str:
        return known.get(text, text) if language != "en" else text

    return Wording(
        Texts(
            language,
            (FRAMEWORK, word_framework(FRAMEWORK, word)),
            (QUESTIONNAIRE, word_questionnaire(QUESTIONNAIRE, language, word)),
        )
    )


def english(text: str) -> Words:
    return Words(text, "en", "ltr")


def test_titles_and_questions_are_in_the_readers_language() -> None:
    said = wording()
    assert said.title(SAFE) == Words("Poczucie bezpieczeństwa")
    assert said.branch(NODE) == Words("Bezpieczeństwo")
    assert said.question(SAFE) == Words("Jak bezpiecznie się czujesz?")
    assert said.question(AIR) == Words("Powietrze"), "a score has no question: its title is the indicator's"
    assert said.with_unit(AIR).unit == "mikrogramów"
    assert said.with_unit(SAFE) is SAFE


def test_english_pages_show_what_was_released_and_mark_nothing() -> None:
    said = wording("en")
    assert said.title(SAFE) == Words("Feel safe")
    assert said.question(SAFE) == Words("How safe do you feel?")


@pytest.mark.parametrize(
    ("say", "released"),
    [
        (lambda said, i: said.title(replace(i, title="Felt safe once")), "Felt safe once"),
        (lambda said, i: said.title(replace(i, code="unheard")), "Feel safe"),
        (lambda said, i: said.question(replace(i, question="How safe were you?")), "How safe were you?"),
        (lambda said, i: said.note(replace(i, note="A note.")), "A note."),
    ],
)
def test_words_that_are_not_the_files_stay_as_released_and_are_marked(
    say: Callable[[Wording, ReleasedIndicator], Words], released: str
) -> None:
    assert say(wording(), SAFE) == english(released)


def test_without_the_files_everything_stays_as_released() -> None:
    said = Wording(Texts("pl"))
    assert said.title(SAFE) == english("Feel safe")
    assert said.branch(NODE) == english("Safety")
    assert said.question(SAFE) == english("How safe do you feel?")
    assert said.with_unit(AIR).unit == "µg"
    assert said.sentence(SAFE, figure(MILL, "safe", 38, 3, 0)) == ""


def test_a_figure_is_also_a_sentence_with_a_share_to_picture() -> None:
    shown = figure(MILL, "safe", 38, 3, 0)
    assert wording("en").sentence(SAFE, shown) == (
        "<bdi>38%</bdi> of people feel safe. That is about 4 in 10."
    )
    assert wording().sentence(SAFE, shown).startswith("<bdi>38%</bdi> osób czuje się bezpiecznie.")


def test_there_is_no_sentence_where_it_would_be_wrong_or_in_another_language() -> None:
    shown = figure(MILL, "safe", 38, 3, 0)
    partly = {text: said for text, said in POLISH.items() if text != SENTENCE}
    assert wording(words=partly).sentence(SAFE, shown) == ""
    assert wording("en").sentence(replace(SAFE, title="Feel unsafe"), shown) == "", "no longer what it says"
    assert wording("en").sentence(AIR, figure(MILL, "air", 9, 3, 0)) == "", "the framework has none"
    assert wording("en").sentence(SAFE, replace(shown, value=None)) == ""


def test_what_a_framework_says_cannot_be_markup() -> None:
    said = wording(words={**POLISH, SENTENCE: "{value} <b>osób</b>", "Feel safe": "<i>x</i>"})
    assert "<b>" not in said.sentence(SAFE, figure(MILL, "safe", 38, 3, 0))
    assert "<i>" not in said.title(SAFE).__html__()
