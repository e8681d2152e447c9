"""A routing condition as words on paper: "you ticked “Retired” at question 31"."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from questionnaires.model import Compare, Condition, Every, Item, Never, Questionnaire


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
        return (_unless if turned else _when)(condition, item, numbers[condition.item])
    parts = [_words(part, questionnaire, numbers, turned=turned) for part in condition.conditions]
    every = isinstance(condition, Every) != turned  # not (a and b) is (not a) or (not b)
    return _all_of(parts) if every else _any_of(parts)


def _when(condition: Compare, item: Item, number: int) -> str:
    answers = _answers(condition, item)
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
        "answered": lambda: _("you answered question %(number)d", number=number),
    }[condition.operator]()


def _unless(condition: Compare, item: Item, number: int) -> str:
    """The opposite: a question left blank makes every comparison false, so it makes these true."""
    answers = _answers(condition, item)
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
        "answered": lambda: _("you left question %(number)d blank", number=number),
    }[condition.operator]()


def _answers(condition: Compare, item: Item) -> str:
    texts = {option.code: _("“%(answer)s”", answer=option.text) for option in item.options}
    return _any_of([texts.get(value, str(value)) for value in condition.values])


def _any_of(parts: list[str]) -> str:
    *others, last = parts or [""]
    return _("%(first)s or %(last)s", first=", ".join(others), last=last) if others else last


def _all_of(parts: list[str]) -> str:
    *others, last = parts or [""]
    return _("%(first)s and %(last)s", first=", ".join(others), last=last) if others else last
