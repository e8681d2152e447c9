"""Whole responses: everyone's answers, what they left out, and what the questionnaire never asked them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from analysis.synthetic.comments import Comments, read_comments
from analysis.synthetic.drawing import DRAWERS, MARKS, ROWS, UNDRAWN, Drawing, Drawn, item_rng, straight_line
from analysis.synthetic.parameters import Parameters, for_questionnaire
from analysis.synthetic.people import Bools, Margins, People, Place, Skew, draw_people
from questionnaires import answering
from questionnaires.answers import Answer, Missing
from questionnaires.model import Item, Questionnaire

_ANSWERED, _NOT_ANSWERED, _REFUSED, _INVALID = range(4)
_REASONS = {
    _NOT_ANSWERED: Missing.NOT_ANSWERED,
    _REFUSED: Missing.PREFER_NOT_TO_SAY,
    _INVALID: Missing.INVALID_MARK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticResponse:
    """One made-up person's response. Times are counted from the opening of the wave."""

    answers: Mapping[str, Answer | Missing]
    area_code: str  # the smallest area known: a part of a place, or the place
    area_vintage: str
    mode: str  # "web", "paper" or "assisted"
    language: str
    started: timedelta
    submitted: timedelta


def generate(
    questionnaire: Questionnaire,
    areas: Sequence[Place],
    margins: Margins,
    n: int,
    seed: int,
    options: Skew | None = None,
    *,
    parameters: Parameters | None = None,
) -> list[SyntheticResponse]:
    """n synthetic responses in the order submitted, finished as real ones are: routed, scored, texts cleaned.

    `parameters` default to those shipped for the questionnaire. Everyone has consented: who does not is not a
    response. Raises ValueError when an item has a kind nobody knows how to draw, or its parameters or the
    margins do not fit, naming all such items.
    """
    options = options or Skew()
    parameters = parameters or for_questionnaire(questionnaire.id)
    languages = questionnaire.languages or (questionnaire.language,)
    people = draw_people(areas, margins, languages, n, np.random.default_rng([seed, 1]), options)
    drawn = _draw(questionnaire, people, seed, parameters, options)
    _straight_lines(questionnaire, drawn, np.random.default_rng([seed, 2]), options, n)
    columns = _with_gaps(questionnaire, drawn, people, seed, parameters, options)
    order = np.argsort(people.submitted, kind="stable").tolist()
    rows = list(zip(*columns.values(), strict=True)) if columns else [()] * n
    codes = tuple(columns)
    finished = (answering.finish(questionnaire, dict(zip(codes, rows[i], strict=True))) for i in order)
    return [_response(answers, people, i) for answers, i in zip(finished, order, strict=True)]


def _response(answers: Mapping[str, Answer | Missing], people: People, at: int) -> SyntheticResponse:
    place = people.places[int(people.place[at])]
    part = int(people.part[at])
    code, vintage = (place.code, place.vintage) if part < 0 else place.parts[part]
    return SyntheticResponse(
        answers=answers,
        area_code=code,
        area_vintage=vintage,
        mode=str(people.mode[at]),
        language=str(people.language[at]),
        started=timedelta(seconds=float(people.started[at])),
        submitted=timedelta(seconds=float(people.submitted[at])),
    )


def _drawable(questionnaire: Questionnaire) -> list[Item]:
    return [item for item in questionnaire.items() if item.kind not in UNDRAWN]


def _draw(
    questionnaire: Questionnaire, people: People, seed: int, parameters: Parameters, options: Skew
) -> dict[str, Drawn]:
    """Everyone's answer to every item, as if all were asked and answered."""
    comments: Comments = read_comments()
    drawn: dict[str, Drawn] = {}
    faults: list[str] = []
    for item in _drawable(questionnaire):
        drawer = DRAWERS.get(item.kind)
        if drawer is None:
            faults.append(f"{item.code}: nobody knows how to draw a {item.kind!r}; add it to DRAWERS")
            continue
        by = Drawing(
            people=people,
            parameters=parameters.of(item.code),
            options=options,
            comments=comments,
            rng=item_rng(seed, item.code),
        )
        try:
            drawn[item.code] = drawer(item, by)
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise ValueError("; ".join(faults))
    return drawn


def _straight_lines(
    questionnaire: Questionnaire, drawn: Mapping[str, Drawn], rng: np.random.Generator, options: Skew, n: int
) -> None:
    who: Bools = rng.random(n) < options.straight_lines
    for section in questionnaire.sections:
        rows = [item for item in section.items if item.kind in ROWS]
        if len(rows) >= 3:
            straight_line(rows, drawn, who)


def _with_gaps(
    questionnaire: Questionnaire,
    drawn: Mapping[str, Drawn],
    people: People,
    seed: int,
    parameters: Parameters,
    options: Skew,
) -> dict[str, list[Answer | Missing]]:
    """Answers as they were given: blanks, refusals and unreadable marks in their places."""
    items = _drawable(questionnaire)
    rng = np.random.default_rng([seed, 3])
    stops = np.where(rng.random(len(people)) < options.breaks_off, rng.beta(2, 1, len(people)), 2.0)
    columns: dict[str, list[Answer | Missing]] = {}
    for at, item in enumerate(items):
        position = at / max(len(items) - 1, 1)
        gaps = _gaps(item, position, people, parameters, options, item_rng(seed, item.code, 1))
        if not item.required:
            gaps[stops <= position] = _NOT_ANSWERED
        column: list[Any] = drawn[item.code].tolist()
        if drawn[item.code].dtype == object:
            gaps[[value is None for value in column]] = _NOT_ANSWERED
        for person in np.flatnonzero(gaps).tolist():
            column[person] = _REASONS[int(gaps[person])]
        columns[item.code] = column
    return columns


def _gaps(
    item: Item,
    position: float,
    people: People,
    parameters: Parameters,
    options: Skew,
    rng: np.random.Generator,
) -> Any:
    """For each person why there is no answer to an item; later items are left out more often than early ones.

    A required item has no gap, on paper either: a form without consent is not entered.
    """
    gaps = np.zeros(len(people), dtype=np.int8)
    if item.required:
        return gaps
    p = parameters.of(item.code)
    paper = people.mode == "paper"
    heed = people.reticence * (1.5 if item.sensitive else 1.0)
    blank = options.blank * p.blank * (0.4 + 1.2 * position) * heed * np.where(paper, 1.6, 1.0)
    gaps[rng.random(len(people)) < blank] = _NOT_ANSWERED
    if item.kind in MARKS:
        gaps[paper & (rng.random(len(people)) < options.invalid)] = _INVALID
    if item.prefer_not_to_say:
        usual = options.refused * (4.0 if item.sensitive else 1.0)
        refused = usual if p.refused is None else p.refused / 100
        gaps[rng.random(len(people)) < refused * people.reticence] = _REFUSED
    return gaps
