"""Reviewed comments in releases on a real database: carried, kept, withdrawn, made again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from analysis.release import Release, from_json
from survey_app.db import reading, transaction
from survey_app.services import proposals, publish, released
from survey_app.services.comments import Decision, Verdict
from survey_app.services.proposals import Proposal
from survey_app.services.publish import Built, PublicationRefusedError
from survey_app.services.released import MeanwhileError, Publication, WithdrawalRefusedError
from survey_app.store import comments as store
from survey_app.store import releases
from survey_app.tables import CommentCount, CommentReview, PublishedRelease, Response
from tests.integration.conftest import Database
from tests.integration.test_comments import add_theme, decide, queue, quote, review_all
from tests.integration.test_publishing import ANSWERS, asked, folder, submit, the_wave
from tests.integration.test_releases import Asked, build, checked, publishing, withdraw

__all__ = ["asked", "folder"]  # fixtures


def say(database: Database, *texts: str) -> None:
    for text in texts:
        submit(database, 1, answers=ANSWERS | {"comments": text})


def commented(database: Database, number: int = 35, first: int = 0) -> None:
    """So many people who answered and wrote something, all of it reviewed, under the one theme there is."""
    say(database, *(f"More buses, please: {n}" for n in range(first, first + number)))
    with reading(database.engine) as session:
        frame = store.themes(session, the_wave(session).id or 0)
    review_all(database, themes=tuple(theme.code for theme in frame))


def texts(made: Release) -> set[str]:
    return {quote.text for item in made.comments for quote in item.quotes}


def shown(made: Release) -> list[tuple[dict[str, int], dict[str, int], tuple[str, ...]]]:
    return [
        (dict(item.bases), {c.area: c.count for c in item.counts}, item.standing) for item in made.comments
    ]


def test_a_release_carries_what_was_reviewed_and_keeps_its_exact_counts(
    database: Database, asked: Asked, folder: Path
) -> None:
    add_theme(database)
    commented(database)
    say(database, "Nobody has read this")
    made = publishing(database, asked, folder)
    assert shown(made) == [({"all": 35, "D1": 35}, {"all": 35, "D1": 35}, ())]
    assert texts(made) == {f"More buses, please: {n}" for n in range(35)}
    assert made.comments[0].question == next(i.text for i in asked[0].items() if i.code == "comments")
    with reading(database.engine) as session:
        (row,) = releases.of_wave(session, the_wave(session).id or 0)
        kept = store.counts(session, the_wave(session).id or 0)
    assert from_json(row.document) == made
    assert kept == {1: {"comments": {"": {"D1": 35}, "buses": {"D1": 35}}}}
    assert "Nobody has read" not in row.document


def test_a_wave_without_comments_has_the_release_it_always_had(
    database: Database, asked: Asked, folder: Path
) -> None:
    submit(database, 40)
    made = publishing(database, asked, folder)
    assert '"comments"' not in made.to_json()
    with reading(database.engine) as session:
        assert session.exec(select(CommentCount)).all() == []


def test_a_quote_taken_back_meanwhile_is_not_published(
    database: Database, asked: Asked, folder: Path
) -> None:
    commented(database)
    built = build(database, asked, folder)
    case = queue(database, decided=True).cases[0]
    decide(database, case, Verdict(Decision.NOT_USED, seen=1))
    with (
        pytest.raises(PublicationRefusedError, match="taken back"),
        transaction(database.engine) as session,
    ):
        publish.record(session, the_wave(session), built, actor="test")
    with reading(database.engine) as session:
        assert session.exec(select(PublishedRelease)).all() == []
        assert session.exec(select(CommentCount)).all() == []
    assert case.text not in texts(publishing(database, asked, folder))


def test_a_quote_of_a_withdrawn_response_is_not_published_from_a_proposal(
    database: Database, asked: Asked, folder: Path
) -> None:
    """A proposal lies for two hours; what it quotes is looked at again when it is published."""
    add_theme(database)
    commented(database)
    publication = proposed(build(database, asked, folder), folder)
    with transaction(database.engine) as session:
        review = session.exec(select(CommentReview)).first()
        taken = session.get(Response, review.response_id if review else "")
        assert taken is not None
        taken.status = "withdrawn"
    with pytest.raises(MeanwhileError, match="taken back"), transaction(database.engine) as session:
        proposals.publish(session, the_wave(session), publication.digest, folder, actor="test")
    publication = proposed(build(database, asked, folder), folder)
    with transaction(database.engine) as session:
        assert proposals.publish(session, the_wave(session), publication.digest, folder, actor="test") == 1
        kept = store.counts(session, the_wave(session).id or 0)
    assert kept[1]["comments"]["buses"] == {"D1": 34}


def proposed(built: Built, folder: Path) -> Publication:
    """As the process of its own leaves it on the disk."""
    made = Publication.of(built.release, built.bases, built.comment_counts)
    written = Proposal(wave="spring", publication=made, report={}, since=None, sentences=())
    (folder / "proposals").mkdir(parents=True, exist_ok=True)
    (folder / "proposals" / "spring.json").write_text(written.to_json(), encoding="utf-8")
    return made


def test_an_identifier_that_review_let_through_stops_the_release(
    database: Database, asked: Asked, folder: Path
) -> None:
    commented(database)
    with transaction(database.engine) as session:
        first = session.exec(select(CommentReview)).first()
        assert first is not None
        first.redacted = "Ring 01632 960 123"
    with pytest.raises(PublicationRefusedError, match="phone"):
        build(database, asked, folder)


# Withdrawn.


def test_counts_that_stand_fall_with_the_release_they_stand_on(
    database: Database, asked: Asked, folder: Path
) -> None:
    add_theme(database)
    commented(database)
    publishing(database, asked, folder)
    commented(database, 2, first=100)
    two = publishing(database, asked, folder)
    assert shown(two) == [({"all": 35, "D1": 35}, {"all": 35, "D1": 35}, ("",))]
    with pytest.raises(WithdrawalRefusedError, match="its counts of comments"):
        withdraw(database, 1)
    assert withdraw(database, 1, with_later=True) == [1, 2]
    assert publishing(database, asked, folder).comments == (), "two came since: neither the old nor the new"
    commented(database, 8, first=200)
    assert shown(publishing(database, asked, folder)) == [({"all": 45, "D1": 45}, {"all": 45, "D1": 45}, ())]


def test_the_same_comments_are_told_anew_after_a_withdrawal(
    database: Database, asked: Asked, folder: Path
) -> None:
    add_theme(database)
    commented(database)
    one = publishing(database, asked, folder)
    withdraw(database, 1)
    two = publishing(database, asked, folder)
    assert shown(two) == shown(one)
    assert texts(two) == texts(one)
    withdraw(database, 2)
    with reading(database.engine) as session:
        assert released.resting_on(session, the_wave(session), 1) == []


# Made again.


def test_a_release_with_comments_is_made_again_to_the_last_byte(
    database: Database, asked: Asked, folder: Path
) -> None:
    add_theme(database)
    commented(database)
    publishing(database, asked, folder)
    publishing(database, asked, folder)
    withdraw(database, 1, with_later=True)
    publishing(database, asked, folder)
    for number in (1, 2, 3):
        found = checked(database, asked, folder, number)
        assert found["comments"].holds is True
        assert found["again"].holds is True
        assert "to the last byte" in found["again"].words


def test_figures_are_made_again_where_review_went_on(database: Database, asked: Asked, folder: Path) -> None:
    commented(database)
    say(database, "Not yet reviewed")
    publishing(database, asked, folder)
    (late,) = queue(database).cases
    decide(database, late, quote(late.text))
    found = checked(database, asked, folder, 1)
    assert found["comments"].holds is None
    assert "more were reviewed" in found["comments"].words
    assert found["again"].holds is True


def test_counts_that_were_altered_are_found(database: Database, asked: Asked, folder: Path) -> None:
    add_theme(database)
    commented(database)
    publishing(database, asked, folder)
    with transaction(database.engine) as session:
        session.exec(select(CommentCount)).one().exact = {"comments": {"": {"D1": 34}}}
    assert checked(database, asked, folder, 1)["comments"].holds is False


def test_what_becomes_of_comments_is_told_to_the_manager(
    database: Database, asked: Asked, folder: Path
) -> None:
    commented_before = datetime.now(UTC)
    submit(database, 40)
    publishing(database, asked, folder)
    commented(database, 36)
    built = build(database, asked, folder)
    assert any("36 quotes" in note for note in built.report.notes)
    with reading(database.engine) as session:
        moved = publish.since_last(built, publish.earlier(session, the_wave(session), at=commented_before))
    assert moved is not None
    assert moved.comments == "made"
    assert "Comments: made." in moved.sentences()
    assert "the reviewed comments added" in moved.sentences()[-1]
