"""survey-app export: two versions of a questionnaire in two waves, as one table."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import Session

from survey_app.cli import main
from survey_app.db import transaction
from survey_app.store import responses, waves
from survey_app.tables import AuditEvent, Response
from survey_app.tables.base import now
from tests.integration import samples
from tests.integration.conftest import Database

OLD = """\
format: 1
id: town
version: "1.0"
title: Our town
language: en
framework: thriving-places
margins:
  - {name: sex, item: sex, levels: [F, M]}
sections:
  - code: page
    title: Page
    items:
      - code: consent
        kind: consent
        purpose: consent
        required: true
        text: I agree.
        options: [{code: 1, text: I agree}]
      - {code: postcode, kind: postcode, purpose: place, prefer_not_to_say: true, text: Your postcode?}
      - code: mood
        kind: scale
        purpose: context
        text: How are you?
        scale: {low: 0, high: 10, low_label: Bad, high_label: Good}
      - code: safe
        kind: single_choice
        purpose: context
        text: Do you feel safe?
        prefer_not_to_say: true
        options: [{code: 1, text: Safe}, {code: 2, text: Not safe}]
        source: {text: Own, licence: CC0}
      - code: did
        kind: multiple_choice
        purpose: context
        text: What did you do?
        options: [{code: 1, text: Walk}, {code: 2, text: =Run}]
        source: {text: Own, licence: CC0}
      - code: sex
        kind: single_choice
        purpose: weighting
        margin: sex
        text: What is your sex?
        source: {text: Census, licence: OGL v3}
        options:
          - {code: 1, text: Female, level: F}
          - {code: 2, text: Male, level: M}
      - {code: why, kind: short_text, purpose: context, text: Why?}
"""
NEW = (
    OLD.replace('version: "1.0"', 'version: "1.1"')
    .replace("high: 10, low", "high: 5, low")  # not comparable
    .replace("Do you feel safe?", "How safe do you feel?")  # with care
    .replace("      - {code: why", "      - {code: days, kind: integer, purpose: context, text: Days?, "
             "minimum: 0, maximum: 7}\n      - {code: why")
)  # fmt: skip


@pytest.fixture
def export(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for version, text in {"1.0": OLD, "1.1": NEW}.items():
        file = tmp_path / "library" / "town" / version / "questionnaire.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", database.url)
    monkeypatch.setenv("HEREABOUTS_LIBRARY", str(tmp_path / "library"))
    with transaction(database.engine) as session:
        samples.place_tree(session)
        for slug, version, levels in (("spring", "1.0", ["ward", "lad"]), ("autumn", "1.1", ["lad"])):
            wave = waves.add(
                session,
                samples.wave(
                    slug=slug,
                    questionnaire_id="town",
                    questionnaire_version=version,
                    published_levels=levels,
                ),
            )
            given = {
                "consent": 1,
                "safe": {"missing": "prefer-not-to-say"},
                "did": [2],
                "sex": 1,
                "why": "=1+1",
            }
            answers = {"spring": {**given, "mood": 9}, "autumn": {**given, "mood": 4, "days": 3}}[slug]
            row = {"mode": "web", "language": "en", "area_code": "L3", "area_vintage": "2024"}
            row |= {"answers": answers, "cell": {"sex": "F"}, "started_at": now(), "receipt_hash": None}
            responses.add_submitted(session, wave, [row | {"id": f"{slug}-1"}, row | {"id": f"{slug}-2"}])
            responses.start(session, wave, "web", "en")
        gone = session.get(Response, "spring-2")
        assert gone is not None
        gone.status, gone.answers = "withdrawn", {}

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(main, ["export", *map(str, words)])

    return run


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_versions_are_one_table_where_they_can_be_compared(export, tmp_path, database) -> None:
    out = tmp_path / "answers.csv"
    done = export("spring", "autumn", "--format", "csv", "--out", out)
    assert done.exit_code == 0, done.output
    assert "3 responses written" in done.output
    assert "single people's answers" in done.output
    rows = {row["id"]: row for row in table(out)}
    assert list(rows) == ["spring-1", "autumn-1", "autumn-2"]
    assert rows["spring-1"] == {
        "id": "spring-1", "wave": "spring", "questionnaire": "town", "version": "1.0", "mode": "web",
        "language": "en", "area_ward": "W2", "area_lad": "D1", "cell_sex": "F", "consent": "1",
        "mood@1.0": "9", "mood@1.1": "", "safe": "-3", "did__1": "0", "did__2": "1", "sex": "1", "days": "",
    }  # fmt: skip
    later = rows["autumn-1"]
    assert (later["mood@1.0"], later["mood@1.1"], later["days"]) == ("", "4", "3")
    assert (later["area_ward"], later["area_lad"]) == ("", "D1"), "no smaller than that wave publishes"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    book = table(tmp_path / "answers.codebook.csv")
    said = {(row["column"], row["value"]): row for row in book}
    assert said["safe", "2"]["meaning"] == "Not safe"
    assert said["safe", "1"]["versions"] == "town 1.0, town 1.1"
    assert "1.1: text changed from" in said["safe", "1"]["note"]
    assert said["did__2", "1"]["meaning"] == "'=Run: ticked"
    assert said["mood@1.1", "5"]["versions"] == "town 1.1"
    assert said["(every column)", "-3"]["meaning"] == "prefer not to say"
    with Session(database.engine) as session:
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "responses.export")).all()
    assert {event.subject for event in trail} == {"wave:spring", "wave:autumn"}
    assert trail[0].detail == {"format": "csv", "responses": 3, "texts": None}


def test_what_people_wrote_is_left_out_unless_someone_says_why(export, tmp_path, database) -> None:
    out = tmp_path / "answers.xlsx"
    refused = export("spring", "--format", "xlsx", "--out", out, "--texts", " ")
    assert (refused.exit_code, "why texts are needed" in refused.stderr) == (1, True)
    assert export("spring", "--format", "xlsx", "--out", out, "--texts", "coding comments").exit_code == 0
    book = load_workbook(out, read_only=True)
    assert book.sheetnames == ["responses", "codebook"]
    header, row = book["responses"].iter_rows(values_only=True)
    book.close()
    given = dict(zip(header, row, strict=True))
    assert (given["mood"], given["why"], given["area_ward"]) == (9, "'=1+1", "W2")
    with Session(database.engine) as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "responses.export")).all()
    assert event.detail["texts"] == "coding comments"


def test_a_refusal_leaves_no_file_and_nothing_on_the_trail(export, tmp_path, database) -> None:
    out = tmp_path / "answers.csv"
    refused = export("spring", "winter", "--format", "csv", "--out", out)
    assert (refused.exit_code, "There is no wave 'winter'" in refused.stderr) == (1, True)
    assert list(tmp_path.glob("*answers*")) == []
    assert list(tmp_path.glob(".export-*")) == []
    with Session(database.engine) as session:
        assert session.scalars(select(AuditEvent)).all() == []
