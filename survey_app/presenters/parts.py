"""The list of parts: every section a person may be asked, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.answers import Answers
from questionnaires.model import Item
from questionnaires.progress import possible
from survey_app.presenters.questions import Asking
from survey_app.presenters.words import Words


class State(StrEnum):
    """How far a part has come."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    WAITING = "waiting"  # an earlier answer decides whether it is asked at all


@dataclass(frozen=True, slots=True)
class Part:
    """A section in the list. `page` is where it is opened; empty while it waits."""

    code: str
    title: Words
    state: State
    page: str = ""


def parts(
    asking: Asking, pages: Mapping[str, list[tuple[str, list[Item]]]], answers: Answers
) -> tuple[Part, ...]:
    """Sections in the order written. `pages`: for each section reached, its pages with the items asked there.

    A section that is not reached is listed while it still may be.
    """
    found, say = [], asking.piping(answers)
    for section in asking.translated.sections:
        written = asking.original.section(section.code).title
        words = say(section.title, written)
        if section.code in pages:
            state = _state([item for _page, items in pages[section.code] for item in items], answers)
            found.append(Part(section.code, words, state, _open_at(pages[section.code], answers)))
        elif possible(section, answers):
            found.append(Part(section.code, words, State.WAITING))
    return tuple(found)


def _state(items: list[Item], answers: Answers) -> State:
    seen = [item.code in answers for item in items]
    if all(seen):
        return State.DONE
    return State.IN_PROGRESS if any(seen) else State.NOT_STARTED


def _open_at(pages: list[tuple[str, list[Item]]], answers: Answers) -> str:
    """The first page with something not seen yet, or the first of all."""
    unseen = (page for page, items in pages if any(item.code not in answers for item in items))
    return next(unseen, pages[0][0])
