"""Trying a questionnaire out: the pages a resident would see, with nothing kept but in the page itself."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from questionnaires import answering, routing
from questionnaires.answering import Fault, Policy
from questionnaires.answers import Answer, Answers, Missing, from_json, to_json
from questionnaires.kinds import Raw
from questionnaires.model import Item, Questionnaire, Section
from questionnaires.paging import Page
from questionnaires.piping import piped

SALT = "questionnaire-preview"


@dataclass(frozen=True, slots=True)
class Trial:
    """How far someone has come: their answers and the page they are on. `seed` decides random orders."""

    answers: Mapping[str, Answer | Missing]
    page: str
    seed: str

    def sealed(self, secret: str, questionnaire: Questionnaire) -> str:
        """As a text for the page to send back, for this questionnaire as its file stands.

        Nobody without the secret can make another.
        """
        held = {"answers": to_json(self.answers), "page": self.page, "seed": self.seed}
        return str(_seal(secret, questionnaire).dumps(held))


def _seal(secret: str, questionnaire: Questionnaire) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"{SALT}:{questionnaire.digest}")


def begun(questionnaire: Questionnaire) -> Trial:
    """At the first page, with no answers."""
    return Trial({}, routing.reached_pages(questionnaire, {})[0][0].code, secrets.token_hex(4))


def opened(sealed: str, secret: str, questionnaire: Questionnaire) -> Trial | None:
    """What `sealed` made for the same text of the same questionnaire; None for anything else.

    In another questionnaire, or after a change of the file, an answer may not be one any more. None too when
    the page is no longer on the way.
    """
    try:
        held: dict[str, Any] = _seal(secret, questionnaire).loads(sealed)
    except BadData:
        return None
    trial = Trial(from_json(held["answers"]), held["page"], held["seed"])
    return trial if any(page.code == trial.page for page, _items in _way(questionnaire, trial)) else None


def here(questionnaire: Questionnaire, trial: Trial) -> tuple[Page, list[Item], tuple[int, int]]:
    """The page the trial is on, the items asked there, and its place: (number, count)."""
    way = _way(questionnaire, trial)
    number = next(n for n, (page, _items) in enumerate(way) if page.code == trial.page)
    return *way[number], (number + 1, len(way))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending a page: the trial to go on with, what is wrong, whether that was the last page."""

    trial: Trial
    faults: tuple[Fault, ...] = ()
    done: bool = False


def answered(
    questionnaire: Questionnaire, trial: Trial, raw: Mapping[str, Raw], confirmed: Collection[str]
) -> Outcome:
    """The page sent with these form values. `confirmed`: doubts settled by keeping the answer."""
    page, items, _place = here(questionnaire, trial)
    reading = answering.read(items, raw, Policy.SELF)
    path = routing.follow(questionnaire, {**trial.answers, **reading.answers})
    asked = [item for item in items if item.code in reading.answers]
    doubts = tuple(
        replace(doubt, params={**doubt.params, "text": _piped(doubt, questionnaire, path.answers)})
        for doubt in answering.check(asked, path.answers, frozenset(confirmed))
    )
    if reading.problems or doubts:
        return Outcome(trial, (*reading.problems, *doubts))
    after = replace(trial, answers={**trial.answers, **reading.answers})
    following = routing.next_page(questionnaire, after.answers, page.code)
    if following is None:
        return Outcome(after, done=True)
    return Outcome(replace(after, page=following.code))


def _piped(doubt: Fault, questionnaire: Questionnaire, answers: Answers) -> str:
    return piped(str(doubt.params["text"]), questionnaire, answers)


def before(questionnaire: Questionnaire, trial: Trial) -> Trial:
    """The trial a page earlier; the same on the first."""
    page = routing.previous_page(questionnaire, trial.answers, trial.page)
    return trial if page is None else replace(trial, page=page.code)


def sections(questionnaire: Questionnaire, trial: Trial) -> list[tuple[Section, list[Item]]]:
    """The sections that were reached, with the items asked in them."""
    return [(section, items) for section, items in routing.walk(questionnaire, trial.answers) if items]


def _way(questionnaire: Questionnaire, trial: Trial) -> list[tuple[Page, list[Item]]]:
    return routing.reached_pages(questionnaire, trial.answers)
