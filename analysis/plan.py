"""The plan of a stand-alone estimation: which columns identify, weight and answer, read from a YAML file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

KEYS = ("id", "area", "wave", "margins", "weight_pooled_waves", "items", "cap")
ITEM_KEYS = ("item", "statistic", "codes")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input file. `row` counts from 1, a table's header being row 1."""

    file: str
    row: int | None
    cause: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file} row {self.row}"
        return f"{place}: {self.cause} {self.remedy}"


class RefusedError(Exception):
    """The input was refused; `faults` says every reason, file by file in order of row."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(str(f) for f in self.faults))


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One statistic to estimate, of the answers in one column."""

    name: str
    column: str
    statistic: str  # "mean" or "proportion"
    codes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to estimate. A crossed margin has several columns; its levels are joined with ":"."""

    id: str
    area: str
    wave: str = ""
    margins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pooled: bool = True
    items: tuple[PlannedItem, ...] = ()
    cap: float | None = None

    @property
    def label_columns(self) -> tuple[str, ...]:
        """Columns of labels (area, wave, weighting), each once."""
        crossed = [column for columns in self.margins.values() for column in columns]
        return tuple(dict.fromkeys(c for c in (self.area, self.wave, *crossed) if c))

    @property
    def item_columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.column for item in self.items))


def read_plan(path: Path) -> tuple[Plan, list[Fault]]:
    """The plan and everything wrong with it. With faults the plan holds what could be read."""
    try:
        document = YAML().load(path.read_text(encoding="utf-8-sig"))
    except (YAMLError, UnicodeDecodeError) as error:
        row, detail = None, "it cannot be read as text"
        if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
            row, detail = error.problem_mark.line + 1, error.problem
        fault = Fault(str(path), row, f"Not a YAML file: {detail}.", "Correct the file; save it as UTF-8.")
        return Plan(id="", area=""), [fault]
    reader = _Reader(str(path))
    return reader.plan(document), reader.faults


class _Reader:
    """Turns the document into a Plan, collecting faults with the line of the key they are about."""

    def __init__(self, file: str):
        self.file = file
        self.faults: list[Fault] = []

    def add(self, where: Any, key: Any, cause: str, remedy: str) -> None:
        try:
            row = where.lc.key(key)[0] + 1
        except (AttributeError, KeyError, TypeError):
            row = None
        self.faults.append(Fault(self.file, row, cause, remedy))

    def plan(self, document: Any) -> Plan:
        if not isinstance(document, Mapping):
            self.faults.append(Fault(self.file, 1, "The file is not a list of keys.", _example("id: rid")))
            return Plan(id="", area="")
        self._unknown(document, KEYS, "the file")
        return Plan(
            id=self._column(document, "id", required=True),
            area=self._column(document, "area", required=True),
            wave=(wave := self._column(document, "wave", required=False)),
            margins=self._margins(document),
            pooled=self._pooled(document, wave),
            items=self._items(document),
            cap=self._cap(document),
        )

    def _unknown(self, where: Mapping[Any, Any], known: tuple[str, ...], place: str) -> None:
        for key in where:
            if key not in known:
                self.add(where, key, f'"{key}" is not a key of {place}.', f"Use only {', '.join(known)}.")

    def _column(self, where: Mapping[Any, Any], key: str, *, required: bool) -> str:
        value = where.get(key)
        if isinstance(value, str) and value:
            return value
        if key in where:
            self.add(where, key, f'"{key}" is not a column name.', _example(f"{key}: my_column"))
        elif required:
            self.add(where, key, f'The key "{key}" is missing.', f"Add it: {key}: my_column.")
        return ""

    def _section(self, document: Mapping[Any, Any], key: str, example: str) -> Mapping[Any, Any]:
        section = document.get(key)
        if isinstance(section, Mapping) and section:
            return section
        cause = f'"{key}" lists nothing.' if key in document else f'The key "{key}" is missing.'
        self.add(document, key, cause, _example(example))
        return {}

    def _margins(self, document: Mapping[Any, Any]) -> dict[str, tuple[str, ...]]:
        section = self._section(document, "margins", "margins: {sex: [sex]}")
        margins = {}
        for name, columns in section.items():
            listed = isinstance(columns, list) and columns and all(isinstance(c, str) and c for c in columns)
            if not isinstance(name, str) or not listed:
                self.add(
                    section, name, f'Margin "{name}" has no list of columns.', _example(f"{name}: [column]")
                )
            elif len(set(columns)) < len(columns):
                self.add(section, name, f'Margin "{name}" names a column twice.', "Name each column once.")
            else:
                margins[name] = tuple(columns)
        return margins

    def _pooled(self, document: Mapping[Any, Any], wave: str) -> bool:
        value = document.get("weight_pooled_waves", True)
        if not isinstance(value, bool):
            self.add(
                document, "weight_pooled_waves", f'"{value}" is not true or false.', "Write true or false."
            )
            return True
        if not value and not wave:
            cause = "Waves cannot be weighted apart when no wave column is named."
            self.add(document, "weight_pooled_waves", cause, _example("wave: wave"))
            return True
        return value

    def _cap(self, document: Mapping[Any, Any]) -> float | None:
        value = document.get("cap")
        if value is None or (_number(value) and value > 1):
            return None if value is None else float(value)
        self.add(
            document, "cap", f'"{value}" is not a cap on weights.', "Give a number above 1, or leave it out."
        )
        return None

    def _items(self, document: Mapping[Any, Any]) -> tuple[PlannedItem, ...]:
        section = self._section(document, "items", "items: {life_sat: {statistic: mean}}")
        found = (self._item(section, name, spec) for name, spec in section.items())
        return tuple(item for item in found if item is not None)

    def _item(self, section: Mapping[Any, Any], name: Any, spec: Any) -> PlannedItem | None:
        if not isinstance(name, str) or not isinstance(spec, Mapping):
            self.add(section, name, f'Item "{name}" says nothing.', _example("life_sat: {statistic: mean}"))
            return None
        self._unknown(spec, ITEM_KEYS, f'item "{name}"')
        column = self._column(spec, "item", required=False) if "item" in spec else name
        statistic = spec.get("statistic")
        read_codes = STATISTICS.get(statistic) if isinstance(statistic, str) else None
        if read_codes is None:
            cause = f'Item "{name}" has no statistic that is known.'
            where, key = (spec, "statistic") if "statistic" in spec else (section, name)
            self.add(where, key, cause, f"Use one of {', '.join(STATISTICS)}.")
            return None
        codes, cause, remedy = read_codes(spec)
        if cause:
            self.add(section, name, f'Item "{name}" {cause}', remedy)
            return None
        return PlannedItem(name, column, str(statistic), codes) if column else None


Codes = tuple[tuple[float, ...], str, str]


def _codes_of_mean(spec: Mapping[Any, Any]) -> Codes:
    if "codes" in spec:
        return (), "is a mean, which has no codes.", "Remove codes, or write statistic: proportion."
    return (), "", ""


def _codes_of_proportion(spec: Mapping[Any, Any]) -> Codes:
    codes = spec.get("codes")
    if not isinstance(codes, list) or not codes or not all(_number(c) and c >= 0 for c in codes):
        return (), "is a proportion without the codes that count.", _example("codes: [4, 5]")
    if len(set(codes)) < len(codes):
        return (), "names a code twice.", "Name each code once."
    return tuple(float(c) for c in codes), "", ""


STATISTICS: Mapping[str, Callable[[Mapping[Any, Any]], Codes]] = {
    "mean": _codes_of_mean,
    "proportion": _codes_of_proportion,
}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _example(text: str) -> str:
    return f"Write, for example, {text}"
