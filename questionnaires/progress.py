"""How far along someone is: parts (sections) behind them and possibly ahead.

Counted so that going on never looks like going back: a part ahead counts until it is certain that it will not
be asked, so the count only ever goes down, and the share done up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from questionnaires import conditions
from questionnaires.answers import Answers
from questionnaires.model import Compare, Condition, Questionnaire, Section


@dataclass(frozen=True, slots=True)
class Progress:
    """Part `number` of `count`; `percent` is what lies behind, in whole per cent."""

    number: int
    count: int
    percent: int


def possible(section: Section, answers: Answers) -> bool:
    """Whether a section may yet be asked: nothing answered so far rules it out."""
    if section.when is not None and not _open(section.when, answers):
        return False
    return any(item.when is None or _open(item.when, answers) for item in section.items)


def _open(condition: Condition, answers: Answers) -> bool:
    """Whether a condition holds, or may once the items it reads have been asked (and perhaps left blank)."""
    unseen = {code for code in conditions.items_read(condition) if code not in answers}
    if not unseen:
        return conditions.holds(condition, answers)
    waits = any(
        isinstance(leaf, Compare) and leaf.operator == "answered" and leaf.item in unseen
        for leaf in conditions.leaves(condition)
    )
    return waits or conditions.known(condition, answers) is not False


def progress(
    questionnaire: Questionnaire,
    answers: Answers,
    reached: Collection[str],
    current: str,
    within: tuple[int, int] = (0, 1),
) -> Progress:
    """Where `current` (a section's code) stands. `reached`: codes of the sections on this person's way.

    within: pages of the section that lie behind, and how many it has.
    """
    number, ahead, passed = 0, 0, False
    for section in questionnaire.sections:
        if passed:
            ahead += section.code in reached or possible(section, answers)
        elif section.code in reached:
            number += 1
        passed = passed or section.code == current
    count = number + ahead
    behind, pages = within
    return Progress(number, count, round(100 * (number - 1 + behind / pages) / count))
