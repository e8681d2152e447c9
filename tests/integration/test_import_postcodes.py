"""Importing postcodes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from survey_app.services.imports import ImportRefusedError
from survey_app.services.imports.postcodes import PostcodeOptions, import_postcodes
from survey_app.store import postcodes
from survey_app.tables import Area


@pytest.fixture
def held(session: Session) -> Session:
    """Two LSOAs with boundaries of 2021, one of them also of 2011."""
    for code, vintage in (("L1", "2021"), ("L2", "2021"), ("L1", "2011")):
        session.add(Area(code=code, vintage=vintage, level="lsoa", name=code))
    session.flush()
    return session


def file(folder: Path, text: str) -> Path:
    path = folder / "postcodes.csv"
    path.write_text(text, encoding="utf-8")
    return path


def counts(session: Session, path: Path, **options: object) -> tuple[int, int, int, int]:
    each = import_postcodes(session, path, PostcodeOptions(**options)).counts[0]
    return each.added, each.changed, each.unchanged, each.removed


def test_postcodes_are_stored_closed_up_in_the_vintage_the_column_names(
    held: Session, tmp_path: Path
) -> None:
    path = file(tmp_path, "postcode,lat,lsoa21_code,msoa21_code\ncm1 1ab,51,L1,M\nCM11AC,51,L2,M\n")
    assert counts(held, path) == (2, 0, 0, 0)
    assert postcodes.area_of(held, "CM1 1AB").vintage == "2021"
    assert counts(held, path) == (0, 0, 2, 0)


def test_a_vintage_column_is_followed(held: Session, tmp_path: Path) -> None:
    counts(held, file(tmp_path, "postcode,area,vintage\nCM1 1AB,L1,2011\n"))
    assert postcodes.area_of(held, "CM1 1AB").vintage == "2011"


def test_a_postcode_may_move_and_others_stay_unless_replaced(held: Session, tmp_path: Path) -> None:
    counts(held, file(tmp_path, "postcode,lsoa21_code\nCM1 1AB,L1\nCM1 1AC,L1\n"))
    moved = file(tmp_path, "postcode,lsoa21_code\nCM1 1AB,L2\n")
    assert counts(held, moved) == (0, 1, 0, 0)
    assert postcodes.area_of(held, "CM1 1AB").code == "L2"
    assert postcodes.count(held) == 2
    assert counts(held, moved, replace=True) == (0, 0, 1, 1)


def test_every_problem_is_told_and_nothing_is_written(held: Session, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "postcode,lsoa21_code\nCM1 1AB,L1\nNOT ONE,L1\nCM1 1AB,L2\nCM1 1AD,L9\nCM1 1AE,\n"
        "CM1 1AF,L2\nCM1 1AF,L2\n",
    )
    with pytest.raises(ImportRefusedError) as caught:
        import_postcodes(held, path)
    assert [(problem.row, problem.cause) for problem in caught.value.problems] == [
        (3, "'NOT ONE' is not a postcode."),
        (4, "CM1 1AB lies in another area in row 2."),
        (5, "There is no area 'L9'."),
        (6, "The cell is empty."),
    ]
    assert postcodes.count(held) == 0


def test_postcodes_of_elsewhere_can_be_passed_over(held: Session, tmp_path: Path) -> None:
    path = file(tmp_path, "pcds,lsoa21cd\nCM1 1AB,L1\nEH1 1AA,S1\n")
    outcome = import_postcodes(held, path, PostcodeOptions(only_held=True))
    assert postcodes.count(held) == 1
    assert outcome.notes == ("1 rows of areas that are not held were passed over.",)


@pytest.mark.parametrize(
    "good", ["M1 1AA", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "GIR 0AA"]
)
def test_all_shapes_of_postcode(held: Session, tmp_path: Path, good: str) -> None:
    assert counts(held, file(tmp_path, f"postcode,lsoa21_code\n{good},L1\n")) == (1, 0, 0, 0)
