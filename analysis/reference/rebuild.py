"""Makes the reference tables again from the published files: `python -m analysis.reference.rebuild FOLDER`.

FOLDER holds (names as in each table's .meta.yaml): mse_lsoa21_lookup.csv, mse_postcodes.csv,
mse_census2021_lsoa21.csv, england_ons_subnational_indicators.csv, england_imd2025_lsoa21.csv.gz. Which wards
are shown, and where each is drawn, is decided by hand in `layout.csv`; everything else follows from it.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from analysis.reference import path

BOUNDARIES = "2024"  # wards, districts and the health system; LSOAs are those of the 2021 census
LSOA_VINTAGE = "2021"
POSTCODES_PER_WARD = 3
ALLIANCES = {
    "Mid Essex": "mid-essex",
    "Basildon and Brentwood": "basildon-and-brentwood",
    "Thurrock": "thurrock",
    "South East Essex": "south-east-essex",
}  # our own codes: alliances have no official ones
SYSTEM = "E54000026"
ALIASES = {
    "E54000026": ("MSE", "Mid & South Essex"),
    "basildon-and-brentwood": ("Basildon & Brentwood",),
    "south-east-essex": ("SEE", "South-East Essex"),
    "E07000074": ("Malden",),
    "E07000069": ("Castlepoint",),
    "E06000033": ("Southend", "Southend on Sea"),
}
LAYER = "ons-subnational"
DEPRIVATION = ("deprivation", "IMD score", "2025")  # layer, indicator, period
EVERYONE = ["ts008_female", "ts008_male"]

AGES = ("16_24", "25_34", "35_49", "50_64", "65_plus")
_ETHNIC = {
    "asian": "asian_asian_british_or_asian_welsh",
    "black": "black_black_british_black_welsh_caribbean_or_african",
    "mixed": "mixed_or_multiple_ethnic_groups",
    "white": "white",
    "other": "other_ethnic_group",
}
MARGIN_COLUMNS: dict[tuple[str, str], tuple[str, ...]] = {
    **{("age", a.replace("_plus", "+").replace("_", "-")): (f"age6_{a}",) for a in AGES},
    ("sex", "F"): ("ts008_female",),
    ("sex", "M"): ("ts008_male",),
    **{("ethnic_group", level): (f"ts021_{column}",) for level, column in _ETHNIC.items()},
    ("tenure", "owned"): ("ts054_owned", "ts054_shared_ownership"),
    ("tenure", "social_rented"): ("ts054_social_rented",),
    ("tenure", "private_rented"): ("ts054_private_rented", "ts054_lives_rent_free"),
}

NOT_SHIPPED = (  # said twice by another, not of use to residents, or with no better or worse
    "Apprenticeships starts",
    "Children at expected level for literacy by end of early years foundation stage",
    "Children at expected level for maths by end of early years foundation stage",
    "Drive to employment centre with 500 to 4999 jobs",
    "Net additions to the housing stock",
    "Persistent absences for pupils eligible for free school meals",
    "Persistent absences for pupils looked after continuously for at least 12 months by local authorities",
)


def areas(lookup: pd.DataFrame, postcodes: pd.DataFrame) -> list[Sequence[object]]:
    """Rows of areas.csv: the system, alliances, districts, wards of the layout and the postcodes' LSOAs."""
    layout = pd.read_csv(path("layout.csv"))
    names = {
        SYSTEM: "Mid and South Essex",
        **{code: name for name, code in ALLIANCES.items()},
        **dict(zip(lookup["lad24_code"], lookup["lad24_name"], strict=True)),
        **dict(zip(lookup["ward24_code"], lookup["ward24_name"], strict=True)),
    }
    rows: list[Sequence[object]] = [
        (code, BOUNDARIES, level, names[code], ";".join(ALIASES.get(code, ())), column, row)
        for code, level, column, row in zip(*(layout[c] for c in layout.columns), strict=True)
    ]
    small = lookup[lookup["lsoa21_code"].isin(postcodes["lsoa21_code"])].sort_values("lsoa21_code")
    rows += [(r.lsoa21_code, LSOA_VINTAGE, "lsoa", r.lsoa21_name, "", "", "") for r in small.itertuples()]
    return rows


def area_parents(lookup: pd.DataFrame, postcodes: pd.DataFrame) -> list[Sequence[object]]:
    """Rows of area_parents.csv: LSOA in ward (best fit), ward in district, district in alliance, and up."""
    layout = pd.read_csv(path("layout.csv"))
    shown = lookup[lookup["ward24_code"].isin(layout["code"])]
    small = shown[shown["lsoa21_code"].isin(postcodes["lsoa21_code"])].sort_values("lsoa21_code")
    rows: list[Sequence[object]] = [
        (r.lsoa21_code, LSOA_VINTAGE, r.ward24_code, BOUNDARIES) for r in small.itertuples()
    ]
    wards = shown.drop_duplicates("ward24_code").sort_values("ward24_code")
    rows += [(r.ward24_code, BOUNDARIES, r.lad24_code, BOUNDARIES) for r in wards.itertuples()]
    districts = lookup.drop_duplicates("lad24_code").sort_values("lad24_code")
    rows += [
        (r.lad24_code, BOUNDARIES, ALLIANCES[str(r.alliance)], BOUNDARIES) for r in districts.itertuples()
    ]
    rows += [(code, BOUNDARIES, SYSTEM, BOUNDARIES) for code in ALLIANCES.values()]
    return rows


def choose_postcodes(postcodes: pd.DataFrame) -> pd.DataFrame:
    """A few postcodes per ward of the layout, each well inside a different LSOA where there are enough.

    The one nearest the middle of its LSOA's postcodes is taken: near an edge, the LSOA could be wrong.
    """
    layout = pd.read_csv(path("layout.csv"))
    wards = layout.loc[layout["level"] == "ward", "code"]
    inside = postcodes[
        postcodes["ward24_bestfit_code"].isin(wards)
        & (postcodes["positional_quality"] == 10)
        & (postcodes["assigned"] == "within")
    ].copy()
    middle = inside.groupby("lsoa21_code")[["lat", "lon"]].transform("mean")
    inside["apart"] = (inside["lat"] - middle["lat"]) ** 2 + ((inside["lon"] - middle["lon"]) * 0.62) ** 2
    nearest = inside.sort_values(["apart", "postcode"]).drop_duplicates("lsoa21_code")
    nearest = nearest.sort_values(["ward24_bestfit_code", "lsoa21_code"])
    chosen = [_spread(group) for _, group in nearest.groupby("ward24_bestfit_code")]
    return pd.concat(chosen).sort_values("postcode")


def _spread(group: pd.DataFrame) -> pd.DataFrame:
    """Rows evenly spread over the ward's LSOAs in code order."""
    count = min(POSTCODES_PER_WARD, len(group))
    places = [round(i * (len(group) - 1) / max(count - 1, 1)) for i in range(count)]
    return group.iloc[places]


def margins(lookup: pd.DataFrame, census: pd.DataFrame) -> list[Sequence[object]]:
    """Rows of margins.csv: census counts over whole LSOAs, for the layout's wards and districts."""
    layout = pd.read_csv(path("layout.csv"))
    both = lookup.merge(census, on="lsoa21_code", validate="1:1")
    rows: list[Sequence[object]] = []
    for column in ("lad24_code", "ward24_code"):
        sums = both.groupby(column).sum(numeric_only=True)
        for code in sorted(set(layout["code"]) & set(sums.index)):
            for (margin, level), columns in MARGIN_COLUMNS.items():
                rows.append((code, BOUNDARIES, margin, level, int(sums.loc[code, list(columns)].sum())))
    return rows


def national(layer: pd.DataFrame) -> tuple[list[Sequence[object]], list[Sequence[object]]]:
    """Rows of national_values.csv (the nine districts) and yardsticks.csv (all English authorities)."""
    england = layer[layer["area_code"].str.startswith("E") & ~layer["indicator"].isin(NOT_SHIPPED)]
    england = england.dropna(subset="value").drop_duplicates(["indicator", "area_code"])
    layout = pd.read_csv(path("layout.csv"))
    districts = set(layout.loc[layout["level"] == "lad", "code"])
    values: list[Sequence[object]] = []
    yardsticks: list[Sequence[object]] = []
    for name, group in england.groupby("indicator"):
        first = group.iloc[0]
        about = (LAYER, name, first["period"])
        spread = (round(group["value"].mean(), 6), round(group["value"].std(ddof=1), 6), len(group))
        yardsticks.append((*about, *spread, int(first["polarity"]), first["unit"]))
        for row in group[group["area_code"].isin(districts)].sort_values("area_code").itertuples():
            here = (row.area_code, row.area_name, row.value, row.unit, int(str(row.polarity)))
            values.append((*about, *here))
    return values, yardsticks


def deprivation(lookup: pd.DataFrame, census: pd.DataFrame, scores: pd.DataFrame) -> list[Sequence[object]]:
    """Rows of deprivation.csv: each ward's mean score, its small areas counted by how many people live there.

    lookup: LSOA and ward; census: people of each LSOA by sex; scores: `IMD_score` of each LSOA of England.
    """
    layout = pd.read_csv(path("layout.csv"))
    wards = set(layout.loc[layout["level"] == "ward", "code"])
    living = census[["lsoa21_code"]].assign(people=census[EVERYONE].sum(axis=1))
    both = lookup[lookup["ward24_code"].isin(wards)].merge(living, on="lsoa21_code", validate="1:1")
    both = both.merge(scores, on="lsoa21_code", validate="1:1")
    both = both.assign(total=both["people"] * both["IMD_score"])
    sums = both.groupby(["ward24_code", "ward24_name"])[["total", "people"]].sum()
    return [
        (*DEPRIVATION, code, name, round(total / people, 3), "score", 0)
        for (code, name), total, people in zip(sums.index, sums["total"], sums["people"], strict=True)
    ]


def _write(name: str, header: str, rows: Iterable[Sequence[object]]) -> None:
    with (path("layout.csv").parent / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def rebuild(folder: Path) -> None:
    """Writes every table again. Raises FileNotFoundError when a published file is not there."""
    lookup = pd.read_csv(folder / "mse_lsoa21_lookup.csv")
    postcodes = choose_postcodes(pd.read_csv(folder / "mse_postcodes.csv"))
    census = pd.read_csv(folder / "mse_census2021_lsoa21.csv")
    values, yardsticks = national(pd.read_csv(folder / "england_ons_subnational_indicators.csv"))
    _write("areas.csv", "code,vintage,level,name,aliases,tile_column,tile_row", areas(lookup, postcodes))
    _write("area_parents.csv", "child,child_vintage,parent,parent_vintage", area_parents(lookup, postcodes))
    located = [(r.postcode, r.lsoa21_code, LSOA_VINTAGE) for r in postcodes.itertuples()]
    _write("postcodes.csv", "postcode,area,vintage", located)
    _write("margins.csv", "area,vintage,margin,level,count", margins(lookup, census))
    header = "layer,indicator,period,area_code,area_name,value,unit,polarity"
    _write("national_values.csv", header, values)
    scores = pd.read_csv(folder / "england_imd2025_lsoa21.csv.gz")
    _write("deprivation.csv", header, deprivation(lookup, census, scores))
    _write("yardsticks.csv", "layer,indicator,period,mean,sd,areas,polarity,unit", yardsticks)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m analysis.reference.rebuild FOLDER (the folder with the published files)")
    rebuild(Path(sys.argv[1]))
