"""The statistics a plan can ask for, and how each is read from its entry under `items`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis.faults import example, is_number


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One statistic to estimate, of the answers in one column. `codes` and `negative`: see estimates."""

    name: str
    column: str
    statistic: str  # a key of estimates.STATISTICS
    codes: tuple[float, ...] = ()
    negative: tuple[float, ...] = ()

    def side(self, code: float) -> int:
        """What an answer counts for: 1, or -1 for the negative ones of a net, or 0."""
        if self.statistic == "band":
            return int(self.codes[0] <= code < self.codes[1])
        return int(code in self.codes) - int(code in self.negative)

    @property
    def counted(self) -> tuple[float, ...]:
        """Every code that is named, to see that somebody gave it. A band names none."""
        return () if self.statistic == "band" else (*self.codes, *self.negative)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an entry asks for: planned items, or the cause and the remedy of what is wrong with it."""

    items: tuple[PlannedItem, ...] = ()
    cause: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A statistic as a plan writes it: the keys it has beside `item` and `statistic`, and its reader."""

    keys: tuple[str, ...]
    read: Callable[[str, str, Mapping[Any, Any]], Asked]  # (name, column, entry)


def _plain(statistic: str) -> Callable[[str, str, Mapping[Any, Any]], Asked]:
    def read(name: str, column: str, spec: Mapping[Any, Any]) -> Asked:
        if "codes" in spec:
            cause = f"is a {statistic}, which has no codes."
            return Asked(cause=cause, remedy="Remove codes, or write statistic: proportion.")
        return Asked((PlannedItem(name, column, statistic),))

    return read


def _share(statistic: str) -> Callable[[str, str, Mapping[Any, Any]], Asked]:
    words = statistic.replace("_", " ")

    def read(name: str, column: str, spec: Mapping[Any, Any]) -> Asked:
        codes = _codes(spec.get("codes"))
        if codes is None:
            return Asked(cause=f"is a {words} without the codes that count.", remedy=example("codes: [4, 5]"))
        if len(set(codes)) < len(codes):
            return Asked(cause="names a code twice.", remedy="Name each code once.")
        return Asked((PlannedItem(name, column, statistic, codes),))

    return read


def _net(name: str, column: str, spec: Mapping[Any, Any]) -> Asked:
    positive, negative = _codes(spec.get("positive")), _codes(spec.get("negative"))
    if positive is None or negative is None:
        cause = "is a net figure without both its positive and its negative codes."
        return Asked(cause=cause, remedy=example("positive: [4, 5] and negative: [1, 2]"))
    if len({*positive, *negative}) < len(positive) + len(negative):
        return Asked(cause="names a code twice.", remedy="Name each code once, on one side.")
    return Asked((PlannedItem(name, column, "net", positive, negative),))


def _bands(name: str, column: str, spec: Mapping[Any, Any]) -> Asked:
    bands = spec.get("bands")
    remedy = example("bands: {low: 0, medium: 5, high: 7, very_high: 9}, the answer at which each begins")
    if not isinstance(bands, Mapping) or len(bands) < 2:
        return Asked(cause="has no bands, or only one.", remedy=remedy)
    starts = list(bands.values())
    if not all(isinstance(b, str) and b for b in bands) or not all(is_number(s) and s >= 0 for s in starts):
        return Asked(cause="has a band without a name or a number, 0 or more.", remedy=remedy)
    if any(after <= before for before, after in pairwise(starts)):
        return Asked(cause="has bands that do not rise.", remedy=remedy)
    ends = [*starts[1:], float("inf")]
    return Asked(
        tuple(
            PlannedItem(f"{name}:{band}", column, "band", (float(start), float(end)))
            for band, start, end in zip(bands, starts, ends, strict=True)
        )
    )


def _codes(value: Any) -> tuple[float, ...] | None:
    """The codes of a list; None when it is not a list of numbers, 0 or more."""
    if not isinstance(value, list) or not value or not all(is_number(c) and c >= 0 for c in value):
        return None
    return tuple(float(c) for c in value)


STATISTICS: Mapping[str, Kind] = {
    "mean": Kind((), _plain("mean")),
    "proportion": Kind(("codes",), _share("proportion")),
    "top_box": Kind(("codes",), _share("top_box")),
    "bands": Kind(("bands",), _bands),
    "net": Kind(("positive", "negative"), _net),
    "median": Kind((), _plain("median")),
}
ITEM_KEYS = ("item", "statistic")
"""The keys every entry has. Reading also knows `codes` for statistics without codes, to say so."""
