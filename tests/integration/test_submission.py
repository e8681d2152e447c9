"""The one submission that web and paper share, called as a service."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import Session, select

from questionnaires import loading
from questionnaires.answers import Missing
from questionnaires.model import Questionnaire
from survey_app.db import transaction
from survey_app.services import response as responding
from survey_app.services import submission
from survey_app.store import responses, waves
from survey_app.tables import AuditEvent, Response
from tests.integration.conftest import Database
from tests.integration.residents import QUESTIONNAIRE, furnish, stored


@pytest.fixture
def questionnaire(tmp_path: Path) -> Questionnaire:
    file = tmp_path / "every-kind.yaml"
    file.write_text(QUESTIONNAIRE, encoding="utf-8")
    return loading.load(file)


@pytest.fixture
def draft(database: Database) -> str:
    """A draft with the required consent, a postcode and a required item of a branch that is reached."""
    furnish(database)
    with transaction(database.engine) as session:
        wave = waves.by_slug(session, "spring")
        made = responses.start(session, wave, "paper", "en")
        made.answers = {"agree": 1, "works": 1, "secure": 2, "age": 1}
        made.postcode = "NF11AA"
        return made.id


def send(session: Session, questionnaire: Questionnaire, draft: str, **given: bool) -> Response:
    wave = waves.by_slug(session, "spring")
    return submission.submit(session, wave, questionnaire, draft, actor="worker-7", **given)


def forget(database: Database, *items: str) -> None:
    with transaction(database.engine) as session:
        (held,) = session.exec(select(Response))
        held.answers = {code: value for code, value in held.answers.items() if code not in items}


def test_submitting_again_returns_what_was_submitted_and_changes_nothing(
    database: Database, questionnaire: Questionnaire, draft: str
) -> None:
    with transaction(database.engine) as session:
        first = send(session, questionnaire, draft)
        kept = (first.sequence, first.revision, first.submitted_at)
    with transaction(database.engine) as session:
        again = send(session, questionnaire, draft)
        assert (again.sequence, again.revision, again.submitted_at) == kept
        assert len(session.exec(select(AuditEvent)).all()) == 1
        assert waves.by_slug(session, "spring").last_sequence == 1


def test_submitting_at_once_submits_once(
    database: Database, questionnaire: Questionnaire, draft: str
) -> None:
    barrier = threading.Barrier(10)

    def work(_number: int) -> int | None:
        barrier.wait(timeout=30)
        with transaction(database.engine) as session:
            return send(session, questionnaire, draft).sequence

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(work, range(10))) == {1}
    with Session(database.engine) as session:
        (event,) = session.exec(select(AuditEvent))
        assert (event.actor, event.subject) == ("worker-7", f"response:{draft}")


def test_the_postcode_becomes_an_area_and_is_forgotten(
    database: Database, questionnaire: Questionnaire, draft: str
) -> None:
    with transaction(database.engine) as session:
        send(session, questionnaire, draft)
    (sent,) = stored(database)
    assert (sent.area_code, sent.area_vintage, sent.postcode) == ("L1", "2024", None)
    assert sent.cell == {"age": "young"}
    assert sent.answers["life_sat"] == {"missing": Missing.NOT_ANSWERED.value}
    assert "postcode" not in sent.answers


@pytest.mark.parametrize("postcode", ["EL11AA", "NF99ZZ"])
def test_a_postcode_that_says_nothing_leaves_the_area_known_before(
    database: Database, questionnaire: Questionnaire, draft: str, postcode: str
) -> None:
    with transaction(database.engine) as session:
        held = responses.get_for_update(session, draft)
        held.postcode, held.area_code, held.area_vintage = postcode, "W2", "2024"  # a batch's own area
        session.flush()
        send(session, questionnaire, draft)
    (sent,) = stored(database)
    assert (sent.area_code, sent.postcode) == ("W2", None)


def test_what_must_be_answered_is_named_and_nothing_is_submitted(
    database: Database, questionnaire: Questionnaire, draft: str
) -> None:
    forget(database, "agree", "secure")
    with pytest.raises(submission.IncompleteError) as refusal, transaction(database.engine) as session:
        send(session, questionnaire, draft)
    assert refusal.value.items == ("agree", "secure")
    assert stored(database)[0].status == "draft"


def test_paper_is_taken_as_it_was_written(
    database: Database, questionnaire: Questionnaire, draft: str
) -> None:
    forget(database, "secure")
    with transaction(database.engine) as session:
        send(session, questionnaire, draft, complete=False)
    (sent,) = stored(database)
    assert (sent.status, sent.mode) == ("submitted", "paper")
    assert sent.answers["secure"] == {"missing": "not-answered"}


def test_a_discarded_draft_cannot_be_submitted_and_a_submitted_one_cannot_be_discarded(
    database: Database, questionnaire: Questionnaire, draft: str
) -> None:
    with transaction(database.engine) as session:
        sent = send(session, questionnaire, draft)
        responding.discard(session, sent)
    assert stored(database)[0].status == "submitted"
    with pytest.raises(submission.GoneError), transaction(database.engine) as session:
        send(session, questionnaire, "no-such-response")


@pytest.mark.parametrize(("covers", "placed"), [(["D1"], "D1"), (["D1", "D2"], None)])
def test_who_gives_no_place_counts_where_the_whole_survey_is(
    database: Database, draft: str, questionnaire: Questionnaire, covers: list[str], placed: str | None
) -> None:
    with transaction(database.engine) as session:
        responses.get(session, draft).postcode = None
        waves.by_slug(session, "spring").area_codes = covers
    with transaction(database.engine) as session:
        sent = send(session, questionnaire, draft, complete=False)
        assert (sent.area_code, bool(sent.area_vintage)) == (placed, placed is not None)
