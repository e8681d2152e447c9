"""What readers see: only releases, only their part of the map, never a number without its base."""

from __future__ import annotations

import gzip
import math
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from analysis.release import IndexFigure, Release
from analysis.released_modes import ModeFigure, ModeGroup, ModesCompared
from questionnaires.catalogue import source_messages, translated, translated_framework
from questionnaires.loading import FRAMEWORKS, LIBRARY, find, load, load_framework
from survey_app.db import transaction
from survey_app.services import people
from survey_app.services import publish as publishing
from survey_app.services import results as service
from survey_app.services.roles import Role
from survey_app.store import releases, waves
from survey_app.tables import Area, AreaParent, AreaShape, AuditEvent, NationalValue, PublishedRelease
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.web import add_person, browser, make_app
from tests.releases import (
    ALLIANCE,
    AREAS,
    INDICATORS,
    MILL,
    MODELLED,
    MODELS,
    NORTH,
    PARK,
    QUAY,
    SOUTH,
    WHOLE,
    area,
    figure,
    release,
)

SAFE_QUESTION = load(find(LIBRARY, "thriving-places-core", "1.0")).item("safe_dark").text


@dataclass(frozen=True)
class Site:
    app: Flask
    database: Database
    organisation: int

    def reader(
        self, area_code: str = "", role: Role = Role.ALLIANCE_VIEWER, languages: tuple[str, ...] = ()
    ) -> FlaskClient:
        """A browser of someone who may read one area, or everything; in the languages asked for."""
        with transaction(self.database.engine) as session:
            email = f"{role}-{area_code.lower() or 'everywhere'}@example.org"
            user = add_person(session, email, [(role, self.organisation, area_code)])
        folder = self.app.extensions["hereabouts"].data_folder
        app = make_app(self.database, folder, languages=languages) if languages else self.app
        return browser(app, self.database, user)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    with transaction(database.engine) as session:
        for one in AREAS:
            session.add(Area(code=one.code, vintage="2024", level=one.level, name=one.name))
        organisation = people.add_organisation(session, "Mid Shire Alliance", actor="command-line")
    return Site(make_app(database, tmp_path), database, organisation)


@pytest.fixture
def publish(database: Database) -> Callable[..., Release]:
    """Store a release as publishing does, in a wave made for it if need be."""

    def store(made: Release, opens_on: date = date(2026, 3, 2)) -> Release:
        with transaction(database.engine) as session:
            wave = waves.by_slug(session, made.wave)
            if wave is None:
                wave = waves.add(
                    session, samples.wave(slug=made.wave, title=made.wave_title, opens_on=opens_on)
                )
            releases.add(
                session,
                wave_id=wave.id or 0,
                number=made.number,
                digest=made.digest,
                document=made.to_json(),
                bases="{}",
                published_by="command-line",
            )
        return made

    return store


def text(page: str) -> str:
    """The words of a page without its markup, drawings left out, spaces made single."""
    without = re.sub(r"<svg.*?</svg>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())


# -- nothing yet --


@pytest.mark.parametrize("address", ["/results/", f"/results/{MILL}", "/map"])
def test_before_the_first_release_it_says_how_results_will_come(site: Site, address: str) -> None:
    response = site.reader().get(address)
    assert response.status_code == 200
    assert "No results yet" in response.text
    assert "publishes a release" in response.text


# -- places --


def test_places_are_grouped_by_district_with_their_base(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    page = site.reader().get("/results/").text
    said = text(page)
    assert "Spring 2026: about 12,000 people answered" in said
    assert said.index("Northfield 2 places") < said.index("Southmere 1 place ")
    assert "Mill End about 210 better on 1, worse on 1" in said
    assert "Parkside &amp; St Mary’s – Too few answers" in said
    assert f'href="/results/{MILL}"' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mill", [MILL]),
        ("ST MARYS", [PARK]),
        ("parkside-&-st", [PARK]),
        ("nowhere", []),
        ("old quay", [QUAY]),
    ],
)
def test_a_place_is_found_by_part_of_its_name_or_by_another_name(
    site: Site, publish: Callable[..., Release], asked: str, found: list[str]
) -> None:
    publish(release())
    with transaction(site.database.engine) as session:
        session.exec(select(Area).where(Area.code == QUAY)).one().aliases = ["Old Quay"]
    page = site.reader().get("/results/", query_string={"name": asked}).text
    assert re.findall(r'<th scope="row"><a href="/results/([^"]+)"', page) == found
    assert f"{len(found)} place" in text(page)


def test_what_is_searched_for_comes_back_as_text(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    page = site.reader().get("/results/", query_string={"name": '"><script>alert(1)</script>'}).text
    assert "<script>" not in page


# -- ways of answering --


def side_by_side(**changes: Any) -> ModesCompared:
    """Feeling safe differs on paper, life satisfaction does not; too few had help."""

    def of(indicator: str, mode: str, value: float, **more: Any) -> ModeFigure:
        given: dict[str, Any] = {"base": 900, "value": value, "lower": value - 3, "upper": value + 3}
        return ModeFigure(indicator=indicator, mode=mode, **(given | more))

    made = ModesCompared(
        number=2,
        against="web",
        minimum=100,
        modes=(
            ModeGroup(mode="assisted", state="few"),
            ModeGroup(
                mode="paper",
                state="compared",
                merged=(("age", ("16-24", "25-34")), ("ward", (MILL, PARK))),
                dropped=("tenure",),
                off=2,
            ),
            ModeGroup(mode="web", state="compared"),
        ),
        figures=(
            of(
                "life",
                "paper",
                7.6,
                difference=0.1,
                difference_lower=-0.1,
                difference_upper=0.3,
                p=0.3,
                q=0.4,
            ),
            of("life", "web", 7.5),
            of("safe", "paper", 52, difference=-9, difference_lower=-12, difference_upper=-6, p=0.0, q=0.0),
            of("safe", "web", 61),
        ),
    )
    return replace(made, **changes)


def test_ways_of_answering_are_set_side_by_side_and_differ_only_where_it_is_sure(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release(modes_compared=side_by_side()))
    reader = site.reader(MILL)
    for page in (reader.get("/results/").text, reader.get(f"/results/{MILL}").text):
        assert 'href="/results/ways"' in page
    said = text(reader.get("/results/ways").text)
    in_order = [
        "Whole Shire · Spring 2026",
        "Did it matter how people answered?",
        "On 1 of 2 questions, people who answered in another way told us something different",
        "People choose how they answer.",
        "nobody can tell them apart",
        "Where answers differ",
        "Feel safe after dark",
        "Online 61% (58 to 64) , about 900 answers On paper",
        "On paper 52% (49 to 55) , about 900 answers Lower by 9 points (6 to 12)",
        "Where no clear difference was found",
        "Life satisfaction",
        "On paper 7.6 out of 10 (4.6 to 10.6) , about 900 answers No clear difference",
        "On paper: these groups were weighted as one, because few people of one of them answered so: "
        "Age: 16-24 and 25-34; Ward: Mill End and Parkside &amp; St Mary’s.",
        "On paper: not weighted by: Tenure.",
        "On paper: after weighting, the share of a group of people is still up to 2 points away",
        "With someone’s help: fewer than 100 people answered so, too few to compare.",
        "Made once, for release 2",
    ]
    at = 0
    for words in in_order:
        assert words in said[at:], words
        at = said.index(words, at)


def test_a_way_of_answering_that_is_hidden_for_one_question_says_so(
    site: Site, publish: Callable[..., Release]
) -> None:
    made = side_by_side()
    three = (*made.modes[1:], ModeGroup(mode="assisted", state="compared"))
    publish(release(modes_compared=replace(made, modes=three)))
    assert text(site.reader().get("/results/ways").text).count("With someone’s help Not shown") == 2


@pytest.mark.parametrize("compared", [None, side_by_side(figures=())])
def test_without_a_comparison_no_page_leads_to_it_and_it_says_why(
    site: Site, publish: Callable[..., Release], compared: ModesCompared | None
) -> None:
    publish(release(modes_compared=compared))
    reader = site.reader()
    assert "/results/ways" not in reader.get("/results/").text
    assert "/results/ways" not in reader.get(f"/results/{MILL}").text
    said = text(reader.get("/results/ways").text)
    why = "Too few people answered in more than one way" if compared else "after the survey has closed"
    assert why in said
    assert "Higher" not in said


def test_a_comparison_of_the_whole_area_is_only_for_those_who_may_read_of_all_of_it(
    site: Site, publish: Callable[..., Release]
) -> None:
    """With two areas side by side and none around them, it is of both."""
    apart = tuple(replace(a, parents=()) for a in AREAS if a.code in (NORTH, SOUTH))
    figures = (figure(NORTH, "safe", 52, 4.0, 1), figure(SOUTH, "safe", 66, 5.8, 3))
    publish(release(areas=apart, figures=figures, national=(), modes_compared=side_by_side()))
    one, both = site.reader(NORTH), site.reader()
    assert (one.get("/results/ways").status_code, both.get("/results/ways").status_code) == (404, 200)
    assert "/results/ways" not in one.get(f"/results/{NORTH}").text
    assert "Northfield and Southmere" in both.get("/results/ways").text


# -- a scorecard --


def test_a_scorecard_reads_from_a_sentence_to_the_question(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    said = text(site.reader().get(f"/results/{MILL}").text)
    in_order = [
        "In Mill End people’s answers are better than average on “Life satisfaction”, and worse than",
        "based on about 210 answers",
        "Life satisfaction: much better than average 7.8 out of 10 (7.5 to 8.1), about 205 answers",
        "Only this survey tells about: Safety; Housing; Age.",
        "How to read this page",
        "further along is always better",
        "Feel safe after dark Much worse than average 38% (30 to 46), about 210 answers",
        "No national data",
        "We asked: Is it so: Feel safe after dark?",
        "Answer: about 4 in 10; 38% (30 to 46), from about 210 answers. How firm: B: fairly firm.",
        "Score: 2.9 (1.9 to 3.9) of 10",
        "average means the average of the places in this survey",
        "Northfield 52% (44 to 60) 4.0 (3.0 to 5.0) about 1,840",
        "Damp or mould at home Can’t tell yet",
        "Cannot keep warm at home Too few answers",
        "Minutes to jobs Not asked in this survey Northfield as a whole: 7.0",
        "It is inherited: it belongs to the whole of Northfield.",
        "This figure stands from release 1",
        "Not to be compared directly",
        "Treated with respect at any age No score",
    ]
    at = 0
    for words in in_order:
        assert words in said, words
        assert said.index(words) >= at or words in said[at:], f"out of order: {words}"
        at = said.index(words, at)


def test_every_percentage_has_its_base_beside_it(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    said = text(site.reader().get(f"/results/{MILL}").text)
    found = list(re.finditer(r"\d+% \(\d+ to \d+\)", said))
    assert len(found) > 5
    for match in found:
        assert re.search(r"about [\d,]+", said[match.end() : match.end() + 45]), match


def test_hidden_figures_do_not_reach_the_page_in_any_form(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    page = site.reader().get(f"/results/{PARK}").text
    strips = re.findall(r'<svg class="strip".*?</svg>', page, flags=re.DOTALL)
    assert sum('<rect class="few"' in strip for strip in strips) == 6
    assert not [strip for strip in strips if "<circle" in strip or 'class="range"' in strip]
    assert not re.search(r"\d+%", text(page).partition("How to read")[0])


def test_each_drawing_has_words_and_no_inline_style(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    for address in (f"/results/{MILL}", "/map?level=ward"):
        page = site.reader(role=Role.ANALYST if "map" in address else Role.SURVEY_MANAGER).get(address).text
        assert "style=" not in page
        assert "<script" not in page
        for drawing in re.findall(r"<svg[^>]*>", page):
            assert "aria-hidden" in drawing or 'role="img"' in drawing or 'role="group"' in drawing
        assert page.count('role="img"><title>') == page.count('role="img"')


def test_names_from_a_release_cannot_be_markup(site: Site, publish: Callable[..., Release]) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    publish(
        release(
            areas=tuple(replace(a, name=hostile) if a.code == MILL else a for a in AREAS), wave_title=hostile
        )
    )
    client = site.reader()
    for address in (f"/results/{MILL}", "/results/", "/map?level=ward", f"/results/{MILL}?lang=ur"):
        assert "<img" not in client.get(address).text


def test_on_an_urdu_page_english_words_are_marked(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    page = site.reader().get(f"/results/{MILL}?lang=ur").text
    assert '<html lang="ur" dir="rtl">' in page
    assert '<span lang="en" dir="ltr">Feel safe after dark</span>' in page
    assert '<bdi lang="en">Mill End</bdi>' in page
    interval = re.search(r"<bdi>\u2068?38%\u2069? \(30 \w+ 46\)</bdi>", page)
    assert interval, "or 30 and 46 change places"


def shipped(**changes: Any) -> Release:
    """A release made with the framework and questionnaire that come with the software."""
    safe = replace(
        INDICATORS[0],
        code="safe_after_dark",
        title="Feel safe after dark",
        item="safe_dark",
        subdomain="safety",
        question=SAFE_QUESTION,
    )
    given: dict[str, Any] = {
        "questionnaire": "thriving-places-core",
        "framework": "thriving-places",
        "framework_version": "2024",
        "indicators": (safe,),
        "figures": (figure(MILL, "safe_after_dark", 38, 2.9, 0),),
        "national": (),
    }
    return release(**(given | changes))


@pytest.mark.parametrize(("language", "share"), [("en", "about 4 in 10"), ("pl", "4"), ("ur", "4")])
def test_results_speak_the_readers_language_where_framework_and_questionnaire_do(
    site: Site, publish: Callable[..., Release], language: str, share: str
) -> None:
    framework = load_framework(FRAMEWORKS / "thriving-places.yaml")
    core = load(find(LIBRARY, "thriving-places-core", "1.0"))
    said = {m.context: m.text for m in source_messages(translated_framework(framework, language))}
    asked = translated(core, language).item("safe_dark").text
    publish(shipped())
    client = site.reader(languages=("en", language))
    page = client.get(f"/results/{MILL}?lang={language}").text
    words = text(page)
    assert said["indicator.safe_after_dark.title"] in words
    assert said["subdomain.safety"] in words
    assert asked in words
    sentence = said["indicator.safe_after_dark.sentence"].replace("{value}", "38%")
    assert sentence in words
    assert share in words[words.index(sentence) + len(sentence) :][:60]
    assert (said["indicator.safe_after_dark.title"] == "Feel safe after dark") == (language == "en")
    drawn = client.get(f"/map?lang={language}").text
    assert f"<h1>{said['indicator.safe_after_dark.title']}</h1>" in drawn
    assert asked in drawn


def test_a_release_of_another_version_of_the_framework_keeps_its_own_words(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(shipped(framework_version="1999", questionnaire_version="0.9"))
    page = site.reader().get(f"/results/{MILL}?lang=ur").text
    assert '<span lang="en" dir="ltr">Feel safe after dark</span>' in page
    assert f'<span lang="en" dir="ltr">{SAFE_QUESTION}</span>' in page


def test_the_source_of_a_national_figure_is_one_a_reader_can_look_for(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release(sources={"ons": "Office for National Statistics, 2024"}))
    client = site.reader()
    assert "Source: Office for National Statistics, 2024, 2022/23." in text(
        client.get(f"/results/{MILL}").text
    )
    assert "Source: Office for National Statistics, 2024, 2023." in text(
        client.get("/map?indicator=life").text
    )
    assert "Source:" not in text(client.get("/map?indicator=safe").text)


def test_the_scores_of_an_index_are_named_with_scale_period_place_and_source(
    site: Site, publish: Callable[..., Release]
) -> None:
    score = IndexFigure(
        area=NORTH,
        node="safety",
        layer="hi",
        index="Health Index",
        title="Crime",
        value=96.4,
        period="2021",
        scale="100 = England 2015",
    )
    publish(release(index=(score,), sources={"hi": "Its publisher"}))
    client = site.reader()
    ward = text(client.get(f"/results/{MILL}").text)
    assert "Health Index, Crime, 2021: Northfield as a whole: 96.4 (100 = England 2015)" in ward
    assert "Source: Its publisher, 2021." in ward
    district = text(client.get(f"/results/{NORTH}").text)
    assert "Health Index, Crime, 2021: 96.4 (100 = England 2015)" in district
    assert "Health Index" not in client.get(f"/results/{QUAY}").text


def test_publishing_takes_the_source_of_a_layer_from_what_was_imported(database: Database) -> None:
    with transaction(database.engine) as session:
        samples.place_tree(session)
        wave = waves.add(session, samples.wave())
        for period, source in (("2022", "ONS, OGL v3"), ("2023", "ONS, OGL v3"), ("2021", "")):
            session.add(
                NationalValue(
                    layer="ons",
                    indicator="Life",
                    period=period,
                    area_code="D1",
                    area_name="Northfield",
                    value=7.4,
                    polarity=1,
                    source=source,
                )
            )
        session.flush()
        assert [(layer.id, layer.source) for layer in publishing.reference(session, wave).national] == [
            ("ons", "ONS, OGL v3")
        ]


# -- who may read what --


@pytest.mark.parametrize(
    ("limit", "open_", "shut"),
    [
        ("", [WHOLE, ALLIANCE, NORTH, SOUTH, MILL, PARK, QUAY], []),
        (NORTH, [WHOLE, ALLIANCE, NORTH, MILL, PARK], [SOUTH, QUAY]),
        (MILL, [WHOLE, ALLIANCE, NORTH, MILL], [PARK, SOUTH, QUAY]),
        ("NETWORK", [WHOLE, SOUTH, QUAY], [ALLIANCE, NORTH, MILL, PARK]),
        ("UNKNOWN", [], [WHOLE, MILL]),
    ],
)
def test_a_reader_sees_their_area_what_is_inside_and_what_contains_it(
    site: Site, publish: Callable[..., Release], limit: str, open_: list[str], shut: list[str]
) -> None:
    publish(release())
    with transaction(site.database.engine) as session:
        # At a level that is not published: a network in the whole area holds Southmere, which holds Quay.
        session.add(Area(code="NETWORK", vintage="2024", level="network", name="A network"))
        session.flush()
        for child, parent in (("NETWORK", WHOLE), (SOUTH, "NETWORK"), (QUAY, SOUTH)):
            found = {one.code: one.id or 0 for one in session.exec(select(Area))}
            session.add(AreaParent(child_id=found[child], parent_id=found[parent]))
    client = site.reader(limit)
    for code in open_:
        assert client.get(f"/results/{code}").status_code == 200, code
    for code in shut:
        assert client.get(f"/results/{code}").status_code == 404, code
    listed = client.get("/results/").text + client.get("/map?level=ward").text
    for code in shut:
        assert f"/results/{code}" not in listed


def test_a_wider_area_named_beside_a_limited_readers_place_is_one_that_contains_it(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    page = site.reader(MILL).get(f"/results/{MILL}").text
    assert "Northfield" in page
    assert "Parkside" not in page
    assert "Southmere" not in page


def test_a_reader_whose_place_is_not_in_the_results_is_told_so(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    client = site.reader("UNKNOWN")
    for address in ("/results/", "/map"):
        assert "nothing for the places your sign-in includes" in client.get(address).text


def test_an_unknown_area_or_wave_is_not_found(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    client = site.reader()
    assert client.get("/results/NOWHERE").status_code == 404
    assert client.get("/results/?wave=never").status_code == 404
    assert client.get("/map?wave=never").status_code == 404


def test_reading_is_on_the_audit_trail(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    client = site.reader()
    client.get(f"/results/{MILL}")
    client.get("/results/NOWHERE")
    client.get("/map")
    with Session(site.database.engine) as session:
        seen = session.exec(select(AuditEvent.subject).where(AuditEvent.action == "results.read")).all()
    assert sorted(seen) == [f"area:{MILL}", "wave:spring"]


# -- waves and releases --


def test_the_latest_wave_comes_first_and_an_earlier_one_stays_in_the_links(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    publish(release(wave="autumn", wave_title="Autumn 2025", number=1), date(2025, 9, 1))
    client = site.reader()
    latest, earlier = client.get("/results/").text, client.get("/results/?wave=autumn").text
    assert "Spring 2026: about" in text(latest)
    assert f'href="/results/{MILL}"' in latest
    assert "Autumn 2025: about" in text(earlier)
    assert f'href="/results/{MILL}?wave=autumn"' in earlier
    assert "Autumn 2025" in client.get(f"/results/{MILL}?wave=autumn").text


def test_a_new_release_takes_the_place_of_the_last_at_once(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    client = site.reader()
    assert "38% (30 to 46)" in client.get(f"/results/{MILL}").text
    newer = tuple(
        figure(MILL, "safe", 44, 3.4, 0) if (f.area, f.indicator) == (MILL, "safe") else f
        for f in release().figures
    )
    publish(release(number=3, figures=newer))
    assert "44% (36 to 52)" in client.get(f"/results/{MILL}").text
    assert "Release 3 of" in client.get(f"/results/{MILL}").text


def test_a_release_is_parsed_once_and_few_are_kept(
    site: Site, publish: Callable[..., Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(service.KEPT_IN_MEMORY + 1):
        publish(release(wave=f"w{number}", number=1), date(2026, 1, 1 + number))
    parsed: list[str] = []
    real = service.from_json
    monkeypatch.setattr(service, "from_json", lambda document: parsed.append("once") or real(document))
    with Session(site.database.engine) as session:
        found = service.published(session)
        assert service.read(session, found[0]) is service.read(session, found[0])
        assert len(parsed) == 1
        for wave in found:
            service.read(session, wave)
    assert len(parsed) == len(found) == service.KEPT_IN_MEMORY + 1
    assert len(service._parsed) == service.KEPT_IN_MEMORY


def test_a_release_that_is_not_what_was_published_is_refused(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    with transaction(site.database.engine) as session:
        row = session.exec(select(PublishedRelease)).one()
        row.document = row.document.replace("Mill End", "Mall End")
    with Session(site.database.engine) as session, pytest.raises(service.ReleaseDamagedError, match="spring"):
        service.read(session, service.published(session)[0])


# -- the map --


def square(x: float, y: float) -> dict[str, Any]:
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def hold_shapes(session: Session, shapes: dict[str, dict[str, Any]]) -> None:
    for code, geometry in shapes.items():
        area_id = session.exec(select(Area.id).where(Area.code == code)).one()
        session.add(AreaShape(area_id=area_id or 0, geometry=geometry))


def test_the_map_and_the_table_tell_the_same(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    with transaction(site.database.engine) as session:
        hold_shapes(session, {MILL: square(0, 51), PARK: square(0.1, 51), QUAY: square(0.2, 51)})
    page = site.reader().get("/map?indicator=safe&level=ward").text
    drawn = dict(re.findall(r'<a href="/results/(\w+)" class="(\w+)" tabindex="-1"><title>', page))
    assert drawn == {MILL: "b0", PARK: "few", QUAY: "b3"}
    assert page.count("<path") >= 3
    assert "Mill End: Much worse than average</title>" in page
    assert "Mill End Much worse than average 38% (30 to 46) 2.9 about 210" in text(page)
    assert "Contains OS data" in page


def test_a_limited_reader_gets_only_the_shapes_of_their_places(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    with transaction(site.database.engine) as session:
        hold_shapes(session, {MILL: square(0, 51), PARK: square(0.1, 51), QUAY: square(5, 51)})
    everyone, some = site.reader(), site.reader(NORTH)
    assert everyone.get("/map?level=ward").text.count('tabindex="-1"><title>') == 3
    assert some.get("/map?level=ward").text.count('tabindex="-1"><title>') == 2


def test_without_boundaries_a_layout_is_drawn_and_without_either_there_is_the_table(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release())
    client = site.reader()
    bare = client.get("/map?level=ward").text
    assert 'class="map' not in bare.replace('class="map-', "")
    assert "Mill End" in text(bare)
    with transaction(site.database.engine) as session:
        for column, code in enumerate((MILL, PARK, QUAY)):
            held = session.exec(select(Area).where(Area.code == code)).one()
            held.tile_column, held.tile_row = column, 0
    tiled = client.get("/map?level=ward").text
    assert 'class="map tiles"' in tiled
    assert ">Mill</text>" in tiled
    assert "Contains OS data" not in tiled


def test_unknown_choices_fall_back(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    page = site.reader().get("/map?indicator=nothing&level=nowhere").text
    assert '<option value="safe" selected>' in page
    assert '<option value="ward" selected>' in page


def test_a_survey_with_no_local_indicator_has_no_map(site: Site, publish: Callable[..., Release]) -> None:
    publish(release(indicators=(), figures=(), national=()))
    client = site.reader()
    assert "Nothing to show here" in client.get("/map").text
    assert client.get("/results/").status_code == 200


def ragged(x: int, y: int) -> dict[str, Any]:
    """A ward with borders of a hundred points, which its neighbours share."""

    def corner(c: int, r: int) -> tuple[float, float]:
        return c * 0.05 + 0.013 * math.sin(7 * c + 3 * r), 51 + r * 0.05 + 0.013 * math.cos(5 * c - 2 * r)

    def side(a: tuple[int, int], b: tuple[int, int]) -> list[list[float]]:
        (x0, y0), (x1, y1) = corner(*min(a, b)), corner(*max(a, b))
        points = []
        for step in range(26):
            t = step / 25
            off = 0.004 * math.sin(math.pi * t) * math.sin(11 * t + a[0] + a[1] + b[0] + b[1])
            points.append([x0 + t * (x1 - x0) - off, y0 + t * (y1 - y0) + off])
        return points if a < b else points[::-1]

    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
    ring = [p for a, b in pairwise(corners) for p in side(a, b)[:-1]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_157_wards_with_their_table_fit_in_15_kilobytes(site: Site, publish: Callable[..., Release]) -> None:
    ends = [
        f"{a}{b}"
        for a in ("Bad", "Wal", "Dan", "Gal", "Broom", "Ray")
        for b in ("dow", "ham", "bury", "field")
    ]
    starts = ("Great", "Little", "Upper", "North", "South", "Old", "New")
    names = [f"{start} {end}" for start in starts for end in ends][:157]
    wards = tuple(area(f"E0501{n:04}", name, "ward", NORTH, ALLIANCE, WHOLE) for n, name in enumerate(names))
    assert len(wards) == 157
    figures = tuple(
        figure(
            w.code,
            "safe",
            20 + n * 37 % 60,
            (n * 53 % 100) / 10,
            (None, 0, 1, 2, 3, 4)[n % 6],
            base=30 + n * 35 % 400,
        )
        for n, w in enumerate(wards)
    )
    publish(release(areas=(*AREAS[:4], *wards), figures=figures))
    with transaction(site.database.engine) as session:
        for n, ward in enumerate(wards):
            session.add(Area(code=ward.code, vintage="2024", level="ward", name=ward.name))
            session.flush()
            hold_shapes(session, {ward.code: ragged(n % 13, n // 13)})
    response = site.reader().get("/map?indicator=safe&level=ward")
    assert response.text.count('tabindex="-1"><title>') == 157
    assert len(gzip.compress(response.data)) < 15 * 1024


def test_reading_a_release_does_not_bring_pandas_into_the_web_process() -> None:
    code = "import sys, survey_app.services.results; print('pandas' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


# -- from page to page --


def test_every_page_of_results_leads_to_the_others_in_one_list(
    site: Site, publish: Callable[..., Release]
) -> None:
    publish(release(modelled=MODELLED, models=MODELS))
    reader = site.reader()
    wanted = ["/results/models", "/results/releases"]
    for address in ("/results/", f"/results/{MILL}", f"/results/{MILL}/safe", "/map", *wanted):
        page = reader.get(address).text
        found = re.search(r'aria-labelledby="about-results">.*?</nav>', page, flags=re.DOTALL)
        assert found is not None, address
        assert re.findall(r'href="([^"]+)"', found[0]) == wanted, address
        assert re.findall(r'href="([^"]+)" aria-current="page"', found[0]) == [address] * (address in wanted)


def test_a_scorecard_names_what_nothing_tells_of_and_has_a_way_to_each_part(
    site: Site, publish: Callable[..., Release]
) -> None:
    safe = next(one for one in INDICATORS if one.code == "safe")
    beside = tuple(
        replace(one, subdomain=safe.subdomain) if one.title == "Minutes to jobs" else one
        for one in INDICATORS
    )
    publish(release(indicators=beside, national=()))
    page = site.reader().get(f"/results/{MILL}").text
    assert '<span class="row-name">Feel safe after dark</span>' in page
    assert '<span class="row-name">Minutes to jobs</span>' not in page
    assert re.search(r"No data yet:[^<]*Minutes to jobs", page)
    parts = re.findall(r'href="#(part-\w+)"', page)
    assert len(parts) > 1
    assert all(page.count(f'id="{part}"') == 1 for part in parts)
