"""Reference figures from outside: population margins and national index layers."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class PopulationMargin(SQLModel, table=True):
    """How many people (or households) of one level of a margin live in an area."""

    __tablename__ = "population_margin"
    __table_args__ = (UniqueConstraint("area_id", "margin", "level"),)

    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", index=True, ondelete="CASCADE")
    margin: str = Field(max_length=64)  # "age", "sex", "ethnic_group", "tenure", or crossed "age:sex"
    level: str = Field(max_length=64)
    count: float
    source: str


class NationalValue(SQLModel, table=True):
    """One area's value of one indicator in a national layer, as published."""

    __tablename__ = "national_value"
    __table_args__ = (UniqueConstraint("layer", "indicator", "period", "area_code"),)

    id: int | None = Field(default=None, primary_key=True)
    layer: str = Field(max_length=64, index=True)
    indicator: str = Field(max_length=200)
    period: str = Field(max_length=64)
    area_code: str = Field(max_length=64, index=True)  # may lie outside the survey: the yardstick is England
    area_name: str
    value: float
    unit: str = ""
    polarity: int
    source: str


class NationalYardstick(SQLModel, table=True):
    """Mean and standard deviation over all areas of a national layer: given, or worked out on import."""

    __tablename__ = "national_yardstick"
    __table_args__ = (UniqueConstraint("layer", "indicator", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    layer: str = Field(max_length=64)
    indicator: str = Field(max_length=200)
    period: str = Field(max_length=64)
    mean: float
    sd: float
    areas: int
    polarity: int
    source: str
