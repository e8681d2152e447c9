"""Postcodes: the smallest area one lies in. They are looked up and forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from survey_app.store.bulk import Written, add, chunks
from survey_app.tables import Area, Postcode


def normalised(postcode: str) -> str:
    """A postcode as it is stored: upper case, letters and digits only. "cm1 1ab" -> "CM11AB"."""
    return "".join(character for character in postcode.upper() if character.isalnum())


def area_of(session: Session, postcode: str) -> Area | None:
    """The smallest area the postcode lies in, or None when it is not held. Any spacing or case."""
    query = select(Area).join(Postcode, col(Postcode.area_id) == Area.id)
    return session.exec(query.where(Postcode.postcode == normalised(postcode))).first()


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Postcode)).one()


def held(session: Session) -> dict[str, int]:
    """The area id of every postcode held."""
    return dict(session.exec(select(Postcode.postcode, Postcode.area_id)).all())


def add_many(session: Session, area_ids: dict[str, int], written: Written | None = None) -> None:
    """Insert postcodes (normalised) with the id of the area each lies in."""
    add(session, Postcode, [{"postcode": code, "area_id": area} for code, area in area_ids.items()], written)


def remove(session: Session, gone: Iterable[str]) -> None:
    for chunk in chunks(gone):
        session.exec(delete(Postcode).where(col(Postcode.postcode).in_(chunk)))
