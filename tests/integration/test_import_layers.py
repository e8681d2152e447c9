"""Importing an index of several levels: workbooks with stacked headings, and area codes that changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import Session

from analysis.national import NationalLayer
from survey_app.services import publish
from survey_app.services.imports import ImportRefusedError, Outcome
from survey_app.services.imports.national import NationalOptions, import_national
from survey_app.services.imports.source import stacked
from survey_app.store import national
from survey_app.tables import Area, Wave
from tests import index_workbook

INDEX = "lad21_code,lad21_name,year,overall\nA1,Ash,2021,90\nA2,Beech,2021,100\nB1,Cedar,2021,110\n"
CHANGES = "lad22_code,lad22_name,lad23_code,lad23_name\nA1,Ash,N1,New\nA2,Beech,N1,New\nB1,Cedar,N2,Cedars\n"
DAY = date(2026, 3, 1)


def file(folder: Path, text: str, name: str = "layer.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(session: Session, path: Path, **options: object) -> Outcome:
    return import_national(session, path, NationalOptions(**{"layer": "index", "wide": True, **options}))


def held(session: Session) -> dict[tuple[str, str, str], float]:
    return {(row.indicator, row.period, row.area_code): row.value for row in national.values(session)}


def test_headings_reach_over_what_stands_under_them() -> None:
    assert stacked(
        [
            ["Code", "Name", "Place", "", "", "", "Work", ""],
            ["", "", "", "Housing", "", "", "", "Jobs"],
            ["", "", "", "", "Damp", "Cold", "", ""],
        ]
    ) == [
        "Code",
        "Name",
        "Place",
        "Place > Housing",
        "Place > Housing > Damp",
        "Place > Housing > Cold",
        "Work",
        "Work > Jobs",
    ]
    assert stacked([["a", "", "b"]]) == ["a", "", "b"]


def test_a_wide_workbook_is_read_with_every_level(session: Session, tmp_path: Path) -> None:
    path = index_workbook.wide(tmp_path / "index.xlsx", seed=3)
    run(session, path, area="Area code", name="Area", period="2024", header_row=2, header_rows=4, polarity=1)
    found = held(session)
    assert found == {
        (" > ".join(heading), "2024", code): score
        for (code, heading), score in index_workbook.scores(seed=3).items()
    }
    assert {len(name.split(" > ")) for name, _, _ in found} == {1, 2, 3, 4}


def test_a_workbook_with_a_sheet_for_each_headline_comes_out_the_same(
    session: Session, tmp_path: Path
) -> None:
    path = index_workbook.by_headline(tmp_path / "index.xlsx", seed=3)
    for sheet in index_workbook.HEADLINES:
        options = {"area": "Area code", "name": "Area", "period": "2024", "header_rows": 4, "polarity": 1}
        run(session, path, sheet=sheet, **options)
    assert held(session) == {
        (" > ".join(heading), "2024", code): score
        for (code, heading), score in index_workbook.scores(seed=3).items()
    }
    assert openpyxl.load_workbook(path).sheetnames == list(index_workbook.HEADLINES)


def test_vintages_are_held_side_by_side(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, INDEX))
    run(session, file(tmp_path, INDEX.replace("2021,", "2022,")))
    assert {period for _, period, _ in held(session)} == {"2021", "2022"}


def test_a_renamed_place_keeps_its_value_and_merged_ones_are_left_out(
    session: Session, tmp_path: Path
) -> None:
    outcome = run(session, file(tmp_path, INDEX), codes_changed=file(tmp_path, CHANGES, "changes.csv"))
    assert held(session) == {("overall", "2021", "N2"): 110}
    assert [row.area_name for row in national.values(session)] == ["Cedars"]
    assert outcome.notes == (
        "1 changed code(s) were brought up to date: B1 is N2.",
        "2 former place(s) were left out, because they became part of a larger one, and a rate or an index "
        "cannot be added up: A1; A2.",
    )


def test_the_yardstick_stays_that_of_the_areas_as_published(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, INDEX), codes_changed=file(tmp_path, CHANGES, "changes.csv"))
    [stick] = national.yardsticks(session)
    assert (stick.mean, stick.sd, stick.areas) == (100, 10, 3)


def test_counts_of_merged_places_are_added_up_only_when_all_are_given(
    session: Session, tmp_path: Path
) -> None:
    changes = file(tmp_path, CHANGES, "changes.csv")
    outcome = run(session, file(tmp_path, INDEX), codes_changed=changes, counts=True)
    assert held(session) == {("overall", "2021", "N1"): 190, ("overall", "2021", "N2"): 110}
    assert "1 new place(s) have the sum of the places they were made of: N1 from A1, A2." in outcome.notes
    part = file(tmp_path, INDEX.replace("A2,Beech,2021,100\n", ""))
    run(session, part, layer="part", codes_changed=changes, counts=True)
    assert [row.area_code for row in national.values(session, ["part"])] == ["N2"]


def test_a_value_already_under_the_new_code_stands(session: Session, tmp_path: Path) -> None:
    given = file(tmp_path, INDEX + "N1,New,2021,95\n")
    run(session, given, codes_changed=file(tmp_path, CHANGES, "changes.csv"), counts=True)
    assert held(session)["overall", "2021", "N1"] == 95


def test_a_place_that_grew_under_its_old_code_does_not_keep_the_value_of_before(
    session: Session, tmp_path: Path
) -> None:
    grew = file(tmp_path, "old,new\nA1,A2\nA2,A2\n", "changes.csv")
    run(session, file(tmp_path, INDEX.replace("A1,Ash,2021,90\n", "")), codes_changed=grew)
    assert held(session) == {("overall", "2021", "B1"): 110}


def test_faults_of_the_changes_file_are_all_told(session: Session, tmp_path: Path) -> None:
    divided = file(tmp_path, "old,new\nA1,N1\nA1,N2\n,N3\n", "changes.csv")
    with pytest.raises(ImportRefusedError) as caught:
        run(session, file(tmp_path, INDEX), codes_changed=divided)
    assert [(each.row, each.cause) for each in caught.value.problems] == [
        (3, "A1 became N1 in an earlier row and N2 here."),
        (4, "A code is missing."),
    ]
    with pytest.raises(ImportRefusedError, match="not told apart"):
        run(session, file(tmp_path, INDEX), codes_changed=file(tmp_path, "a,b\n1,2\n", "changes.csv"))
    assert held(session) == {}


def reference_of(session: Session, **chosen: str) -> dict[str, NationalLayer]:
    session.add(Area(code="A1", vintage="2024", level="lad", name="Ash"))
    session.flush()
    wave = Wave(slug="w", title="W", area_codes=["A1"], opens_on=DAY, closes_on=DAY)
    return {layer.id: layer for layer in publish.reference(session, wave, chosen).national}


def test_a_release_takes_the_newest_vintage_unless_one_is_chosen(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, INDEX))
    run(session, file(tmp_path, INDEX.replace("2021,90", "2022,95").replace("2021,", "2022,")))
    layer = reference_of(session)["index"]
    assert (layer.values["A1", "overall"], layer.periods["overall"]) == (95, "2022")
    assert layer.yardsticks["overall"].period == "2022"


def test_a_chosen_vintage_is_taken_and_one_not_held_is_refused(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, INDEX))
    run(session, file(tmp_path, INDEX.replace("2021,90", "2022,95").replace("2021,", "2022,")))
    layer = reference_of(session, index="2021")["index"]
    assert (layer.values["A1", "overall"], layer.periods["overall"]) == (90, "2021")
    wave = Wave(slug="w", title="W", area_codes=["A1"], opens_on=DAY, closes_on=DAY)
    with pytest.raises(publish.PublicationRefusedError, match='takes "2020" of national layer "index"'):
        publish.reference(session, wave, {"index": "2020"})


def test_scores_of_a_layer_without_a_yardstick_are_kept_too(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, "\n".join(INDEX.splitlines()[:2])))
    layer = reference_of(session)["index"]
    assert (layer.values, layer.yardsticks) == ({("A1", "overall"): 90}, {})
