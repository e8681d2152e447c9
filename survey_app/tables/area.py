"""Places: areas with a level and a boundary vintage, which areas contain which, shapes, and postcodes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import JSONDocument


class Area(SQLModel, table=True):
    """A place by code and boundary vintage ("2021", "2024"): a code alone is not enough."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("code", "vintage"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=64, index=True)
    vintage: str = Field(max_length=16)
    level: str = Field(max_length=32, index=True)  # "lsoa", "msoa", "ward", "lad", "alliance", "icb", ...
    name: str
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSONDocument, nullable=False))
    tile_column: int | None = None  # place in a drawn layout, where no boundary is held
    tile_row: int | None = None


class AreaParent(SQLModel, table=True):
    """`child` lies wholly inside `parent`. Not a tree: an area may have several parents."""

    __tablename__ = "area_parent"

    child_id: int = Field(foreign_key="area.id", primary_key=True, ondelete="CASCADE")
    parent_id: int = Field(foreign_key="area.id", primary_key=True, index=True, ondelete="CASCADE")


class AreaShape(SQLModel, table=True):
    """A boundary as a GeoJSON geometry (WGS84), apart from the area so that lists stay light."""

    __tablename__ = "area_shape"

    area_id: int = Field(foreign_key="area.id", primary_key=True, ondelete="CASCADE")
    geometry: dict[str, Any] = Field(sa_column=Column(JSONDocument, nullable=False))


class Postcode(SQLModel, table=True):
    """The smallest area a postcode lies in. Kept to look up; never stored with an answer."""

    __tablename__ = "postcode"

    postcode: str = Field(primary_key=True, max_length=8)  # without the space, upper case: "CM11AB"
    area_id: int = Field(foreign_key="area.id", index=True)
