"""Accounts, paper, the audit trail and releases in the store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from survey_app.store import accounts, audit, paper, releases, waves
from survey_app.tables import Batch, Invitation, PaperForm
from survey_app.tables.base import now
from tests.integration import samples


def test_a_user_is_found_whatever_the_case_of_the_address(session: Session) -> None:
    made = accounts.add_user(session, email=" Ada@Example.ORG ", name="Ada", password_hash="x")
    assert accounts.user_by_email(session, "ADA@example.org").id == made.id
    assert accounts.user_for_update(session, made.id).email == "ada@example.org"
    with pytest.raises(IntegrityError):
        accounts.add_user(session, email="ada@example.org", name="Another", password_hash="x")


def test_granting_twice_gives_one_grant(session: Session) -> None:
    council = accounts.add_organisation(session, "Council")
    user = accounts.add_user(session, email="a@example.org", name="A", password_hash="x")
    given = {"user_id": user.id, "role": "analyst", "organisation_id": council.id}
    assert accounts.add_grant(session, **given).id == accounts.add_grant(session, **given).id
    accounts.add_grant(session, **given, area_code="D1")
    assert [grant.area_code for grant in accounts.grants(session, user.id)] == ["", "D1"]
    accounts.remove_grant(session, accounts.grants(session, user.id)[0])
    assert len(accounts.grants(session, user.id)) == 1


def test_used_invitations_are_not_listed_but_still_found(session: Session) -> None:
    council = accounts.add_organisation(session, "Council")
    invitation = accounts.add_invitation(
        session,
        Invitation(
            token_hash="t" * 64,
            email="b@example.org",
            role="analyst",
            organisation_id=council.id,
            expires_at=now() + timedelta(days=7),
        ),
    )
    assert accounts.invitations(session) == [invitation]
    invitation.used_at = now()
    session.flush()
    assert accounts.invitations(session) == []
    assert accounts.invitation_by_token(session, "t" * 64).used_at is not None


def test_a_serial_is_taken_for_good(session: Session) -> None:
    wave = waves.add(session, samples.wave())
    council = accounts.add_organisation(session, "Council")
    worker = accounts.add_user(session, email="w@example.org", name="W", password_hash="x")
    batch = paper.add_batch(
        session,
        Batch(
            wave_id=wave.id,
            organisation_id=council.id,
            place="Library",
            held_on=date(2026, 3, 1),
            returned=3,
            opened_by=worker.id,
        ),
    )
    fields = {"wave_id": wave.id, "batch_id": batch.id, "serial": "A0001", "keyed_by": worker.id}
    paper.add_form(session, PaperForm(**fields))
    assert paper.form(session, wave.id, "A0001") is not None
    assert paper.outcomes(session, [batch.id]) == {batch.id: {"keyed": 1}}
    assert [held.id for held in paper.batches(session, organisation_ids=[council.id], is_open=True)] == [
        batch.id
    ]
    with pytest.raises(IntegrityError):
        paper.add_form(session, PaperForm(**fields))


def test_audit_events_are_read_a_page_at_a_time(session: Session) -> None:
    for number in range(5):
        audit.record(session, "command-line", "wave.open", f"wave:{number}", responses=number)
    session.flush()
    first = audit.events(session, action="wave.open", limit=2)
    assert [event.detail["responses"] for event in first] == [4, 3]
    assert [event.subject for event in audit.events(session, before=first[-1].id)] == [
        "wave:2",
        "wave:1",
        "wave:0",
    ]
    assert first[0].at.tzinfo is not None


def test_releases_are_numbered_within_their_wave(session: Session) -> None:
    spring = waves.add(session, samples.wave())
    autumn = waves.add(session, samples.wave(slug="autumn", opens_on=date(2026, 9, 1)))
    for wave, number in ((autumn, 1), (spring, 1), (spring, 2)):
        releases.add(
            session,
            wave_id=wave.id,
            number=number,
            digest=f"{wave.slug}{number}",
            document="{}",
            bases="{}",
            published_by="command-line",
        )
    assert releases.latest(session, spring.id).digest == "spring2"
    assert releases.latest(session).digest == "autumn1"
    assert releases.by_number(session, "spring", 1).digest == "spring1"
    assert releases.by_number(session, "winter", 1) is None
    assert [release.number for release in releases.of_wave(session, spring.id)] == [1, 2]
    assert [(row.wave, row.number) for row in releases.all_releases(session)] == [
        ("spring", 2),
        ("spring", 1),
        ("autumn", 1),
    ]
    with pytest.raises(IntegrityError):
        releases.add(session, wave_id=spring.id, number=2, digest="", document="", bases="", published_by="")
