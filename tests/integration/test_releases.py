"""The life of a release: superseded, withdrawn, checked, made again; on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from analysis.release import Marker, Release, from_json
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.db import reading, transaction
from survey_app.services import publish, released
from survey_app.services.publish import Built, PublicationRefusedError
from survey_app.services.release_checks import Check, verify
from survey_app.services.released import NoReleaseError, State, WithdrawalRefusedError
from survey_app.store import releases, waves
from survey_app.tables import AuditEvent, PopulationMargin, PublishedRelease
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.test_publishing import asked, folder, submit, the_wave
from tests.releases import FIGURES, figure, release

__all__ = ["asked", "folder"]  # fixtures

Asked = tuple[Questionnaire, Framework]
BECAUSE = "The margins were those of 2011."


def build(database: Database, asked: Asked, folder: Path) -> Built:
    with reading(database.engine) as session:
        return publish.build(session, the_wave(session), *asked, folder, created=datetime.now(UTC))


def publishing(database: Database, asked: Asked, folder: Path) -> Release:
    built = build(database, asked, folder)
    with transaction(database.engine) as session:
        publish.record(session, the_wave(session), built, actor="test")
    return built.release


def withdraw(database: Database, number: int, because: str = BECAUSE, **options: bool) -> list[int]:
    with transaction(database.engine) as session:
        return released.withdraw(session, the_wave(session), number, because, actor="test", **options)


def states(database: Database) -> dict[int, tuple[str, int | None]]:
    with reading(database.engine) as session:
        held = released.history(session, "spring")
        return {each.number: (each.state.value, each.superseded_by) for each in held}


def checked(database: Database, asked: Asked, folder: Path, number: int) -> dict[str, Check]:
    with reading(database.engine) as session:
        found = verify(session, the_wave(session), number, *asked, folder)
    return {check.name: check for check in found}


def values(of: Release) -> dict[tuple[str, str], float | None]:
    return {(f.area, f.indicator): f.value for f in of.figures if f.marker is Marker.SHOWN}


def older(database: Database, times: float) -> None:
    """The population has this many times as many old people."""
    with transaction(database.engine) as session:
        for row in session.exec(select(PopulationMargin).where(PopulationMargin.level == "old")):
            row.count *= times


def test_a_new_release_supersedes_the_last(database: Database, asked: Asked, folder: Path) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    assert states(database) == {1: ("current", None)}
    submit(database, 20)
    publishing(database, asked, folder)
    assert states(database) == {2: ("current", None), 1: ("superseded", 2)}


def test_a_withdrawn_release_is_shown_no_more_kept_whole_and_audited(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    one = publishing(database, asked, folder)
    submit(database, 20)
    two = publishing(database, asked, folder)
    assert withdraw(database, 2) == [2]
    assert states(database) == {2: ("withdrawn", None), 1: ("current", None)}
    with reading(database.engine) as session:
        rows = releases.of_wave(session, the_wave(session).id or 0)
        assert [from_json(row.document).digest for row in rows] == [one.digest, two.digest]
        told = session.exec(select(AuditEvent).where(AuditEvent.action == "release.withdraw")).one()
        assert (told.subject, told.detail["number"]) == ("wave:spring", 2)
        gone = released.one(session, "spring", 2)
        assert (gone.state, gone.because, gone.withdrawn_by) == (State.WITHDRAWN, BECAUSE, "test")
    with pytest.raises(WithdrawalRefusedError, match="already"):
        withdraw(database, 2)
    with pytest.raises(NoReleaseError):
        withdraw(database, 3)


@pytest.mark.parametrize("because", ["", "wrong", "x" * 301, "ask ada@example.org about this"])
def test_a_withdrawal_needs_a_reason_that_readers_can_be_shown(
    database: Database, asked: Asked, folder: Path, because: str
) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    with pytest.raises(WithdrawalRefusedError):
        withdraw(database, 1, because)
    assert states(database) == {1: ("current", None)}


def test_a_release_that_stands_on_a_withdrawn_one_falls_with_it(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    one = publishing(database, asked, folder)
    submit(database, 2)
    two = publishing(database, asked, folder)
    assert {f.stands_from for f in two.figures if f.marker is Marker.SHOWN} == {1}
    with pytest.raises(WithdrawalRefusedError, match=r"Release 2 shows \d+ figures"):
        withdraw(database, 1)
    assert withdraw(database, 1, with_later=True) == [1, 2]
    three = publishing(database, asked, folder)
    assert values(one)
    assert values(three) == {}, "two came since: neither the old figure nor a new one"
    assert three.weighting == ()
    assert states(database)[3] == ("current", None)


def test_wrong_margins_are_put_right_without_a_new_answer(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40, cell={"age": "young"})
    submit(database, 40, cell={"age": "old"}, answers={"agree": 1, "life_sat": 3, "age": 2})
    older(database, 9)
    wrong = publishing(database, asked, folder)
    older(database, 1 / 9)
    stuck = build(database, asked, folder).release
    assert {f.stands_from for f in stuck.figures if f.marker is Marker.SHOWN} == {1}
    withdraw(database, 1)
    right = publishing(database, asked, folder)
    assert values(right).keys() == values(wrong).keys()
    assert {f.stands_from for f in right.figures} == {None}
    assert (set(values(wrong).values()), set(values(right).values())) == ({3.4}, {5.0})


def test_what_was_built_before_a_withdrawal_is_not_published_after_it(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    built = build(database, asked, folder)
    withdraw(database, 1)
    with (
        pytest.raises(PublicationRefusedError, match="withdrawn meanwhile"),
        transaction(database.engine) as session,
    ):
        publish.record(session, the_wave(session), built, actor="test")
    assert states(database) == {1: ("withdrawn", None)}


def test_what_moves_is_told_against_the_release_that_readers_see(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    submit(database, 20)
    publishing(database, asked, folder)
    withdraw(database, 2)
    built = build(database, asked, folder)
    with reading(database.engine) as session:
        before = publish.earlier(session, the_wave(session))
    found = publish.since_last(built, before)
    assert found is not None
    assert (found.before, found.after) == (1, 3)
    assert [change.name for change in found.inputs] == ["snapshot"]
    withdraw(database, 1)
    with reading(database.engine) as session:
        assert publish.since_last(built, publish.earlier(session, the_wave(session))) is None


# Checking.


def test_a_release_is_made_again_to_the_last_byte(database: Database, asked: Asked, folder: Path) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    found = checked(database, asked, folder, 1)
    assert {name: check.holds for name, check in found.items()} == {
        "document": True,
        "bases": True,
        "earlier": True,
        "inputs": True,
        "again": True,
    }
    assert "to the last byte" in found["again"].words


def test_a_correction_is_made_again_as_when_the_first_was_withdrawn(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    withdraw(database, 1)
    publishing(database, asked, folder)
    assert checked(database, asked, folder, 2)["again"].holds is True
    withdraw(database, 2)
    assert checked(database, asked, folder, 2)["again"].holds is True
    assert checked(database, asked, folder, 1)["again"].holds is True


def test_what_is_not_held_any_more_is_said(database: Database, asked: Asked, folder: Path) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    submit(database, 20)
    publishing(database, asked, folder)
    older(database, 2)
    first = checked(database, asked, folder, 1)
    assert (first["inputs"].holds, first["again"].holds) == (None, None)
    assert "the answers counted have grown or changed since" in first["inputs"].words
    second = checked(database, asked, folder, 2)["inputs"]
    assert "the population that answers are weighted to changed since" in second.words
    assert "answers" not in second.words.replace("that answers are weighted", "")


def test_a_document_that_was_altered_is_found(database: Database, asked: Asked, folder: Path) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    with transaction(database.engine) as session:
        row = session.exec(select(PublishedRelease)).one()
        row.document = row.document.replace('"value":7', '"value":8', 1)
    found = checked(database, asked, folder, 1)
    assert {name: check.holds for name, check in found.items()} == {"document": False}


def test_bases_of_another_release_and_missing_ones_are_found(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    publishing(database, asked, folder)
    with transaction(database.engine) as session:
        session.exec(select(PublishedRelease)).one().bases = "{}"
    assert checked(database, asked, folder, 1)["bases"].holds is False


def test_a_figure_that_does_not_come_out_again_is_found(
    database: Database, asked: Asked, folder: Path
) -> None:
    """Someone who alters a document can alter its digest too; what it was made from tells."""
    submit(database, 40)
    made = publishing(database, asked, folder)
    forged = replace(
        made, figures=tuple(replace(f, value=1.0) if f.marker is Marker.SHOWN else f for f in made.figures)
    )
    with transaction(database.engine) as session:
        row = session.exec(select(PublishedRelease)).one()
        row.document, row.digest = forged.to_json(), forged.digest
    found = checked(database, asked, folder, 1)
    assert found["document"].holds is True
    assert found["again"].holds is False


# In history.


def store(session: Session, made: Release) -> None:
    wave = waves.by_slug(session, made.wave)
    releases.add(
        session,
        wave_id=wave.id or 0 if wave else 0,
        number=made.number,
        digest=made.digest,
        document=made.to_json(),
        bases="{}",
        published_by="test",
    )


def test_what_falls_pulls_down_what_stands_on_it(session: Session) -> None:
    """3 stands on 2 and not on 1; 2 stands on 1 and so is withdrawn whole."""
    wave = waves.add(session, samples.wave())
    plain = tuple(replace(f, stands_from=None) for f in FIGURES)
    store(session, release(number=1, figures=plain))
    store(session, release(number=2, figures=(replace(plain[0], stands_from=1), *plain[1:])))
    store(session, release(number=3, figures=(*plain[:-1], replace(plain[-1], stands_from=2))))
    store(session, release(number=4, figures=plain))
    assert [number for number, _ in released.resting_on(session, wave, 1)] == [2, 3]
    assert released.withdraw(session, wave, 1, BECAUSE, actor="test", with_later=True) == [1, 2, 3]
    assert released.one(session, "spring", 4).state is State.CURRENT


def test_two_stored_releases_are_compared(session: Session) -> None:
    waves.add(session, samples.wave())
    store(session, release(number=1))
    moved = figure("E05MILL", "safe", 60, 2.9, 0)
    store(session, release(number=2, figures=(moved, *FIGURES[1:])))
    found = released.differing(session, "spring", 1, 2)
    assert [(m.indicator, m.change, m.beyond) for m in found.moved] == [("safe", 22, True)]
    with pytest.raises(NoReleaseError):
        released.differing(session, "spring", 1, 9)
