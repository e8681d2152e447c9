"""Forms as questionnaires: what each thing becomes, and that nothing is lost without being said."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import polib
import pytest
from openpyxl import Workbook

from questionnaires import loading
from questionnaires.xlsform import exporting, importing, overlay, saving, workbook
from questionnaires.xlsform.report import Outcome

HERE = Path(__file__).parent
YES_NO = """list_name | name | label
    yn | yes | Yes
    yn | no | No
    colours | red | Red
    colours | blue | Blue
    colours | other | Other"""


def items(found):
    assert not found.report.refused, found.report.refused
    return {item["code"]: item for section in found.document["sections"] for item in section["items"]}


def notes(found):
    return [(note.sheet, note.row, note.column, note.outcome) for note in found.report.notes]


def test_types_become_kinds(bring):
    found = items(
        bring(
            """type | name | label | appearance | parameters | constraint
            select_one yn | ok | All well? | | |
            select_multiple colours | likes | Which? | | |
            rank colours | best | Best? | | |
            integer | age | Age | | | . >= 16 and . < 120
            range | mood | Mood | | start=0 end=10 step=1 |
            decimal | sleep | Hours | | |
            text | why | Why? | multiline | |
            text | mail | Mail | | | regex(., '.+@.+')
            date | born | Born | | | . <= today()
            note | thanks | Thank you | | |
            select_one colours | town | Town | minimal | |
            acknowledge | fine | Agreed | | |""",
            YES_NO,
        )
    )
    assert {code: item["kind"] for code, item in found.items()} == {
        "ok": "yes_no",
        "likes": "multiple_choice",
        "best": "ranking",
        "age": "integer",
        "mood": "scale",
        "sleep": "decimal",
        "why": "long_text",
        "mail": "email",
        "born": "date",
        "thanks": "information",
        "town": "place",
        "fine": "consent",
    }
    assert (found["age"]["minimum"], found["age"]["maximum"]) == (16, 119)
    assert found["born"]["latest"] == "today"


def test_names_become_codes_and_are_kept(bring):
    found = items(bring("type | name | label\n select_one colours | Fav-Colour | Colour?", YES_NO))
    item = found["fav_colour"]
    assert item["name"] == "Fav-Colour"
    assert [(option["code"], option["name"]) for option in item["options"]] == [
        (1, "red"),
        (2, "blue"),
        (3, "other"),
    ]


def test_the_words_of_other_are_asked_beside_it(bring):
    found = bring(
        """type | name | label | relevant
        select_one colours | colour | Colour? |
        text | colour_other | Which? | ${colour} = 'other'
        note | said | You said ${colour_other} |""",
        YES_NO,
    )
    assert list(items(found)) == ["colour", "said"]
    assert items(found)["colour"]["options"][2]["say_what"] is True
    assert items(found)["said"]["text"] == "You said {colour|…}"
    assert ("survey", 3, "type", Outcome.CHANGED) in notes(found)


def test_groups_nest_as_sections_whose_conditions_are_joined(bring):
    found = bring(
        """type | name | label | relevant
        select_one yn | ok | All well? |
        begin group | outer | Outer | ${ok} = 'yes'
        integer | a | A |
        begin group | inner | Inner | ${a} > 3
        integer | b | B |
        end group | | |
        integer | c | C |
        end group | | |""",
        YES_NO,
    )
    first, second = {"item": "ok", "in": [1]}, {"item": "a", "at-least": 4}
    assert [
        (s["title"], s.get("when"), [i["code"] for i in s["items"]]) for s in found.document["sections"]
    ] == [
        ("My form", None, ["ok"]),
        ("Outer", first, ["a"]),
        ("Inner", {"every": [first, second]}, ["b"]),
        ("Outer", first, ["c"]),
    ]


def test_a_table_becomes_a_grid(bring):
    found = items(
        bring(
            """type | name | label | appearance
            begin group | table | How often? | table-list
            select_one colours | one | First |
            select_one colours | two | Second |
            end group | | |""",
            YES_NO,
        )
    )
    assert found["table"]["kind"] == "grid"
    assert [row["code"] for row in found["table"]["rows"]] == ["one", "two"]


def test_choices_that_depend_on_an_answer_become_a_question_for_each(bring):
    found = bring(
        """type | name | label | choice_filter | relevant
        select_one state | state | State | |
        select_one county | county | County | cf = ${state} |
        text | why | Why there? | | ${county} = 'b1'""",
        """list_name | name | label | cf
        state | a | A |
        state | b | B |
        county | a1 | A1 | a
        county | a2 | A2 | a
        county | b1 | B1 | b
        county | b2 | B2 | b""",
    )
    assert items(found)["county_a"]["when"] == {"item": "state", "in": [1]}
    assert [option["name"] for option in items(found)["county_b"]["options"]] == ["b1", "b2"]
    assert {"item": "county_b", "in": [1]} in items(found)["why"]["when"]["every"]


def test_a_lost_condition_holds_nobody_up(bring):
    found = bring(
        """type | name | label | relevant | required
        text | who | Who? | |
        integer | age | Age | ${who} = 'me' | yes"""
    )
    assert "required" not in items(found)["age"]
    assert "when" not in items(found)["age"]
    assert ("survey", 3, "relevant", Outcome.CHANGED) in notes(found)


def test_every_row_has_an_outcome_and_a_reason(bring):
    found = bring(
        """type | name | label | default | odd
        start | start | | |
        text | who | Who? | me | x
        geopoint | where | Where? | |
        calculate | sum | | |"""
    )
    outcomes = {row: outcome for (_sheet, row), outcome in found.report.outcomes().items()}
    assert outcomes == {2: Outcome.LEFT_OUT, 3: Outcome.CHANGED, 4: Outcome.LEFT_OUT, 5: Outcome.LEFT_OUT}
    assert ("survey", 1, "odd", Outcome.CHANGED) in notes(found)
    assert all(note.cause for note in found.report.notes)


@pytest.mark.parametrize(
    ("survey", "row", "column"),
    [
        ("type | name | label\n image | photo | Photo | \n", 2, ""),
        ("type | name | label\n holograph | x | X", 2, "type"),
        ("type | name | label\n text | | X", 2, "name"),
        ("type | name | label\n select_one nowhere | x | X", 2, "type"),
        ("type | name | label\n begin group | g | G\n text | x | X", 2, "type"),
        ("type | name | label\n text | x | X\n end group | | ", 3, "type"),
        ("type | name | label | required\n text | x | X |\n image | photo | Photo | yes", 3, "type"),
        (
            """type | name | label | relevant
            begin repeat | r | Each child |
            integer | age | Age |
            text | school | School | ${age} > 4
            end repeat | | |""",
            4,
            "relevant",
        ),
        ("name | label\n x | X", 1, "type"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_place(bring, survey, row, column):
    found = bring(survey)
    assert found.document == {}
    assert [(note.row, note.column) for note in found.report.refused] == [(row, column)]


def test_the_files_pass_check_and_translations_are_reviewed(bring, tmp_path):
    found = bring(
        """type | name | label::English (en) | label::Polski (pl) | hint::Polski (pl)
        select_one yn | ok | All well? | Czy wszystko dobrze? | Jedna odpowiedź""",
        "list_name | name | label::English (en) | label::pl\n yn | yes | Yes | Tak\n yn | no | No | Nie",
        "form_title | form_id | version\n Small form | Small_Form | 3",
    )
    path = saving.save(found, tmp_path / "out")
    assert path == tmp_path / "out" / "small-form" / "3" / "questionnaire.yaml"
    questionnaire = loading.load(path)
    assert questionnaire.languages == ("en", "pl")
    book = polib.pofile(str(tmp_path / "out/translations/pl/LC_MESSAGES/small-form.po"))
    said = {entry.msgctxt: (entry.msgstr, entry.tcomment) for entry in book if entry.msgstr}
    assert said["ok.text"] == ("Czy wszystko dobrze?", "state: reviewed")
    assert said["ok.options.2"][0] == "Nie"
    assert saving.save(found, tmp_path / "out") is None  # never over another
    assert "exists already" in found.report.refused[0].cause


def test_no_file_whatever_is_in_it_makes_a_traceback(tmp_path):
    chance = random.Random(14)
    good = tmp_path / "good.xlsx"
    entry = loading.library()[0]
    exporting.save(loading.load(entry.path), good)
    whole = good.read_bytes()
    for number in range(25):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        suffix = chance.choice([".xlsx", ".xlsx", ".xls", ".xlsm", ".csv", ".md"])
        broken = tmp_path / f"broken{number}{suffix}"
        broken.write_bytes(bytes(data[: chance.choice([len(data), len(data) // 2, 10, 0])]))
        found = importing.read(broken)
        assert found.document or found.report.refused
    letters = "|${}()'=<>.,andor seltyp\n\t\x00é"
    for number in range(60):
        noise = "".join(chance.choice(letters) for _ in range(200))
        cells = " | ".join(
            noise[place : place + 20].replace("|", "").replace("\n", "") for place in range(0, 100, 20)
        )
        form = tmp_path / f"noise{number}.md"
        header = "| survey |\n| | type | name | label | relevant | constraint |\n| | text | a | A | | |\n"
        form.write_text(f"{header}| | integer | {cells} |\n", encoding="utf-8")
        found = importing.read(form)
        assert found.document or found.report.refused


def workbook_with(path: Path, ours: list[tuple[str, ...]]) -> Path:
    """A form of one question with the sheet this software adds, holding these rows."""
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (("type", "name", "label"), ("integer", "age", "Age?")):
        survey.append(row)
    sheet = book.create_sheet("hereabouts")
    for row in (overlay.HEADER, *ours):
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["../../../elsewhere", "/elsewhere", "pl/../../../elsewhere"])
def test_nothing_is_written_outside_the_library_folder(tmp_path, language):
    row = ("translation", language, "age.text", overlay.digest(None), "Ile?", "")
    form = workbook_with(tmp_path / "form.xlsx", [row])
    out = tmp_path / "one" / "library"
    path = saving.save(importing.read(form), out)
    assert path is not None
    written = [each for each in tmp_path.rglob("*") if each.is_file() and each != form]
    assert written == [path]
    assert not Path("/elsewhere").exists()


@pytest.mark.parametrize(
    ("what", "where", "key", "value"),
    [
        ("questionnaire", "", "id", '"../../elsewhere"'),
        ("questionnaire", "", "version", '"../../elsewhere"'),
        ("questionnaire", "", "sections", "5"),
        ("item", "age", "media", "[5]"),
        ("item", "age", "media", '[{"file": "../../elsewhere", "kind": "image", "alt": "x"}]'),
        ("section", "elsewhere", "*", '{"code": "x"}'),
    ],
)
def test_a_sheet_of_ours_that_we_did_not_write_is_refused(tmp_path, monkeypatch, what, where, key, value):
    monkeypatch.setattr(overlay, "digest", lambda _value: "same")
    form = workbook_with(tmp_path / "form.xlsx", [(what, where, key, "same", value, "0")])
    found = importing.read(form)
    path = saving.save(found, tmp_path / "one" / "library")
    assert (path is None) == bool(found.report.refused)
    assert not [each for each in tmp_path.rglob("*elsewhere*")]


def test_a_file_that_unpacks_to_more_than_fits_is_refused(tmp_path):
    form = tmp_path / "form.xlsx"
    with zipfile.ZipFile(form, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as big:
        for _ in range(31):
            big.write(bytes(10_000_000))
    assert form.stat().st_size < workbook.LARGEST
    assert "unpacks" in importing.read(form).report.refused[0].cause
