"""Importing population margins."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from survey_app.services.imports import ImportRefusedError, margin_mapping
from survey_app.services.imports.margin_mapping import MarginMapping
from survey_app.services.imports.margins import MarginOptions, import_margins
from survey_app.store import margins
from survey_app.tables import Area

MAPPING = margin_mapping.from_options(
    ["sex:F=women", "sex:M=men", "tenure:owned=own+shared", "tenure:rented=rent"]
)
WIDE = "lsoa21_code,people,women,men,own,shared,rent\nL1,100,60,40,10,5,20\nL2,50,20,30,4,0,16\n"


@pytest.fixture
def held(session: Session) -> Session:
    for code in ("L1", "L2"):
        session.add(Area(code=code, vintage="2021", level="lsoa", name=code))
    session.flush()
    return session


def file(folder: Path, text: str, name: str = "census.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def counts(session: Session, path: Path, **options: object) -> tuple[int, int, int, int]:
    each = import_margins(session, path, MarginOptions(**options)).counts[0]
    return each.added, each.changed, each.unchanged, each.removed


def problems(session: Session, path: Path, **options: object) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefusedError) as caught:
        import_margins(session, path, MarginOptions(**options))
    return [(each.row, each.column, each.cause) for each in caught.value.problems]


def test_columns_make_levels_and_may_be_added_up(held: Session, tmp_path: Path) -> None:
    path = file(tmp_path, WIDE)
    assert counts(held, path, mapping=MAPPING) == (8, 0, 0, 0)
    found = {(row.margin, row.level): row.count for row in margins.for_areas(held, ["L1"])}
    assert found == {("sex", "F"): 60, ("sex", "M"): 40, ("tenure", "owned"): 15, ("tenure", "rented"): 20}
    assert counts(held, path, mapping=MAPPING) == (0, 0, 8, 0)
    assert counts(held, file(tmp_path, WIDE.replace("60,40", "61,39")), mapping=MAPPING) == (0, 2, 6, 0)


def test_the_long_form_needs_no_mapping(held: Session, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "area,vintage,margin,level,count\nL1,2021,age:sex,16-24:F,12\nL1,2021,age:sex,16-24:M,13.5\n",
    )
    assert counts(held, path) == (2, 0, 0, 0)
    assert margins.names(held) == {"age:sex": ["16-24:F", "16-24:M"]}


def test_two_sets_of_levels_are_not_mixed(held: Session, tmp_path: Path) -> None:
    path = file(tmp_path, WIDE)
    counts(held, path, mapping=MAPPING)
    other = margin_mapping.from_options(["sex:female=women", "sex:male=men"])
    assert [column for _, column, _ in problems(held, path, mapping=other)] == ["sex:F", "sex:M"]
    assert counts(held, path, mapping=other, replace=True) == (4, 0, 0, 4)
    assert margins.names(held) == {"sex": ["female", "male"], "tenure": ["owned", "rented"]}


def test_every_problem_is_told_and_nothing_is_written(held: Session, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "lsoa21_code,people,women,men,own,shared,rent\n"
        "L1,100,sixty,40,10,5,20\nL9,50,20,30,4,0,16\nL2,50,-1,30,,0,16\nL2,50,20,30,4,0,inf\n",
    )
    assert problems(held, path, mapping=MAPPING) == [
        (2, "women", "'sixty' is not a number."),
        (3, "lsoa21_code", "There is no area 'L9'."),
        (4, "women", "-1 is less than 0."),
        (4, "own", "The cell is empty."),
        (5, "rent", "'inf' is not a number."),
        (5, "lsoa21_code", "L2 is also in row 4."),
    ]
    assert margins.names(held) == {}


@pytest.mark.parametrize(
    ("total", "refused"), [(100, False), (115, False), (116, True), (84, True), (85, False)]
)
def test_levels_are_checked_against_the_tables_own_total(
    held: Session, tmp_path: Path, total: int, refused: bool
) -> None:
    """60 + 40 = 100: within 15 people (or 2%) of the total is the census's own rounding."""
    mapping = MarginMapping(MAPPING.margins, {"sex": "people"})
    path = file(tmp_path, WIDE.replace("L1,100", f"L1,{total}"))
    if refused:
        expected = f"The levels of sex add up to 100 and the total is {total}."
        assert problems(held, path, mapping=mapping) == [(2, "people", expected)]
    else:
        assert counts(held, path, mapping=mapping) == (8, 0, 0, 0)


def test_a_column_that_is_not_there_is_named_with_the_likeliest(held: Session, tmp_path: Path) -> None:
    mapping = margin_mapping.from_options(["sex:F=woman"])
    with pytest.raises(
        ImportRefusedError, match=r"column woman: There is no such column\. Did you mean women"
    ):
        import_margins(held, file(tmp_path, WIDE), MarginOptions(mapping=mapping))


def test_without_a_mapping_the_remedy_is_said(held: Session, tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="--map, --mapping or --preset"):
        import_margins(held, file(tmp_path, WIDE))
