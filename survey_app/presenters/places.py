"""Areas to choose from when there is no postcode to go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from survey_app.presenters.words import Voice, Words


class Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


class Grouped(Named, Protocol):
    @property
    def places(self) -> Sequence[Named]: ...


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class DistrictChoices:
    """A district's places. `open` when the place chosen before is among them."""

    name: Words
    places: tuple[PlaceChoice, ...]
    open: bool


def district_choices(
    districts: Sequence[Grouped], voice: Voice, current: str | None
) -> tuple[DistrictChoices, ...]:
    """Place names are nobody's to translate: on pages in other languages they are marked as they are."""
    return tuple(
        DistrictChoices(
            voice.quote(district.name),
            tuple(PlaceChoice(place.code, voice.quote(place.name)) for place in district.places),
            any(place.code == current for place in district.places),
        )
        for district in districts
    )
