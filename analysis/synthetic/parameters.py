"""How synthetic people answer each item: read from a file beside the reference tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from analysis import reference

Shares = Mapping[int, float]
"""Relative weight of each code, from the low end of the item's ordering to the high end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemParameters:
    """How one item is answered.

    The answer is where a standard normal number falls in the cumulative shares. That number is a sum of
    the loads below times what they load on, and of noise, so shares hold on average and loads bend them:
    a positive load moves answers towards the later codes as written in `shares` (or to higher numbers).
    """

    shares: Shares = field(default_factory=dict)  # any positive scale; multiple choice: % ticking each
    given: Mapping[str, Mapping[str, Shares]] = field(
        default_factory=dict
    )  # trait > level > shares; traits are margins, and "mode"
    mean: float | None = None  # scales and numbers, in place of shares: a beta-binomial
    sd: float | None = None
    wellbeing: float = 0.0  # load on the person's wellbeing
    age: float = 0.0  # load on age, in standard deviations
    place: float = 0.0  # load on how disadvantaged the neighbourhood is, in standard deviations
    ward: float = 0.08  # standard deviation of the neighbourhood's own effect
    paper: float = 0.0  # moved by this much on paper and when asked in person
    beside: Shares = field(default_factory=dict)  # % giving an answer outside the base, such as don't know
    refused: float | None = None  # % who prefer not to say, where that is offered
    blank: float = 1.0  # times the usual share of blanks
    languages: Mapping[str, int] = field(default_factory=dict)  # code for those who answer in a language


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Everything the generator is told about a questionnaire's items. Unlisted items get `DEFAULT`."""

    items: Mapping[str, ItemParameters] = field(default_factory=dict)

    def of(self, code: str) -> ItemParameters:
        return self.items.get(code, DEFAULT)


DEFAULT = ItemParameters(wellbeing=0.2, place=-0.08)


def for_questionnaire(questionnaire_id: str) -> Parameters:
    """The shipped parameters of a questionnaire, or the defaults where none are shipped."""
    try:
        file = reference.path(f"{questionnaire_id}.synthetic.yaml")
    except FileNotFoundError:
        return Parameters()
    return read(file)


def read(file: Path) -> Parameters:
    """Parameters from a YAML file. Raises ValueError naming every fault found."""
    document = YAML(typ="safe").load(file)
    if (
        not isinstance(document, dict)
        or set(document) != {"items"}
        or not isinstance(document["items"], dict)
    ):
        raise ValueError(f"{file.name}: must hold one key, items, with item codes below it")
    faults: list[str] = []
    items = {str(code): _item(str(code), entry, faults) for code, entry in document["items"].items()}
    if faults:
        raise ValueError(f"{file.name}: " + "; ".join(faults))
    return Parameters(items=items)


def _item(code: str, entry: Any, faults: list[str]) -> ItemParameters:
    if not isinstance(entry, dict):
        faults.append(f"{code}: must hold parameters, not {entry!r}")
        return DEFAULT
    known = {f.name for f in fields(ItemParameters)}
    fit: dict[str, Any] = {}
    for key, value in entry.items():
        if key not in known:
            faults.append(f"{code}: {key!r} is not known; use {', '.join(sorted(known))}")
        elif not _MUST_BE[_kind(key)][0](value):
            faults.append(f"{code}: {key} must {_MUST_BE[_kind(key)][1]}")
        else:
            fit[key] = value
    if ("mean" in entry) != ("sd" in entry):
        faults.append(f"{code}: give mean and sd together")
    return ItemParameters(**fit)


def _kind(key: str) -> str:
    return key if key in _MUST_BE else "number"


def _are_shares(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(isinstance(code, int) for code in value)
        and all(isinstance(weight, (int, float)) and weight >= 0 for weight in value.values())
        and any(value.values())
    )


def _are_given(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(levels, dict) and all(_are_shares(shares) for shares in levels.values())
        for levels in value.values()
    )


def _are_codes(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(code, int) for code in value.values())


_MUST_BE: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "number": (lambda value: isinstance(value, (int, float)), "be a number"),
    "shares": (_are_shares, "give codes weights of 0 or more, not all 0"),
    "beside": (_are_shares, "give codes weights of 0 or more, not all 0"),
    "given": (_are_given, "give shares by trait and level"),
    "languages": (_are_codes, "give a code by language"),
}


@cache
def beta_binomial(low: int, high: int, mean: float, sd: float) -> npt.NDArray[np.float64]:
    """Probabilities of the whole numbers low..high with this mean and standard deviation, exactly.

    A beta-binomial on high - low trials; its variance lies between that of the binomial and that of all
    answers at the two ends. Raises ValueError when `mean` and `sd` cannot be had.
    """
    trials = high - low
    p = (mean - low) / trials
    binomial = trials * p * (1 - p)
    if not 0 < p < 1 or not binomial < sd**2 < trials * binomial:
        least, most = (math.sqrt(max(v, 0.0)) for v in (binomial, trials * binomial))
        raise ValueError(
            f"no spread of {low}..{high} has mean {mean} and sd {sd}: the mean must lie between "
            f"{low} and {high} and the sd between {least:.2f} and {most:.2f}"
        )
    rho = (sd**2 / binomial - 1) / (trials - 1)
    total = 1 / rho - 1
    a, b = p * total, (1 - p) * total
    logs = [
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        + math.lgamma(k + a) + math.lgamma(trials - k + b) - math.lgamma(trials + a + b)
        + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        for k in range(trials + 1)
    ]  # fmt: skip
    return np.asarray(np.exp(np.array(logs)))
