"""National index layers: published values by area, and the yardsticks they are scored on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from survey_app.tables import NationalValue, NationalYardstick


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One area's value of one indicator, in the publisher's unit. polarity: 1, -1, or 0 for neither."""

    layer: str
    indicator: str
    period: str
    area_code: str
    area_name: str
    value: float
    unit: str
    polarity: int
    source: str


@dataclass(frozen=True, slots=True)
class YardstickRow:
    """Mean and standard deviation of an indicator over `areas` areas of the layer."""

    layer: str
    indicator: str
    period: str
    mean: float
    sd: float
    areas: int
    polarity: int
    source: str


def layers(session: Session) -> dict[str, int]:
    """How many values each layer holds."""
    query = select(NationalValue.layer, func.count()).group_by(NationalValue.layer)
    return dict(session.exec(query.order_by(NationalValue.layer)).all())


def values(
    session: Session, layers: Collection[str] | None = None, area_codes: Collection[str] | None = None
) -> list[ValueRow]:
    """Values of the layers (all, when none are named), for the areas named or for every area."""
    query = select(
        NationalValue.layer,
        NationalValue.indicator,
        NationalValue.period,
        NationalValue.area_code,
        NationalValue.area_name,
        NationalValue.value,
        NationalValue.unit,
        NationalValue.polarity,
        NationalValue.source,
    )
    if layers is not None:
        query = query.where(col(NationalValue.layer).in_(list(layers)))
    if area_codes is not None:
        query = query.where(col(NationalValue.area_code).in_(list(area_codes)))
    order = (NationalValue.layer, NationalValue.indicator, NationalValue.period, NationalValue.area_code)
    return [ValueRow(*row) for row in session.exec(query.order_by(*order))]


def yardsticks(session: Session, layers: Collection[str] | None = None) -> list[YardstickRow]:
    """Yardsticks of the layers (all, when none are named)."""
    query = select(
        NationalYardstick.layer,
        NationalYardstick.indicator,
        NationalYardstick.period,
        NationalYardstick.mean,
        NationalYardstick.sd,
        NationalYardstick.areas,
        NationalYardstick.polarity,
        NationalYardstick.source,
    )
    if layers is not None:
        query = query.where(col(NationalYardstick.layer).in_(list(layers)))
    order = (NationalYardstick.layer, NationalYardstick.indicator, NationalYardstick.period)
    return [YardstickRow(*row) for row in session.exec(query.order_by(*order))]
