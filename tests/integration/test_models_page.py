"""Modelled figures from the answers to the page: published, made again, and never taken for measured ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from sqlmodel import select

from analysis.release import Marker, Release, from_json
from questionnaires import loading
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from survey_app.db import reading, transaction
from survey_app.services import publish as publishing
from survey_app.services.release_checks import verify
from survey_app.services.roles import Role
from survey_app.store import areas, releases
from survey_app.tables import Area, AreaParent, NationalValue, PopulationMargin
from tests.integration.conftest import Database
from tests.integration.residents import QUESTIONNAIRE, furnish
from tests.integration.test_publishing import FRAMEWORKS, submit, the_wave
from tests.integration.test_results import Site, publish, site, text
from tests.releases import MILL, MODELLED, MODELS, NORTH, PARK, QUAY, release

__all__ = ["publish", "site"]  # fixtures

Asked = tuple[Questionnaire, Framework]
PAGE = "/results/models"
DECLARED = """
models:
  - level: ward
    indicators: [life_satisfaction]
    covariates:
      - {layer: deprivation, indicator: IMD score, title: Deprivation}
"""
SCORES = {"W1": 30.0, "W2": 12.0, "W3": 21.0, "W4": 8.0, "W5": 26.0, "W6": 17.0, "W7": 14.0}


def declaring(framework: str) -> str:
    """The framework with the models above in place of its own."""
    changed, found = re.subn(r"^models:\n(?: .*\n)+", DECLARED.lstrip(), framework, flags=re.MULTILINE)
    assert found == 1
    return changed


@pytest.fixture
def asked(database: Database, tmp_path: Path) -> Asked:
    """Seven wards in two districts with a deprivation score, and a framework that models wards."""
    furnish(database, published_levels=["ward", "lad"])
    with transaction(database.engine) as session:
        south = areas.by_code(session, "D2")
        for code in ("W4", "W5", "W6", "W7"):
            ward = Area(code=code, vintage="2024", level="ward", name=f"Ward {code}")
            session.add(ward)
            session.flush()
            session.add(AreaParent(child_id=ward.id, parent_id=south.id if south else 0))
        for code, score in SCORES.items():
            place = areas.by_code(session, code)
            for level in ("young", "old"):
                session.add(
                    PopulationMargin(
                        area_id=place.id if place else 0,
                        margin="age",
                        level=level,
                        count=500.0,
                        source="test",
                    )
                )
            session.add(
                NationalValue(
                    layer="deprivation",
                    indicator="IMD score",
                    period="2025",
                    area_code=code,
                    area_name=code,
                    value=score,
                    polarity=0,
                    source="Ministry of Places",
                )
            )
    (tmp_path / "questionnaire.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    framework = tmp_path / "thriving-places.yaml"
    shipped = (FRAMEWORKS / "thriving-places.yaml").read_text(encoding="utf-8")
    framework.write_text(declaring(shipped), encoding="utf-8")
    for ward, (number, usual) in {
        "W1": (12, 2),  # too few to be shown
        "W2": (72, 7),
        "W3": (60, 6),
        "W4": (84, 8),
        "W5": (60, 5),
        "W6": (90, 7),
        "W7": (60, 6),
    }.items():
        for mood, (age, band) in product((usual - 1, usual, usual + 1), ((1, "young"), (2, "old"))):
            answers = {"agree": 1, "life_sat": mood, "age": age}
            submit(database, number // 6, area_code=ward, answers=answers, cell={"age": band})
    return loading.load(tmp_path / "questionnaire.yaml", FRAMEWORKS), loading.load_framework(framework)


def made(database: Database, asked: Asked, folder: Path) -> Release:
    with reading(database.engine) as session:
        built = publishing.build(session, the_wave(session), *asked, folder, created=datetime.now(UTC))
    with transaction(database.engine) as session:
        publishing.record(session, the_wave(session), built, actor="test")
    return built.release


def checks(database: Database, asked: Asked, folder: Path) -> dict[str, tuple[bool | None, str]]:
    with reading(database.engine) as session:
        found = verify(session, the_wave(session), 1, *asked, folder)
    return {check.name: (check.holds, check.words) for check in found}


def test_a_declared_model_is_published_and_made_again_to_the_last_byte(
    database: Database, asked: Asked, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    published = made(database, asked, folder)
    figures = {figure.area: figure for figure in published.modelled}
    assert figures.keys() == SCORES.keys()
    hidden = {f.area for f in published.figures if f.marker is Marker.HIDDEN}
    assert {"W1", "W2"} <= hidden, "the second, so that the first cannot be worked out from their district"
    assert {area for area, figure in figures.items() if figure.synthetic} == {"W1", "W2"}
    assert figures["W1"].value > 3, "its own answers are about 2"
    [model] = published.models
    assert (model.indicator, model.areas, model.predicted) == ("life_satisfaction", 5, 2)
    assert published.sources["deprivation"] == "Ministry of Places"
    with reading(database.engine) as session:
        [row] = releases.of_wave(session, the_wave(session).id or 0)
        assert from_json(row.document) == published
    assert all(holds for holds, _words in checks(database, asked, folder).values())


def test_a_covariate_that_changed_since_is_found_out(
    database: Database, asked: Asked, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    made(database, asked, folder)
    with transaction(database.engine) as session:
        row = session.exec(select(NationalValue).where(NationalValue.area_code == "W3")).one()
        row.value += 1
    holds, words = checks(database, asked, folder)["inputs"]
    assert holds is None
    assert "deprivation" in words


def test_a_framework_that_declares_no_more_is_found_out(
    database: Database, asked: Asked, tmp_path: Path
) -> None:
    made(database, asked, tmp_path / "data")
    shipped = loading.load_framework(FRAMEWORKS / "thriving-places.yaml")
    holds, words = checks(database, (asked[0], shipped), tmp_path / "data")["inputs"]
    assert holds is None
    assert "framework" in words


# -- readers --


@pytest.fixture
def modelled(publish: Callable[..., Release]) -> Release:
    return publish(release(modelled=MODELLED, models=MODELS, sources={"imd": "Ministry of Places"}))


def test_a_place_shows_what_is_modelled_beside_what_is_measured(site: Site, modelled: Release) -> None:
    said = text(site.reader().get(f"/results/{MILL}").text)
    measured = "Answer: about 4 in 10; 38% (30 to 46), from about 210 answers."
    told = (
        "Modelled from places like this one: 41% (34 to 48). 60% of this figure is this area’s own answers."
    )
    assert said.index(measured) < said.index(told)
    assert said.count("41%") == 1, "nowhere but in the details"
    page = site.reader(NORTH).get(f"/results/{MILL}").text
    assert f'href="{PAGE}?indicator=safe&amp;level=ward"' in page


def test_a_place_with_too_few_answers_still_says_so_and_that_none_of_it_is_in_the_model(
    site: Site, modelled: Release
) -> None:
    page = site.reader().get(f"/results/{PARK}").text
    said = text(page)
    assert "Feel safe after dark Too few answers" in said
    assert "Too few answers. Hidden to protect people." in said
    told = "Modelled from places like this one: 47% (33 to 61). No figure of this place is in it"
    assert told in said
    assert "It is only as sure as a few answers would be." in said
    assert "own answers." not in said
    assert not [s for s in page.split('<svg class="strip"')[1:] if "<circle" in s.partition("</svg>")[0]]


def test_a_model_without_covariates_is_not_said_to_know_what_places_are_like(
    site: Site, publish: Callable[..., Release]
) -> None:
    plain = replace(MODELS[0], covariates=(), benchmarks=())
    publish(release(modelled=MODELLED, models=(plain,)))
    assert "Modelled from all places together: 41%" in text(site.reader().get(f"/results/{MILL}").text)
    said = text(site.reader(NORTH).get(PAGE).text)
    assert "each is drawn towards what all have in common" in said
    assert "They were not moved to the figure of a larger area" in said


def test_maps_strengths_and_lists_say_nothing_modelled(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    client = site.reader()
    pages = {address: client.get(address).text for address in ("/map?level=ward", "/results/")}
    strengths = text(client.get(f"/results/{MILL}").text).partition("How to read this page")[0]
    publish(release(number=3, modelled=MODELLED, models=MODELS))
    for address, before in pages.items():
        now = client.get(address).text
        link = f'<a href="{PAGE}">How figures of small places were modelled</a>'
        assert now.count(link) == 1
        assert "odelled" not in now.replace(link, "")
        assert not {"41%", "47%", "68%"} & set(now.split()), "the modelled values"
        assert text(before) in text(now.replace(link, "")).replace("  ", " ")
    assert text(client.get(f"/results/{MILL}").text).startswith(strengths)


def test_the_page_of_models_says_in_words_and_numbers_how_far_to_trust_them(
    site: Site, modelled: Release
) -> None:
    page = site.reader().get(PAGE).text
    said = text(page)
    for words in (
        "A modelled figure stands beside the measured one, never in its place",
        "It is made from the figures of 24 places. 1 more place has too few answers",
        "half keep at least 65% of their own answers",
        "two in three lie within 5.0 percentage points (2.0 to 9.0)",
        "Of 2 places 1 lie far from what the model expects",
        "Places scatter about it as the model supposes",
        "The places in Whole Shire came to 58.8% together, and were moved to its published figure, 60%.",
        "Deprivation (IMD 2025) 9.5 -4.9 percentage points Ministry of Places, 2025",
        "Mill End 38% (30 to 46) 41% (34 to 48) 60% -2.4 B: fairly firm",
        "Parkside &amp; St Mary’s Too few answers 47% (33 to 61) none – D: very rough, use with care",
        "Coefficient: Deprivation (IMD 2025) -0.52",
        "2402",
    ):
        assert words in said, words
    assert page.count("<circle") == 2, "places without a measured figure are not drawn"
    assert 'class="place-far"' in page
    assert "style=" not in page


def test_a_limited_reader_meets_no_place_outside_their_part(site: Site, modelled: Release) -> None:
    page = site.reader(MILL).get(PAGE).text
    assert "Mill End" in page
    for words in ("Quay", "Parkside", QUAY, PARK, "68%", "<circle"):
        assert words not in page, words
    assert site.reader("UNKNOWN").get(PAGE).text.count("nothing for the places your sign-in includes") == 1


def test_an_unknown_choice_falls_back_and_nothing_modelled_is_said_plainly(
    site: Site, publish: Callable[..., Release]
) -> None:
    client = site.reader()
    assert "No results yet" in client.get(PAGE).text
    publish(release())
    assert "Nothing is modelled in these results" in client.get(PAGE).text
    assert "modelled" not in client.get(f"/results/{MILL}").text
    publish(release(number=3, modelled=MODELLED, models=MODELS))
    assert "Feel safe after dark" in client.get(f"{PAGE}?indicator=nothing&level=moon").text


def test_who_reads_results_reads_about_models_and_nobody_else(site: Site, modelled: Release) -> None:
    for role in (Role.SURVEY_MANAGER, Role.ANALYST, Role.ALLIANCE_VIEWER):
        assert site.reader(role=role).get(PAGE).status_code == 200
    assert site.reader(role=Role.ADMINISTRATOR).get(PAGE).status_code == 403
    assert site.app.test_client().get(PAGE).status_code == 302


def test_on_an_urdu_page_the_releases_english_is_marked(site: Site, modelled: Release) -> None:
    page = site.reader(languages=("en", "ur")).get(f"{PAGE}?lang=ur").text
    assert '<bdi lang="en">Mill End</bdi>' in page
    assert '<bdi lang="en">Deprivation (IMD 2025)</bdi>' in page
