"""What can never happen: items nobody can reach, checks that can never be raised or never be settled.

A condition is opened into alternatives, each a set of demands on single items; an item that must have an
answer brings in the demands of its own conditions. A demand that leaves an item no answer is a contradiction.
Where there are too many alternatives to look at, nothing is said: this finds mistakes, it proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from questionnaires.checks.findings import Finding
from questionnaires.conditions import OTHERS
from questionnaires.kinds import KINDS
from questionnaires.model import Compare, Condition, Count, Every, Item, Never, Questionnaire, Section
from questionnaires.problems import ProblemCode

MOST = 64  # alternatives looked at together
EFFORT = 500  # ways of joining two looked at for one item
WIDE = frozenset({"integer"})  # kinds with a run of thousands of codes, compared by its ends
LOWEST, HIGHEST = -(10**9), 10**9


@dataclass(frozen=True, slots=True)
class Demand:
    """What must be true of one item's answer.

    answered: True must, False must not, None either. needs: of several answers, one must be in each set.
    """

    answered: bool | None = None
    low: int = LOWEST
    high: int = HIGHEST
    forbidden: frozenset[int] = frozenset()
    needs: tuple[frozenset[int], ...] = ()


Alternative = dict[str, Demand]
Alternatives = list[Alternative] | None
"""None: too many to look at."""


class Reach:
    """Which demands reaching each item makes."""

    def __init__(self, q: Questionnaire):
        self.items = {item.code: item for item in q.items()}
        self.sections = {item.code: section for section in q.sections for item in section.items}
        self.codes = lru_cache(maxsize=None)(self._codes)
        self.to_item = lru_cache(maxsize=None)(self._to_item)
        self.effort = EFFORT

    def to_section(self, section: Section) -> Alternatives:
        return self.met([] if section.when is None else [section.when])

    def _to_item(self, code: str) -> Alternatives:
        conditions = [self.sections[code].when, self.items[code].when]
        spent = self.effort  # what an item demands is worked out once, at its own cost
        found = self.met([condition for condition in conditions if condition is not None])
        self.effort = spent
        return found

    def both(self, one: Alternatives, other: Alternatives) -> Alternatives:
        """The alternatives that meet one of each."""
        return self._all([one, other])

    def met(self, conditions: list[Condition], answered: str | None = None) -> Alternatives:
        """The alternatives in which every condition holds; `answered` names an item that has an answer."""
        self.effort = EFFORT
        start: Alternatives = [{}] if answered is None else self._all([[{answered: Demand(True)}]])
        return self._all([start, *(self._open(condition, True) for condition in conditions)])

    def _open(self, condition: Condition, wanted: bool) -> Alternatives:
        if isinstance(condition, Never):
            return self._open(condition.condition, not wanted)
        if isinstance(condition, Compare):
            return self._all([_compare(condition, wanted, self.items)])
        if isinstance(condition, Count):
            return _count(condition, wanted)
        parts = [self._open(part, wanted) for part in condition.conditions]
        if isinstance(condition, Every) == wanted:
            return self._all(parts)
        found: list[Alternative] = []
        for part in parts:
            if part is None:
                return None
            found += part
        return found if len(found) <= MOST else None

    def _all(self, parts: list[Alternatives]) -> Alternatives:
        """Every way to meet one alternative of each part, without those that contradict themselves."""
        found: list[Alternative] = [{}]
        for part in parts:
            if part is None:
                return None
            self.effort -= len(found) * len(part)
            if self.effort < 0:
                return None
            joined = (self._join(one, other) for one in found for other in part)
            found = [each for each in joined if each is not None]
            if len(found) > MOST:
                return None
        return found

    def _join(self, one: Alternative, other: Alternative) -> Alternative | None:
        joined = dict(one)
        for code, demand in other.items():
            merged = _merge(joined[code], demand) if code in joined else demand
            if not self._possible(code, merged):
                return None
            joined[code] = merged
        return joined

    def _possible(self, code: str, demand: Demand) -> bool:
        item = self.items.get(code)
        if item is None or item.kind not in KINDS or demand.answered is not True:
            return not (demand.answered is False and demand.needs)
        codes = self.codes(code)
        if not codes:
            return demand.low <= demand.high
        if KINDS[item.kind].many:
            return all(need & codes - demand.forbidden for need in demand.needs) and bool(
                codes - demand.forbidden
            )
        if demand.needs:
            codes = codes.intersection(*demand.needs)
        elif not demand.forbidden and item.kind in WIDE:
            return max(demand.low, item.minimum or 0) <= min(demand.high, KINDS[item.kind].highest(item))
        return any(demand.low <= each <= demand.high for each in codes if each not in demand.forbidden)

    def _codes(self, code: str) -> frozenset[int]:
        item = self.items[code]
        return frozenset(KINDS[item.kind].codes(item))

    def is_closed(self, alternatives: Alternatives) -> bool:
        """Whether none is left once every item that must have an answer brings in its own demands."""
        self.effort = EFFORT
        return self._closed(alternatives, 20) == []

    def _closed(self, alternatives: Alternatives, depth: int) -> Alternatives:
        if alternatives is None or depth == 0:
            return alternatives
        found: list[Alternative] = []
        for alternative in alternatives:
            needed = [code for code, demand in alternative.items() if demand.answered and code in self.items]
            ways = self._all([[alternative], *(self.to_item(code) for code in needed)])
            if ways is None:
                return None
            deeper = [way for way in ways if way != alternative]
            more = self._closed(deeper, depth - 1) if deeper else []
            if more is None:
                return None
            found += [way for way in ways if way == alternative] + more
            if len(found) > MOST:
                return None
        return found


def _compare(condition: Compare, wanted: bool, items: dict[str, Item]) -> Alternatives:
    code, operator = condition.item, condition.operator
    if operator in OTHERS:
        both = {code: Demand(True), condition.other: Demand(True)}
        return [both] if wanted else [{}]
    blank = {code: Demand(False)}
    if operator == "answered":
        return [{code: Demand(True)}] if wanted else [blank]
    if not condition.values:
        return [{}]
    many = code in items and items[code].kind in KINDS and KINDS[items[code].kind].many
    values, first = frozenset(condition.values), condition.values[0]
    yes, no = {
        "in": (Demand(True, needs=(values,)), Demand(True, forbidden=values)),
        "not-in": (Demand(True, forbidden=values), Demand(True, needs=(values,))),
        "at-least": (Demand(True, low=first), Demand(True, high=first - 1)),
        "at-most": (Demand(True, high=first), Demand(True, low=first + 1)),
    }.get(operator, (Demand(True), Demand(True)))
    if many and operator in ("at-least", "at-most"):
        yes = no = Demand(True)
    return [{code: yes}] if wanted else [{code: no}, blank]


def _count(condition: Count, wanted: bool) -> Alternatives:
    """A count demands nothing of one item; only a number that cannot be counted is a contradiction."""
    low, high = condition.at_least or 0, condition.at_most
    most = len(condition.items)
    never = low > most or (high is not None and high < max(low, 0))
    always = low <= 0 and (high is None or high >= most)
    impossible = never if wanted else always
    return [] if impossible else [{}]


def _merge(one: Demand, other: Demand) -> Demand:
    """Both demands. Blank and answered at once is a need that nothing meets."""
    if None not in (one.answered, other.answered) and one.answered is not other.answered:
        return Demand(False, needs=(frozenset(),))
    return replace(
        one,
        answered=other.answered if one.answered is None else one.answered,
        low=max(one.low, other.low),
        high=min(one.high, other.high),
        forbidden=one.forbidden | other.forbidden,
        needs=tuple(dict.fromkeys(one.needs + other.needs)),
    )


def _unreachable(q: Questionnaire) -> Iterator[Finding]:
    reach = Reach(q)
    for section in q.sections:
        if reach.is_closed(reach.to_section(section)):
            yield _never(section, "section")
            continue
        for item in section.items:
            if item.when is not None and reach.is_closed(reach.to_item(item.code)):
                yield _never(item, "item")
            else:
                yield from _checks(item, reach)


def _never(at: Section | Item, what: str) -> Finding:
    return Finding(
        at,
        "when",
        ProblemCode.UNREACHABLE,
        f"Nobody can reach this {what}: its condition contradicts itself or one before it.",
        "Follow the conditions back to the first item they read, and change one of them.",
    )


def _checks(item: Item, reach: Reach) -> Iterator[Finding]:
    for check in item.checks:
        way = reach.to_item(item.code)
        raised = reach.met([check.when], item.code)
        if raised == [] or (way and raised and reach.is_closed(reach.both(way, raised))):
            yield Finding(
                check,
                "when",
                ProblemCode.BAD_CHECK,
                f"The check can never be raised: no answer to '{item.code}' meets its condition.",
                "Change the condition, or remove the check.",
            )
        elif check.hard and reach.met([Never(condition=check.when)], item.code) == []:
            yield Finding(
                check,
                "when",
                ProblemCode.BAD_CHECK,
                f"Every answer to '{item.code}' meets the condition, so nobody could go on.",
                "Change the condition, or write 'hard: false'.",
            )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_unreachable,)
