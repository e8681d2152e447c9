"""survey-app questionnaires: check, new and diff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

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
    assert {each["what"] for each in document["files"]} == {"questionnaire", "framework"}


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


def test_diff_says_what_breaks_comparison(run, tmp_path):
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
        "  item postcode: hint changed from '' to 'With a space'",
        "! item first_question: text changed "
        "from 'Replace this with your first question.' to 'Is life good?'",
        "! item first_question: option 4 changed: 'Disagree' to 'Not agree'",
    ]
    assert [change["breaks"] for change in json.loads(run("diff", old, new, "--json").stdout)] == [
        False,
        True,
        True,
    ]


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
