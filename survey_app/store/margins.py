"""Population margins: how many people of each level live in each area."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, tuple_
from sqlmodel import Session, col, select

from survey_app.store import areas
from survey_app.store.bulk import Written, add, chunks
from survey_app.tables import Area, PopulationMargin


@dataclass(frozen=True, slots=True)
class MarginRow:
    """`count` people (or households) of `level` of `margin` live in the area."""

    area_code: str
    area_vintage: str
    area_level: str
    margin: str
    level: str
    count: float
    source: str


def for_areas(
    session: Session, area_codes: Iterable[str], margins: Collection[str] | None = None
) -> list[MarginRow]:
    """The rows held for exactly these areas (and margins, where named): nothing is summed or inherited."""
    found: list[MarginRow] = []
    for chunk in chunks(dict.fromkeys(area_codes)):
        found += _rows(session, chunk, margins)
    return found


def within(
    session: Session, area_codes: Collection[str], margins: Collection[str] | None = None
) -> list[MarginRow]:
    """The rows held for the named areas and everything inside them. No codes means everywhere."""
    codes = {found.code for code in area_codes for found in areas.descendants(session, code)} | set(
        area_codes
    )
    return for_areas(session, sorted(codes), margins) if area_codes else _rows(session, None, margins)


def _rows(session: Session, area_codes: list[str] | None, margins: Collection[str] | None) -> list[MarginRow]:
    query = select(
        Area.code,
        Area.vintage,
        Area.level,
        PopulationMargin.margin,
        PopulationMargin.level,
        PopulationMargin.count,
        PopulationMargin.source,
    ).join(Area, col(Area.id) == PopulationMargin.area_id)
    if area_codes is not None:
        query = query.where(col(Area.code).in_(area_codes))
    if margins is not None:
        query = query.where(col(PopulationMargin.margin).in_(list(margins)))
    order = (Area.code, Area.vintage, PopulationMargin.margin, PopulationMargin.level)
    return [MarginRow(*row) for row in session.exec(query.order_by(*order))]


def names(session: Session) -> dict[str, list[str]]:
    """The levels held of each margin, anywhere."""
    query = select(PopulationMargin.margin, PopulationMargin.level).distinct()
    found: dict[str, list[str]] = {}
    for margin, level in session.exec(query.order_by(PopulationMargin.margin, PopulationMargin.level)):
        found.setdefault(margin, []).append(level)
    return found


def held(session: Session, area_ids: Iterable[int]) -> dict[tuple[int, str, str], tuple[float, str]]:
    """(count, source) by (area id, margin, level), of these areas."""
    found: dict[tuple[int, str, str], tuple[float, str]] = {}
    for chunk in chunks(area_ids):
        query = select(
            PopulationMargin.area_id,
            PopulationMargin.margin,
            PopulationMargin.level,
            PopulationMargin.count,
            PopulationMargin.source,
        ).where(col(PopulationMargin.area_id).in_(chunk))
        found.update({tuple(row[:3]): tuple(row[3:]) for row in session.exec(query)})
    return found


def add_many(
    session: Session, counts: dict[tuple[int, str, str], tuple[float, str]], written: Written | None = None
) -> None:
    """Insert counts: (count, source) by (area id, margin, level)."""
    columns = ("area_id", "margin", "level", "count", "source")
    rows = [dict(zip(columns, (*key, *value), strict=True)) for key, value in counts.items()]
    add(session, PopulationMargin, rows, written)


def remove(session: Session, gone: Iterable[tuple[int, str, str]]) -> None:
    """Delete counts by (area id, margin, level)."""
    key = tuple_(col(PopulationMargin.area_id), col(PopulationMargin.margin), col(PopulationMargin.level))
    for chunk in chunks(gone):
        session.exec(delete(PopulationMargin).where(key.in_(chunk)))
