"""Importing areas: what lies in what, boundaries, and files that must be refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from sqlmodel import Session, select

from survey_app.services.imports import ImportRefusedError, Outcome
from survey_app.services.imports.areas import AreaOptions, import_areas
from survey_app.services.imports.geographies import AreaColumns
from survey_app.store import areas
from survey_app.tables import Area, AuditEvent

LOOKUP = """\
lsoa21_code,lsoa21_name,msoa21_code,msoa21_name,msoa21_hcl_name,ward24_code,ward24_name,lad24_code,lad24_name,utla24_code,utla24_name,alliance,icb24_code,icb24_name,ruc21_code
L1,North 001A,M1,North 001,Old Town,W1,Church,D1,North,D1,North,East Side,I1,ICB,UN1
L2,North 001B,M1,North 001,Old Town,W1,Church,D1,North,D1,North,East Side,I1,ICB,UN1
L3,North 002A,M2,North 002,,W2,Harbour,D1,North,D1,North,East Side,I1,ICB,UN1
L4,North 002B,M2,North 002,,W2,Harbour,D1,North,D1,North,East Side,I1,ICB,UN1
L5,South 001A,M3,South 001,,W3,Station,D2,South,C1,County,West Side,I1,ICB,UN1
L6,South 001B,M3,South 001,,W3,Station,D2,South,C1,County,West Side,I1,ICB,UN1
"""


def file(folder: Path, text: str, name: str = "areas.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def counts(outcome: Outcome) -> dict[str, tuple[int, int, int, int]]:
    return {each.what: (each.added, each.changed, each.unchanged, each.removed) for each in outcome.counts}


def refusal(session: Session, path: Path, options: AreaOptions | None = None) -> list[str]:
    with pytest.raises(ImportRefusedError) as caught:
        import_areas(session, path, options)
    assert session.exec(select(Area)).first() is None, "something was written"
    return [str(problem) for problem in caught.value.problems]


def codes(found: list[Area]) -> list[str]:
    return sorted(area.code for area in found)


def test_a_lookup_needs_no_options(session: Session, tmp_path: Path) -> None:
    outcome = import_areas(session, file(tmp_path, LOOKUP))
    assert areas.levels(session) == {
        "alliance": 2,
        "icb": 1,
        "lad": 2,
        "lsoa": 6,
        "msoa": 3,
        "utla": 1,
        "ward": 3,
    }
    assert codes(areas.ancestors(session, "L1")) == ["D1", "I1", "M1", "W1", "east-side"]
    assert codes(areas.ancestors(session, "W3")) == ["C1", "D2", "west-side"]
    assert areas.by_code(session, "L1").vintage == "2021"
    assert areas.by_code(session, "W1").vintage == "2024"
    assert any("--within alliance:icb" in note for note in outcome.notes)
    assert session.exec(select(AuditEvent.action)).all() == ["areas.import"]


def test_a_unitary_authority_is_one_area_and_stays_a_district(session: Session, tmp_path: Path) -> None:
    import_areas(session, file(tmp_path, LOOKUP))
    assert areas.by_code(session, "D1").level == "lad"
    assert codes(areas.parents(session, "D1")) == ["east-side"]


def test_areas_of_the_same_ground_do_not_lie_in_each_other_in_circles(
    session: Session, tmp_path: Path
) -> None:
    """A sub-ICB that is exactly a unitary authority: the district lies in it, and it in the upper tier."""
    header, *rows = LOOKUP.splitlines()
    health = {"D1": "S1,Health North", "C1": "S2,Health County"}
    lines = [f"{header},sicbl24_code,sicbl24_name", *(f"{row},{health[row.split(',')[9]]}" for row in rows)]
    import_areas(session, file(tmp_path, "\n".join(lines)))
    for code in ("L1", "W1", "D1", "S1", "D2", "S2"):
        above = codes(areas.ancestors(session, code))
        assert code not in above, f"{code} lies inside itself"
    assert "S1" in codes(areas.ancestors(session, "D1"))
    assert codes(areas.ancestors(session, "D2")) == ["C1", "I1", "S2", "west-side"]


def test_readable_names_of_msoas_become_aliases(session: Session, tmp_path: Path) -> None:
    import_areas(session, file(tmp_path, LOOKUP))
    assert [area.code for area in areas.find_by_name(session, "old town")] == ["M1"]


def test_importing_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    path = file(tmp_path, LOOKUP)
    first, second = import_areas(session, path), import_areas(session, path)
    assert counts(first)["areas"] == (18, 0, 0, 0)
    assert counts(second)["areas"] == (0, 0, 18, 0)
    assert counts(second)["areas they lie in"][:2] == (0, 0)


def test_a_move_to_another_ward_and_a_new_name_are_changes(session: Session, tmp_path: Path) -> None:
    import_areas(session, file(tmp_path, LOOKUP))
    moved = LOOKUP.replace(
        "L2,North 001B,M1,North 001,Old Town,W1,Church", "L2,North 1B,M1,North 001,Old Town,W2,Harbour"
    )
    outcome = import_areas(session, file(tmp_path, moved))
    assert counts(outcome)["areas"][:2] == (0, 1)
    assert counts(outcome)["areas they lie in"][:2] == (0, 1)
    assert "W1" not in codes(areas.ancestors(session, "L2"))
    assert areas.by_code(session, "L2").name == "North 1B"


def test_a_nesting_that_a_later_file_disproves_is_forgotten(session: Session, tmp_path: Path) -> None:
    header = "lsoa21_code,lsoa21_name,lad24_code,lad24_name,sicbl24_code,sicbl24_name\n"
    rows = "L1,L1,D1,D1,S1,S1\nL2,L2,D1,D1,S1,S1\nL3,L3,D2,D2,S2,S2\nL4,L4,D2,D2,S2,S2\n"
    import_areas(session, file(tmp_path, header + rows))
    assert codes(areas.ancestors(session, "D1")) == ["S1"]
    import_areas(session, file(tmp_path, header + rows.replace("L2,L2,D1,D1,S1,S1", "L2,L2,D1,D1,S2,S2")))
    assert codes(areas.ancestors(session, "D1")) == []
    assert codes(areas.ancestors(session, "L2")) == ["D1", "S2"]


def test_wards_and_msoas_are_never_taken_as_nested(session: Session, tmp_path: Path) -> None:
    import_areas(session, file(tmp_path, LOOKUP))
    assert "W1" not in codes(areas.ancestors(session, "M1"))


def test_what_the_user_says_is_nested_is_linked(session: Session, tmp_path: Path) -> None:
    import_areas(session, file(tmp_path, LOOKUP), AreaOptions(within=(("alliance", "icb"),)))
    assert codes(areas.ancestors(session, "east-side")) == ["I1"]


def test_levels_that_are_not_nested_are_refused_with_their_rows(session: Session, tmp_path: Path) -> None:
    split = LOOKUP.replace(
        "L2,North 001B,M1,North 001,Old Town,W1,Church,D1,North,D1,North",
        "L2,North 001B,M1,North 001,Old Town,W1,Church,D2,South,C1,County",
    )
    problems = refusal(session, file(tmp_path, split))
    assert any(
        "The ward W1 would lie in more than one lad: D1 (row 2), D2 (row 3)." in each for each in problems
    )
    assert any("The msoa M1 would lie in more than one lad" in each for each in problems)


def test_options_say_what_the_header_does_not(session: Session, tmp_path: Path) -> None:
    path = file(tmp_path, "id,label,place\nN1,First street,Old Town\nN2,Second street,Old Town\n")
    options = AreaOptions(
        own=AreaColumns("street", "2025", "id", "label"),
        parents=(AreaColumns("neighbourhood", "2025", None, "place"),),
    )
    import_areas(session, path, options)
    assert codes(areas.ancestors(session, "N1")) == ["old-town"]


def test_an_area_given_by_name_is_the_one_held_under_that_name(session: Session, tmp_path: Path) -> None:
    session.add(Area(code="mse-east", vintage="2024", level="alliance", name="East side"))
    session.flush()
    import_areas(session, file(tmp_path, LOOKUP))
    assert "mse-east" in codes(areas.ancestors(session, "L1"))
    assert len(areas.by_level(session, "alliance")) == 2


def test_a_list_of_areas_and_a_file_of_parents(session: Session, tmp_path: Path) -> None:
    listed = file(
        tmp_path,
        "code,vintage,level,name,aliases,tile_column,tile_row\n"
        "W1,2024,ward,Church,Kirk;Minster,0,2\nD1,2024,lad,North,,,\n",
    )
    parents = file(tmp_path, "child,child_vintage,parent,parent_vintage\nW1,2024,D1,2024\n", "parents.csv")
    options = AreaOptions(parents_file=parents)
    import_areas(session, listed, options)
    ward = areas.by_code(session, "W1")
    assert (ward.aliases, ward.tile_column, ward.tile_row) == (["Kirk", "Minster"], 0, 2)
    assert codes(areas.ancestors(session, "W1")) == ["D1"]
    assert counts(import_areas(session, listed, options))["areas"] == (0, 0, 2, 0)


def test_a_file_of_parents_may_not_go_in_circles_or_name_strangers(session: Session, tmp_path: Path) -> None:
    listed = file(tmp_path, "code,vintage,level,name\nA,1,x,A\nB,1,y,B\nC,1,z,C\n")
    parents = file(tmp_path, "child,parent\nA,B\nB,C\nC,A\nA,Z\n", "parents.csv")
    problems = refusal(session, listed, AreaOptions(parents_file=parents))
    assert any("parents.csv, row 5, column parent: There is no area 'Z'" in each for each in problems)
    assert any("lie inside one another: A, B, C" in each for each in problems)


def test_every_problem_is_told_at_once(session: Session, tmp_path: Path) -> None:
    problems = refusal(
        session,
        file(
            tmp_path,
            "code,vintage,level,name,tile_column\n"
            "A,2024,ward,,1\n"
            "B,2024,ward,Bee,one\n"
            "B,2024,ward,Bee again,\n"
            "C,2024,ward\n"
            f"{'D' * 65},2024,ward,Dee,\n",
        ),
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "areas.csv, row 2, column name",
        "areas.csv, row 3, column tile_column",
        "areas.csv, row 4, column code",
        "areas.csv, row 5",
        "areas.csv, row 6, column code",
    ]


def test_one_code_cannot_have_two_names(session: Session, tmp_path: Path) -> None:
    problems = refusal(
        session, file(tmp_path, LOOKUP.replace("L2,North 001B,M1,North 001,", "L2,North 001B,M1,North 1,"))
    )
    assert problems == [
        "areas.csv, row 3, column msoa21_name: M1 is called 'North 1' here and 'North 001' in row 2. "
        "Give it one name."
    ]


def test_a_held_area_does_not_change_its_level(session: Session, tmp_path: Path) -> None:
    session.add(Area(code="A", vintage="2024", level="ward", name="A"))
    session.flush()
    with pytest.raises(ImportRefusedError, match="held as a ward, and would become a lad"):
        import_areas(session, file(tmp_path, "code,vintage,level,name\nA,2024,lad,A\n"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"code,vintage,level,name\n", "There are no rows"),
        (b"code,vintage,level,name\nA,2024,ward,Caf\xe9\n", "not UTF-8"),
        (b"code,code,level,name\nA,2024,ward,A\n", "'code' is there 2 times"),
        (b"a,b\n1,2\n", "No column names an area of its own"),
    ],
)
def test_files_that_cannot_be_read(session: Session, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert said in "\n".join(refusal(session, path))


def test_compressed_files_workbooks_and_semicolons_are_read_alike(session: Session, tmp_path: Path) -> None:
    packed = tmp_path / "areas.csv.gz"
    packed.write_bytes(gzip.compress(LOOKUP.encode()))
    import_areas(session, packed)
    semicolons = file(tmp_path, "\ufeff" + LOOKUP.replace(",", ";"), "abroad.csv")
    assert counts(import_areas(session, semicolons))["areas"] == (0, 0, 18, 0)
    book = workbook(tmp_path / "areas.xlsx", LOOKUP)
    options = AreaOptions(sheet="Lookup", header_row=3)
    assert counts(import_areas(session, book, options))["areas"] == (0, 0, 18, 0)
    with pytest.raises(ImportRefusedError, match="there is no sheet 'Other', only Cover, Lookup"):
        import_areas(session, book, AreaOptions(sheet="Other"))


def workbook(path: Path, table: str) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet("Lookup")
    sheet.append(["Best fit lookup"])
    sheet.append([])
    for line in table.splitlines():
        sheet.append(line.split(","))
    book.save(path)
    return path


SQUARE = [[[0.1, 51.5], [0.2, 51.5], [0.2, 51.6], [0.1, 51.5]]]


def drawn(folder: Path, *features: tuple[dict[str, str], object]) -> Path:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": geometry}
            for properties, geometry in features
        ],
    }
    return file(folder, json.dumps(collection), "areas.geojson")


def test_geojson_gives_held_areas_their_boundaries(session: Session, tmp_path: Path) -> None:
    import_areas(session, file(tmp_path, LOOKUP))
    shape = {"type": "Polygon", "coordinates": SQUARE}
    path = drawn(tmp_path, ({"lsoa21_code": "L1", "lsoa21_name": "North 001A", "ward24_code": "W1"}, shape))
    outcome = import_areas(session, path)
    assert counts(outcome) == {
        "areas": (0, 0, 2, 0),
        "areas they lie in": (0, 0, 1, 0),
        "boundaries": (1, 0, 0, 0),
    }
    assert areas.shapes(session, "lsoa") == {"L1": shape}
    assert areas.by_code(session, "W1").name == "Church"
    assert counts(import_areas(session, path))["boundaries"] == (0, 0, 1, 0)
    moved = {"type": "MultiPolygon", "coordinates": [SQUARE]}
    path = drawn(tmp_path, ({"lsoa21_code": "L1", "lsoa21_name": "North 001A"}, moved))
    assert counts(import_areas(session, path))["boundaries"] == (0, 1, 0, 0)


def test_codes_without_names_of_areas_not_held_are_passed_over_and_said(
    session: Session, tmp_path: Path
) -> None:
    shape = {"type": "Polygon", "coordinates": SQUARE}
    path = drawn(tmp_path, ({"lsoa21_code": "L1", "lsoa21_name": "North 001A", "ward24_code": "W1"}, shape))
    outcome = import_areas(session, path)
    assert areas.levels(session) == {"lsoa": 1}
    assert any(note.startswith("ward24_code was passed over") for note in outcome.notes)


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (None, "this is nothing"),
        ({"type": "Point", "coordinates": [0, 0]}, "this is Point"),
        ({"type": "Polygon", "coordinates": []}, "no rings"),
        ({"type": "Polygon", "coordinates": [SQUARE[0][:3]]}, "fewer than four"),
        ({"type": "Polygon", "coordinates": [[*SQUARE[0][:3], [0, 0]]]}, "does not end where it starts"),
        ({"type": "Polygon", "coordinates": [[[571000, 207000]] * 4]}, "not a longitude and latitude"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "is not a point"),
    ],
)
def test_shapes_that_are_not_areas_on_the_globe(
    session: Session, tmp_path: Path, geometry: object, said: str
) -> None:
    problems = refusal(session, drawn(tmp_path, ({"lsoa21_code": "L1", "lsoa21_name": "N"}, geometry)))
    assert len(problems) == 1
    assert "row 1, column geometry" in problems[0]
    assert said in problems[0]
