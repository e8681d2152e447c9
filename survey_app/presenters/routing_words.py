"""A routing condition as words on paper: "you ticked “Retired” at question 31"."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from questionnaires.kinds import KINDS
from questionnaires.model import Compare, Compute, Condition, Count, Every, Item, Never, Questionnaire
from survey_app.presenters.computed_words import arithmetic, spelt_out
from survey_app.presenters.lists import all_of, any_of


def condition_words(condition: Condition, questionnaire: Questionnaire, numbers: Mapping[str, int]) -> str:
    """What makes the condition true, to go after "only if". Texts are in the questionnaire's language."""
    return _words(condition, questionnaire, numbers, turned=False)


def _words(
    condition: Condition, questionnaire: Questionnaire, numbers: Mapping[str, int], *, turned: bool
) -> str:
    if isinstance(condition, Never):
        return _words(condition.condition, questionnaire, numbers, turned=not turned)
    if isinstance(condition, Compare):
        item = questionnaire.item(condition.item)
        if item.compute is not None:
            return _computed(condition, item.compute, questionnaire, numbers, turned=turned)
        if condition.other:
            return _beside(condition, numbers, turned=turned)
        return (_unless if turned else _when)(condition, item, numbers[condition.item])
    if isinstance(condition, Count):
        return _count(condition, questionnaire, numbers, turned=turned)
    parts = [_words(part, questionnaire, numbers, turned=turned) for part in condition.conditions]
    every = isinstance(condition, Every) != turned  # not (a and b) is (not a) or (not b)
    return all_of(parts) if every else any_of(parts)


def _computed(
    condition: Compare,
    compute: Compute,
    questionnaire: Questionnaire,
    numbers: Mapping[str, int],
    *,
    turned: bool,
) -> str:
    """On a value that is worked out: by the answers it is made of."""
    made_of = spelt_out(condition, compute)
    if made_of is None:
        return arithmetic(condition, compute, numbers, turned=turned)
    return _words(made_of, questionnaire, numbers, turned=turned)


def _count(
    condition: Count, questionnaire: Questionnaire, numbers: Mapping[str, int], *, turned: bool
) -> str:
    """How many of several questions were answered in one way; the opposite bounds it from the other side."""
    answers = _answers(condition.codes, questionnaire.item(condition.items[0]))
    where = all_of([str(numbers[code]) for code in condition.items])
    low, high = condition.at_least, condition.at_most
    if turned:
        low, high = (None if high is None else high + 1), (None if low is None else low - 1)
    parts = []
    if low is not None:
        parts.append(
            _(
                "you answered %(answers)s at %(number)d or more of questions %(questions)s",
                answers=answers,
                number=low,
                questions=where,
            )
        )
    if high is not None:
        parts.append(
            _(
                "you answered %(answers)s at no more than %(number)d of questions %(questions)s",
                answers=answers,
                number=high,
                questions=where,
            )
        )
    return (any_of if turned else all_of)(parts)


def _beside(condition: Compare, numbers: Mapping[str, int], *, turned: bool) -> str:
    """One question's answer beside another's."""
    places = {"number": numbers[condition.item], "other": numbers[condition.other]}
    words = {
        ("same-as", False): lambda: _(
            "your answers to questions %(number)d and %(other)d are the same", **places
        ),
        ("more-than", False): lambda: _(
            "your answer to question %(number)d is more than your answer to question %(other)d", **places
        ),
        ("less-than", False): lambda: _(
            "your answer to question %(number)d is less than your answer to question %(other)d", **places
        ),
        ("same-as", True): lambda: _(
            "your answers to questions %(number)d and %(other)d are not the same, or you left one blank",
            **places,
        ),
        ("more-than", True): lambda: _(
            "your answer to question %(number)d is not more than your answer to question %(other)d, "
            "or you left one blank",
            **places,
        ),
        ("less-than", True): lambda: _(
            "your answer to question %(number)d is not less than your answer to question %(other)d, "
            "or you left one blank",
            **places,
        ),
    }
    return words[condition.operator, turned]()


def _when(condition: Compare, item: Item, number: int) -> str:
    answers = _answers(condition.values, item)
    return {
        "in": lambda: _("you answered %(answers)s at question %(number)d", answers=answers, number=number),
        "not-in": lambda: _(
            "you answered question %(number)d, but not with %(answers)s", answers=answers, number=number
        ),
        "at-least": lambda: _(
            "your answer to question %(number)d is %(answers)s or more", answers=answers, number=number
        ),
        "at-most": lambda: _(
            "your answer to question %(number)d is %(answers)s or less", answers=answers, number=number
        ),
        "chosen-at-least": lambda: _(
            "you ticked %(answers)s or more boxes at question %(number)d", answers=answers, number=number
        ),
        "chosen-at-most": lambda: _(
            "you ticked at least one and no more than %(answers)s boxes at question %(number)d",
            answers=answers,
            number=number,
        ),
        "answered": lambda: _("you answered question %(number)d", number=number),
    }[condition.operator]()


def _unless(condition: Compare, item: Item, number: int) -> str:
    """The opposite: a question left blank makes every comparison false, so it makes these true."""
    answers = _answers(condition.values, item)
    return {
        "in": lambda: _(
            "you did not answer %(answers)s at question %(number)d", answers=answers, number=number
        ),
        "not-in": lambda: _(
            "you answered %(answers)s at question %(number)d, or left it blank",
            answers=answers,
            number=number,
        ),
        "at-least": lambda: _(
            "your answer to question %(number)d is less than %(answers)s, or you left it blank",
            answers=answers,
            number=number,
        ),
        "at-most": lambda: _(
            "your answer to question %(number)d is more than %(answers)s, or you left it blank",
            answers=answers,
            number=number,
        ),
        "chosen-at-least": lambda: _(
            "you ticked fewer than %(answers)s boxes at question %(number)d", answers=answers, number=number
        ),
        "chosen-at-most": lambda: _(
            "you ticked more than %(answers)s boxes at question %(number)d, or left it blank",
            answers=answers,
            number=number,
        ),
        "answered": lambda: _("you left question %(number)d blank", number=number),
    }[condition.operator]()


def _answers(values: tuple[int, ...], item: Item) -> str:
    texts = {option.code: _("“%(answer)s”", answer=option.text) for option in item.options}
    return any_of([texts.get(value) or _number(value, item) for value in values])


def _number(value: int, item: Item) -> str:
    """A stored number as people write it: with its decimals, or as a date."""
    if item.decimals:
        return " ".join(KINDS[item.kind].describe(item, value))
    if item.kind in ("date", "month"):
        digits = str(value)
        return "/".join(part for part in (digits[6:], digits[4:6], digits[:4]) if part)
    return str(value)
