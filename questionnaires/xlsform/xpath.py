"""Conditions and computed values as forms write them."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.kinds import KINDS
from questionnaires.model import (
    Compare,
    Compute,
    ComputeMethod,
    Condition,
    Count,
    Every,
    Item,
    Questionnaire,
    Some,
)

SIGNS = {
    "at-least": ">=",
    "at-most": "<=",
    "chosen-at-least": ">=",
    "chosen-at-most": "<=",
    "same-as": "=",
    "more-than": ">",
    "less-than": "<",
}
ARITHMETIC = {ComputeMethod.SUM: " + ", ComputeMethod.DIFFERENCE: " - ", ComputeMethod.PRODUCT: " * "}
SEVERAL = {ComputeMethod.SMALLEST: "min", ComputeMethod.LARGEST: "max"}
DATES = {"date": 8, "month": 6}


class Writer:
    """Writes conditions of one questionnaire. `names` are those of its items in the form, by code."""

    def __init__(
        self, questionnaire: Questionnaire, names: Mapping[str, str], options: Mapping[str, Mapping[int, str]]
    ):
        self.items = {item.code: item for item in questionnaire.items()}
        self.names = names
        self.options = options  # names of options in the form, by item and code

    def condition(self, condition: Condition, itself: str = "") -> str:
        """An expression that holds when the condition does. `itself` is the item that "." stands for."""
        if isinstance(condition, Compare):
            return self._compare(condition, itself)
        if isinstance(condition, Count):
            counted = self._counted(condition.items, condition.codes, itself)
            bounds = ((">=", condition.at_least), ("<=", condition.at_most))
            return " and ".join(
                f"({counted}) {sign} {number}" for sign, number in bounds if number is not None
            )
        if isinstance(condition, (Every, Some)):
            join = " and " if isinstance(condition, Every) else " or "
            parts = [self.condition(part, itself) for part in condition.conditions]
            return parts[0] if len(parts) == 1 else join.join(f"({part})" for part in parts) or "true()"
        return f"not({self.condition(condition.condition, itself)})"

    def compute(self, compute: Compute) -> str:
        """The calculation of a computed item."""
        if compute.method in ARITHMETIC:
            return ARITHMETIC[compute.method].join(self._ref(code, "") for code in compute.items)
        if compute.method in SEVERAL:
            return f"{SEVERAL[compute.method]}({', '.join(self._ref(code, '') for code in compute.items)})"
        if compute.method is ComputeMethod.COUNT:
            return self._counted(compute.items, compute.codes, "")
        found = "''" if compute.otherwise is None else str(compute.otherwise)
        for case in reversed(compute.cases):
            found = f"if({self.condition(case.when)}, {case.value}, {found})"
        return found

    def _ref(self, code: str, itself: str) -> str:
        return "." if code == itself else f"${{{self.names[code]}}}"

    def _counted(self, items: tuple[str, ...], codes: tuple[int, ...], itself: str) -> str:
        return " + ".join(f"if({self.chosen(self.items[code], codes, itself)}, 1, 0)" for code in items)

    def _compare(self, compare: Compare, itself: str) -> str:
        item, ref = self.items[compare.item], self._ref(compare.item, itself)
        if compare.operator == "answered":
            return f"{ref} != ''"
        if compare.operator == "in":
            return self.chosen(item, compare.values, itself)
        if compare.operator == "not-in":
            return f"{ref} != '' and not({self.chosen(item, compare.values, itself)})"
        sign = SIGNS[compare.operator]
        if compare.other:
            same = self._ref(compare.other, itself)
            return f"{ref} {sign} {same}"
        value = compare.values[0]
        if compare.operator.startswith("chosen"):
            return f"count-selected({ref}) {sign} {value}"
        if item.options and item.kind not in ("ranking", "multiple_choice"):
            found = tuple(
                option.code
                for option in item.options
                if (option.code >= value if sign == ">=" else option.code <= value)
            )
            return self.chosen(item, found, itself) if found else "false()"
        return f"{ref} {sign} {self._number(item, value)}"

    def _number(self, item: Item, value: int) -> str:
        digits = str(value)
        if len(digits) == DATES.get(item.kind):
            return f"date('{digits[:4]}-{digits[4:6]}-{digits[6:] or '01'}')"
        scaled = value / 10**item.decimals
        return str(int(scaled)) if scaled == int(scaled) else str(scaled)

    def chosen(self, item: Item, codes: tuple[int, ...], itself: str = "") -> str:
        """An expression that holds when the answer to an item is, or has, one of the codes."""
        ref = self._ref(item.code, itself)
        known = self.options.get(item.code, {})
        parts = []
        for code in codes:
            if not known:
                parts.append(f"{ref} = {self._number(item, code)}")
            elif KINDS[item.kind].many:
                parts.append(f"selected({ref}, '{known.get(code, code)}')")
            else:
                parts.append(f"{ref} = '{known.get(code, code)}'")
        return " or ".join(parts) if len(parts) < 2 else f"({' or '.join(parts)})"
