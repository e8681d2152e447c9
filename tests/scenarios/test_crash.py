"""Workers are killed while 200 people send their answers: whoever has a receipt is stored exactly once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from survey_app.config import from_environment, with_secret
from survey_app.db import make_engine, reading
from survey_app.services import response as service
from survey_app.store import responses, waves
from survey_app.tables import Response
from tests import demonstration
from tests.resident import Resident
from tests.server import Server, serving

PEOPLE, AT_ONCE, WAVE = 200, 20, "autumn-2026"


def test_every_acknowledged_response_is_stored_exactly_once(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    demonstration.copied(tmp_path_factory, tmp_path)
    environment = {"HEREABOUTS_DEMO": "yes", "HEREABOUTS_DATA_FOLDER": str(tmp_path)}
    settings = with_secret(from_environment(environment))
    engine = make_engine(settings.database_url)
    with reading(engine) as session:
        wave = waves.by_slug(session, WAVE)
        assert wave is not None
        before = {r.id for r in session.exec(select(Response).where(Response.wave_id == wave.id))}
    with serving(environment, tmp_path / "gunicorn.log") as server:
        people, killed = _all_answer(server)
    assert len(killed) == PEOPLE // 50
    codes = [person.receipt for person in people]
    assert len(set(codes)) == PEOPLE, "everyone has a receipt of their own"
    with reading(engine) as session:
        stored = [
            r for r in session.exec(select(Response).where(Response.wave_id == wave.id)) if r.id not in before
        ]
        acknowledged = [service.by_code(session, code, settings.secret_key) for code in codes]
        counts = responses.counts(session, wave.id)
    found = [each[0] for each in acknowledged if each is not None]
    assert [each.status for each in found] == ["submitted"] * PEOPLE
    assert len({each.id for each in found}) == PEOPLE
    assert sum(r.status == "submitted" for r in stored) == PEOPLE, "none twice, none without a receipt"
    assert counts[("submitted", "web")] >= PEOPLE
    assert len({r.sequence for r in stored}) == PEOPLE
    assert all(r.postcode is None for r in stored)
    assert sum(person.reloads for person in people) > 0, "the kills were felt"


def _all_answer(server: Server) -> tuple[list[Resident], list[int]]:
    """Everyone answers, `AT_ONCE` at a time; each time another 50 are done, a worker is killed."""
    killed: list[int] = []
    done = 0
    lock = threading.Lock()

    def answer(seed: int) -> Resident:
        nonlocal done
        person = Resident(server.base, seed)
        person.answer(f"/s/{WAVE}")
        person.close()
        with lock:
            done += 1
            if done % 50 == 25:
                killed.append(server.kill_a_worker())
        return person

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(answer, range(PEOPLE))), killed
