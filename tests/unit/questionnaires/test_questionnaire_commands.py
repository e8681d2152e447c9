"""survey-app questionnaires: check, new and diff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from questionnaires import starting
from questionnaires.kinds import KINDS
from survey_app.cli import main

TEN_FAULTS = Path(__file__).parent / "ten-faults.yaml"


@pytest.fixture
def run(tmp_path, monkeypatch):
    for name in ("LIBRARY", "FRAMEWORKS"):
        monkeypatch.delenv(f"HEREABOUTS_{name}", raising=False)
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path / "data"))

    def invoke(*words: str | Path) -> Result:
        return CliRunner().invoke(main, ["questionnaires", *map(str, words)])

    return invoke


def test_check_says_what_the_shipped_files_hold(run):
    result = run("check")
    assert result.exit_code == 0, result.output
    for words in (
        "good. Questionnaire thriving-places-core 1.0",
        "48 items in 14 sections; 4 scores",
        "26 indicators fed",
        "sub-domains covered (15): local_environment, transport",
        "margins: age (age_band), sex (sex), ethnic_group (ethnic_group), tenure (tenure), lad (area: lad)",
        "language en: source",
        "language ur: ",
        "good. Framework thriving-places 2024",
        "3 headlines, 16 domains, 28 sub-domains",
    ):
        assert words in result.output
    assert result.stderr == ""


def test_check_lists_every_problem_with_its_place_and_remedy(run, frameworks):
    result = run("check", TEN_FAULTS, "--frameworks", frameworks)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 11
    assert lines[0] == (
        f"{TEN_FAULTS}:8: colour: 'colour' is not a key here. Use one of: format, id, version, title, "
        "language, framework, sections, introduction, licence, contact, languages, scores, margins, one_per, "
        "hub, glossary, support, next. "
        "[unknown-key]"
    )
    assert lines[-1] == f"{TEN_FAULTS}: 10 problem(s)."
    assert result.stdout == ""


def test_json_is_one_document_and_nothing_else(run, frameworks):
    bad = run("check", TEN_FAULTS, "--frameworks", frameworks, "--json")
    assert (bad.exit_code, bad.stderr) == (1, "")
    document = json.loads(bad.stdout)
    assert document["ok"] is False
    assert [problem["line"] for problem in document["files"][0]["problems"]] == [
        8, 14, 22, 25, 26, 33, 42, 44, 46, 58,
    ]  # fmt: skip
    good = run("check", "--json")
    assert good.exit_code == 0
    document = json.loads(good.stdout)
    assert document["ok"] is True
    assert {each["what"] for each in document["files"]} == {"questionnaire", "framework", "indicators"}


def test_one_bad_file_does_not_hide_the_good_ones(run, frameworks, examples):
    result = run("check", examples, TEN_FAULTS, "--frameworks", frameworks)
    assert result.exit_code == 1
    assert result.stdout.count(": good. Questionnaire example-") == len(KINDS)


def test_a_path_that_is_not_there_is_said_plainly(run, tmp_path):
    result = run("check", tmp_path / "nothing.yaml")
    assert result.exit_code == 1
    assert "The file cannot be opened: No such file or directory." in result.stderr
    (tmp_path / "empty").mkdir()
    assert "There is no .yaml file there." in run("check", tmp_path / "empty").stderr


def test_new_writes_a_questionnaire_that_passes_check(run, tmp_path):
    result = run("new", "my-survey", "--title", "Our: survey {2026}", "--into", tmp_path)
    assert result.exit_code == 0, result.output
    path = tmp_path / "my-survey" / "0.1" / "questionnaire.yaml"
    checked = run("check", path)
    assert checked.exit_code == 0, checked.output
    assert "Our: survey {2026}" in checked.output
    again = run("new", "my-survey", "--title", "Another", "--into", tmp_path)
    assert (again.exit_code, "exists already" in again.stderr) == (1, True)


def test_new_refuses_a_name_that_would_not_pass_check(run, tmp_path):
    result = run("new", "My Survey", "--title", "X", "--into", tmp_path)
    assert result.exit_code == 1
    assert "[bad-code]" in result.stderr
    assert not list(tmp_path.rglob("*.yaml"))
    unknown = run("new", "x", "--title", "X", "--framework", "none", "--into", tmp_path)
    assert (unknown.exit_code, "cannot be opened" in unknown.stderr) == (1, True)


def test_diff_says_what_can_still_be_compared(run, tmp_path):
    run("new", "my-survey", "--title", "X", "--into", tmp_path)
    old = tmp_path / "my-survey" / "0.1" / "questionnaire.yaml"
    new = tmp_path / "new.yaml"
    text = old.read_text()
    assert run("diff", old, old).stdout == "Nothing changed.\n"
    text = text.replace("Replace this with your first question.", "Is life good?")
    text = text.replace("{code: 4, text: Disagree}", "{code: 4, text: Not agree}")
    text = text.replace("What is your postcode?\n", "What is your postcode?\n        hint: With a space\n")
    new.write_text(text)
    result = run("diff", old, new)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "~ item postcode: hint changed from '' to 'With a space'",
        "~ item first_question: text changed "
        "from 'Replace this with your first question.' to 'Is life good?'",
        "~ item first_question: option 4 changed: 'Disagree' to 'Not agree'",
        "comparable: 2 (consent_take_part, age_band)",
        "comparable with care: 2 (postcode, first_question)",
        "not comparable: none",
        "in one version only: none",
    ]
    document = json.loads(run("diff", old, new, "--json").stdout)
    assert [change["verdict"] for change in document["changes"]] == ["comparable-with-care"] * 3
    assert {each["code"]: each["verdict"] for each in document["verdicts"]}["age_band"] == "comparable"


def test_complete_refuses_what_is_not_translated(run, examples, frameworks, tmp_path):
    path = tmp_path / "questionnaire.yaml"
    text = (
        (examples / "scale.yaml").read_text().replace("language: en\n", "language: en\nlanguages: [en, xx]\n")
    )
    path.write_text(text)
    assert "language xx: 0 of 5 texts translated" in run("check", path, "--frameworks", frameworks).stdout
    result = run("check", path, "--frameworks", frameworks, "--complete")
    assert result.exit_code == 1
    assert result.stderr.count("[untranslated]") == 5


@pytest.fixture
def library(run, tmp_path, monkeypatch) -> Path:
    """A library that holds my-survey 0.1."""
    folder = tmp_path / "library"
    monkeypatch.setenv("HEREABOUTS_LIBRARY", str(folder))
    assert run("new", "my-survey", "--title", "X").exit_code == 0
    return folder / "my-survey"


def test_a_frozen_version_that_changes_is_refused_until_it_is_put_back(run, library):
    file = library / "0.1" / "questionnaire.yaml"
    (library / "0.1" / "media").mkdir()
    picture = library / "0.1" / "media" / "bus.png"
    picture.write_bytes(b"a bus")
    assert "is frozen" in run("freeze", "my-survey", "0.1").stdout
    assert "Frozen already" in run("freeze", "my-survey", "0.1").stdout
    assert "good. Questionnaire my-survey 0.1, X. Frozen." in run("check", file).stdout
    text = file.read_text()
    file.write_text(text.replace("How old are you?", "What is your age?"))
    picture.write_bytes(b"a tram")
    for refused in (run("check", file), run("freeze", "my-survey", "0.1")):
        assert refused.exit_code == 1
        assert "The file has changed since this version was frozen." in refused.stderr
        assert "media/bus.png has changed" in refused.stderr
        assert "questionnaires new --from my-survey 0.1. [frozen]" in refused.stderr
    file.write_text(text)
    picture.unlink()
    (library / "0.1" / "media" / "tram.png").write_bytes(b"a tram")
    refused = run("check", file)
    assert "media/bus.png is gone" in refused.stderr
    assert "media/tram.png is new" in refused.stderr
    (library / "0.1" / "media" / "tram.png").unlink()
    picture.write_bytes(b"a bus")
    assert run("check", file).exit_code == 0


def test_a_lock_that_cannot_be_read_refuses(run, library):
    (library / "0.1" / "frozen.json").write_text("[]")
    refused = run("check", library / "0.1" / "questionnaire.yaml")
    assert (refused.exit_code, "The lock cannot be read." in refused.stderr) == (1, True)


def test_a_version_is_copied_to_the_next_with_its_comments_and_media_but_not_its_lock(run, library):
    (library / "0.1" / "media").mkdir()
    (library / "0.1" / "media" / "bus.png").write_bytes(b"a bus")
    run("freeze", "my-survey", "0.1")
    assert run("new", "--from", "my-survey", "0.1").exit_code == 0
    copy = library / "0.2" / "questionnaire.yaml"
    assert "good. Questionnaire my-survey 0.2, X." in run("check", copy).stdout
    old = (library / "0.1" / "questionnaire.yaml").read_text()
    assert copy.read_text() == old.replace('version: "0.1"', 'version: "0.2"')
    assert (library / "0.2" / "media" / "bus.png").read_bytes() == b"a bus"
    assert not (library / "0.2" / "frozen.json").exists()
    assert "is there already" in run("new", "--from", "my-survey", "0.1").stderr
    assert run("new", "--from", "my-survey", "0.1", "--as", "1.0").exit_code == 0
    assert "cannot be a version" in run("new", "--from", "my-survey", "0.1", "--as", "../x").stderr
    assert "has no questionnaire" in run("new", "--from", "my-survey", "7").stderr
    assert (
        run("new").exit_code == run("new", "x", "--title", "X", "--from", "my-survey", "0.1").exit_code == 2
    )
    assert run("diff", "my-survey@0.1", "my-survey@1.0").stdout == "Nothing changed.\n"


@pytest.mark.parametrize(
    ("version", "following"),
    [("1.0", "1.1"), ("1.9", "1.10"), ("2", "3"), ("1.0-rc", "1.1-rc"), ("a", "a.1")],
)
def test_the_next_version(version, following):
    assert starting.next_version(version) == following


def test_a_form_comes_in_and_goes_out(run, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text('"survey",,,\n,"type","name","label"\n,"text","who","Who?"\n,"gps","place","Where?"\n')
    result = run("import-xlsform", form, "--out", tmp_path / "library")
    assert result.exit_code == 0, result.output
    assert "survey:3: type: left out: Nothing of the type 'gps' can be asked for here." in result.output
    made = tmp_path / "library" / "form" / "1.0" / "questionnaire.yaml"
    assert run("check", made).exit_code == 0
    assert run("export-xlsform", made, "--out", tmp_path / "back.xlsx").exit_code == 0
    report = json.loads(
        run("import-xlsform", tmp_path / "back.xlsx", "--out", tmp_path / "two", "--json").output
    )
    assert report["ok"] is True
    assert report["counts"]["imported"] == 3


def test_a_form_that_cannot_be_kept_is_refused(run, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text('"survey",,,\n,"type","name","label"\n,"gps","place","Where?"\n')
    result = run("import-xlsform", form, "--out", tmp_path / "library")
    assert result.exit_code == 1
    assert "survey:2: refused: Nothing of the form can be asked." in result.output
    assert not (tmp_path / "library").exists()
    assert run("export-xlsform", "nowhere", "--out", tmp_path / "x.xlsx").exit_code == 1
