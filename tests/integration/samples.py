"""Small rows for tests to start from."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from survey_app.tables import Area, AreaParent, Wave


def wave(**given: Any) -> Wave:
    """A wave that is open all year."""
    fields = {
        "slug": "spring",
        "title": "Spring survey",
        "questionnaire_id": "small",
        "questionnaire_version": "1",
        "status": "open",
        "opens_on": date(2026, 1, 1),
        "closes_on": date(2026, 12, 31),
        "languages": ["en"],
        "area_codes": ["D1"],
    }
    return Wave(**(fields | given))


def place_tree(session: Session) -> dict[str, Area]:
    """Two LSOAs in ward W1, one in W2; both wards in district D1, D1 in alliance A1; L1 and L2 in MSOA M1."""
    names = {
        "L1": ("lsoa", "Northfield 001A"),
        "L2": ("lsoa", "Northfield 001B"),
        "L3": ("lsoa", "Northfield 002A"),
        "M1": ("msoa", "Northfield 001"),
        "W1": ("ward", "St. Mary's"),
        "W2": ("ward", "Leigh-on-Sea"),
        "D1": ("lad", "Northfield"),
        "A1": ("alliance", "North & East"),
        "X1": ("lad", "Elsewhere"),
    }
    areas = {
        code: Area(code=code, vintage="2024", level=level, name=name) for code, (level, name) in names.items()
    }
    session.add_all(areas.values())
    session.flush()
    for pair in ("L1 W1", "L2 W1", "L3 W2", "L1 M1", "L2 M1", "W1 D1", "W2 D1", "M1 D1", "D1 A1"):
        child, parent = pair.split()
        session.add(AreaParent(child_id=areas[child].id, parent_id=areas[parent].id))
    session.flush()
    return areas
