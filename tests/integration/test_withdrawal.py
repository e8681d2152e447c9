"""Withdrawing by receipt code: erased at once, out of the next snapshot, and nothing of it in the trail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import select

from analysis import snapshot as columns
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.cli import main
from survey_app.db import reading, transaction
from survey_app.services import publish, receipts, submission
from survey_app.services.withdrawal import UnknownCodeError, withdraw
from survey_app.store import responses
from survey_app.tables import AuditEvent, Response
from tests.integration.conftest import Database
from tests.integration.test_publishing import ANSWERS, asked, folder, snapshot, submit, the_wave

__all__ = ["asked", "folder"]
SECRET = "test"


def start(database: Database, code: str) -> str:
    with transaction(database.engine) as session:
        wave = the_wave(session)
        made = responses.start(session, wave, "web", "en", receipt_hash=receipts.fingerprint(code, SECRET))
        made.answers = dict(ANSWERS)
        made.postcode = "NF11AA"
        return made.id


def test_what_was_sent_is_erased_and_leaves_the_next_snapshot(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    questionnaire, _framework = asked
    submit(database, 3)
    code = receipts.new_code()
    mine = start(database, code)
    with transaction(database.engine) as session:
        submission.submit(session, the_wave(session), questionnaire, mine, actor="resident", complete=False)
    assert snapshot(database, questionnaire, folder) == 4
    with transaction(database.engine) as session:
        assert withdraw(session, code.lower(), SECRET, actor="resident") == "submitted"
    with transaction(database.engine) as session:
        assert withdraw(session, code, SECRET, actor="resident") == "withdrawn"
    with reading(database.engine) as session:
        kept = responses.get(session, mine)
        assert (kept.status, kept.answers, kept.cell) == ("withdrawn", {}, {})
        assert (kept.area_code, kept.postcode) == (None, None)
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "response.withdraw")).all()
        assert [(e.subject, e.detail) for e in events] == [(f"response:{mine}", {"was": "submitted"})]
        wave = the_wave(session)
    assert snapshot(database, questionnaire, folder) == 0
    held = columns.read(publish.snapshot_folder(folder, wave), [columns.ID])
    assert len(held) == 3
    assert mine not in set(held[columns.ID])
    submit(database, 1)
    assert snapshot(database, questionnaire, folder) == 1


def test_a_draft_is_deleted_and_a_wrong_code_is_refused(
    database: Database, asked: tuple[Questionnaire, Framework], tmp_path: Path
) -> None:
    code = receipts.new_code()
    start(database, code)
    environment = {
        "HEREABOUTS_DATABASE_URL": database.url,
        "HEREABOUTS_DATA_FOLDER": str(tmp_path),
        "HEREABOUTS_SECRET_KEY": SECRET,
    }
    wrong = CliRunner().invoke(main, ["responses", "withdraw", "nonsense"], env=environment)
    assert (wrong.exit_code, "No answers have this code" in wrong.stderr) == (1, True)
    done = CliRunner().invoke(main, ["responses", "withdraw", code], env=environment)
    assert (done.exit_code, "deleted" in done.stdout) == (0, True)
    with reading(database.engine) as session:
        assert session.exec(select(Response)).all() == []
    with transaction(database.engine) as session, pytest.raises(UnknownCodeError):
        withdraw(session, code, SECRET, actor="resident")


def test_the_next_release_counts_one_fewer_and_the_trail_says_nothing(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    """Published, withdrawn, published again: the count drops by one, and no trace of the answers is left."""
    questionnaire, framework = asked
    submit(database, 5)
    code = receipts.new_code()
    mine = start(database, code)
    with transaction(database.engine) as session:
        submission.submit(session, the_wave(session), questionnaire, mine, actor="resident", complete=False)

    def publishing() -> int:
        with reading(database.engine) as session:
            wave = the_wave(session)
            built = publish.build(session, wave, questionnaire, framework, folder, created=datetime.now(UTC))
        with transaction(database.engine) as session:
            publish.record(session, wave, built, actor="test")
        return built.report.responses

    assert publishing() == 6
    with transaction(database.engine) as session:
        withdraw(session, code, SECRET, actor="resident")
    assert publishing() == 5
    with reading(database.engine) as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.action == "response.withdraw"))
        assert event.detail == {"was": "submitted"}
        assert code not in f"{event.subject} {event.detail} {event.actor}"
        rows = [
            row for batch in responses.submitted_since(session, the_wave(session).id or 0, 0) for row in batch
        ]
        assert mine not in {row.id for row in rows}
