"""Areas: by code, level or name; what lies in what; boundaries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, tuple_, update
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from survey_app.store.bulk import add, chunks
from survey_app.tables import Area, AreaParent, AreaShape


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area as plain data, with the codes of every area that contains it directly."""

    code: str
    vintage: str
    level: str
    name: str
    parents: tuple[str, ...]
    tile_column: int | None = None
    tile_row: int | None = None


# Columns, not entities: a page with a list of places reads a whole county of them.
EVERY_ROW = sql_select(
    col(Area.id), Area.code, Area.vintage, Area.level, Area.name, Area.tile_column, Area.tile_row
).order_by(Area.level, Area.name, Area.code)
EVERY_LINK = select(AreaParent.child_id, AreaParent.parent_id)


def folded(name: str) -> str:
    """A name as it is compared: case, spaces, hyphens and apostrophes make no difference."""
    return re.sub(r"[\s\-‐-―'’`.,]+", "", name).casefold().replace("&", "and")


def by_code(session: Session, code: str, vintage: str | None = None) -> Area | None:
    """The area with this code; of several boundary vintages the latest, unless one is asked for."""
    query = select(Area).where(Area.code == code)
    if vintage is not None:
        query = query.where(Area.vintage == vintage)
    return session.exec(query.order_by(col(Area.vintage).desc()).limit(1)).first()


def by_codes(session: Session, codes: Iterable[str]) -> dict[str, Area]:
    """Areas by code (latest vintage of each). Codes that are not held are left out."""
    found: dict[str, Area] = {}
    for chunk in chunks(dict.fromkeys(codes)):
        query = select(Area).where(col(Area.code).in_(chunk)).order_by(col(Area.vintage))
        found.update({area.code: area for area in session.exec(query)})
    return found


def by_level(session: Session, level: str) -> list[Area]:
    """Every area of a level, by name."""
    return list(session.exec(select(Area).where(Area.level == level).order_by(Area.name, Area.code)))


def all_areas(session: Session) -> list[Area]:
    return list(session.exec(select(Area).order_by(Area.level, Area.name, Area.code)))


def levels(session: Session) -> dict[str, int]:
    """How many areas are held at each level."""
    return dict(
        session.exec(select(Area.level, func.count()).group_by(Area.level).order_by(Area.level)).all()
    )


def rows(session: Session, area_codes: Collection[str] = ()) -> list[AreaRow]:
    """Areas as plain data: those named (latest vintage), everything inside them, and all that contains these.

    No codes means every area held, of every vintage. In two queries, whatever the number of areas.
    """
    areas = {area[0]: area for area in session.execute(EVERY_ROW)}
    links: dict[int, list[int]] = {}
    for child, parent in session.execute(EVERY_LINK):
        links.setdefault(child, []).append(parent)
    if area_codes:
        named = {id_: (code, vintage) for id_, code, vintage, *_ in areas.values()}
        kept = _around(named, links, set(area_codes))
    else:
        kept = set(areas)
    return [
        AreaRow(
            code,
            vintage,
            level,
            name,
            tuple(sorted(areas[parent][1] for parent in links.get(id_, ()))),
            tile_column,
            tile_row,
        )
        for id_, code, vintage, level, name, tile_column, tile_row in areas.values()
        if id_ in kept
    ]


def _around(areas: dict[int, tuple[str, str]], links: dict[int, list[int]], codes: set[str]) -> set[int]:
    """Ids of the areas with these codes, what is in them and around them. `areas`: code and vintage by id."""
    below: dict[int, list[int]] = {}
    for child, parents in links.items():
        for parent in parents:
            below.setdefault(parent, []).append(child)
    latest: dict[str, tuple[str, int]] = {}
    for id_, (code, vintage) in areas.items():
        if code in codes:
            latest[code] = max(latest.get(code, ("", 0)), (vintage, id_))
    named = {id_ for _, id_ in latest.values()}
    return _reached(_reached(named, below), links)


def _reached(start: set[int], links: dict[int, list[int]]) -> set[int]:
    seen, waiting = set(start), list(start)
    while waiting:
        for found in links.get(waiting.pop(), ()):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return seen


def parents(session: Session, code: str, vintage: str | None = None) -> list[Area]:
    """The areas this one is recorded as lying directly inside."""
    area = by_code(session, code, vintage)
    if area is None:
        return []
    query = select(Area).join(AreaParent, col(AreaParent.parent_id) == Area.id)
    return list(session.exec(query.where(AreaParent.child_id == area.id).order_by(Area.level, Area.name)))


def children(session: Session, code: str, vintage: str | None = None, level: str | None = None) -> list[Area]:
    """The areas recorded as lying directly inside this one, optionally of one level only, by name."""
    area = by_code(session, code, vintage)
    if area is None:
        return []
    query = select(Area).join(AreaParent, col(AreaParent.child_id) == Area.id)
    query = query.where(AreaParent.parent_id == area.id)
    if level is not None:
        query = query.where(Area.level == level)
    return list(session.exec(query.order_by(Area.name, Area.code)))


def ancestors(session: Session, code: str, vintage: str | None = None) -> list[Area]:
    """Every area that contains this one, at every level, directly or through others. Without itself."""
    return _closure(session, code, vintage, col(AreaParent.child_id), col(AreaParent.parent_id))


def descendants(
    session: Session, code: str, vintage: str | None = None, level: str | None = None
) -> list[Area]:
    """Every area inside this one, at every level or at one, directly or through others. Without itself."""
    found = _closure(session, code, vintage, col(AreaParent.parent_id), col(AreaParent.child_id))
    return found if level is None else [area for area in found if area.level == level]


def _closure(session: Session, code: str, vintage: str | None, start: Any, end: Any) -> list[Area]:
    area = by_code(session, code, vintage)
    if area is None:
        return []
    # UNION, not UNION ALL: the same area reached by two ways is followed once, so a cycle ends too.
    reached = select(end.label("id")).where(start == area.id).cte("reached", recursive=True)
    reached = reached.union(select(end).join(reached, start == reached.c.id))
    query = select(Area).where(col(Area.id).in_(select(reached.c.id)), Area.id != area.id)
    return list(session.exec(query.order_by(Area.level, Area.name, Area.code)))


def covered(session: Session, area: Area, area_codes: Collection[str]) -> bool:
    """True when the area is one of `area_codes` or lies inside one. No codes means everywhere."""
    if not area_codes or area.code in area_codes:
        return True
    return any(found.code in area_codes for found in ancestors(session, area.code, area.vintage))


def find_by_name(session: Session, name: str, level: str | None = None) -> list[Area]:
    """Areas with this name or alias, whatever the case, spaces, hyphens and apostrophes; best first.

    A name proper comes before an alias. Several areas may share one: the caller says which level, or asks.
    """
    wanted = folded(name)
    if not wanted:
        return []
    query = select(Area) if level is None else select(Area).where(Area.level == level)
    by_name, by_alias = [], []
    for area in session.exec(query.order_by(Area.level, Area.name, Area.code)):
        if folded(area.name) == wanted:
            by_name.append(area)
        elif any(folded(alias) == wanted for alias in area.aliases):
            by_alias.append(area)
    return by_name + by_alias


def shapes(session: Session, level: str) -> dict[str, dict[str, Any]]:
    """GeoJSON geometry by area code, for every area of the level that has one."""
    query = select(Area.code, AreaShape.geometry).join(AreaShape, col(AreaShape.area_id) == Area.id)
    return dict(session.exec(query.where(Area.level == level).order_by(Area.vintage)).all())


def shape(session: Session, code: str, vintage: str | None = None) -> dict[str, Any] | None:
    """The area's GeoJSON geometry, or None when no boundary is held."""
    area = by_code(session, code, vintage)
    held = None if area is None else session.get(AreaShape, area.id)
    return None if held is None else held.geometry


def identities(session: Session) -> dict[tuple[str, str], int]:
    """The row id of every area by (code, vintage)."""
    return {
        (code, vintage): id_ for code, vintage, id_ in session.exec(select(Area.code, Area.vintage, Area.id))
    }


def links(session: Session) -> set[tuple[int, int]]:
    """Every (child id, parent id)."""
    return set(session.exec(select(AreaParent.child_id, AreaParent.parent_id)).all())


def shapes_of(session: Session, area_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """GeoJSON geometry by area id, of those that have one."""
    found: dict[int, dict[str, Any]] = {}
    for chunk in chunks(area_ids):
        query = select(AreaShape.area_id, AreaShape.geometry).where(col(AreaShape.area_id).in_(chunk))
        found.update(session.exec(query).all())
    return found


def add_many(session: Session, new: list[dict[str, Any]]) -> None:
    """Insert areas given as column values."""
    add(session, Area, new)


def update_many(session: Session, changed: list[dict[str, Any]]) -> None:
    """Write the given columns of areas, each with its id."""
    if changed:
        session.exec(update(Area), params=changed)


def link(session: Session, pairs: Collection[tuple[int, int]]) -> None:
    """Record that each first area (by id) lies inside the second."""
    add(session, AreaParent, [{"child_id": child, "parent_id": parent} for child, parent in sorted(pairs)])


def unlink(session: Session, pairs: Collection[tuple[int, int]]) -> None:
    """Forget that each first area (by id) lies inside the second."""
    for chunk in chunks(sorted(pairs)):
        inside = tuple_(col(AreaParent.child_id), col(AreaParent.parent_id))
        session.exec(delete(AreaParent).where(inside.in_(chunk)))


def put_shapes(session: Session, geometries: dict[int, dict[str, Any]]) -> None:
    """Store boundaries by area id in place of any held."""
    for chunk in chunks(geometries):
        session.exec(delete(AreaShape).where(col(AreaShape.area_id).in_(chunk)))
    add(session, AreaShape, [{"area_id": key, "geometry": shape} for key, shape in geometries.items()])
