"""National index layers: published values by area, and the yardsticks they are scored on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, tuple_
from sqlmodel import Session, col, select

from survey_app.store.bulk import Written, add, chunks
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


def sources(session: Session, layer: str) -> list[str]:
    """Where the values of a layer are from, as their imports said; each once."""
    query = select(NationalValue.source).where(NationalValue.layer == layer, NationalValue.source != "")
    return list(session.exec(query.distinct().order_by(NationalValue.source)))


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


Key = tuple[str, str, str]  # indicator, period, area code
Subject = tuple[str, str]  # indicator, period


def held(session: Session, layer: str) -> dict[Key, tuple[str, float, str, int, str]]:
    """(area name, value, unit, polarity, source) of a layer by (indicator, period, area code)."""
    return {
        (row.indicator, row.period, row.area_code): (
            row.area_name,
            row.value,
            row.unit,
            row.polarity,
            row.source,
        )
        for row in values(session, [layer])
    }


def add_many(
    session: Session,
    layer: str,
    new: dict[Key, tuple[str, float, str, int, str]],
    written: Written | None = None,
) -> None:
    """Insert values of a layer, in the form `held` gives."""
    columns = ("indicator", "period", "area_code", "area_name", "value", "unit", "polarity", "source")
    rows = [{"layer": layer, **dict(zip(columns, (*k, *v), strict=True))} for k, v in new.items()]
    add(session, NationalValue, rows, written)


def remove(session: Session, layer: str, gone: Iterable[Key]) -> None:
    """Delete values of a layer."""
    key = tuple_(col(NationalValue.indicator), col(NationalValue.period), col(NationalValue.area_code))
    for chunk in chunks(gone):
        session.exec(delete(NationalValue).where(col(NationalValue.layer) == layer, key.in_(chunk)))


def held_yardsticks(session: Session, layer: str) -> dict[Subject, tuple[float, float, int, int, str]]:
    """(mean, sd, areas, polarity, source) of a layer by (indicator, period)."""
    return {
        (row.indicator, row.period): (row.mean, row.sd, row.areas, row.polarity, row.source)
        for row in yardsticks(session, [layer])
    }


def add_yardsticks(
    session: Session, layer: str, new: dict[Subject, tuple[float, float, int, int, str]]
) -> None:
    """Insert yardsticks of a layer, in the form `held_yardsticks` gives."""
    columns = ("indicator", "period", "mean", "sd", "areas", "polarity", "source")
    rows = [{"layer": layer, **dict(zip(columns, (*k, *v), strict=True))} for k, v in new.items()]
    add(session, NationalYardstick, rows)


def remove_yardsticks(session: Session, layer: str, gone: Iterable[Subject]) -> None:
    """Delete yardsticks of a layer."""
    key = tuple_(col(NationalYardstick.indicator), col(NationalYardstick.period))
    for chunk in chunks(gone):
        session.exec(delete(NationalYardstick).where(col(NationalYardstick.layer) == layer, key.in_(chunk)))
