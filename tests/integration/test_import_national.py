"""Importing national layers, and the yardsticks worked out from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from survey_app.services.imports import ImportRefusedError, Outcome
from survey_app.services.imports.national import NationalOptions, import_national
from survey_app.store import national
from survey_app.tables import Area

LONG = """\
area_code,area_name,indicator,period,unit,value,polarity
E1,Ash,Happiness,2022,score,7,1
E2,Beech,Happiness,2022,score,7.5,1
E3,Cedar,Happiness,2022,score,8.5,1
E1,Ash,Anxiety,2022,score,3,-1
E2,Beech,Anxiety,2022,score,4,-1
E3,Cedar,Anxiety,2022,score,,-1
E1,Ash,Wards,2022,number,5,0
E2,Beech,Wards,2022,number,5,0
"""


def file(folder: Path, text: str, name: str = "layer.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(session: Session, path: Path, **options: object) -> Outcome:
    return import_national(session, path, NationalOptions(**{"layer": "ons", **options}))


def counts(outcome: Outcome) -> list[tuple[int, int, int, int]]:
    return [(each.added, each.changed, each.unchanged, each.removed) for each in outcome.counts]


def problems(session: Session, path: Path, **options: object) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefusedError) as caught:
        run(session, path, **options)
    return [(each.row, each.column, each.cause) for each in caught.value.problems]


def test_values_are_kept_and_yardsticks_worked_out(session: Session, tmp_path: Path) -> None:
    """Happiness 7, 7.5, 8.5: mean 23/3; squares 4/9 + 1/36 + 25/36 = 7/6, over n - 1 = 2, sd = sqrt(7/12)."""
    path = file(tmp_path, LONG)
    outcome = run(session, path)
    assert counts(outcome) == [(7, 0, 0, 0), (2, 0, 0, 0)]
    sticks = {row.indicator: row for row in national.yardsticks(session)}
    assert sticks["Happiness"].mean == pytest.approx(23 / 3, rel=1e-15)
    assert sticks["Happiness"].sd == pytest.approx((7 / 12) ** 0.5, rel=1e-15)
    assert (sticks["Happiness"].areas, sticks["Happiness"].polarity) == (3, 1)
    assert (sticks["Anxiety"].areas, sticks["Anxiety"].polarity) == (2, -1)
    assert {row.polarity for row in national.values(session) if row.indicator == "Wards"} == {0}
    assert outcome.notes == (
        "'Wards' of '2022' has no yardstick: its areas do not differ.",
        "1 empty values were left out.",
    )
    assert counts(run(session, path)) == [(0, 0, 7, 0), (0, 0, 2, 0)]


def test_a_new_value_moves_the_yardstick(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, LONG))
    assert counts(run(session, file(tmp_path, LONG.replace("8.5", "9.5")))) == [(0, 1, 6, 0), (0, 1, 1, 0)]


def test_a_yardstick_goes_when_areas_no_longer_differ(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, LONG))
    run(session, file(tmp_path, LONG.replace("Anxiety,2022,score,4", "Anxiety,2022,score,3")))
    assert [row.indicator for row in national.yardsticks(session)] == ["Happiness"]


def test_part_of_a_layer_is_refused_unless_it_replaces(session: Session, tmp_path: Path) -> None:
    run(session, file(tmp_path, LONG))
    part = file(tmp_path, "\n".join(LONG.splitlines()[:3]))
    assert problems(session, part) == [
        (0, "Happiness", "1 areas hold a value for '2022', and the file gives them none: E3.")
    ]
    assert counts(run(session, part, replace=True)) == [(0, 0, 2, 1), (0, 1, 0, 0)]
    assert counts(run(session, part, layer="other")) == [(2, 0, 0, 0), (1, 0, 0, 0)]


def test_the_same_value_twice_is_one_and_different_values_are_refused(
    session: Session, tmp_path: Path
) -> None:
    twice = LONG + "E1,Ash,Happiness,2022,score,7.0,1\n"
    assert (
        "1 values were given more than once, each time the same." in run(session, file(tmp_path, twice)).notes
    )
    conflict = file(tmp_path, LONG + "E1,Ash,Happiness,2022,score,6,1\n")
    assert problems(session, conflict) == [
        (10, "value", "'Happiness' of E1 in '2022' is 6 here, and 7 in row 2.")
    ]


def test_every_problem_is_told_and_nothing_is_written(session: Session, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "area_code,area_name,indicator,period,value,polarity\n"
        "E1,Ash,Happiness,2022,high,1\n,Beech,Happiness,2022,7,1\nE3,Cedar,,2022,7,1\n"
        "E4,Elm,Happiness,,7,1\nE5,Fir,Happiness,2022,7,better\nE6,Gum,Happiness,2022,7,-1\n",
    )
    assert problems(session, path) == [
        (2, "value", "'high' is not a number."),
        (3, "area_code", "The cell is empty."),
        (4, "indicator", "There is no indicator."),
        (5, "period", "There is no period."),
        (6, "polarity", "'better' is not a polarity."),
        (7, "polarity", "'Happiness' has polarity -1, and in row 6 0."),
    ]
    assert national.layers(session) == {}


def test_given_yardsticks_are_used_and_none_may_be_missing(session: Session, tmp_path: Path) -> None:
    path = file(tmp_path, "\n".join(LONG.splitlines()[:6]))
    header = "layer,indicator,period,mean,sd,areas\n"
    given = file(
        tmp_path, header + "ons,Happiness,2022,7.41,0.27,299\nother,Anxiety,2022,1,1,1\n", "sticks.csv"
    )
    assert problems(session, path, yardsticks=given) == [
        (0, "indicator", "There is no yardstick for 'Anxiety' of '2022'.")
    ]
    given = file(
        tmp_path, header + "ons,Happiness,2022,7.41,0.27,299\nons,Anxiety,2022,3.2,0.41,299\n", "sticks.csv"
    )
    run(session, path, yardsticks=given)
    found = {
        row.indicator: (row.mean, row.sd, row.areas, row.polarity) for row in national.yardsticks(session)
    }
    assert found == {"Happiness": (7.41, 0.27, 299, 1), "Anxiety": (3.2, 0.41, 299, -1)}


def test_a_wide_file_has_an_indicator_in_each_column(session: Session, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "ltla21_code,ltla21_name,year,region,overall,crime\n"
        "E1,Ash,2021,East,100,90.5\nE2,Beech,2021,East,110,\nE92000001,England,2021,,105,95\n",
    )
    outcome = run(session, path, wide=True, polarity=1)
    found = [
        (row.indicator, row.period, row.area_code, row.area_name, row.value)
        for row in national.values(session)
    ]
    assert found == [
        ("crime", "2021", "E1", "Ash", 90.5),
        ("overall", "2021", "E1", "Ash", 100),
        ("overall", "2021", "E2", "Beech", 110),
    ]
    assert "Columns of text passed over: region." in outcome.notes
    assert any("whole countries" in note for note in outcome.notes)
    assert counts(run(session, path, layer="two", wide=True, indicators=("overall",))) == [
        (2, 0, 0, 0),
        (1, 0, 0, 0),
    ]


def test_names_come_from_the_areas_held_where_the_file_has_none(session: Session, tmp_path: Path) -> None:
    session.add(Area(code="E1", vintage="2024", level="lad", name="Ashford"))
    session.flush()
    run(session, file(tmp_path, "ltla21_code,year,indicator,value\nE1,2021,Crime,3\nE2,2021,Crime,4\n"))
    assert [row.area_name for row in national.values(session)] == ["Ashford", ""]


def test_a_wide_file_without_wide_is_told_what_to_say(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="say --wide"):
        run(session, file(tmp_path, "lad24_code,overall\nE1,3\n"))
