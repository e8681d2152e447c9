"""Bespoke indicators, from the form or a file to the scorecard."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from analysis.release import Marker, Release, from_json
from questionnaires import bespoke
from questionnaires.framework import Framework
from questionnaires.loading import load_framework
from questionnaires.model import Questionnaire
from survey_app.cli import main
from survey_app.db import transaction
from survey_app.services import indicators
from survey_app.services import publish as service
from survey_app.services.indicators import ChangedError
from survey_app.services.questionnaire import for_wave
from survey_app.services.roles import Role
from survey_app.store import releases, waves
from survey_app.tables import AuditEvent
from tests.integration.conftest import Database
from tests.integration.test_publishing import asked, submit
from tests.integration.test_publishing_page import Site, make_site, publish, words, worked_out

__all__ = ["asked"]  # a fixture
pytestmark = pytest.mark.usefixtures("worked_out_here")

ALL_WELL = {
    "questionnaire": "every-kind",
    "title": "All well",
    "made_by": "Mid Shire Alliance",
    "sentence": "{value} of people are content and safe.",
    "polarity": "better",
    "measure": "share",
    "answers-life_sat": ["7", "8", "9", "10"],
    "answers-safe": ["1"],
    "needed": "all",
    "under": ["mental_health", "safety"],
}
FILE = """\
format: 1
questionnaire: every-kind
made_by: Mid Shire Alliance
indicators:
  - code: all_well
    title: All well
    under: [mental_health, safety]
    polarity: 1
    unit: "%"
    sentence: "{value} of people are content and safe."
    composite:
      parts:
        - {item: life_sat, codes: [7, 8, 9, 10]}
        - {item: safe, codes: [1]}
"""


@pytest.fixture
def site(database: Database, asked: tuple[Questionnaire, Framework], tmp_path: Path) -> Site:
    """A wave of 150 answers."""
    made = make_site(database, asked[0], tmp_path)
    for life, safe, number in ((8, 1, 40), (8, 3, 20), (2, 1, 20), (2, 3, 40)):
        answers = {"agree": 1, "life_sat": life, "safe": safe, "age": 1}
        submit(database, number, answers=answers, cell={"age": "young"})
        submit(database, number // 4, answers=answers | {"age": 2}, cell={"age": "old"})
    return made


@pytest.fixture
def run(site: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line on the same installation."""
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", site.database.url)
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(site.folder))
    monkeypatch.setenv("HEREABOUTS_LIBRARY", str(site.folder.parent / "library"))

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    return invoke


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


def looked_at(client: Any, given: dict[str, Any]) -> str:
    response = client.post("/indicators/preview", data=given)
    assert response.status_code == 200, words(response.text)
    return str(response.text)


def saved(client: Any, given: dict[str, Any]) -> None:
    page = looked_at(client, given)
    response = client.post("/indicators/save", data=given | {"looked": hidden(page, "looked")})
    assert response.status_code == 302, words(response.text)


def newest(site: Site) -> Release:
    with Session(site.database.engine) as session:
        row = releases.latest(session)
        assert row is not None
        return from_json(row.document)


def figure(release: Release, area: str, code: str) -> Any:
    (found,) = [f for f in release.figures if (f.area, f.indicator) == (area, code)]
    return found


def test_from_the_form_to_the_scorecard(site: Site, own_process: None) -> None:
    client = site.who()
    assert "There are none yet" in client.get("/indicators/").text
    form = client.get("/indicators/new?questionnaire=every-kind").text
    assert 'name="answers-life_sat"' in form
    assert 'name="answers-did__1"' in form, "an option of several is asked about by itself"
    assert 'name="answers-comments"' not in form
    page = looked_at(client, ALL_WELL)
    said = words(page)
    assert "all of these hold: How satisfied are you? 7, 8, 9, 10 How safe is it? Safe" in said
    assert "everyone whose answers settle it" in said
    assert "Districts: 1 of 2 would be shown" in said
    assert re.search(r"33% \(\d+ to \d+\) about 150", said), said
    assert newest_number(site) == 0, "nothing is published by looking"
    saved(client, ALL_WELL)
    assert "in no release" in words(client.get("/indicators/").text)
    publish(client, worked_out(client))

    release = newest(site)
    one = figure(release, "D1", "all_well")
    assert (one.marker, one.value, one.base) == (Marker.SHOWN, 33, 150)
    with Session(site.database.engine) as session:
        held = indicators.one(session, "all_well")
    assert release.provenance["indicator:all_well"] == held.definition.digest
    assert "in 1 release" in words(client.get("/indicators/").text)
    card = client.get("/results/D1").text
    assert card.count("Local indicator made by Mid Shire Alliance.") == 2, "under each of its two places"
    assert "33% of people are content and safe." in words(card)
    assert "What it counts: All of these hold: How satisfied are you?" in words(card)
    assert client.get("/results/D1/all_well").status_code == 200
    assert [i.code for i in release.indicators].count("all_well") == 1
    with Session(site.database.engine) as session:
        told = session.exec(select(AuditEvent).where(AuditEvent.action == "indicator.save")).one()
        assert (told.subject, told.detail["version"]) == ("indicator:all_well", 1)


def newest_number(site: Site) -> int:
    with Session(site.database.engine) as session:
        row = releases.latest(session)
        return row.number if row else 0


def test_every_problem_is_told_at_once_and_what_was_typed_stays(site: Site) -> None:
    client = site.who()
    given = {
        "questionnaire": "every-kind",
        "title": "",
        "made_by": "Us",
        "sentence": "No number",
        "answers-safe": ["1", "2", "3"],
        "answers-went": ["1"],
        "needed": "some",
        "number": "9",
        "under": ["nowhere"],
    }
    response = client.post("/indicators/preview", data=given)
    assert response.status_code == 422
    summary = re.findall(r'<li><a href="#([^"]+)">', response.text)
    assert summary == ["title", "sentence", "polarity", "answers-safe", "number", "under"]
    for target in summary:
        assert f'id="{target}"' in response.text, target
    assert 'value="No number"' in response.text
    assert re.search(r'name="answers-went" value="1" id="answers-went" checked', response.text)


def test_only_what_was_looked_at_is_saved(site: Site) -> None:
    client = site.who()
    page = looked_at(client, ALL_WELL)
    other = ALL_WELL | {"needed": "any", "looked": hidden(page, "looked")}
    response = client.post("/indicators/save", data=other)
    assert response.status_code == 422
    assert "not what you looked at last" in response.text
    with Session(site.database.engine) as session:
        assert indicators.all_held(session) == []


def test_two_tabs_do_not_overwrite_each_other(site: Site) -> None:
    client = site.who()
    saved(client, ALL_WELL)
    form = client.get("/indicators/all_well").text
    mine = ALL_WELL | {"code": "all_well", "seen": hidden(form, "seen"), "title": "Mine"}
    theirs = mine | {"title": "Theirs", "needed": "any"}
    saved(site.who(), theirs)
    page = looked_at(client, mine)
    response = client.post("/indicators/save", data=mine | {"looked": hidden(page, "looked")})
    assert response.status_code == 409
    said = words(response.text)
    assert "Someone else saved or removed" in said
    assert "Theirs The share of people for whom at least one" in said, "what stands now is shown"
    assert 'value="Mine"' in response.text, "and what was typed is not lost"
    with Session(site.database.engine) as session:
        assert indicators.one(session, "all_well").definition.indicator.title == "Theirs"
    again = mine | {"seen": hidden(response.text, "seen")}
    saved(client, again)
    with Session(site.database.engine) as session:
        held = indicators.one(session, "all_well")
        assert (held.version, held.definition.indicator.title) == (3, "Mine")


def test_the_same_moment_on_the_database_loses_nothing(site: Site) -> None:
    saved(site.who(), ALL_WELL)
    with Session(site.database.engine) as session:
        held = indicators.one(session, "all_well")
    retitled = bespoke.from_json(bespoke.to_json(held.definition).replace("All well", "Both well"))
    with transaction(site.database.engine) as session:
        assert indicators.save(session, retitled, held.version, actor="one") == 2
    with (
        pytest.raises(ChangedError),
        transaction(site.database.engine) as session,
    ):
        indicators.save(session, held.definition, held.version, actor="other")


def test_removing_needs_a_tick_and_a_release_keeps_what_it_has(site: Site) -> None:
    client = site.who()
    saved(client, ALL_WELL)
    publish(client, worked_out(client))
    form = client.get("/indicators/all_well").text
    given = {"seen": hidden(form, "seen")}
    assert client.post("/indicators/all_well/remove", data=given).status_code == 422
    assert (
        client.post("/indicators/all_well/remove", data=given | {"sure": "yes", "seen": "7"}).status_code
        == 409
    )
    assert client.post("/indicators/all_well/remove", data=given | {"sure": "yes"}).status_code == 302
    assert client.get("/indicators/all_well").status_code == 404
    assert "All well" in client.get("/results/D1").text
    page = worked_out(client)
    assert "all_well&#34;: " in page, "what differs is told before publishing"
    publish(client, page)
    assert "All well" not in client.get("/results/D1").text
    saved(client, ALL_WELL)
    with Session(site.database.engine) as session:
        assert indicators.one(session, "all_well").version == 3


def test_a_mean_of_one_question(site: Site) -> None:
    client = site.who()
    given = ALL_WELL | {"title": "Contentment", "measure": "mean", "mean_of": "life_sat", "sentence": ""}
    page = looked_at(client, given)
    assert "The average of the answers to: How satisfied are you?" in words(page)
    assert "5.0 out of 10" in words(page)
    saved(client, given)
    form = client.get("/indicators/contentment").text
    assert re.search(r'<option value="life_sat" selected>', form)


def test_without_answers_to_try_it_on_it_is_looked_at_in_words(site: Site) -> None:
    with transaction(site.database.engine) as session:
        wave = waves.by_slug(session, "spring")
        assert wave is not None
        wave.status = "draft"
    page = looked_at(site.who(), ALL_WELL)
    assert "No wave of this questionnaire has opened yet" in page
    assert "all of these hold" in page


def test_a_manager_of_a_part_has_no_say_in_what_the_whole_shows(site: Site) -> None:
    saved(site.who(), ALL_WELL)
    part = site.who(area="D2")
    assert "All well" not in part.get("/indicators/").text
    assert part.get("/indicators/new?questionnaire=every-kind").status_code == 404
    assert part.get("/indicators/all_well").status_code == 404
    for address in ("/indicators/preview", "/indicators/save", "/indicators/all_well/remove"):
        assert part.post(address, data=ALL_WELL | {"sure": "yes", "seen": "1"}).status_code == 404, address
    assert site.who(Role.ANALYST).get("/indicators/").status_code == 403
    assert site.who(Role.ALLIANCE_VIEWER).post("/indicators/save", data=ALL_WELL).status_code == 403


# Files.


def test_a_file_is_imported_listed_exported_and_removed(
    site: Site, run: Any, file: Path, tmp_path: Path
) -> None:
    assert "good. 1 indicators; nothing was kept" in run("indicators", "import", file, "--dry-run").stdout
    assert "There are none" in run("indicators", "list").stdout
    assert run("indicators", "import", file).stdout == "Kept: all_well.\n"
    assert "held just so already" in run("indicators", "import", file).stdout
    assert (
        "all_well (every-kind, version 1): All well, made by Mid Shire Alliance"
        in run("indicators", "list").stdout
    )
    out = tmp_path / "out.yaml"
    assert run("indicators", "export", "every-kind", "--out", out).exit_code == 0
    assert "held just so already" in run("indicators", "import", out).stdout
    assert run("questionnaires", "check", out).exit_code == 0
    assert run("indicators", "remove", "all_well").exit_code == 0
    gone = run("indicators", "remove", "all_well")
    assert (gone.exit_code, gone.stderr) == (
        1,
        "There is no indicator 'all_well'. See: survey-app indicators list\n",
    )
    assert run("indicators", "export", "every-kind").exit_code == 1


def test_a_file_with_problems_is_refused_whole(site: Site, run: Any, file: Path) -> None:
    file.write_text(FILE.replace("safety]", "safe]").replace("codes: [1]}", "codes: [9]}"), encoding="utf-8")
    refused = run("indicators", "import", file)
    assert refused.exit_code == 1
    assert [line.rsplit("[")[-1] for line in refused.stderr.splitlines()] == [
        "unknown-subdomain]",
        "unknown-option]",
    ]
    assert f"{file}:7: indicators.all_well.under" in refused.stderr
    assert "There are none" in run("indicators", "list").stdout


def test_the_form_and_the_file_make_the_same(site: Site, run: Any, file: Path) -> None:
    saved(site.who(), ALL_WELL)
    assert "held just so already" in run("indicators", "import", file).stdout


def published(site: Site) -> list[str]:
    """Publish once more; returns what is said of the difference."""
    config = site.app.extensions["hereabouts"]
    with Session(site.database.engine) as session:
        wave = waves.by_slug(session, "spring")
        assert wave is not None
        given = for_wave(config.library, config.frameworks, wave)
        own = load_framework(config.frameworks / f"{given.framework}.yaml")
        built = service.build(session, wave, given, own, site.folder, created=datetime.now(UTC))
        since = service.since_last(built, service.earlier(session, wave))
    with transaction(site.database.engine) as session:
        wave = waves.by_slug(session, "spring")
        assert wave is not None
        service.record(session, wave, built, actor="command-line")
    return since.sentences() if since else []


def test_a_release_is_made_again_with_the_definitions_it_had(site: Site, run: Any, file: Path) -> None:
    run("indicators", "import", file)
    assert published(site) == []
    file.write_text(FILE + "      at_least: 1\n", encoding="utf-8")
    assert run("indicators", "import", file).stdout == "Kept: all_well.\n"
    told = " ".join(published(site))
    assert 'the local indicator "all_well" changed' in told
    assert "mean something else now: all_well" in told
    verified = run("releases", "verify", "spring")
    assert verified.exit_code == 0, verified.stdout
    assert verified.stdout.count("the same to the last byte") == 2, verified.stdout


def test_coverage_counts_an_indicator_wherever_it_is_shown(site: Site, run: Any, file: Path) -> None:
    def local(title: str) -> bool:
        lines = run("framework", "coverage", "--wave", "spring").stdout.splitlines()
        return any(line.strip().startswith(title) and "asked" in line for line in lines)

    assert not local("Safety")
    run("indicators", "import", file)
    assert local("Safety")
    assert local("Mental health")


def test_the_form_does_not_offer_what_only_a_file_can_say(site: Site, run: Any, file: Path) -> None:
    text = (
        FILE.partition("    composite:")[0]
        + "    item: went_without\n    statistic: proportion\n    codes: [1]\n"
    )
    file.write_text(text, encoding="utf-8")
    assert run("indicators", "import", file).exit_code == 0
    page = site.who().get("/indicators/all_well").text
    assert "made in a file" in page
    assert "/indicators/preview" not in page
