"""The survey manager's page of waves: what is counted, for whom, and what it never gives away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlmodel import Session

from survey_app.db import transaction
from survey_app.services import people, progress
from survey_app.services.roles import Role
from survey_app.store import releases, responses, waves
from survey_app.tables import Area, AreaParent, AuditEvent, PopulationMargin, Response, Wave
from survey_app.tables.base import now
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.web import add_person, browser, make_app

CORE = {"questionnaire_id": "thriving-places-core", "questionnaire_version": "1.0"}


@dataclass(frozen=True)
class Site:
    app: Flask
    database: Database
    organisation: int

    def manager(self, area_code: str = "", role: Role = Role.SURVEY_MANAGER) -> FlaskClient:
        with transaction(self.database.engine) as session:
            email = f"{role}-{area_code.lower() or 'everywhere'}@example.org"
            user = add_person(session, email, [(role, self.organisation, area_code)])
        return browser(self.app, self.database, user)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    """Alliance A1 with two districts: D1 of 600 people surveyed (and 100 children), D2 of 400."""
    with transaction(database.engine) as session:
        places = samples.place_tree(session)
        places["D2"] = Area(code="D2", vintage="2024", level="lad", name="Southmere")
        session.add(places["D2"])
        session.flush()
        session.add(AreaParent(child_id=places["D2"].id, parent_id=places["A1"].id))
        for code, level, count in (
            ("D1", "0-15", 100),
            ("D1", "16-24", 250),
            ("D1", "65+", 350),
            ("D2", "16-24", 400),
        ):
            session.add(
                PopulationMargin(area_id=places[code].id, margin="age", level=level, count=count, source="c")
            )
        organisation = people.add_organisation(session, "County Office", actor="command-line")
    return Site(make_app(database, tmp_path), database, organisation)


def add_wave(session: Session, *areas: tuple[str | None, str, int], drafts: int = 0, **given: object) -> Wave:
    """A wave of A1 with so many submitted answers by (area, mode)."""
    fields = {"area_codes": ["A1"], "languages": ["en", "ur"], **CORE, **given}
    wave = waves.add(session, samples.wave(**fields))
    for code, mode, number in areas:
        row = {"mode": mode, "language": "en", "area_code": code, "area_vintage": "2024"}
        rows = [{**row, "answers": {}, "cell": {}, "started_at": now()} for _ in range(number)]
        responses.add_submitted(session, wave, rows)
    for _ in range(drafts):
        responses.start(session, wave, "web", "en")
    return wave


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_says_how_a_wave_is_going(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(
            session,
            ("L1", "web", 60),
            ("W2", "paper", 12),
            ("D2", "assisted", 9),
            (None, "web", 11),
            drafts=14,
        )
    page = site.manager().get("/waves/").text
    said = words(page)
    assert "Spring survey" in said
    assert "Open: from 1 January 2026 until 31 December 2026" in said
    assert "http://localhost/s/spring" in said
    assert 'href="/print/spring/ur" lang="ur" dir="rtl"' in page
    assert "Answers so far 92 (71 online, 12 on paper and fewer than 10 with someone’s help)" in said
    assert "Begun, not sent 14" in said
    assert "Nothing published yet" in said
    assert 'href="/publishing/spring"' in page
    # 72 of the 81 answers with a district are from D1, where 600 of the 1,000 people surveyed live.
    assert "Northfield over-represented 72 89% 60%" in said
    assert "Southmere under-represented fewer than 10 – 40%" in said
    assert "Under-represented so far: Southmere ." in said
    assert "Answers without a known district, in no row: 11." in said
    assert "Below 0.8 it is under-represented, above 1.25 over-represented" in said
    assert "fewer than 30" in said


def test_the_latest_release_is_named_and_leads_to_its_results(site: Site) -> None:
    with transaction(site.database.engine) as session:
        wave = add_wave(session, ("L1", "web", 12))
        for number in (1, 2):
            releases.add(
                session,
                wave_id=wave.id or 0,
                number=number,
                digest=str(number) * 64,
                document="{}",
                bases="{}",
                published_by="command-line",
            )
    page = site.manager().get("/waves/").text
    assert re.search(r'<a href="/results/\?wave=spring">Release 2 of \d+ \w+ \d{4}</a>', page)
    assert "Release 1" not in page


def test_a_wave_with_nothing_in_it_yet(site: Site) -> None:
    assert "There is no wave yet" in site.manager().get("/waves/").text
    with transaction(site.database.engine) as session:
        add_wave(session, status="draft")
    said = words(site.manager(role=Role.SURVEY_MANAGER, area_code="A1").get("/waves/").text)
    assert "Draft: not opened yet" in said
    assert "Answers so far 0" in said
    assert "No answers yet." in said


def test_a_wave_that_cannot_be_judged_does_not_hide_the_others(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(session, ("L1", "web", 50), questionnaire_id="lost", slug="lost")
        add_wave(session, ("L1", "web", 50), questionnaire_digest="0" * 64, slug="edited")
        add_wave(session, ("X1", "web", 50), area_codes=["X1"], slug="bare", title="Without population")
        add_wave(session, ("Z9", "web", 50), area_codes=["Z9"], slug="nowhere", title="Gone areas")
        add_wave(session, ("L1", "web", 50), slug="good")
    page = site.manager().get("/waves/").text
    for slug in ("lost", "edited", "bare", "nowhere", "good"):
        assert f'id="wave-{slug}"' in page
    said = words(page)
    assert said.count("population not loaded") == 5, "two districts twice, and X1"
    assert "The areas that are loaded contradict each other" in said
    assert "Northfield over-represented 50 100% 60%" in said


def test_a_manager_of_an_area_sees_its_waves_and_only_its_districts(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(session, ("L1", "web", 60), ("D2", "web", 40))
        add_wave(session, ("X1", "web", 30), slug="far", title="Far away", area_codes=["X1"])
    pages: dict[str, str] = {}
    for code, names in {"W1": ["Northfield"], "D2": ["Southmere"], "A1": ["Northfield", "Southmere"]}.items():
        page = pages[code] = site.manager(code).get("/waves/").text
        assert re.findall(r'<th scope="row">([^<]+)</th>', page) == names, code
        assert "Far away" not in page
    assert "Southmere about as expected 40 40% 40%" in words(pages["D2"]), "shares are of the whole wave"


def test_only_a_survey_manager_opens_it_and_it_is_on_the_trail(site: Site) -> None:
    for role in Role:
        response = site.manager(role=role).get("/waves/")
        assert response.status_code == (200 if role is Role.SURVEY_MANAGER else 403), role
    with Session(site.database.engine) as session:
        assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "waves.read")).all() == [
            "waves.read"
        ]


def test_from_there_the_manager_reaches_the_printed_form(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(session)
    client = site.manager()
    address = re.search(r'href="(/print/spring/en)"', client.get("/waves/").text)
    assert address is not None
    assert client.get(address[1]).status_code == 200


def test_a_wave_of_part_of_a_district_is_held_against_that_part(site: Site) -> None:
    with transaction(site.database.engine) as session:
        ward = session.scalars(select(Area).where(Area.code == "W1")).one()
        session.add(PopulationMargin(area_id=ward.id, margin="age", level="65+", count=70, source="c"))
        add_wave(session, ("L1", "web", 40), area_codes=["W1"])
    with Session(site.database.engine) as session:
        (made,) = progress.all_waves(session, lambda wave: _core(site, wave))
    (only,) = made.districts
    assert (only.code, only.people, only.answers, only.expected) == ("D1", 70, 40, 1)


def test_counting_reads_no_answer(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(session, ("L1", "web", 3))
    seen: list[str] = []
    listen = lambda _c, _cur, statement, *_more: seen.append(statement)  # noqa: E731
    event.listen(site.database.engine, "before_cursor_execute", listen)
    try:
        site.manager().get("/waves/")
    finally:
        event.remove(site.database.engine, "before_cursor_execute", listen)
    asked = [statement for statement in seen if f"FROM {Response.__tablename__}" in statement]
    assert len(asked) == 2
    assert not [statement for statement in asked if "answers" in statement]


def test_it_speaks_urdu_with_names_marked(site: Site) -> None:
    with transaction(site.database.engine) as session:
        add_wave(session, ("L1", "web", 60))
    page = site.manager().get("/waves/?lang=ur").text
    assert '<html lang="ur" dir="rtl">' in page
    assert '<bdi lang="en">Northfield</bdi>' in page
    assert 'href="/publishing/spring"' in page
    assert "style=" not in page


def _core(site: Site, wave: Wave) -> object:
    from survey_app.services import questionnaire

    config = site.app.extensions["hereabouts"]
    return questionnaire.for_wave(config.library, config.frameworks, wave)
