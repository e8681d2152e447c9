"""How public files name geographies in their headers, and which lie inside which by definition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Our level by the name in a header. Smallest first: an area that is two of them (a unitary authority is a
# district and an upper-tier authority under one code) is kept as the first.
LEVELS = {
    "oa": "oa",
    "lsoa": "lsoa",
    "msoa": "msoa",
    "ward": "ward",
    "wd": "ward",
    "lad": "lad",
    "ltla": "lad",
    "utla": "utla",
    "sicbl": "sicbl",
    "icb": "icb",
    "pcon": "pcon",
    "rgn": "region",
    "region": "region",
    "ctry": "country",
    "country": "country",
}
RANK = {level: rank for rank, level in enumerate(dict.fromkeys(LEVELS.values()))}

# Always nested, by how they are defined: a file that says otherwise is wrong.
NESTED = {
    ("oa", "lsoa"),
    ("lsoa", "msoa"),
    ("msoa", "lad"),
    ("ward", "lad"),
    ("lad", "utla"),
    ("utla", "region"),
    ("lad", "region"),
    ("region", "country"),
    ("sicbl", "icb"),
}
NOT_NESTED = {("msoa", "ward"), ("ward", "msoa")}  # drawn apart; in a small file they may seem to nest
ONE_AND_THE_SAME = {("lad", "utla")}  # pairs of levels that may share a code

NAMED_ONLY = ("alliance", "locality", "neighbourhood")  # local areas that files give by name, without a code

_CODE = re.compile(rf"({'|'.join(LEVELS)})(\d\d)(?:_code|cd|_bestfit_code)", re.IGNORECASE)
_NAME = re.compile(r"(?:_name|nm)", re.IGNORECASE)
_ALIAS = ("hcl_name", "nhs", "alias")


@dataclass(frozen=True, slots=True)
class AreaColumns:
    """Where a table says which area of one level and vintage a row is or lies in.

    Without a code column the code is made from the name. `detected` columns may be passed over; asked-for
    ones must be right.
    """

    level: str
    vintage: str
    code: str | None
    name: str | None
    aliases: tuple[str, ...] = field(default=())
    detected: bool = False

    @property
    def key(self) -> str:
        """The column that tells one area from another."""
        return self.code or self.name or ""


def of_code_column(column: str) -> tuple[str, str] | None:
    """(level, vintage) that a column's name gives, such as ("lsoa", "2021") for lsoa21_code or LSOA21CD."""
    match = _CODE.fullmatch(column)
    if match is None:
        return None
    return LEVELS[match[1].lower()], f"20{match[2]}"


def detect(header: tuple[str, ...]) -> list[AreaColumns]:
    """Every geography a header names, in its order; then those given by name only."""
    found: list[AreaColumns] = []
    for column in header:
        known = of_code_column(column)
        match = _CODE.fullmatch(column)
        if known is None or match is None or any(each.level == known[0] for each in found):
            continue
        stem = f"{match[1]}{match[2]}"
        names = [each for each in header if each.startswith(stem) and _NAME.fullmatch(each[len(stem) :])]
        aliases = tuple(f"{stem}_{suffix}" for suffix in _ALIAS if f"{stem}_{suffix}" in header)
        found.append(AreaColumns(*known, column, names[0] if names else None, aliases, detected=True))
    vintage = max((each.vintage for each in found), default="")
    for level in NAMED_ONLY:
        if level in header and vintage:
            found.append(AreaColumns(level, vintage, None, level, detected=True))
    return found


def slug(name: str) -> str:
    """A code made from a name: "Basildon and Brentwood" -> "basildon-and-brentwood"."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
