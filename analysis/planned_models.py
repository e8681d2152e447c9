"""The key `small_area` of a plan: which items are modelled, how, and with which covariates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.benchmarking import METHODS
from analysis.faults import Findings, example
from analysis.small_area import MODELS

LIMITS: Mapping[str, tuple[float, float]] = {
    "mean": (float("-inf"), float("inf")),
    "proportion": (0.0, 1.0),
    "top_box": (0.0, 1.0),
}
"""Statistics that can be modelled, and what their values can be."""
KEYS = ("items", "covariates", "model", "benchmark")
LIKE = "small_area: {items: [life_sat], covariates: [imd], model: hierarchical_bayes}"


@dataclass(frozen=True, slots=True)
class PlannedModels:
    items: tuple[str, ...]
    covariates: tuple[str, ...] = ()  # columns of the covariates file; a constant is always added
    model: str = "hierarchical_bayes"  # a key of small_area.MODELS
    benchmark: str = "difference"  # a key of benchmarking.METHODS


def read_small_area(document: Mapping[Any, Any], findings: Findings) -> PlannedModels | None:
    """The entry, or None where there is none or it cannot be read."""
    if "small_area" not in document:
        return None
    section = document["small_area"]
    if not isinstance(section, Mapping):
        findings.add(document, "small_area", '"small_area" says nothing.', example(LIKE))
        return None
    before = len(findings.faults)
    for key in section:
        if key not in KEYS:
            findings.add(section, key, f'"{key}" is not a key of small_area.', f"Use only {', '.join(KEYS)}.")
    items, covariates = (_names(section, key, findings) for key in ("items", "covariates"))
    if not items and len(findings.faults) == before:
        findings.add(document, "small_area", "No item is to be modelled.", example(LIKE))
    _modelled_items(document, section, items, findings)
    model = _choice(section, "model", tuple(MODELS), "hierarchical_bayes", findings)
    benchmark = _choice(section, "benchmark", tuple(METHODS), "difference", findings)
    if len(findings.faults) > before:
        return None
    return PlannedModels(items, covariates, model, benchmark)


def _names(section: Mapping[Any, Any], key: str, findings: Findings) -> tuple[str, ...]:
    value = section.get(key, [])
    if isinstance(value, list) and all(isinstance(name, str) and name for name in value):
        if len(set(value)) == len(value):
            return tuple(str(name) for name in value)
        findings.add(section, key, f'"{key}" names one twice.', "Name each once.")
    else:
        findings.add(section, key, f'"{key}" is not a list of names.', example(f"{key}: [name]"))
    return ()


def _modelled_items(
    document: Mapping[Any, Any], section: Mapping[Any, Any], items: tuple[str, ...], findings: Findings
) -> None:
    planned = document.get("items")
    for name in items:
        entry = planned.get(name) if isinstance(planned, Mapping) else None
        if not isinstance(entry, Mapping):
            findings.add(section, "items", f'"{name}" is not one of the items.', "Add it to items.")
        elif entry.get("statistic") not in LIMITS:
            cause = f'"{name}" cannot be modelled: it is a {entry.get("statistic")}.'
            findings.add(section, "items", cause, f"Model items that are a {', '.join(LIMITS)}.")


def _choice(
    section: Mapping[Any, Any], key: str, known: tuple[str, ...], default: str, findings: Findings
) -> str:
    value = section.get(key, default)
    if value not in known:
        findings.add(section, key, f'There is no {key} "{value}".', f"Use one of {', '.join(known)}.")
        return default
    return str(value)
