"""Trying a questionnaire out: the pages a resident would see, with nothing kept but in the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from questionnaires import answering, routing
from questionnaires.answering import AnswerFault, Fault, Policy
from questionnaires.answers import Answer, Missing, from_json, to_json
from questionnaires.kinds import Raw
from questionnaires.model import Item, Questionnaire, Section
from questionnaires.paging import Page

SALT = "questionnaire-preview"


@dataclass(frozen=True, slots=True)
class Trial:
    """How far someone has come: their answers, the page they are on, and the doubts raised already."""

    answers: Mapping[str, Answer | Missing]
    page: str
    doubted: frozenset[str] = frozenset()

    def sealed(self, secret: str) -> str:
        """As a text for the page to send back; nobody without the secret can make another."""
        held = {"answers": to_json(self.answers), "page": self.page, "doubted": sorted(self.doubted)}
        return str(URLSafeSerializer(secret, salt=SALT).dumps(held))


def begun(questionnaire: Questionnaire) -> Trial:
    """At the first page, with no answers."""
    return Trial({}, routing.reached_pages(questionnaire, {})[0][0].code)


def opened(sealed: str, secret: str, questionnaire: Questionnaire) -> Trial | None:
    """What `sealed` made; None for anything else, or when the page is no longer on the way."""
    try:
        held: dict[str, Any] = URLSafeSerializer(secret, salt=SALT).loads(sealed)
    except BadData:
        return None
    known = answering.stored_names(questionnaire) | {item.code for item in questionnaire.items()}
    answers = {code: value for code, value in from_json(held["answers"]).items() if code in known}
    trial = Trial(answers, held["page"], frozenset(held["doubted"]))
    return trial if any(page.code == trial.page for page, _items in _way(questionnaire, trial)) else None


def here(questionnaire: Questionnaire, trial: Trial) -> tuple[Page, list[Item], tuple[int, int]]:
    """The page the trial is on, the items asked there, and its place: (number, count)."""
    way = _way(questionnaire, trial)
    number = next(n for n, (page, _items) in enumerate(way) if page.code == trial.page)
    return *way[number], (number + 1, len(way))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending a page: the trial to go on with, what is wrong, whether that was the last page.

    With faults the trial stays on its page; it remembers the doubts raised, so that each is raised once.
    """

    trial: Trial
    faults: tuple[Fault, ...] = ()
    done: bool = False


def answered(questionnaire: Questionnaire, trial: Trial, raw: Mapping[str, Raw]) -> Outcome:
    """The page sent with these form values."""
    page, items, _place = here(questionnaire, trial)
    reading = answering.read(items, raw, Policy.SELF)
    if reading.problems:
        return Outcome(trial, reading.problems)
    after = replace(trial, answers={**trial.answers, **reading.answers})
    doubts = answering.check(items, after.answers, trial.doubted)
    if doubts:
        raised = {
            answering.confirmation(fault.item, int(fault.params["number"]))
            for fault in doubts
            if fault.fault is AnswerFault.CHECK_SOFT
        }
        return Outcome(replace(trial, doubted=trial.doubted | raised), doubts)
    following = routing.next_page(questionnaire, after.answers, page.code)
    if following is None:
        return Outcome(after, done=True)
    return Outcome(replace(after, page=following.code))


def before(questionnaire: Questionnaire, trial: Trial) -> Trial:
    """The trial a page earlier; the same on the first."""
    page = routing.previous_page(questionnaire, trial.answers, trial.page)
    return trial if page is None else replace(trial, page=page.code)


def sections(questionnaire: Questionnaire, trial: Trial) -> list[tuple[Section, list[Item]]]:
    """The sections that were reached, with the items asked in them."""
    return [(section, items) for section, items in routing.walk(questionnaire, trial.answers) if items]


def _way(questionnaire: Questionnaire, trial: Trial) -> list[tuple[Page, list[Item]]]:
    return routing.reached_pages(questionnaire, trial.answers)
