"""The shipped tables fit together: every chain of places is whole and every margin is usable."""

from __future__ import annotations

import csv
import re
import statistics
from collections import Counter, defaultdict

import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis import reference
from analysis.reference import rebuild
from questionnaires import loading

TABLES = (
    "areas.csv",
    "area_parents.csv",
    "deprivation.csv",
    "layout.csv",
    "margins.csv",
    "national_values.csv",
    "postcodes.csv",
    "yardsticks.csv",
)
LEVELS = {
    "age": {"16-24", "25-34", "35-49", "50-64", "65+"},
    "sex": {"F", "M"},
    "ethnic_group": {"asian", "black", "mixed", "white", "other"},
    "tenure": {"owned", "social_rented", "private_rented"},
}


def rows(name: str) -> list[dict[str, str]]:
    with reference.path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def areas() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("areas.csv")}


@pytest.fixture(scope="module")
def parents() -> dict[str, str]:
    return {row["child"]: row["parent"] for row in rows("area_parents.csv")}


@pytest.fixture(scope="module")
def margins() -> dict[str, dict[str, dict[str, int]]]:
    counts: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows("margins.csv"):
        counts[row["area"]][row["margin"]][row["level"]] = int(row["count"])
    return counts


def at(areas: dict[str, dict[str, str]], level: str) -> set[str]:
    return {code for code, row in areas.items() if row["level"] == level}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_says_where_it_comes_from_and_describes_exactly_its_columns(table: str) -> None:
    meta = YAML(typ="safe").load(reference.path(table.replace(".csv", ".meta.yaml")))

    for key in ("title", "source", "licence", "attribution", "date", "how_made"):
        assert str(meta[key]).strip(), key
    assert list(meta["columns"]) == list(rows(table)[0])


def test_the_folder_holds_facts_and_stays_small() -> None:
    folder = reference.path("areas.csv").parent
    described = {p.name for p in folder.glob("*.csv")}

    assert described == set(TABLES)
    assert sum(p.stat().st_size for p in folder.iterdir() if p.is_file()) < 400_000


@pytest.mark.parametrize("name", ["nothing.csv", "../tallies.py", ""])
def test_a_table_that_is_not_there_is_refused_with_what_there_is(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=r"areas\.csv"):
        reference.path(name)


def test_there_are_nine_districts_four_alliances_one_system_and_sixty_wards(areas) -> None:
    found = Counter(row["level"] for row in areas.values())

    assert found == {"icb": 1, "alliance": 4, "lad": 9, "ward": 60, "lsoa": 179}


def test_codes_and_the_names_within_a_level_are_not_repeated(areas) -> None:
    listed = rows("areas.csv")

    assert len(areas) == len(listed)
    assert Counter((r["level"], r["name"]) for r in listed).most_common(1)[0][1] == 1


def test_common_misspellings_find_their_place(areas) -> None:
    found = {alias: row["name"] for row in areas.values() for alias in row["aliases"].split(";")}

    assert (found["Malden"], found["Castlepoint"]) == ("Maldon", "Castle Point")


def test_every_place_but_the_system_lies_in_one_of_the_level_above(areas, parents) -> None:
    above = {"lsoa": "ward", "ward": "lad", "lad": "alliance", "alliance": "icb"}

    assert len(parents) == len(rows("area_parents.csv"))
    assert set(parents) == set(areas) - at(areas, "icb")
    for child, parent in parents.items():
        assert areas[parent]["level"] == above[areas[child]["level"]], child


def test_parents_name_the_vintages_their_places_have(areas) -> None:
    for row in rows("area_parents.csv"):
        assert row["child_vintage"] == areas[row["child"]]["vintage"]
        assert row["parent_vintage"] == areas[row["parent"]]["vintage"]


def test_alliances_hold_the_districts_they_should(areas, parents) -> None:
    members = defaultdict(set)
    for code in at(areas, "lad"):
        members[areas[parents[code]]["name"]].add(areas[code]["name"])

    assert members == {
        "Mid Essex": {"Braintree", "Chelmsford", "Maldon"},
        "Basildon and Brentwood": {"Basildon", "Brentwood"},
        "Thurrock": {"Thurrock"},
        "South East Essex": {"Castle Point", "Rochford", "Southend-on-Sea"},
    }


@pytest.mark.parametrize("level", ["ward", "lad", "alliance", "icb"])
def test_each_place_of_a_level_has_a_tile_of_its_own(areas, level: str) -> None:
    tiles = [(areas[c]["tile_column"], areas[c]["tile_row"]) for c in at(areas, level)]

    assert all(column.isdigit() and row.isdigit() for column, row in tiles)
    assert len(set(tiles)) == len(tiles)


def test_a_districts_tiles_touch_along_their_sides(areas, parents) -> None:
    tiles = defaultdict(set)
    for code in at(areas, "ward"):
        tiles[parents[code]].add((int(areas[code]["tile_column"]), int(areas[code]["tile_row"])))

    for district, cells in tiles.items():
        assert len(cells) >= 4, district
        reached, todo = set(), [min(cells)]
        while todo:
            column, row = todo.pop()
            reached.add((column, row))
            beside = {(column + 1, row), (column - 1, row), (column, row + 1), (column, row - 1)}
            todo += (beside & cells) - reached
        assert reached == cells, district


def test_every_postcode_leads_to_its_lsoa_ward_and_district(areas, parents) -> None:
    wards = Counter()
    for row in rows("postcodes.csv"):
        assert re.fullmatch(r"(CM|SS|RM|CO)\d{1,2} \d[A-Z]{2}", row["postcode"]), row
        assert areas[row["area"]]["level"] == "lsoa"
        assert row["vintage"] == areas[row["area"]]["vintage"]
        ward = parents[row["area"]]
        wards[ward] += 1
        assert areas[parents[ward]]["level"] == "lad"

    assert set(wards) == at(areas, "ward")
    assert set(wards.values()) <= {2, 3}


def test_the_city_of_chelmsford_can_be_tried(areas, parents) -> None:
    found = {r["postcode"]: areas[parents[r["area"]]]["name"] for r in rows("postcodes.csv")}

    assert found["CM1 1EA"] == "Moulsham and Central"
    assert found["CM1 1SN"] == "Marconi"


def test_every_ward_and_district_has_every_level_of_every_margin(areas, margins) -> None:
    assert set(margins) == at(areas, "ward") | at(areas, "lad")
    for code, of_area in margins.items():
        assert {margin: set(levels) for margin, levels in of_area.items()} == LEVELS, code


def test_no_district_has_an_empty_level(areas, margins) -> None:
    for code in at(areas, "lad"):
        assert all(count > 0 for levels in margins[code].values() for count in levels.values()), code


def test_the_two_margins_of_everyone_agree_within_one_percent(margins) -> None:
    for code, of_area in margins.items():
        sexes, ethnic = sum(of_area["sex"].values()), sum(of_area["ethnic_group"].values())
        assert abs(sexes - ethnic) / sexes < 0.01, code


def test_adults_and_households_are_the_shares_of_everyone_they_should_be(margins) -> None:
    for code, of_area in margins.items():
        everyone = sum(of_area["sex"].values())
        assert 0.7 < sum(of_area["age"].values()) / everyone < 0.9, code
        assert 1.8 < everyone / sum(of_area["tenure"].values()) < 3.3, code


def test_a_districts_wards_hold_fewer_people_than_the_district(areas, parents, margins) -> None:
    inside = Counter()
    for code in at(areas, "ward"):
        inside[parents[code]] += sum(margins[code]["sex"].values())

    for district, people in inside.items():
        assert 0.2 < people / sum(margins[district]["sex"].values()) < 1, district


def test_chelmsford_has_its_census_population(margins) -> None:
    assert abs(sum(margins["E07000070"]["sex"].values()) - 181_500) < 200  # Census 2021: 181,500


def test_national_values_are_of_the_districts_and_have_a_yardstick(areas) -> None:
    measured = {(r["layer"], r["indicator"], r["period"]): r for r in rows("yardsticks.csv")}
    seen = set()
    for row in rows("national_values.csv"):
        yardstick = measured[row["layer"], row["indicator"], row["period"]]
        seen.add(row["indicator"])
        assert areas[row["area_code"]]["name"] == row["area_name"]
        assert (row["polarity"], row["unit"]) == (yardstick["polarity"], yardstick["unit"])
        assert row["polarity"] in {"1", "-1"}
        away = abs(float(row["value"]) - float(yardstick["mean"])) / float(yardstick["sd"])
        assert away < 4, row

    assert len(seen) == len(measured) >= 25


def test_every_benchmark_of_the_shipped_frameworks_has_a_yardstick() -> None:
    measured = {(r["layer"], r["indicator"]) for r in rows("yardsticks.csv")}
    wanted = {
        (indicator.benchmark.layer, indicator.benchmark.indicator)
        for file in loading.FRAMEWORKS.glob("*.yaml")
        for _, _, _, indicator in loading.load_framework(file).indicators()
        if indicator.benchmark
    }

    assert len(wanted) > 20
    assert wanted <= measured


@pytest.mark.parametrize(
    ("indicator", "mean", "sd"),
    [
        ("Life satisfaction", 7.478, 0.269),
        ("Feeling life is worthwhile", 7.764, 0.262),
        ("Happiness", 7.410, 0.272),
        ("Anxiety", 3.232, 0.414),
    ],
)
def test_wellbeing_yardsticks_are_those_worked_out_apart(indicator: str, mean: float, sd: float) -> None:
    (row,) = [r for r in rows("yardsticks.csv") if r["indicator"] == indicator]

    assert (float(row["mean"]), float(row["sd"])) == pytest.approx((mean, sd), abs=0.0006)
    assert int(row["areas"]) == 299


def test_every_ward_has_a_deprivation_score_that_england_could_have(areas) -> None:
    listed = rows("deprivation.csv")

    assert {row["area_code"] for row in listed} == at(areas, "ward")
    assert len(listed) == 60
    for row in listed:
        assert areas[row["area_code"]]["name"] == row["area_name"]
        assert 0 < float(row["value"]) < 80  # small areas of England run from 0.2 to 94


def test_what_the_shipped_frameworks_model_from_is_known_of_every_place_of_the_level(areas) -> None:
    known = {(r["layer"], r["indicator"], r["area_code"]) for r in rows("deprivation.csv")}
    wanted = {
        (covariate.layer, covariate.indicator, code)
        for file in loading.FRAMEWORKS.glob("*.yaml")
        for model in loading.load_framework(file).models
        for covariate in model.covariates
        for code in at(areas, model.level)
    }

    assert len(wanted) >= 60
    assert wanted <= known


def test_the_districts_differ_in_the_figures_that_will_be_shown() -> None:
    pay = [
        float(r["value"]) for r in rows("national_values.csv") if r["indicator"] == "Gross median weekly pay"
    ]

    assert len(pay) == 9
    assert statistics.stdev(pay) > 10


def test_rebuilding_leaves_out_what_has_no_value_and_counts_an_authority_once() -> None:
    def row(code: str, value: float | None) -> dict[str, object]:
        about = {"indicator": "Pay", "period": "2023", "unit": "£", "polarity": 1}
        return {**about, "area_code": code, "area_name": code, "value": value}

    layer = pd.DataFrame(
        [
            row("E07000066", 10.0),
            row("E07000066", 10.0),
            row("E09000001", 14.0),
            row("E09000002", None),
            row("W06000001", 99.0),
        ]
    )
    values, yardsticks = rebuild.national(layer)

    assert values == [("ons-subnational", "Pay", "2023", "E07000066", "E07000066", 10.0, "£", 1)]
    # mean (10 + 14) / 2 = 12; sample sd sqrt((4 + 4) / 1) = 2.828427
    assert yardsticks == [("ons-subnational", "Pay", "2023", 12.0, 2.828427, 2, 1, "£")]


def test_rebuilding_counts_a_small_area_by_its_people_in_the_score_of_its_ward() -> None:
    ward = next(r["code"] for r in rows("areas.csv") if r["level"] == "ward")
    lookup = pd.DataFrame({"lsoa21_code": ["A", "B", "C"], "ward24_code": [ward, ward, "elsewhere"]})
    census = pd.DataFrame(
        {"lsoa21_code": ["A", "B", "C"], "ts008_female": [400, 100, 9], "ts008_male": [500, 0, 9]}
    )
    scores = pd.DataFrame({"lsoa21_code": ["A", "B", "C"], "IMD_score": [10.0, 30.0, 99.0]})

    made = rebuild.deprivation(lookup.assign(ward24_name="Ward"), census, scores)

    assert made == [
        ("deprivation", "IMD score", "2025", ward, "Ward", 12.0, "score", 0)
    ]  # (9000 + 3000) / 1000


def test_rebuilding_takes_the_postcode_in_the_middle_of_its_lsoa() -> None:
    ward = next(r["code"] for r in rows("areas.csv") if r["level"] == "ward")
    table = pd.DataFrame(
        [("A1", 51.0, "X"), ("A2", 51.1, "X"), ("A3", 51.2, "X"), ("B1", 51.5, "Y")],
        columns=["postcode", "lat", "lsoa21_code"],
    ).assign(lon=0.5, positional_quality=10, assigned="within", ward24_bestfit_code=ward)

    assert list(rebuild.choose_postcodes(table)["postcode"]) == ["A2", "B1"]
