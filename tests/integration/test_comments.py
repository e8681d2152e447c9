"""Comments on a real database: reviewed one by one, gone with their response, published by the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from analysis.areas import Area, AreaSet
from analysis.comments import PublishedComments
from analysis.disclosure import Policy
from questionnaires import loading
from questionnaires.model import Questionnaire
from survey_app.db import reading, transaction
from survey_app.services import comment_release, comments, receipts
from survey_app.services.comments import (
    Case,
    ChangedError,
    Decision,
    GoneError,
    Queue,
    Reason,
    RefusedError,
    Verdict,
)
from survey_app.services.withdrawal import withdraw
from survey_app.store import comments as store
from survey_app.store import releases, responses
from survey_app.tables import AuditEvent, CommentCoding, CommentReview, Response, metadata
from survey_app.tables.base import now
from tests.integration.conftest import Database
from tests.integration.residents import QUESTIONNAIRE, furnish
from tests.integration.test_publishing import FRAMEWORKS, the_wave

SECRET = "test"
ITEM = "comments"
TEXT = "Ask Jean Example in Northfield, 01632 960 123, about the buses."
SAFE = "Ask [name] in [place], [phone number], about the buses."


@pytest.fixture
def wave(database: Database) -> Database:
    furnish(database)
    return database


@pytest.fixture
def asked(tmp_path: Path) -> Questionnaire:
    path = tmp_path / "questionnaire.yaml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    return loading.load(path, FRAMEWORKS)


def say(database: Database, *texts: Any, item: str = ITEM, **given: Any) -> list[str]:
    """Submitted responses with these answers to one item; their ids."""
    ids = []
    with transaction(database.engine) as session:
        held = the_wave(session)
        for text in texts:
            made = responses.start(session, held, "web", given.get("language", "en"))
            made.answers = {item: text, "life_sat": 7}
            made.area_code, made.area_vintage = given.get("area", "W1"), "2024"
            made.receipt_hash = given.get("receipt")
            made.status, made.submitted_at = given.get("status", "submitted"), now()
            made.sequence = responses.next_sequence(session, held.id or 0)
            ids.append(made.id)
    return ids


def queue(database: Database, **given: Any) -> Queue:
    with reading(database.engine) as session:
        return comments.queue(session, the_wave(session), given.pop("item", ITEM), SECRET, **given)


def decide(database: Database, case: Case, verdict: Verdict, actor: str = "mo") -> None:
    with transaction(database.engine) as session:
        comments.decide(session, the_wave(session), ITEM, case.key, verdict, actor=actor, secret=SECRET)


def add_theme(database: Database, code: str = "buses", title: str = "Buses", item: str = ITEM) -> None:
    with transaction(database.engine) as session:
        comments.add_theme(session, the_wave(session), item, code, title, actor="mo")


def quote(text: str, *themes: str, seen: int = 0) -> Verdict:
    return Verdict(Decision.QUOTE, text, frozenset(themes), seen)


def test_only_words_that_were_sent_wait_and_nothing_else_of_the_person(wave: Database) -> None:
    missing = {"missing": "not-answered"}
    say(wave, TEXT, "  ", "", missing, None)
    say(wave, "Draft", status="draft")
    say(wave, "Left out", status="left-out")
    say(wave, "Another item", item="change")
    found = queue(wave)
    assert [case.text for case in found.cases] == [TEXT]
    assert (found.waiting, found.decided, found.page, found.pages) == (1, 0, 1, 1)
    (case,) = found.cases
    assert {TEXT[s.start : s.end]: s.kind for s in case.spans} == {
        "Jean Example": "name",
        "Northfield": "place",
        "01632 960 123": "phone",
    }
    assert set(Case.__slots__) == {"key", "text", "language", "spans", "verdict"}
    with reading(wave.engine) as session:
        ids = session.exec(select(Response.id)).all()
    assert case.key not in ids


def test_a_few_at_a_time_and_no_order_that_tells_when(wave: Database) -> None:
    ids = say(wave, *(f"Words {n}" for n in range(12)))
    pages = [queue(wave, page=page) for page in (1, 2, 3)]
    assert [len(page.cases) for page in pages] == [5, 5, 2]
    said = [case.text for page in pages for case in page.cases]
    assert said == [f"Words {n}" for _, n in sorted(zip(ids, range(12), strict=True))]
    assert queue(wave, page=99).page == 3
    assert queue(wave, page=-1).page == 1


def test_a_decision_keeps_what_may_be_quoted_and_its_themes(wave: Database) -> None:
    say(wave, TEXT)
    add_theme(wave)
    decide(wave, queue(wave).cases[0], quote(f"  {SAFE}\r\n", "buses"))
    assert queue(wave).cases == ()
    (case,) = queue(wave, decided=True).cases
    assert case.verdict == quote(SAFE, "buses", seen=1)
    decide(wave, case, Verdict(Decision.THEMES, SAFE, frozenset({"buses"}), 1))
    (case,) = queue(wave, decided=True).cases
    assert case.verdict == Verdict(Decision.THEMES, "", frozenset({"buses"}), 2)
    decide(wave, case, Verdict(Decision.NOT_USED, SAFE, frozenset({"buses"}), 2))
    (case,) = queue(wave, decided=True).cases
    assert case.verdict == Verdict(Decision.NOT_USED, "", frozenset(), 3)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (TEXT, [Reason.IDENTIFIER]),
        ("SS9 1AB and a@example.org", [Reason.IDENTIFIER, Reason.IDENTIFIER]),
        (" ... ", [Reason.EMPTY]),
        ("\u200b", [Reason.EMPTY]),
        ("a " * 10_001, [Reason.TOO_LONG]),
    ],
)
def test_a_text_that_may_not_be_quoted_is_refused(wave: Database, text: str, reasons: list[Reason]) -> None:
    say(wave, TEXT)
    with pytest.raises(RefusedError) as refused:
        decide(wave, queue(wave).cases[0], quote(text))
    assert [problem.reason for problem in refused.value.problems] == reasons
    assert "01632" not in str(refused.value)
    assert queue(wave).waiting == 1


def test_a_theme_of_another_item_is_refused(wave: Database) -> None:
    say(wave, TEXT)
    add_theme(wave, item="change")
    with pytest.raises(RefusedError) as refused:
        decide(wave, queue(wave).cases[0], quote(SAFE, "buses"))
    assert [problem.reason for problem in refused.value.problems] == [Reason.UNKNOWN_THEME]


def test_two_reviewers_do_not_overwrite_each_other(wave: Database) -> None:
    say(wave, TEXT)
    case = queue(wave).cases[0]
    decide(wave, case, quote(SAFE))
    with pytest.raises(ChangedError):
        decide(wave, case, Verdict(Decision.NOT_USED))
    assert queue(wave, decided=True).cases[0].verdict == quote(SAFE, seen=1)


def test_a_decision_is_on_the_trail_without_what_was_said_or_whose_it_is(wave: Database) -> None:
    (response_id,) = say(wave, TEXT)
    add_theme(wave)
    decide(wave, queue(wave).cases[0], quote(SAFE, "buses"))
    with Session(wave.engine) as session:
        events = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(e.actor, e.action, e.subject, e.detail) for e in events] == [
        ("mo", "theme.add", "wave:spring", {"item": ITEM, "theme": "buses"}),
        ("mo", "comment.review", "wave:spring", {"item": ITEM, "decision": "quote", "themes": 1}),
    ]
    assert response_id not in str(events)


@pytest.mark.parametrize("decision", list(Decision))
def test_a_withdrawn_response_takes_everything_with_it(wave: Database, decision: Decision) -> None:
    code = receipts.new_code()
    (mine,) = say(wave, TEXT, receipt=receipts.fingerprint(code, SECRET))
    (other,) = say(wave, "More buses, please")
    add_theme(wave)
    for case in queue(wave).cases:
        decide(wave, case, Verdict(decision, SAFE, frozenset({"buses"})))
    with transaction(wave.engine) as session:
        assert withdraw(session, code, SECRET, actor="resident") == "submitted"
    assert queue(wave).cases == ()
    assert [case.text for case in queue(wave, decided=True).cases] == ["More buses, please"]
    with Session(wave.engine) as session:
        for table in metadata.sorted_tables:
            rows = session.execute(table.select()).all()
            assert "Jean" not in str(rows)
            if table.name not in ("response", "audit_event"):
                assert mine not in str(rows), table.name
        assert {review.response_id for review in session.exec(select(CommentReview))} == {other}


def test_a_comment_that_still_waits_leaves_the_queue_and_cannot_be_decided(wave: Database) -> None:
    code = receipts.new_code()
    say(wave, TEXT, receipt=receipts.fingerprint(code, SECRET))
    case = queue(wave).cases[0]
    with transaction(wave.engine) as session:
        withdraw(session, code, SECRET, actor="resident")
    assert queue(wave).waiting == 0
    with pytest.raises(GoneError):
        decide(wave, case, quote(SAFE))


def test_the_database_itself_deletes_decisions_with_a_response(wave: Database) -> None:
    """Also where no code of ours runs: a row deleted by hand takes them along."""
    (response_id,) = say(wave, TEXT)
    add_theme(wave)
    decide(wave, queue(wave).cases[0], quote(SAFE, "buses"))
    with transaction(wave.engine) as session:
        session.connection().execute(
            Response.__table__.delete().where(Response.__table__.c.id == response_id)  # type: ignore[attr-defined]
        )
    with Session(wave.engine) as session:
        assert session.exec(select(CommentReview)).all() == []
        assert session.exec(select(CommentCoding)).all() == []


def test_a_coding_frame_is_kept_by_item(wave: Database) -> None:
    add_theme(wave, "buses", " Buses  and trains ")
    for code, title, reasons in (
        ("buses", "Again", [Reason.CODE_TAKEN]),
        ("Bad code", "", [Reason.NO_TITLE, Reason.BAD_CODE]),
        ("long", "x" * 81, [Reason.TOO_LONG]),
        ("ring", "Ring 01632 960 123", [Reason.IDENTIFIER]),
    ):
        with pytest.raises(RefusedError) as refused:
            add_theme(wave, code, title)
        assert [problem.reason for problem in refused.value.problems] == reasons
    say(wave, TEXT)
    decide(wave, queue(wave).cases[0], quote(SAFE, "buses"))
    with transaction(wave.engine) as session:
        held = the_wave(session)
        comments.rename_theme(session, held, ITEM, "buses", "Public transport", actor="mo")
        assert [(t.code, t.title) for t in store.themes(session, held.id or 0, ITEM)] == [
            ("buses", "Public transport")
        ]
        with pytest.raises(RefusedError):
            comments.remove_theme(session, held, ITEM, "buses", actor="mo")
    decide(wave, queue(wave, decided=True).cases[0], Verdict(Decision.NOT_USED, seen=1))
    with transaction(wave.engine) as session:
        comments.remove_theme(session, the_wave(session), ITEM, "buses", actor="mo")
        assert store.themes(session, the_wave(session).id or 0) == []


AREAS = AreaSet(
    [
        *(Area(code=f"D{n}", name=f"District {n}", level="lad", vintage="2024") for n in (1, 2)),
        *(
            Area(code=f"W{n}", name="", level="ward", vintage="2024", parents=(p,))
            for n, p in ((1, "D1"), (3, "D2"))
        ),
    ]
)


def publish(database: Database, asked: Questionnaire, number: int) -> PublishedComments:
    """As publishing does: gathered, then kept beside the release that carries the document."""
    with transaction(database.engine) as session:
        held = the_wave(session)
        found = comment_release.gather(session, held, asked, AREAS, Policy(), number)
        document = json.dumps({"comments": found.document()} if found.document() else {})
        releases.add(
            session,
            wave_id=held.id or 0,
            number=number,
            digest=str(number),
            document=document,
            bases="",
            published_by="mo",
        )
        comment_release.keep(session, held, number, found.items, found.exact)
    return found


def review_all(database: Database, *, themes: tuple[str, ...] = ()) -> None:
    while cases := queue(database).cases:
        for case in cases:
            decide(database, case, quote(case.text, *themes))


def test_what_was_reviewed_is_published_and_what_waits_is_not(wave: Database, asked: Questionnaire) -> None:
    add_theme(wave)
    say(wave, *(f"Buses {n}" for n in range(30)))
    assert publish(wave, asked, 1).document() == []
    review_all(wave, themes=("buses",))
    say(wave, "Waits")
    (item,) = publish(wave, asked, 2).document()
    assert (item["item"], item["bases"], item["themes"]) == (ITEM, {"all": 30, "D1": 30}, {"buses": "Buses"})
    assert len(item["quotes"]) == 30
    assert "Waits" not in str(item)


def test_a_withdrawn_quote_is_not_in_the_next_release_and_few_new_ones_wait(
    wave: Database, asked: Questionnaire
) -> None:
    code = receipts.new_code()
    say(wave, "Mine", receipt=receipts.fingerprint(code, SECRET))
    say(wave, *(f"Theirs {n}" for n in range(34)))
    review_all(wave)
    (first,) = publish(wave, asked, 1).document()
    assert "Mine" in {each["text"] for each in first["quotes"]}
    with transaction(wave.engine) as session:
        withdraw(session, code, SECRET, actor="resident")
    say(wave, "New")
    review_all(wave)
    say(wave, "New too")
    review_all(wave)
    (second,) = publish(wave, asked, 2).document()
    assert {each["text"] for each in second["quotes"]} == {f"Theirs {n}" for n in range(34)}
    assert second["bases"] == first["bases"]
