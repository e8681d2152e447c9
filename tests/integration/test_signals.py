"""Signs of answers that are not one person's own: a list for a manager, who decides; nobody is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from analysis import snapshot as columns
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.db import reading, transaction
from survey_app.services import publish, receipts, reviews, signals
from survey_app.services.reviews import DecidedError, Decision
from survey_app.services.roles import Role
from survey_app.services.signals import Sign
from survey_app.services.withdrawal import withdraw
from survey_app.store import releases, responses
from survey_app.store import reviews as store
from survey_app.tables import AuditEvent, RecentMark, Response, Signal
from survey_app.tables.base import now
from tests.integration.conftest import Database
from tests.integration.residents import Browser, furnish, running, stored
from tests.integration.test_publishing import asked, folder, snapshot, submit, the_wave
from tests.integration.web import add_person, browser, office

__all__ = ["asked", "folder"]
SECRET = "test"
MANY_ANSWERS: dict[str, Any] = {f"item_{number}": number for number in range(15)}


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    furnish(database)
    with running(database, tmp_path) as app:
        yield app


def sent(database: Database, answers: dict[str, Any], area: str = "W1", **given: Any) -> tuple[Sign, ...]:
    """Signs of a response submitted now with these answers."""
    with transaction(database.engine) as session:
        wave = the_wave(session)
        made = responses.start(session, wave, "web", "en")
        made.answers, made.area_code, made.status = answers, area, "submitted"
        made.sequence = responses.next_sequence(session, wave.id or 0)
        made.submitted_at = now()
        made.paradata = {"flags": given.pop("flags", [])}
        session.flush()
        fields = {"secret": SECRET, "address": "203.0.113.7", "device_used": False} | given
        return signals.note(session, made, **fields)


def marks(database: Database) -> list[RecentMark]:
    with Session(database.engine) as session:
        return list(session.exec(select(RecentMark)))


def kinds(database: Database) -> set[str]:
    """Signs on the list, but for being fast, as every test is."""
    with Session(database.engine) as session:
        return {row.kind for row in session.exec(select(Signal))} - {"fast"}


def test_most_answers_give_no_sign(app: Flask, database: Database) -> None:
    browsers = [Browser.on(app) for _ in range(2)]
    for each in browsers:
        each.finish()
    assert kinds(database) == set()


def test_the_same_browser_again_is_a_sign_and_not_a_lock(app: Flask, database: Database) -> None:
    someone = Browser.on(app)
    someone.finish()
    someone.send({}, "/s/spring/finish")
    assert "For a day it notes" in someone.text
    assert someone.finish()  # sent and thanked like anyone
    assert [each.status for each in stored(database)] == ["submitted"] * 2
    assert kinds(database) == {"same-device"}
    for page in ("/s/spring/receipt", "/s/spring/answers"):
        someone.get(page)
        assert "Same device" not in someone.text


def test_many_at_once_from_one_address(app: Flask, database: Database) -> None:
    assert [sent(database, {}) for _ in range(4)] == [(), (), (), (Sign.QUICK_SUCCESSION,)]
    assert sent(database, {}, address="203.0.113.8") == ()


def test_an_address_is_a_short_hash_for_a_day_and_another_tomorrow(app: Flask, database: Database) -> None:
    sent(database, {})
    (mark,) = marks(database)
    assert len(mark.digest) == signals.SHORT
    tomorrow = now() + timedelta(hours=23, minutes=59)
    sent(database, {}, moment=tomorrow)
    assert len({each.digest for each in marks(database)}) == 2
    sent(database, {}, moment=now() + timedelta(hours=24, minutes=1))
    assert mark.id not in {each.id for each in marks(database)}
    with transaction(database.engine) as session:
        signals.forget_old(session, now() + timedelta(days=3))
    assert marks(database) == []


def test_the_same_fifteen_answers_in_the_same_area(app: Flask, database: Database) -> None:
    assert sent(database, MANY_ANSWERS) == ()
    assert sent(database, MANY_ANSWERS, area="W2", address="other") == ()
    assert sent(database, MANY_ANSWERS | {"item_3": 9}, address="other") == ()
    text = {"comments": "anything", "left": {"missing": "not-answered"}}
    assert sent(database, MANY_ANSWERS | text, address="other") == (Sign.SAME_ANSWERS,)
    fewer = dict(list(MANY_ANSWERS.items())[:14])
    assert [sent(database, fewer, address=f"a{number}") for number in range(2)] == [(), ()]


def test_what_the_journey_noted_joins_the_list(app: Flask, database: Database) -> None:
    assert sent(database, {}, flags=["fast", "honeypot", "straight"]) == (Sign.FAST, Sign.HONEYPOT)


def review(database: Database, decision: Decision) -> None:
    with transaction(database.engine) as session:
        wave = the_wave(session)
        ids = [case.flagged.response_id for case in reviews.cases(session, wave)]
        reviews.decide(session, wave, ids, decision, actor="mo")


def held(database: Database, data: Path) -> set[str]:
    with reading(database.engine) as session:
        wave = the_wave(session)
    return set(columns.read(publish.snapshot_folder(data, wave), [columns.ID])[columns.ID])


def test_what_is_left_out_is_in_no_snapshot_and_comes_back(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    questionnaire, _framework = asked
    submit(database, 3)
    doubtful = stored(database)[0].id
    with transaction(database.engine) as session:
        store.add_signals(session, doubtful, ["same-device"])
    assert snapshot(database, questionnaire, folder) == 3
    review(database, Decision.LEAVE_OUT)
    review(database, Decision.LEAVE_OUT)
    assert snapshot(database, questionnaire, folder) == 0
    assert doubtful not in held(database, folder)
    assert len(held(database, folder)) == 2
    review(database, Decision.COUNT)
    assert snapshot(database, questionnaire, folder) == 1
    assert doubtful in held(database, folder)
    with Session(database.engine) as session:
        events = session.exec(
            select(AuditEvent).where(AuditEvent.action == "response.review").order_by(AuditEvent.id)
        ).all()
    assert [(e.actor, e.subject, e.detail["decision"]) for e in events] == [
        ("mo", f"response:{doubtful}", "leave-out"),
        ("mo", f"response:{doubtful}", "count"),
    ]


def test_a_release_makes_the_decision_final(
    database: Database, asked: tuple[Questionnaire, Framework]
) -> None:
    submit(database, 1)
    with transaction(database.engine) as session:
        store.add_signals(session, session.exec(select(Response)).one().id, ["fast"])
    review(database, Decision.LEAVE_OUT)
    with transaction(database.engine) as session:
        releases.add(
            session,
            wave_id=the_wave(session).id or 0,
            number=1,
            digest="0" * 64,
            document="{}",
            bases="{}",
            published_by="test",
        )
    with pytest.raises(DecidedError):
        review(database, Decision.COUNT)
    assert stored(database)[0].status == "left-out"


def test_a_resident_is_not_told_and_can_still_withdraw(app: Flask, database: Database) -> None:
    someone = Browser.on(app)
    code = someone.finish()
    (mine,) = stored(database)
    with transaction(database.engine) as session:
        store.add_signals(session, mine.id, ["same-device"])
    review(database, Decision.LEAVE_OUT)
    someone.get("/s/spring/receipt")
    assert "Thank you, your answers have been sent" in someone.text
    someone.get("/s/spring/answers")
    assert "Buses" in someone.text
    with transaction(database.engine) as session:
        withdraw(session, code, SECRET, actor="resident")
    with Session(database.engine) as session:
        assert session.exec(select(Signal)).all() == []
        assert reviews.cases(session, the_wave(session)) == []
    assert stored(database)[0].status == "withdrawn"


def test_withdrawing_forgets_the_hash_of_the_answers(app: Flask, database: Database) -> None:
    sent(database, MANY_ANSWERS)
    code = receipts.new_code()
    with transaction(database.engine) as session:
        mine = session.exec(select(Response)).one()
        mine.receipt_hash = receipts.fingerprint(code, SECRET)
    assert len(marks(database)) == 2
    with transaction(database.engine) as session:
        withdraw(session, code, SECRET, actor="resident")
    assert [len(each.digest) for each in marks(database)] == [signals.SHORT]


def test_the_page_shows_why_and_no_answer(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    organisation, _administrator = office(database)
    with transaction(database.engine) as session:
        mo = add_person(session, "mo@example.org", [(Role.SURVEY_MANAGER, organisation, "")])
    client = browser(app, database, mo)
    assert "There is nothing to look at" in client.get("/waves/spring/review").text
    Browser.on(app).finish()
    (mine,) = stored(database)
    with transaction(database.engine) as session:
        store.add_signals(session, mine.id, ["same-answers"])
    page = client.get("/waves/spring/review").text
    assert "Same answers" in page
    assert "Two people rarely agree on so much" in page
    assert "Buses" not in page
    assert client.post("/waves/spring/review", data={"decision": "count"}).status_code == 422
    assert client.post("/waves/spring/review", data={"response": mine.id}).status_code == 422
    stranger = {"response": "nobody", "decision": "leave-out"}
    assert client.post("/waves/spring/review", data=stranger).status_code == 422
    done = client.post("/waves/spring/review", data={"response": mine.id, "decision": "leave-out"})
    assert done.status_code == 302
    assert "Left out" in client.get("/waves/spring/review").text
    assert stored(database)[0].status == "left-out"
