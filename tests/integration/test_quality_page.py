"""The page on how well a wave is answered: for managers of the wave, and of nobody in particular."""

from __future__ import annotations

from sqlmodel import Session, select

from survey_app.db import transaction
from survey_app.services.roles import Role
from survey_app.store import responses, waves
from survey_app.tables import AuditEvent, Wave
from survey_app.tables.base import now
from tests.integration import samples
from tests.integration.test_waves_page import CORE, Site, site, words

__all__ = ["site"]

ADDRESS = "/waves/spring/quality"
BLANK = {"missing": "not-answered"}


def fill(session: Session, wave: Wave, number: int, language: str = "en", **given: object) -> None:
    row = {"mode": "web", "language": language, "cell": {}, "started_at": now()}
    responses.add_submitted(session, wave, [{**row, **given} for _ in range(number)])


def add_wave(session: Session) -> Wave:
    fields = {"area_codes": ["A1"], "languages": ["en", "pl"], **CORE}
    return waves.add(session, samples.wave(**fields))


def test_what_people_skip_where_they_stop_and_who_hurries(site: Site) -> None:
    steady = {"seconds": {"consent": 30, "feelings": 60}, "pages": "feelings"}
    fast = {"seconds": {"consent": 5, "feelings": 10}, "pages": "feelings", "flags": ["fast"]}
    alike = dict.fromkeys(("life_sat", "worthwhile", "happy", "anxious"), 7)
    with transaction(site.database.engine) as session:
        wave = add_wave(session)
        fill(session, wave, 80, answers={**alike, "anxious": 2, "lonely": BLANK}, paradata=steady)
        fill(session, wave, 20, answers={**alike, "lonely": 3}, paradata=fast)
        for _ in range(12):
            draft = responses.start(session, wave, "web", "en")
            draft.paradata = {"pages": "feelings", "seconds": {"consent": 20, "feelings": 40}}
            session.add(draft)
    said = words(site.manager().get(ADDRESS).text)
    assert "From all responses so far: 100." in said
    assert "The middle person took 1.5 minutes. 20% took less than a third of that." in said
    assert "20% gave one answer all the way down a run of four or more questions." in said
    assert "Sent faster than the questions can be read 20" in said
    assert "How often do you feel lonely? 80% 0%" in said
    assert "How you feel 12" in said  # the page they stopped at, by its title


def test_a_translation_that_reads_otherwise_shows(site: Site) -> None:
    with transaction(site.database.engine) as session:
        wave = add_wave(session)
        for number, language, code in ((200, "en", 3), (20, "en", 1), (60, "pl", 1)):
            fill(session, wave, number, language, answers={"lonely": code}, paradata={})
    said = words(site.manager().get(ADDRESS).text)
    assert "In Polski, 100% answered “Often or always” to “How often do you feel lonely?”" in said
    assert "in other languages 10%." in said
    assert "In English" not in said  # the same difference, told the other way round


def test_few_responses_say_nothing(site: Site) -> None:
    with transaction(site.database.engine) as session:
        fill(session, add_wave(session), 9, answers={"lonely": 1}, paradata={})
    said = words(site.manager().get(ADDRESS).text)
    assert "too few responses to say more" in said
    assert "lonely" not in said


def test_nothing_is_changed_and_the_reading_is_on_the_trail(site: Site) -> None:
    with transaction(site.database.engine) as session:
        wave = add_wave(session)
        fill(session, wave, 40, answers={"lonely": 1}, paradata={"flags": ["honeypot"]})
    site.manager().get(ADDRESS)
    with transaction(site.database.engine) as session:
        wave = waves.by_slug(session, "spring")
        assert responses.counts(session, wave.id) == {("submitted", "web"): 40}
        trail = session.exec(select(AuditEvent).where(AuditEvent.action == "quality.read")).one()
        assert trail.subject == "wave:spring"


def test_only_managers_of_its_places(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(session)
    manager, part = site.manager(), site.manager("D1")
    assert manager.get(ADDRESS).status_code == 200
    assert manager.get("/waves/none/quality").status_code == 404
    assert part.get(ADDRESS).status_code == 404  # the page is of the whole wave
    assert ADDRESS in manager.get("/waves/").text
    assert ADDRESS not in part.get("/waves/").text
    assert site.manager(role=Role.ALLIANCE_VIEWER).get(ADDRESS).status_code == 403
