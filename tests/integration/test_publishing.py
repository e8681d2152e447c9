"""Publishing on a real database: the snapshot is of it, and a release is checked against all before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from analysis import engines
from analysis.snapshot import SnapshotError
from questionnaires import loading
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.config import PROJECT
from survey_app.db import reading, transaction
from survey_app.services import policies, publish
from survey_app.services.publish import PublicationRefusedError
from survey_app.services.release_checks import verify
from survey_app.services.waves import WaveRefusedError
from survey_app.store import areas, releases, responses, waves
from survey_app.tables import AuditEvent, PopulationMargin, Response, Wave
from survey_app.tables.base import new_id, now
from tests.integration.conftest import Database
from tests.integration.residents import QUESTIONNAIRE, furnish

FRAMEWORKS = PROJECT / "questionnaires" / "frameworks"
ANSWERS: dict[str, Any] = {"agree": 1, "life_sat": 7, "age": 1}


@pytest.fixture
def asked(database: Database, tmp_path: Path) -> tuple[Questionnaire, Framework]:
    """A wave in the database with what it is weighted to, its questionnaire and its framework."""
    furnish(database, published_levels=["lad"])
    with transaction(database.engine) as session:
        for district in ("D1", "D2"):
            area = areas.by_code(session, district)
            for level in ("young", "old"):
                session.add(
                    PopulationMargin(
                        area_id=area.id if area else 0, margin="age", level=level, count=50.0, source="test"
                    )
                )
    path = tmp_path / "questionnaire.yaml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    questionnaire = loading.load(path, FRAMEWORKS)
    return questionnaire, loading.load_framework(FRAMEWORKS / f"{questionnaire.framework}.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def submit(database: Database, number: int, **given: Any) -> None:
    with transaction(database.engine) as session:
        wave = the_wave(session)
        rows = [
            {
                "id": new_id(),
                "mode": "web",
                "language": "en",
                "area_code": "W1",
                "area_vintage": "2024",
                "answers": ANSWERS,
                "cell": {},
                "revision": 1,
                "started_at": now(),
                "submitted_at": now(),
            }
            | given
            for _ in range(number)
        ]
        responses.add_submitted(session, wave, rows)


def the_wave(session: Session) -> Wave:
    wave = waves.by_slug(session, "spring")
    if wave is None:
        raise LookupError("spring")
    return wave


def snapshot(database: Database, questionnaire: Questionnaire, folder: Path) -> int:
    with reading(database.engine) as session:
        wave = the_wave(session)
        return publish.take_snapshot(session, wave, questionnaire, publish.snapshot_folder(folder, wave))


def test_a_snapshot_only_grows_by_what_is_new(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    submit(database, 3)
    assert snapshot(database, asked[0], folder) == 3
    assert snapshot(database, asked[0], folder) == 0
    submit(database, 2)
    assert snapshot(database, asked[0], folder) == 2


def test_a_snapshot_of_a_database_that_is_gone_is_refused(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    """A restored backup lacks what came after it: new answers take the same numbers and would be skipped."""
    submit(database, 3)
    snapshot(database, asked[0], folder)
    with transaction(database.engine) as session:
        last = session.exec(select(Response).where(Response.sequence == 3)).one()
        session.delete(last)
        the_wave(session).last_sequence = 2
    submit(database, 2)
    with pytest.raises(SnapshotError, match="restored from a backup"):
        snapshot(database, asked[0], folder)


def test_a_release_published_meanwhile_is_not_stepped_over(
    database: Database,
    asked: tuple[Questionnaire, Framework],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two publish at once: the second is refused, or it would go out without a check against the first."""
    submit(database, 3)
    gather = publish.reference

    def publishing(meanwhile: Callable[[], None] = lambda: None) -> int:
        def slowly(session: Session, wave: Wave, chosen: dict[str, str]) -> Any:
            meanwhile()
            return gather(session, wave, chosen)

        with reading(database.engine) as session, monkeypatch.context() as patch:
            wave = the_wave(session)
            patch.setattr(publish, "reference", slowly)
            built = publish.build(session, wave, *asked, folder, created=datetime.now(UTC))
        with transaction(database.engine) as session:
            return publish.record(session, wave, built, actor="test").number

    assert publishing() == 1
    with pytest.raises(PublicationRefusedError, match="Publish again"):
        publishing(meanwhile=lambda: None if publishing() == 2 else pytest.fail("not the second"))
    assert publishing() == 3
    with reading(database.engine) as session:
        assert [row.number for row in releases.of_wave(session, the_wave(session).id or 0)] == [1, 2, 3]


def test_ways_of_answering_are_compared_once_the_wave_has_closed(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    for mode, satisfied in (("web", (6, 7, 8)), ("paper", (7, 8, 9))):
        for place in ("W1", "W3"):
            for age in ("young", "old"):
                for life in satisfied:
                    answers = ANSWERS | {"life_sat": life}
                    given = {"mode": mode, "area_code": place, "cell": {"age": age}, "answers": answers}
                    submit(database, 10, **given)
    with transaction(database.engine) as session:
        wave = the_wave(session)
        open_still = publish.build(session, wave, *asked, folder, created=now())
        assert open_still.release.modes_compared is None
        built = publish.build(session, wave, *asked, folder, created=now() + timedelta(days=9))
        publish.record(session, wave, built, actor="test")
    compared = built.release.modes_compared
    assert compared is not None
    assert {group.mode: group.state for group in compared.modes} == {"web": "compared", "paper": "compared"}
    life = next(i.code for i in built.release.indicators if i.item == "life_sat")
    web, paper = (
        next(f for f in compared.figures if (f.indicator, f.mode) == (life, m)) for m in ("web", "paper")
    )
    assert (web.value, web.base, web.q) == (7.0, 120, None)
    assert (paper.value, paper.base, paper.difference) == (8.0, 120, 1.0)
    assert paper.q is not None
    assert paper.q < 0.001
    with reading(database.engine) as session:
        found = {check.name: check for check in verify(session, the_wave(session), 1, *asked, folder)}
    assert found["again"].holds is True, found["again"]


def test_another_engine_publishes_the_same_figures(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    submit(database, 40)
    used = []
    find = engines.find
    monkeypatch.setattr(engines, "find", lambda name: used.append(name) or find(name))
    at = datetime.now(UTC)
    with reading(database.engine) as session:
        numpy, duckdb = (
            publish.build(session, the_wave(session), *asked, folder, created=at, engine=name)
            for name in ("numpy", "duckdb")
        )
    assert list(dict.fromkeys(used)) == ["numpy", "duckdb"]
    assert numpy.release == duckdb.release
    assert numpy.bases == duckdb.bases


def test_a_wave_has_the_standard_policy_until_someone_decides_and_says_why(
    database: Database, asked: tuple[Questionnaire, Framework], folder: Path
) -> None:
    submit(database, 40)
    with transaction(database.engine) as session:
        wave = the_wave(session)
        assert wave.policy == "standard"
        with pytest.raises(WaveRefusedError) as refused:
            policies.choose(session, wave, "none", "I like it", actor="test")
        assert len(refused.value.reasons) == 2
        assert "small-communities" in refused.value.reasons[0]
        built = publish.build(session, wave, *asked, folder, created=now())
        assert built.release.policy["name"] == "standard"
        assert built.report.shown > 0
        policies.choose(session, wave, "small-communities", "Agreed with the parish councils.", actor="test")
        with pytest.raises(WaveRefusedError, match="already"):
            policies.choose(session, wave, "small-communities", "Agreed with the parish councils.", actor="t")
    with transaction(database.engine) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "wave.policy")).one()
        assert event.detail == {
            "was": "standard",
            "now": "small-communities",
            "because": "Agreed with the parish councils.",
        }
        stricter = publish.build(session, the_wave(session), *asked, folder, created=now())
    assert stricter.release.policy["minimum_base"] == 50
    assert stricter.report.shown == 0, "40 people are too few for a small community"
