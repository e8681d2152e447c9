"""Made-up answers: for the demonstration, and to rehearse a wave of one's own before it is real."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from questionnaires import answering, routing
from questionnaires.answers import to_json
from questionnaires.model import Questionnaire
from survey_app.services import audit, paradata, publish
from survey_app.services.fieldwork import LOCAL
from survey_app.store import responses
from survey_app.tables import Batch, PaperForm, Wave
from survey_app.tables.base import new_id

if TYPE_CHECKING:
    from analysis.synthetic import SyntheticResponse
    from analysis.synthetic.people import Place

ACTOR = "rehearsal"
QUESTION_SECONDS = 8


def fill(session: Session, wave: Wave, questionnaire: Questionnaire, answers: int, seed: int) -> None:
    """Submit made-up answers from all over the wave's areas, as many from each as its population suggests.

    Raises LookupError when the wave's areas hold no population margins to draw people from.
    """
    from analysis.synthetic import Skew, generate

    places, margins = _population(session, wave)
    days = max(1, (wave.closes_on - wave.opens_on).days)
    made = generate(questionnaire, places, margins, answers, seed, Skew(days=days))
    store_answers(session, wave, questionnaire, made)
    audit.record(session, ACTOR, "wave.rehearse", f"wave:{wave.slug}", answers=answers)


def store_answers(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    answers: Sequence[SyntheticResponse],
    batch_of: Mapping[str, Batch] | None = None,
) -> None:
    """Made-up answers as submitted responses; those on paper as forms of the batch of their area."""
    opened = datetime.combine(wave.opens_on, time(8), LOCAL)
    rows: list[dict[str, Any]] = []
    forms: list[PaperForm] = []
    for made in answers:
        batch = (batch_of or {}).get(made.area_code) if made.mode == "paper" else None
        row = {
            "id": new_id(),
            "mode": made.mode,
            "language": made.language,
            "revision": 1,
            "answers": to_json(made.answers),
            "area_code": made.area_code,
            "area_vintage": made.area_vintage,
            "cell": answering.weighting_cell(questionnaire, made.answers),
            "paradata": _timed(questionnaire, made) if made.mode == "web" else {},
            "batch_id": batch.id if batch else None,
            "started_at": opened + made.started,
            "submitted_at": opened + made.submitted,
        }
        rows.append(row)
        if batch is not None:
            batch.returned += 1
            forms.append(_form(batch, f"D{len(forms) + 1:05d}", row))
    responses.add_submitted(session, wave, rows)
    session.add_all(forms)
    session.flush()


def _timed(questionnaire: Questionnaire, made: SyntheticResponse) -> dict[str, Any]:
    """Made-up seconds a page: most people take their time, one in twenty hurries."""
    chance = random.Random(repr((made.submitted, made.area_code)))  # noqa: S311 made up, and the same each time
    pace = chance.lognormvariate(0, 0.4) * (0.2 if chance.random() < 0.05 else 1)
    document: dict[str, Any] = {}
    for page, items in routing.reached_pages(questionnaire, made.answers):
        document = paradata.with_page(document, page.code, round(QUESTION_SECONDS * len(items) * pace))
    return document


def _form(batch: Batch, serial: str, row: Mapping[str, Any]) -> PaperForm:
    return PaperForm(
        wave_id=batch.wave_id,
        batch_id=batch.id or 0,
        serial=serial,
        response_id=row["id"],
        keyed_by=batch.opened_by,
        keyed_at=row["submitted_at"],
    )


def _population(session: Session, wave: Wave) -> tuple[list[Place], dict[str, dict[str, dict[str, float]]]]:
    """The wave's neighbourhoods with the areas inside each, and who lives there, by margin and level."""
    from analysis.areas import reached
    from analysis.synthetic.people import Place

    reference = publish.reference(session, wave)
    inside = reached(reference.areas, wave.area_codes)
    places, people = [], {}
    for area in reference.areas:
        if area.level != wave.place_level or area.code not in inside:
            continue
        counts = {
            name: reference.margins.over(name, reference.areas, area.code) for name in reference.margins.names
        }
        if not counts or not all(counts.values()):
            continue
        parts = [part for part in reference.areas.descendants(area.code) if part.level == "lsoa"]
        above = [found.code for found in reference.areas.ancestors(area.code)]
        places.append(
            Place(
                code=area.code,
                vintage=area.vintage,
                parts=tuple((part.code, part.vintage) for part in parts),
                within=tuple(above),
            )
        )
        people[area.code] = {name: levels for name, levels in counts.items() if levels}
    if not places:
        raise LookupError(
            f"No {wave.place_level} of {wave.slug} has population margins: survey-app margins import."
        )
    return places, people
