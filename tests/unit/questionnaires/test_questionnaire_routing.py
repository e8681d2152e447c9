"""Conditions, one row each; and the path through a questionnaire."""

from __future__ import annotations

import pytest

from questionnaires import routing
from questionnaires.answers import Missing
from questionnaires.model import Compare, Count, Every, Never, Some

ANSWERS = {
    "one": 2,
    "many": (1, 3),
    "none": Missing.NOT_ANSWERED,
    "declined": Missing.PREFER_NOT_TO_SAY,
    "smudged": Missing.INVALID_MARK,
    "unasked": Missing.NOT_ASKED,
    "nought": 0,
    "words": "hello",
    "three": 3,
    "day": "2024-02-03",
    "month": "2024-02",
    "also_many": (3, 1),
}


def is_(item, operator, *values):
    return Compare(item=item, operator=operator, values=values)


def beside(item, operator, other):
    return Compare(item=item, operator=operator, other=other)


def count(items, codes, **bounds):
    return Count(items=items, codes=codes, **bounds)


def every(*parts):
    return Every(conditions=parts)


def some(*parts):
    return Some(conditions=parts)


def never(part):
    return Never(condition=part)


YES, NO, OPEN = is_("one", "in", 2), is_("one", "in", 1), is_("none", "in", 1)

TABLE = [
    # condition, holds, known
    (is_("one", "in", 1, 2), True, True),
    (is_("one", "in", 1, 3), False, False),
    (is_("one", "not-in", 1, 3), True, True),
    (is_("one", "not-in", 2), False, False),
    (is_("one", "at-least", 2), True, True),
    (is_("one", "at-least", 3), False, False),
    (is_("one", "at-most", 2), True, True),
    (is_("one", "at-most", 1), False, False),
    (is_("one", "answered"), True, True),
    (is_("nought", "in", 0), True, True),
    (is_("nought", "answered"), True, True),
    (is_("nought", "at-most", 0), True, True),
    (is_("many", "in", 3), True, True),
    (is_("many", "in", 2), False, False),
    (is_("many", "not-in", 2), True, True),
    (is_("many", "not-in", 2, 3), False, False),
    (is_("words", "answered"), True, True),
    (is_("none", "in", 1), False, None),
    (is_("none", "not-in", 1), False, None),
    (is_("none", "at-least", 0), False, None),
    (is_("none", "answered"), False, False),
    (is_("declined", "in", 1), False, None),
    (is_("smudged", "in", 1), False, None),
    (is_("unasked", "in", 1), False, None),
    (is_("unheard-of", "in", 1), False, None),
    (never(is_("none", "in", 1)), True, None),
    (never(YES), False, False),
    (never(NO), True, True),
    (every(YES, YES), True, True),
    (every(YES, NO), False, False),
    (every(YES, OPEN), False, None),
    (every(NO, OPEN), False, False),
    (some(NO, NO), False, False),
    (some(NO, YES), True, True),
    (some(YES, OPEN), True, True),
    (some(NO, OPEN), False, None),
    (every(some(NO, YES), never(NO)), True, True),
    (is_("day", "at-least", 20240203), True, True),
    (is_("day", "at-least", 20240204), False, False),
    (is_("month", "at-most", 202402), True, True),
    (is_("words", "at-least", 1), False, None),
    (is_("many", "chosen-at-least", 2), True, True),
    (is_("many", "chosen-at-least", 3), False, False),
    (is_("many", "chosen-at-most", 2), True, True),
    (is_("none", "chosen-at-most", 2), False, None),
    (beside("three", "more-than", "one"), True, True),
    (beside("one", "more-than", "three"), False, False),
    (beside("one", "less-than", "three"), True, True),
    (beside("one", "less-than", "one"), False, False),
    (beside("one", "same-as", "one"), True, True),
    (beside("many", "same-as", "also_many"), True, True),
    (beside("many", "same-as", "one"), False, False),
    (beside("one", "more-than", "none"), False, None),
    (beside("none", "more-than", "one"), False, None),
    (count(("one", "three", "many"), (2, 3), at_least=3), True, True),
    (count(("one", "three", "many"), (2,), at_least=2), False, False),
    (count(("one", "three"), (9,), at_most=0), True, True),
    (count(("one", "none"), (2,), at_least=2), False, None),
    (count(("one", "none"), (2,), at_least=1), True, True),
    (count(("one", "unasked"), (2,), at_least=2), False, False),
    (count(("one", "none"), (2,), at_most=1), True, None),
    (never(count(("one", "three"), (2, 3), at_least=2)), False, False),
]


@pytest.mark.parametrize(("condition", "holds", "known"), TABLE)
def test_condition(condition, holds, known):
    assert routing.holds(condition, ANSWERS) is holds
    assert routing.known(condition, ANSWERS) is known


def test_no_condition_always_holds():
    assert routing.holds(None, {})


BODY = """\
sections:
  - code: a
    title: A
    items:
      - {code: a1, kind: integer, purpose: context, text: A1, minimum: 0, maximum: 9}
  - code: b
    title: B
    when: {item: a1, in: [1]}
    items:
      - {code: b1, kind: integer, purpose: context, text: B1, minimum: 0, maximum: 9}
  - code: c
    title: C
    items:
      - {code: c1, kind: long_text, purpose: context, text: C, when: {item: b1, in: [1]}}
  - code: d
    title: D
    items:
      - {code: d1, kind: long_text, purpose: context, text: D, when: {item: a1, in: [1]}}
      - {code: d2, kind: integer, purpose: context, text: D2, minimum: 0, maximum: 9}
"""


@pytest.mark.parametrize(
    ("answers", "path", "last_page"),
    [
        ({}, "a d", "d2"),
        ({"a1": 0}, "a d", "d2"),
        ({"a1": 1}, "a b d", "d1 d2"),
        ({"a1": 1, "b1": 1}, "a b c d", "d1 d2"),
        ({"a1": 0, "b1": 1}, "a d", "d2"),  # b1 was left behind on a branch nobody is on: c is not reached
    ],
)
def test_path(answers, path, last_page, load_text):
    questionnaire = load_text(BODY)
    reached = routing.reached_sections(questionnaire, answers)
    assert " ".join(section.code for section in reached) == path
    assert " ".join(i.code for i in routing.reached_items(questionnaire.section("d"), answers)) == last_page


@pytest.mark.parametrize(
    ("answers", "here", "before", "after"),
    [
        ({}, "a", None, "d"),
        ({}, "d", "a", None),
        ({"a1": 1}, "a", None, "b"),
        ({"a1": 1}, "d", "b", None),
        ({}, "b", "a", "d"),  # still standing on a page that is no longer reached
    ],
)
def test_neighbours(answers, here, before, after, load_text):
    questionnaire = load_text(BODY)
    previous = routing.previous_section(questionnaire, answers, here)
    following = routing.next_section(questionnaire, answers, here)
    assert (previous and previous.code, following and following.code) == (before, after)


def test_an_unknown_section_has_no_neighbours(load_text):
    with pytest.raises(KeyError):
        routing.next_section(load_text(BODY), {}, "z")
