"""Which sections and items a person reaches, given what they answered. Pure functions over answers.

An item that is not reached counts as not answered in every later condition, so answers left behind on an
abandoned branch lead nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.model import Compare, Condition, Every, Item, Never, Questionnaire, Section, Some

Codes = tuple[int, ...]

OPERATORS: Mapping[str, Callable[[Codes, Codes], bool]] = {
    "in": lambda given, values: any(code in values for code in given),
    "not-in": lambda given, values: all(code not in values for code in given),
    "at-least": lambda given, values: max(given) >= values[0],
    "at-most": lambda given, values: min(given) <= values[0],
    "answered": lambda given, values: True,
}
"""Each relation between the codes given (several for multiple choice) and those of the condition."""


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether a condition is true. Every comparison with a missing answer is false, `not-in` too.

    No condition is always true. To include people who gave no answer, write never around in.
    """
    if condition is None:
        return True
    if isinstance(condition, Every):
        return all(holds(part, answers) for part in condition.conditions)
    if isinstance(condition, Some):
        return any(holds(part, answers) for part in condition.conditions)
    if isinstance(condition, Never):
        return not holds(condition.condition, answers)
    return _compare(condition, answers.get(condition.item, Missing.NOT_ANSWERED)) is True


def known(condition: Condition, answers: Answers) -> bool | None:
    """The condition in three-valued logic (Kleene 1952): None where missing answers leave it open."""
    if isinstance(condition, Compare):
        return _compare(condition, answers.get(condition.item, Missing.NOT_ANSWERED))
    if isinstance(condition, Never):
        inner = known(condition.condition, answers)
        return None if inner is None else not inner
    parts = [known(part, answers) for part in condition.conditions]
    decisive = isinstance(condition, Some)  # one true settles `some`; one false settles `every`
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def reached_sections(questionnaire: Questionnaire, answers: Answers) -> list[Section]:
    """The sections a person sees, in order: their condition holds and so does that of one of their items."""
    return [section for section, items in walk(questionnaire, answers) if items]


def reached_items(section: Section, answers: Answers) -> list[Item]:
    """The items of a reached section that are asked. Conditions read answers of earlier sections only."""
    return [item for item in section.items if item.when is None or holds(item.when, answers)]


def next_section(questionnaire: Questionnaire, answers: Answers, current: str) -> Section | None:
    """The reached section after `current`; None when it was the last. Raises KeyError for an unknown code."""
    return _beside(questionnaire, answers, current, step=1)


def previous_section(questionnaire: Questionnaire, answers: Answers, current: str) -> Section | None:
    """The reached section before `current`; None when it was the first. Raises KeyError likewise."""
    return _beside(questionnaire, answers, current, step=-1)


def walk(questionnaire: Questionnaire, answers: Answers) -> list[tuple[Section, list[Item]]]:
    """Every section with the items reached in it (none when the section is not reached)."""
    seen: dict[str, Answer | Missing] = {}
    path = []
    for section in questionnaire.sections:
        items = reached_items(section, seen) if holds(section.when, seen) else []
        path.append((section, items))
        for item in items:
            if item.code in answers:
                seen[item.code] = answers[item.code]
    return path


def _beside(questionnaire: Questionnaire, answers: Answers, current: str, *, step: int) -> Section | None:
    """Found by place in the questionnaire, so that it works from a section that is no longer reached."""
    order = {section.code: index for index, section in enumerate(questionnaire.sections)}
    here = order[current]
    reached = reached_sections(questionnaire, answers)
    ahead = [section for section in reached[::step] if (order[section.code] - here) * step > 0]
    return ahead[0] if ahead else None


def _compare(condition: Compare, answer: Answer | Missing) -> bool | None:
    """True or false, or None when the answer is missing. An item not asked is known not to be answered."""
    if isinstance(answer, Missing):
        return False if condition.operator == "answered" else None
    given: Codes = answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, int) else ()
    if not given and condition.operator != "answered":
        return None
    return OPERATORS[condition.operator](given, condition.values)
