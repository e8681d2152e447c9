"""Population margins: what the respondents are weighted to, summed over the whole population of a wave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.areas import AreaSet, covering, sorted_by_place
from questionnaires.model import Margin, Questionnaire

COMMAND = "survey-app margins import"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginCount:
    """How many people of one level of a margin live in an area, as loaded by `survey-app margins import`."""

    area: str
    margin: str
    level: str
    count: float


class MarginsMissingError(Exception):
    """The population to weight to is not (all) there; `reasons` says every reason and what to load."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True)
class PopulationMargins:
    """Margin counts by area. An area's count may be loaded itself, or be the sum of smaller areas."""

    counts: Sequence[MarginCount]
    _table: dict[str, dict[str, dict[str, float]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table: dict[str, dict[str, dict[str, float]]] = {}
        for row in self.counts:
            levels = table.setdefault(row.margin, {}).setdefault(row.area, {})
            levels[row.level] = levels.get(row.level, 0.0) + row.count
        object.__setattr__(self, "_table", table)

    def __contains__(self, margin: object) -> bool:
        return margin in self._table

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._table)

    def over(self, margin: str, areas: AreaSet, code: str) -> dict[str, float] | None:
        """Counts by level in one area: its own, or summed over the largest areas inside it that all have one.

        Sums run over one level of areas at a time, because areas of different levels overlap. None when
        neither the area nor every area of some level inside it has a count.
        """
        loaded = self._table.get(margin, {})
        if code in loaded:
            return dict(loaded[code])
        by_level: dict[str, list[str]] = {}
        for area in areas.descendants(code):
            by_level.setdefault(area.level, []).append(area.code)
        whole = [codes for codes in by_level.values() if all(c in loaded for c in codes)]
        if not whole:
            return None
        total: dict[str, float] = {}
        for part in min(whole, key=len):
            for level, count in loaded[part].items():
                total[level] = total.get(level, 0.0) + count
        return total


def targets(
    questionnaire: Questionnaire,
    margins: PopulationMargins,
    areas: AreaSet,
    wave_areas: Sequence[str],
) -> dict[str, dict[str, float]]:
    """Margin -> level -> people, over the whole population of the wave, for each margin of the questionnaire.

    An item's margin is summed over the wave's areas and kept to the levels the questionnaire has, so
    that a census table with a level for children serves a survey of adults. An area margin
    (`area_level`) takes each area's people from a loaded margin of the same name, or else from the sum
    of its first item margin: "age" if there. Levels come in the questionnaire's order (areas: neighbours
    side by side), as merging sparse ones expects.

    Raises MarginsMissingError naming every margin, level and area that is missing, and the command that
    loads it.
    """
    reasons: list[str] = []
    found: dict[str, dict[str, float]] = {}
    for margin in questionnaire.margins:
        if margin.area_level is None:
            found[margin.name] = _item_margin(questionnaire, margin, margins, areas, wave_areas, reasons)
        else:
            found[margin.name] = _area_margin(questionnaire, margin, margins, areas, wave_areas, reasons)
    if not questionnaire.margins:
        reasons.append(
            f"{questionnaire.id} names no margins to weight on: add `margins` to the questionnaire."
        )
    if reasons:
        raise MarginsMissingError(reasons)
    return found


def population(
    questionnaire: Questionnaire, margins: PopulationMargins, areas: AreaSet, code: str
) -> float | None:
    """People of the ages surveyed in one area, by the same rule as an area margin. None when not loaded."""
    base = base_margin(questionnaire)
    if base is None:
        return None
    counted = margins.over(base.name, areas, code)
    if counted is None:
        return None
    levels = margin_levels(questionnaire, base) or tuple(counted)
    return sum(counted.get(level, 0.0) for level in levels)


def population_by_area(
    questionnaire: Questionnaire,
    margins: PopulationMargins,
    areas: AreaSet,
    wave_areas: Sequence[str],
    level: str,
) -> dict[str, float | None]:
    """People of the ages surveyed in every area of a level that the wave reaches, neighbours side by side.

    Of an area that is only partly in the wave, only that part. None where no count is loaded. Raises
    KeyError for a wave area that is not in `areas`.
    """
    found: dict[str, float | None] = {}
    for part in _wave_cover(areas, wave_areas):
        for code, counted in _at_level(areas, part, level):
            people = population(questionnaire, margins, areas, counted)
            before = found.get(code, 0.0)
            found[code] = None if people is None or before is None else before + people
    return {code: found[code] for code in sorted_by_place(areas, found)}


def margin_levels(questionnaire: Questionnaire, margin: Margin) -> tuple[str, ...]:
    """The levels a margin has in the questionnaire, in order: its own, or those of its item's options."""
    if margin.levels or margin.item is None:
        return margin.levels
    options = questionnaire.item(margin.item).options
    return tuple(dict.fromkeys(option.level for option in options if option.level))


def _item_margin(
    questionnaire: Questionnaire,
    margin: Margin,
    margins: PopulationMargins,
    areas: AreaSet,
    wave_areas: Sequence[str],
    reasons: list[str],
) -> dict[str, float]:
    if margin.name not in margins:
        have = ", ".join(margins.names) or "none"
        reasons.append(
            f'No population margin "{margin.name}" is loaded (loaded: {have}). Load it: {COMMAND}.'
        )
        return {}
    total: dict[str, float] = {}
    for code in _wave_cover(areas, wave_areas):
        counted = margins.over(margin.name, areas, code)
        if counted is None:
            name = areas[code].name
            reasons.append(f'Margin "{margin.name}" has no count for {name} ({code}). Load it: {COMMAND}.')
            continue
        for level, count in counted.items():
            total[level] = total.get(level, 0.0) + count
    levels = margin_levels(questionnaire, margin) or tuple(total)
    if total:
        reasons += [
            f'Margin "{margin.name}" has no level "{level}" (it has: {", ".join(total)}). '
            f"Load it, or map it on import: {COMMAND}."
            for level in levels
            if level not in total
        ]
    return {level: total.get(level, 0.0) for level in levels}


def _area_margin(
    questionnaire: Questionnaire,
    margin: Margin,
    margins: PopulationMargins,
    areas: AreaSet,
    wave_areas: Sequence[str],
    reasons: list[str],
) -> dict[str, float]:
    level = str(margin.area_level)
    found: dict[str, float] = {}
    for part in _wave_cover(areas, wave_areas):
        places = _at_level(areas, part, level)
        if not places:
            reasons.append(
                f'Margin "{margin.name}" needs areas of level "{level}", but {areas[part].name} ({part}) '
                "has none inside or around it: survey-app areas import."
            )
        for code, counted in places:
            given = margins.over(margin.name, areas, counted)
            people = sum(given.values()) if given else population(questionnaire, margins, areas, counted)
            if people is None:
                name = areas[counted].name
                reasons.append(
                    f'Margin "{margin.name}" has no population for {name} ({counted}). Load it: {COMMAND}.'
                )
            else:
                found[code] = found.get(code, 0.0) + people
    return {code: found[code] for code in sorted_by_place(areas, found)}


def _at_level(areas: AreaSet, part: str, level: str) -> list[tuple[str, str]]:
    """Areas of a level in a part of a wave, each with the area whose people are meant.

    A wave of two wards is held against the part of the district that they are.
    """
    codes = (part, *(area.code for area in areas.descendants(part)))
    inside = [(code, code) for code in codes if areas[code].level == level]
    return inside or [(code, part) for code in areas.placed_at(part, (level,))[:1]]


def base_margin(questionnaire: Questionnaire) -> Margin | None:
    """The margin that says how many people live somewhere: age if there, else the first there is."""
    people = [margin for margin in questionnaire.margins if margin.area_level is None]
    return next((margin for margin in people if margin.name == "age"), people[0] if people else None)


def _wave_cover(areas: AreaSet, wave_areas: Sequence[str]) -> tuple[str, ...]:
    return covering(areas, wave_areas or [area.code for area in areas if not area.parents])
