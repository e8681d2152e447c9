"""The data commands as they are run: exit codes, and all or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_app.cli import main
from survey_app.cli.importing import SHOWN_PROBLEMS
from survey_app.db import reading, transaction
from survey_app.services.imports import margin_mapping
from survey_app.store import areas, margins, schema, waves
from tests.integration import samples
from tests.integration.conftest import Database


@pytest.fixture
def folder(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for files, with the commands' settings pointing at the test's database."""
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", database.url)
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def test_areas_then_postcodes_then_margins_then_a_layer(folder: Path, database: Database) -> None:
    lookup = write(folder, "lookup.csv", "lsoa21_code,lsoa21_name,place\nL1,One,East\nL2,Two,East\n")
    done = command("areas", "import", lookup, "--parent", "alliance:2024::place")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("areas: 3 added, 0 changed, 0 unchanged\n")
    done = command("postcodes", "import", write(folder, "p.csv", "postcode,lsoa21_code\nCM1 1AB,L1\n"))
    assert done.output == "postcodes: 1 added, 0 changed, 0 unchanged\n"
    census = write(folder, "m.csv", "lsoa21_code,f,m\nL1,1,2\n")
    done = command(
        "margins", "import", census, "--area", "lsoa21_code", "--map", "sex:F=f", "--map", "sex:M=m"
    )
    assert done.output.startswith("counts: 2 added, 0 changed, 0 unchanged\n")
    layer = write(folder, "n.csv", "area_code,indicator,period,value\nE1,Joy,2022,1\nE2,Joy,2022,2\n")
    done = command("national", "import", layer, "--layer", "ons", "--polarity", "-1")
    assert done.output.startswith("values: 2 added, 0 changed, 0 unchanged\nyardsticks: 1 added")
    assert command("national", "list").output == "ons: 2 values, 1 yardsticks\n"
    assert command("areas", "list").output == "alliance: 1\nlsoa: 2\n"
    with reading(database.engine) as session:
        assert [area.code for area in areas.ancestors(session, "L1")] == ["east"]


@pytest.mark.usefixtures("database")
def test_a_dry_run_writes_nothing(folder: Path) -> None:
    lookup = write(folder, "lookup.csv", "lsoa21_code,lsoa21_name\nL1,One\n")
    done = command("areas", "import", lookup, "--dry-run")
    assert done.exit_code == 0
    assert done.output.startswith("Nothing was written. It would be:\nareas: 1 added")
    assert command("areas", "list").output == ""


@pytest.mark.usefixtures("database")
def test_a_refusal_exits_with_1_and_shows_the_first_problems_and_a_count(folder: Path) -> None:
    rows = "".join(f"NOPE{number},L9\n" for number in range(60))
    done = command("postcodes", "import", write(folder, "p.csv", "postcode,lsoa21_code\n" + rows))
    assert done.exit_code == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == SHOWN_PROBLEMS + 2
    assert lines[-2:] == ["... and 70 more.", "Nothing was imported: 120 problems to put right first."]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ("areas", "import", "nothing.csv"),
        ("areas", "import", "f.csv", "--level", "ward"),
        ("areas", "import", "f.csv", "--code", "id"),
        ("areas", "import", "f.csv", "--parent", "ward"),
        ("areas", "import", "f.csv", "--within", "ward"),
        ("margins", "import", "f.csv", "--map", "a:b=c", "--preset", "census2021"),
        ("national", "import", "f.csv"),
        ("national", "import", "f.csv", "--layer", "x", "--only", "y"),
        ("waves", "close"),
        ("waves", "extend", "spring", "--closes", "soon"),
    ],
)
def test_wrong_usage_exits_with_2(words: tuple[str, ...]) -> None:
    Path("f.csv").write_text("a,b\n1,2\n")
    assert command(*words).exit_code == 2


def test_a_database_without_tables_is_told_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path))
    for words in (("areas", "list"), ("database", "check")):
        done = command(*words)
        assert done.exit_code == 1
        assert "survey-app database upgrade" in done.stderr


def test_a_database_can_be_made_and_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'db.sqlite3'}")
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path))
    assert command("database", "upgrade").output == f"The database is at {schema.head()}.\n"
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0, "answers are for the service's own user only"
    assert CliRunner().invoke(main, ["database", "downgrade", "base"], input="n\n").exit_code == 1
    assert command("database", "check").exit_code == 0
    assert command("database", "downgrade", "base", "--yes").exit_code == 0
    assert command("database", "check").exit_code == 1


def test_what_cannot_be_used_is_a_refusal_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").write_text("not a database, though it is long enough to be taken for one " * 20)
    for url, words in (
        (f"sqlite:///{tmp_path / 'a-file'}", ("waves", "list")),
        (f"sqlite:///{tmp_path / 'a-file'}", ("database", "upgrade")),
        (f"sqlite:///{tmp_path / 'a-file' / 'db.sqlite3'}", ("database", "upgrade")),
        (f"sqlite:///{tmp_path / 'new.sqlite3'}", ("database", "upgrade", "--revision", "nope")),
        (f"sqlite:///{tmp_path / 'new.sqlite3'}", ("database", "downgrade", "nope", "--yes")),
        ("nonsense", ("waves", "list")),
    ):
        monkeypatch.setenv("HEREABOUTS_DATABASE_URL", url)
        monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path))
        done = command(*words)
        assert (done.exit_code, done.stdout) == (1, ""), words
        assert done.stderr, words
        assert isinstance(done.exception, SystemExit), words


@pytest.mark.usefixtures("folder")
def test_the_database_command_says_where_it_is(database: Database) -> None:
    assert (
        command("database", "check").output == f"The database is as the code expects it ({schema.head()}).\n"
    )
    assert command("database", "upgrade").output == f"The database was up to date ({schema.head()}).\n"


@pytest.mark.usefixtures("folder")
def test_waves_are_listed_extended_and_closed(database: Database) -> None:
    assert command("waves", "list").output.startswith("There are no waves.")
    assert json.loads(command("waves", "list", "--json").stdout) == []
    with transaction(database.engine) as session:
        waves.add(session, samples.wave())
    listed = json.loads(command("waves", "list", "--json").stdout)
    assert [(row["slug"], row["status"], row["submitted"]) for row in listed] == [("spring", "open", 0)]
    assert command("waves", "extend", "spring", "--closes", "2027-01-31").exit_code == 0
    assert "spring is closed." in command("waves", "close", "spring").output
    refused = command("waves", "close", "winter")
    assert (refused.exit_code, refused.stderr) == (1, "There is no wave 'winter'. Waves: spring.\n")


@pytest.mark.usefixtures("folder")
def test_the_census_preset_reads_the_census_columns(database: Database, folder: Path) -> None:
    """Whole groups are counted once, shared owners as owners, those who live rent free as private renters."""
    with transaction(database.engine) as session:
        samples.place_tree(session)
    columns = {column: 10 for column in margin_mapping.preset("census2021").columns}
    columns |= {
        "ts008_all_persons": 20,
        "ts021_total_all_usual_residents": 50,
        "ts054_total_all_households": 50,
    }
    text = f"lad24_code,{','.join(columns)}\nD1,{','.join(map(str, columns.values()))}\n"
    done = command("margins", "import", write(folder, "census.csv", text), "--preset", "census2021")
    assert done.exit_code == 0, done.output
    with reading(database.engine) as session:
        found = {(row.margin, row.level): row.count for row in margins.for_areas(session, ["D1"])}
    assert len(found) == 15
    assert found["tenure", "owned"] == found["tenure", "private_rented"] == 20
    assert found["tenure", "social_rented"] == found["age", "65+"] == found["sex", "F"] == 10


@pytest.mark.usefixtures("folder")
def test_coverage_says_what_only_the_survey_fills_and_what_no_layer_holds(
    database: Database, folder: Path
) -> None:
    layer = write(folder, "index.csv", "lad24_code,year,crime\nD1,2021,98\nD9,2021,102\n")
    assert command("national", "import", layer, "--layer", "health-index", "--wide").exit_code == 0
    told = json.loads(command("framework", "coverage", "--json").stdout)
    states = {each["subdomain"]: each["state"] for each in told["subdomains"]}
    assert (states["safety"], states["housing"], states["energy_carbon"]) == ("both", "local", "neither")
    assert {"layer": "health-index", "indicator": "mortality", "used_by": "mortality"} in told["missing"]
    assert not [each for each in told["missing"] if each["indicator"] == "crime"]
    words = command("framework", "coverage").stdout
    assert "  Safety (1 asked, 1 national)\n" in words
    assert "not held: health-index: mortality (used by mortality)\n" in words
    with transaction(database.engine) as session:
        samples.place_tree(session)
        waves.add(session, samples.wave(questionnaire_id="thriving-places-core", questionnaire_version="1.0"))
    wave = json.loads(command("framework", "coverage", "--wave", "spring", "--json").stdout)
    assert wave["framework"] == "thriving-places"
    assert {each["state"] for each in wave["subdomains"] if each["subdomain"] == "safety"} == {"both"}
    refused = command("framework", "coverage", "--wave", "none")
    assert (refused.exit_code, "There is no wave 'none'" in refused.stderr) == (1, True)
    refused = command("framework", "coverage", "--framework", "none")
    assert refused.exit_code == 1
