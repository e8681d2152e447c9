"""Two waves, one after the other: the second release says what changed, is made again, and readers see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.release import Release
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.db import reading, transaction
from survey_app.services import publish, released
from survey_app.services.release_checks import Check, verify
from survey_app.store import releases, responses, waves
from survey_app.tables.base import new_id, now
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.test_publishing import asked, folder

__all__ = ["asked", "folder"]  # fixtures

Asked = tuple[Questionnaire, Framework]
Versions = Callable[[str, str], Questionnaire]


@pytest.fixture
def versions(asked: Asked) -> Versions:
    def version(questionnaire: str, number: str) -> Questionnaire:
        if (questionnaire, number) != (asked[0].id, asked[0].version):
            raise LookupError(questionnaire)
        return asked[0]

    return version


@pytest.fixture
def autumn(database: Database, asked: Asked) -> str:
    """A second wave of the same questionnaire, which closes after the first."""
    with transaction(database.engine) as session:
        spring = waves.by_slug(session, "spring")
        assert spring is not None
        fields = spring.model_dump(exclude={"id", "last_sequence", "created_at"})
        again = {"slug": "autumn", "title": "Autumn", "closes_on": date(2027, 6, 30)}
        waves.add(session, samples.wave(**fields | again))
    return "autumn"


def submit(database: Database, slug: str, number: int, **answers: Any) -> None:
    """Answers that alternate between the first and the second given, so that there is something to be unsure
    of."""
    with transaction(database.engine) as session:
        wave = waves.by_slug(session, slug)
        assert wave is not None
        rows = [
            {
                "id": new_id(),
                "mode": "web",
                "language": "en",
                "area_code": "W1",
                "area_vintage": "2024",
                "answers": {"agree": 1, "age": 1} | {name: pair[n % 2] for name, pair in answers.items()},
                "cell": {},
                "revision": 1,
                "started_at": now(),
                "submitted_at": now(),
            }
            for n in range(number)
        ]
        responses.add_submitted(session, wave, rows)


def publishing(
    database: Database, slug: str, asked: Asked, folder: Path, versions: Versions | None
) -> Release:
    with reading(database.engine) as session:
        wave = waves.by_slug(session, slug)
        assert wave is not None
        built = publish.build(session, wave, *asked, folder, created=datetime.now(UTC), versions=versions)
    with transaction(database.engine) as session:
        publish.record(session, wave, built, actor="test")
    return built.release


def checked(
    database: Database, slug: str, asked: Asked, folder: Path, versions: Versions | None
) -> dict[str, Check]:
    with reading(database.engine) as session:
        wave = waves.by_slug(session, slug)
        assert wave is not None
        return {check.name: check for check in verify(session, wave, 1, *asked, folder, versions)}


def withdraw(database: Database, slug: str, number: int) -> None:
    with transaction(database.engine) as session:
        wave = waves.by_slug(session, slug)
        assert wave is not None
        released.withdraw(session, wave, number, "The margins were those of 2011.", actor="test")


def test_the_second_wave_is_compared_with_the_first_and_made_again_to_the_last_byte(
    database: Database, asked: Asked, folder: Path, versions: Versions, autumn: str
) -> None:
    submit(database, "spring", 60, life_sat=(5, 6))
    spring = publishing(database, "spring", asked, folder, versions)
    assert spring.changes is None
    submit(database, autumn, 60, life_sat=(8, 9))
    made = publishing(database, autumn, asked, folder, versions)
    assert made.changes is not None
    assert (made.changes.wave, made.changes.number) == ("spring", 1)
    assert made.provenance["compared:spring:1"] == spring.digest
    assert {(f.difference, f.moved) for f in made.changes.figures} == {(3.0, True)}
    found = checked(database, autumn, asked, folder, versions)
    assert {name: check.holds for name, check in found.items()} == dict.fromkeys(
        ("document", "bases", "earlier", "compared", "inputs", "again"), True
    )
    withdraw(database, "spring", 1)
    found = checked(database, autumn, asked, folder, versions)
    assert found["again"].holds is True, "what it was compared with is kept, though readers no longer see it"


def test_without_the_earlier_questionnaire_a_release_cannot_be_made_again(
    database: Database, asked: Asked, folder: Path, versions: Versions, autumn: str
) -> None:
    submit(database, "spring", 60, life_sat=(5, 6))
    publishing(database, "spring", asked, folder, versions)
    submit(database, autumn, 60, life_sat=(8, 9))
    publishing(database, autumn, asked, folder, versions)
    found = checked(database, autumn, asked, folder, None)
    assert (found["compared"].holds, found["again"].holds) == (None, None)
    assert "questionnaire of release 1 of spring" in found["compared"].words
    with transaction(database.engine) as session:
        row = releases.by_number(session, "spring", 1)
        assert row is not None
        row.document = row.document.replace("Spring", "Sprung")
    found = checked(database, autumn, asked, folder, versions)
    assert found["compared"].holds is None
    assert "damaged" in found["compared"].words


def test_a_questionnaire_that_is_no_longer_held_as_asked_is_compared_with_nothing(
    database: Database, asked: Asked, folder: Path, versions: Versions, autumn: str
) -> None:
    submit(database, "spring", 60, life_sat=(5, 6))
    publishing(database, "spring", asked, folder, versions)
    submit(database, autumn, 60, life_sat=(8, 9))
    other = replace(asked[0], digest="e" * 64)
    made = publishing(database, autumn, asked, folder, lambda _id, _version: other)
    assert made.changes is not None
    assert made.changes.figures == ()
    assert set(made.changes.uncompared.values()) == {"not-held"}
    assert checked(database, autumn, asked, folder, versions)["again"].holds is True


def test_only_what_readers_see_of_a_wave_that_closed_before_is_compared_with(
    database: Database, asked: Asked, folder: Path, versions: Versions, autumn: str
) -> None:
    submit(database, autumn, 60, life_sat=(8, 9))
    publishing(database, autumn, asked, folder, versions)
    submit(database, "spring", 60, life_sat=(5, 6))
    assert publishing(database, "spring", asked, folder, versions).changes is None, "autumn closes later"
    withdraw(database, "spring", 1)
    submit(database, autumn, 60, life_sat=(8, 9))
    assert publishing(database, autumn, asked, folder, versions).changes is None, "it was withdrawn"
    publishing(database, "spring", asked, folder, versions)
    submit(database, autumn, 60, life_sat=(8, 9))
    made = publishing(database, autumn, asked, folder, versions)
    assert made.changes is not None
    assert made.changes.number == 2
