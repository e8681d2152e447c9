"""How well a wave is answered: what is counted, and what is called different."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy.stats import chi2_contingency

from questionnaires import loading
from survey_app.services import quality
from survey_app.services.quality import Counted
from survey_app.store.quality import Filled

CORE = loading.load(Path(loading.LIBRARY) / "thriving-places-core" / "1.0" / "questionnaire.yaml")
BLANK = {"missing": "not-answered"}
DECLINED = {"missing": "prefer-not-to-say"}


def filled(language: str = "en", seconds: dict[str, int] | None = None, **answers: object) -> Filled:
    return Filled("web", language, answers, {"seconds": seconds} if seconds else {})


def counted(*responses: Filled) -> Counted:
    return Counted.of(CORE, responses)


@pytest.mark.parametrize("table", [((12, 100), (30, 120)), ((1, 50), (400, 800)), ((55, 60), (540, 600))])
def test_two_proportions_agree_with_the_chi_squared_test(table):
    (a, n), (b, m) = table
    expected = chi2_contingency([[a, n - a], [b, m - b]], correction=False).pvalue
    assert quality.two_proportions(*table) == pytest.approx(expected, rel=1e-9)


def test_two_proportions_that_cannot_differ_do_not():
    assert quality.two_proportions((0, 50), (0, 70)) == 1.0
    assert quality.two_proportions((50, 50), (70, 70)) == 1.0


def test_no_answer_counts_only_those_who_were_asked():
    found = counted(
        filled(lonely=1),
        filled(lonely=BLANK),
        filled(lonely=DECLINED),
        filled(lonely={"missing": "not-asked"}),
    )
    assert found.base("en", "lonely") == (3, 2)
    assert found.declined["lonely"] == 1


def test_several_answers_of_one_person_are_one_person():
    found = counted(filled(learning=[1, 2]), filled(learning=[2]), filled(learning=BLANK))
    assert found.base("en", "learning") == (3, 1)
    assert found.answers["en", "learning"][2] == 2


def test_a_language_that_answers_unlike_the_others_is_named():
    """Half of 60 people in Polish say "often"; of 600 others one in ten: far beyond chance."""
    others = [filled(lonely=1 if n % 10 == 0 else 3) for n in range(600)]
    polish = [filled("pl", lonely=1 if n % 2 == 0 else 3) for n in range(60)]
    found = quality.differences(CORE, counted(*others, *polish))
    assert ("pl", "lonely", 1) in {(each.language, each.item.code, each.option) for each in found}
    named = next(each for each in found if each.language == "pl" and each.option == 1)
    assert (named.share, named.others, named.base) == (0.5, 0.1, 60)


def test_languages_that_answer_alike_are_not_called_different():
    responses = [filled("pl" if n % 5 == 0 else "en", lonely=1 + n % 3) for n in range(600)]
    assert quality.differences(CORE, counted(*responses)) == ()


def test_few_answers_are_not_compared():
    others = [filled(lonely=3) for _ in range(600)]
    polish = [filled("pl", lonely=1) for _ in range(quality.FEWEST - 1)]
    assert quality.differences(CORE, counted(*others, *polish)) == ()


def test_answers_to_sensitive_questions_are_not_compared_but_skipping_them_is():
    assert CORE.item("religion").sensitive
    others = [filled(religion=2) for _ in range(200)]
    polish = [filled("pl", religion=3 if n < 60 else BLANK) for n in range(120)]
    found = quality.differences(CORE, counted(*others, *polish))
    assert {(each.item.code, each.option) for each in found} == {("religion", None)}
