"""Questionnaires as forms: pyxform takes them, they come back equal, and edits to the form win."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from questionnaires import loading
from questionnaires.variants import VARIANTS
from questionnaires.xlsform import exporting, importing, saving

HERE = Path(__file__).parent.parent
EVERY_KIND = HERE / "every-kind"


@pytest.fixture
def every_kind():
    return loading.load(EVERY_KIND / "questionnaire.yaml", HERE / "frameworks")


def convert(path):
    """The XForm that pyxform makes of a workbook, and its warnings."""
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    result = convert(path, warnings=warnings)
    return ElementTree.fromstring(result.xform), warnings


def test_pyxform_takes_the_shipped_questionnaire_in_all_its_languages(tmp_path):
    questionnaire = loading.load(loading.library()[0].path)
    path = tmp_path / "form.xlsx"
    exporting.save(questionnaire, path)
    xform, warnings = convert(path)
    unknown = [each for each in warnings if "not" in each.lower() and "missing" not in each.lower()]
    assert [each for each in unknown if "(en-easy)" not in each] == []  # a variant has no code of its own
    languages = [each.get("lang") for each in xform.iter("{http://www.w3.org/2002/xforms}translation")]
    assert len(languages) == len(set(questionnaire.languages) - set(VARIANTS))
    bound = {
        each.get("nodeset", "").rpartition("/")[2]
        for each in xform.iter("{http://www.w3.org/2002/xforms}bind")
    }
    assert {item.code for item in questionnaire.items()} <= bound


def test_the_shipped_questionnaire_comes_back_with_its_translations(tmp_path):
    questionnaire = loading.load(loading.library()[0].path)
    path = tmp_path / "form.xlsx"
    exporting.save(questionnaire, path)
    found = importing.read(path)
    made = saving.save(found, tmp_path / "library")
    assert made is not None, found.report.refused
    assert replace(loading.load(made), digest="") == replace(questionnaire, digest="")
    from questionnaires import catalogue

    for language in questionnaire.languages[1:]:
        there = catalogue.translated(questionnaire, language)
        back = catalogue.translated(loading.load(made), language, tmp_path / "library" / "translations")
        assert replace(back, digest="") == replace(there, digest="")


def test_every_kind_comes_back(tmp_path, every_kind):
    path = tmp_path / "form.xlsx"
    exporting.save(every_kind, path)
    convert(path)
    shutil.copytree(EVERY_KIND / "media", tmp_path / "media")
    found = importing.read(path, every_kind.framework)
    found.media = {file.name: file for file in (EVERY_KIND / "media").iterdir()}
    made = saving.save(found, tmp_path / "library", HERE / "frameworks")
    assert made is not None, found.report.refused
    assert replace(loading.load(made, HERE / "frameworks"), digest="") == replace(every_kind, digest="")


def test_a_change_made_in_the_form_wins(tmp_path, every_kind):
    path = tmp_path / "form.xlsx"
    exporting.save(every_kind, path)
    book = openpyxl.load_workbook(path)
    sheet = book["survey"]
    header = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        name = row[header["name"] - 1].value
        if name == "tired":
            row[header["relevant"] - 1].value = "${sleep} <= 5"
        if name == "room":
            row[header["label::English (en)"] - 1].value = "Is there room?"
    book.save(path)
    found = importing.read(path, every_kind.framework)
    items = {item["code"]: item for section in found.document["sections"] for item in section["items"]}
    assert items["tired"]["when"] == {"item": "sleep", "at-most": 5}
    assert items["room"]["text"] == "Is there room?"
    assert items["tenure"]["margin"] == "tenure"  # and what nobody touched is as it was
