"""Where answers belong: from a postcode to the smallest area known, or a place chosen from a list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from survey_app.store import areas, postcodes
from survey_app.store.areas import AreaRow
from survey_app.tables import Area, Wave

DISTRICT = "lad"


class Found(StrEnum):
    """What became of a postcode."""

    INSIDE = "inside"
    OUTSIDE = "outside"  # a real place, not one this wave is about
    UNKNOWN = "unknown"  # not held: newer than the list, or mistyped


@dataclass(frozen=True, slots=True)
class Finding:
    found: Found
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    vintage: str
    name: str


@dataclass(frozen=True, slots=True)
class District:
    """Places to choose from, under the district they lie in. `name` is empty when none is known."""

    code: str
    name: str
    places: tuple[Place, ...]


def find(session: Session, wave: Wave, postcode: str) -> Finding:
    """Look a postcode up, in any case and spacing, and hold it against the wave's areas."""
    area = postcodes.area_of(session, postcode)
    if area is None:
        return Finding(Found.UNKNOWN)
    if not areas.covered(session, area, wave.area_codes):
        return Finding(Found.OUTSIDE, area)
    return Finding(Found.INSIDE, area)


def district_name(session: Session, area: Area) -> str:
    """The district an area lies in, or the area's own name when that is not recorded."""
    around = areas.ancestors(session, area.code, area.vintage)
    return next((found.name for found in around if found.level == DISTRICT), area.name)


def choices(session: Session, wave: Wave) -> list[District]:
    """The places a resident of this wave can choose from, by district, in order of name."""
    return grouped(areas.rows(session, wave.area_codes), wave.place_level, wave.area_codes)


def chosen(session: Session, wave: Wave, code: str) -> Area | None:
    """The area with this code if it is one of the wave's choices, else None."""
    area = areas.by_code(session, code) if code.isprintable() else None
    if area is None or area.level != wave.place_level:
        return None
    return area if areas.covered(session, area, wave.area_codes) else None


def grouped(rows: list[AreaRow], level: str, covered: list[str]) -> list[District]:
    """Areas of a level that lie inside `covered` (empty: anywhere), under the district each lies in."""
    by_code = {row.code: row for row in rows}
    districts: dict[str, list[Place]] = {}
    for row in rows:
        if row.level != level:
            continue
        around = _around(row, by_code)
        if covered and not around.keys() & set(covered):
            continue
        found = sorted(code for code, area in around.items() if area.level == DISTRICT and area is not row)
        districts.setdefault(found[0] if found else "", []).append(Place(row.code, row.vintage, row.name))
    made = [
        District(
            code,
            by_code[code].name if code else "",
            tuple(sorted(places, key=lambda place: (place.name, place.code))),
        )
        for code, places in districts.items()
    ]
    return sorted(made, key=lambda district: (not district.name, district.name))


def _around(row: AreaRow, by_code: dict[str, AreaRow]) -> dict[str, AreaRow]:
    """The area and every area that contains it, by code."""
    found, waiting = {row.code: row}, [row]
    while waiting:
        for code in waiting.pop().parents:
            if code in by_code and code not in found:
                found[code] = by_code[code]
                waiting.append(by_code[code])
    return found
