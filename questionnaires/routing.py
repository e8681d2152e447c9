"""Which pages, sections and items a person reaches, given what they answered. Pure functions over answers.

An item that is not reached counts as not answered in every later condition, so answers left behind on an
abandoned branch lead nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires import computing
from questionnaires.answers import Answer, Answers, Missing
from questionnaires.conditions import OPERATORS, holds, known
from questionnaires.model import Item, Questionnaire, Section, once
from questionnaires.paging import COMPUTED, Page, pages

__all__ = [
    "OPERATORS",
    "Path",
    "follow",
    "holds",
    "known",
    "next_page",
    "next_section",
    "previous_page",
    "previous_section",
    "reached_items",
    "reached_pages",
    "reached_sections",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Path:
    """What a person reaches. `answers` holds what they said there, computed items included.

    An item reached and not seen yet is NOT_ANSWERED in it; one that is not reached is not in it.
    """

    sections: tuple[tuple[Section, list[Item]], ...]
    reached: frozenset[str]
    answers: Mapping[str, Answer | Missing]


def follow(questionnaire: Questionnaire, answers: Answers) -> Path:
    """The path of these answers: every section with the items asked in it (none when it is not reached)."""
    seen: dict[str, Answer | Missing] = {}
    reached: list[str] = []
    path = []
    for section in questionnaire.sections:
        items: list[Item] = []
        if section.when is None or holds(section.when, seen):
            for item in section.items:
                if item.when is not None and not holds(item.when, seen):
                    continue
                reached.append(item.code)
                if item.kind == COMPUTED:
                    seen[item.code] = computing.value(item, seen)
                else:
                    items.append(item)
                    _take_over(item, answers, seen)
        path.append((section, items))
    return Path(tuple(path), frozenset(reached), seen)


def _take_over(item: Item, answers: Answers, seen: dict[str, Answer | Missing]) -> None:
    answer = answers.get(item.code, Missing.NOT_ASKED)
    seen[item.code] = Missing.NOT_ANSWERED if answer is Missing.NOT_ASKED else answer
    other = f"{item.code}-other"
    if other in answers:
        seen[other] = answers[other]


def walk(questionnaire: Questionnaire, answers: Answers) -> list[tuple[Section, list[Item]]]:
    """Every section with the items asked in it (none when the section is not reached)."""
    return list(follow(questionnaire, answers).sections)


def reached_sections(questionnaire: Questionnaire, answers: Answers) -> list[Section]:
    """The sections a person sees, in order: their condition holds and so does that of one of their items."""
    return [section for section, items in walk(questionnaire, answers) if items]


def reached_items(section: Section, answers: Answers) -> list[Item]:
    """The items of a reached section that are asked, given all answers so far."""
    return [
        item
        for item in section.items
        if item.kind != COMPUTED and (item.when is None or holds(item.when, answers))
    ]


def reached_pages(questionnaire: Questionnaire, answers: Answers) -> list[tuple[Page, list[Item]]]:
    """The pages a person sees, in order, each with those of its items that are asked. None is empty."""
    return pages_of(questionnaire, follow(questionnaire, answers))


def pages_of(questionnaire: Questionnaire, path: Path) -> list[tuple[Page, list[Item]]]:
    """The pages of a path, as `reached_pages`."""
    found = []
    for page in pages(questionnaire):
        items = [item for item in page.items if item.code in path.reached]
        if items:
            found.append((page, items))
    return found


def next_page(questionnaire: Questionnaire, answers: Answers, current: str) -> Page | None:
    """The reached page after `current`; None when it was the last. Raises KeyError for an unknown code."""
    return _page_beside(questionnaire, answers, current, step=1)


def previous_page(questionnaire: Questionnaire, answers: Answers, current: str) -> Page | None:
    """The reached page before `current`; None when it was the first. Raises KeyError likewise."""
    return _page_beside(questionnaire, answers, current, step=-1)


def next_section(questionnaire: Questionnaire, answers: Answers, current: str) -> Section | None:
    """The reached section after `current`; None when it was the last. Raises KeyError for an unknown code."""
    return _beside(questionnaire, answers, current, step=1)


def previous_section(questionnaire: Questionnaire, answers: Answers, current: str) -> Section | None:
    """The reached section before `current`; None when it was the first. Raises KeyError likewise."""
    return _beside(questionnaire, answers, current, step=-1)


@once
def _page_order(questionnaire: Questionnaire) -> dict[str, int]:
    return {page.code: index for index, page in enumerate(pages(questionnaire))}


def _page_beside(questionnaire: Questionnaire, answers: Answers, current: str, *, step: int) -> Page | None:
    order = _page_order(questionnaire)
    here = order[current]
    reached = [page for page, _items in reached_pages(questionnaire, answers)]
    return next((page for page in reached[::step] if (order[page.code] - here) * step > 0), None)


def _beside(questionnaire: Questionnaire, answers: Answers, current: str, *, step: int) -> Section | None:
    """Found by place in the questionnaire, so that it works from a section that is no longer reached."""
    order = {section.code: index for index, section in enumerate(questionnaire.sections)}
    here = order[current]
    reached = reached_sections(questionnaire, answers)
    ahead = [section for section in reached[::step] if (order[section.code] - here) * step > 0]
    return ahead[0] if ahead else None
