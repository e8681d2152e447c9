"""Submitting: the one moment a draft becomes a counted response, on the web and from paper alike.

Everything happens in the caller's transaction, under a lock on the response: sent twice, by a second click, a
refresh or another tab, it is submitted once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from questionnaires import answering, routing
from questionnaires.answers import Answers, Missing, to_json
from questionnaires.faults import AnswerFault
from questionnaires.model import Questionnaire
from survey_app.services import contacts, one_time_links, paradata, places
from survey_app.services.response import DRAFT, answers_of
from survey_app.store import areas, audit, responses
from survey_app.tables import Response, Wave

SUBMITTED, WEB = "submitted", "web"


class IncompleteError(Exception):
    """Items must be answered or changed first; `items` holds their codes in the order asked."""

    def __init__(self, items: tuple[str, ...]):
        self.items = items
        super().__init__(f"not answered, or to be changed: {', '.join(items)}")


class GoneError(Exception):
    """There is no such response: it was discarded."""


def unsettled(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Codes of the reached items that must be answered and are not, or must be changed, in the order asked.

    An answer may have to be changed because of another page, saved after its own.
    """
    path = routing.follow(questionnaire, answers)
    asked = [item for _section, reached in path.sections for item in reached]
    wrong = {
        doubt.item for doubt in answering.check(asked, path.answers) if doubt.fault is AnswerFault.CHECK_HARD
    }
    return tuple(
        item.code
        for item in asked
        if item.code in wrong
        or (item.required and isinstance(answers.get(item.code, Missing.NOT_ANSWERED), Missing))
    )


def submit(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    response_id: str,
    *,
    actor: str,
    language: str | None = None,
    complete: bool = True,
    moment: datetime | None = None,
    doubts: tuple[str, ...] = (),
) -> Response:
    """Submit a draft and return it; a response submitted before is returned as it is.

    Prunes what routing does not reach to *not asked*, scores, reduces the postcode to an area and forgets it,
    fixes the weighting cell and takes the next place in the wave's order. `complete` is False for paper,
    which is taken as it was written; `doubts` are kept as flags. Raises IncompleteError, or GoneError when
    the draft was discarded.
    """
    response = responses.get_for_update(session, response_id)
    if response is None:
        raise GoneError(response_id)
    if response.status != DRAFT:
        return response
    answers = answers_of(questionnaire, response)
    if complete and (missing := unsettled(questionnaire, answers)):
        raise IncompleteError(missing)
    _settle_place(session, wave, response)
    contacts.keep(session, wave, questionnaire, answers, language=language or response.language)
    one_time_links.used(session, response)
    finished = answering.finish(questionnaire, answers)
    response.answers = to_json(finished)
    response.cell = answering.weighting_cell(questionnaire, finished)
    response.sequence = responses.next_sequence(session, response.wave_id)
    response.status = SUBMITTED
    response.language = language or response.language
    response.submitted_at = moment or datetime.now(UTC)
    if response.mode == WEB:
        response.paradata = paradata.at_submission(response, questionnaire, answers, doubts)
    response.revision += 1
    session.add(response)
    audit.record(
        session, actor, "response.submit", f"response:{response.id}", wave=wave.slug, mode=response.mode
    )
    session.flush()
    return response


def _settle_place(session: Session, wave: Wave, response: Response) -> None:
    """Keep the smallest area the postcode lies in, and not the postcode."""
    looked_up = response.mode == WEB and response.area_code is not None  # when its page was saved
    if response.postcode is not None and not looked_up:
        finding = places.find(session, wave, response.postcode)
        if finding.found is places.Found.INSIDE and finding.area is not None:
            response.area_code, response.area_vintage = finding.area.code, finding.area.vintage
    response.postcode = None
    if response.area_code is None and len(wave.area_codes) == 1:
        # Who would rather not say still lives where the survey is: there, and in nothing smaller.
        whole = areas.by_code(session, wave.area_codes[0])
        if whole is not None:
            response.area_code, response.area_vintage = whole.code, whole.vintage
