"""The plan of a stand-alone estimation: what identifies, weights and answers, read from a YAML file.

A key is one entry in KEYS: the field of Plan that it fills, and its reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from analysis.faults import Fault, Findings, RefusedError, example, is_number
from analysis.planned_items import ITEM_KEYS, STATISTICS, PlannedItem
from analysis.planned_models import PlannedModels, read_small_area

__all__ = ["KEYS", "Fault", "Plan", "PlannedItem", "RefusedError", "Replicates", "read_plan"]

Document = Mapping[Any, Any]
MOST_GROUPS = 1000


@dataclass(frozen=True, slots=True)
class Replicates:
    """How standard errors are replicated. `groups`: how many people are dealt into; 0 is by cluster."""

    method: str  # a key of replicates.METHODS
    groups: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to estimate. A crossed margin or group has several columns; its levels are joined with ":"."""

    id: str
    area: str
    wave: str = ""
    margins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pooled: bool = True
    items: tuple[PlannedItem, ...] = ()
    cap: float | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: bool = False
    design_weight: str = ""
    cluster: str = ""
    replicates: Replicates | None = None
    small_area: PlannedModels | None = None

    @property
    def label_columns(self) -> tuple[str, ...]:
        """Columns of labels (area, wave, cluster, weighting, groups), each once."""
        crossed = [c for columns in (*self.margins.values(), *self.groups.values()) for c in columns]
        return tuple(dict.fromkeys(c for c in (self.area, self.wave, self.cluster, *crossed) if c))

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
    findings = Findings(str(path))
    return _plan(document, findings), findings.faults


def _plan(document: Any, findings: Findings) -> Plan:
    if not isinstance(document, Mapping):
        cause = "The file is not a list of keys."
        findings.faults.append(Fault(findings.file, 1, cause, example("id: rid")))
        return Plan(id="", area="")
    _unknown(document, tuple(KEYS), "the file", findings)
    return Plan(**{name: read(document, findings) for name, read in KEYS.values()})


def _unknown(where: Document, known: tuple[str, ...], place: str, findings: Findings) -> None:
    for key in where:
        if key not in known:
            findings.add(where, key, f'"{key}" is not a key of {place}.', f"Use only {', '.join(known)}.")


def _column(
    where: Document, key: str, findings: Findings, *, required: bool = False, like: str = "my_column"
) -> str:
    value = where.get(key)
    if isinstance(value, str) and value:
        return value
    if key in where:
        findings.add(where, key, f'"{key}" is not a column name.', example(f"{key}: {like}"))
    elif required:
        findings.add(where, key, f'The key "{key}" is missing.', f"Add it: {key}: {like}.")
    return ""


def _flag(document: Document, key: str, findings: Findings, *, default: bool) -> bool:
    value = document.get(key, default)
    if isinstance(value, bool):
        return value
    findings.add(document, key, f'"{value}" is not true or false.', "Write true or false.")
    return default


def _section(document: Document, key: str, like: str, findings: Findings) -> Document:
    section = document.get(key)
    if isinstance(section, Mapping) and section:
        return section
    cause = f'"{key}" lists nothing.' if key in document else f'The key "{key}" is missing.'
    findings.add(document, key, cause, example(like))
    return {}


def _crossings(section: Document, what: str, findings: Findings) -> dict[str, tuple[str, ...]]:
    """Margins or groups: a name, and the list of columns that are crossed."""
    found = {}
    for name, columns in section.items():
        listed = isinstance(columns, list) and columns and all(isinstance(c, str) and c for c in columns)
        if not isinstance(name, str) or not listed:
            cause = f'{what} "{name}" has no list of columns.'
            findings.add(section, name, cause, example(f"{name}: [column]"))
        elif len(set(columns)) < len(columns):
            cause = f'{what} "{name}" names a column twice.'
            findings.add(section, name, cause, "Name each column once.")
        else:
            found[name] = tuple(columns)
    return found


def _margins(document: Document, findings: Findings) -> dict[str, tuple[str, ...]]:
    return _crossings(_section(document, "margins", "margins: {sex: [sex]}", findings), "Margin", findings)


def _groups(document: Document, findings: Findings) -> dict[str, tuple[str, ...]]:
    if "groups" not in document:
        return {}
    return _crossings(_section(document, "groups", "groups: {sex: [sex]}", findings), "Group", findings)


def _pooled(document: Document, findings: Findings) -> bool:
    pooled = _flag(document, "weight_pooled_waves", findings, default=True)
    if not pooled and not document.get("wave"):
        cause = "Waves cannot be weighted apart when no wave column is named."
        findings.add(document, "weight_pooled_waves", cause, example("wave: wave"))
        return True
    return pooled


def _changes(document: Document, findings: Findings) -> bool:
    wanted = _flag(document, "changes", findings, default=False)
    if wanted and not (document.get("wave") and document.get("weight_pooled_waves") is False):
        cause = "Changes are between waves that are weighted apart."
        findings.add(document, "changes", cause, example("wave: wave and weight_pooled_waves: false"))
        return False
    return wanted


def _cap(document: Document, findings: Findings) -> float | None:
    value = document.get("cap")
    if value is None or (is_number(value) and value > 1):
        return None if value is None else float(value)
    cause = f'"{value}" is not a cap on weights.'
    findings.add(document, "cap", cause, "Give a number above 1, or leave it out.")
    return None


def _replicates(document: Document, findings: Findings) -> Replicates | None:
    value = document.get("replicates")
    if value is None:
        return None
    remedy = example("replicates: {jackknife: 50}, or replicates: jackknife with a cluster column")
    if value == "jackknife":
        if document.get("cluster"):
            return Replicates("jackknife")
        findings.add(document, "replicates", "There is no cluster column to leave out in turn.", remedy)
        return None
    groups = value.get("jackknife") if isinstance(value, Mapping) and len(value) == 1 else None
    if isinstance(groups, int) and is_number(groups) and 2 <= groups <= MOST_GROUPS:
        if not document.get("cluster"):
            return Replicates("jackknife", groups)
        cause = "Clusters are left out one by one, so there is no number of groups."
        findings.add(document, "replicates", cause, "Write replicates: jackknife.")
        return None
    cause = f'"{value}" is not a jackknife of 2 to {MOST_GROUPS} groups.'
    findings.add(document, "replicates", cause, remedy)
    return None


def _items(document: Document, findings: Findings) -> tuple[PlannedItem, ...]:
    section = _section(document, "items", "items: {life_sat: {statistic: mean}}", findings)
    found = [item for name, spec in section.items() for item in _item(section, name, spec, findings)]
    names = [item.name for item in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        findings.add(section, name, f'Two items are named "{name}".', "Rename the item or the band.")
    return tuple(found)


def _item(section: Document, name: Any, spec: Any, findings: Findings) -> tuple[PlannedItem, ...]:
    if not isinstance(name, str) or not isinstance(spec, Mapping):
        cause = f'Item "{name}" says nothing.'
        findings.add(section, name, cause, example("life_sat: {statistic: mean}"))
        return ()
    statistic = spec.get("statistic")
    kind = STATISTICS.get(statistic) if isinstance(statistic, str) else None
    known = (*ITEM_KEYS, *(kind.keys if kind is not None and kind.keys else ("codes",)))
    _unknown(spec, known, f'item "{name}"', findings)
    column = _column(spec, "item", findings) if "item" in spec else name
    if kind is None:
        where, key = (spec, "statistic") if "statistic" in spec else (section, name)
        cause = f'Item "{name}" has no statistic that is known.'
        findings.add(where, key, cause, f"Use one of {', '.join(STATISTICS)}.")
        return ()
    asked = kind.read(name, column, spec)
    if asked.cause:
        findings.add(section, name, f'Item "{name}" {asked.cause}', asked.remedy)
    return asked.items if column else ()


KEYS: Mapping[str, tuple[str, Callable[[Document, Findings], Any]]] = {
    "id": ("id", lambda document, found: _column(document, "id", found, required=True)),
    "area": ("area", lambda document, found: _column(document, "area", found, required=True)),
    "wave": ("wave", lambda document, found: _column(document, "wave", found)),
    "margins": ("margins", _margins),
    "weight_pooled_waves": ("pooled", _pooled),
    "items": ("items", _items),
    "cap": ("cap", _cap),
    "groups": ("groups", _groups),
    "changes": ("changes", _changes),
    "design_weight": ("design_weight", lambda document, found: _column(document, "design_weight", found)),
    "cluster": ("cluster", lambda document, found: _column(document, "cluster", found)),
    "replicates": ("replicates", _replicates),
    "small_area": ("small_area", read_small_area),
}
"""Every key of the file: the field of Plan it fills, and how it is read."""
