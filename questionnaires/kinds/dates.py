"""A day, a month or a year, typed in one box for each part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from questionnaires import clock
from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.kinds.base import ItemProblem, Kind, Raw, whole_number
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

TODAY = "today"
BLANK = "_"  # stands for a part left blank beside others that were not
FIRST_YEAR, LAST_YEAR = 1800, 2199
SEPARATORS = re.compile(r"[\s/.\-]+")
PARTS = ("day", "month", "year")


class DateKind(Kind):
    """A day. Stored as "2026-11-23"; counted by its year alone, as a day could tell who someone is."""

    allowed: ClassVar = frozenset({"earliest", "latest", "prefer_not_to_say"})
    splits: ClassVar = False
    parts: ClassVar[tuple[str, ...]] = PARTS

    def check(self, item: Item) -> Iterator[ItemProblem]:
        bounds = []
        for key in ("earliest", "latest"):
            written = getattr(item, key)
            if written and written != TODAY and _iso(written, len(self.parts)) is None:
                yield ItemProblem(
                    ProblemCode.BAD_RANGE,
                    key,
                    f"'{written}' is no {self.noun}.",
                    f"Write {self.like}, or today.",
                )
            elif written:
                bounds.append(self.bound(written))
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "latest",
                "The latest comes before the earliest.",
                "Change one of the two.",
            )

    noun: ClassVar[str] = "date"
    like: ClassVar[str] = "it like 2026-11-23"

    def names(self, item: Item) -> tuple[str, ...]:
        return (*(f"{item.code}-{part}" for part in self.parts), item.code)

    def gather(self, item: Item, raw: Mapping[str, Raw], policy: Policy) -> Raw:
        typed = [" ".join(raw.get(f"{item.code}-{part}", ())).strip() for part in self.parts]
        whole = list(raw.get(item.code, ()))
        if any(typed):
            whole.append(" ".join(part or BLANK for part in typed))
        return whole

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        if len(marks) > 1:
            return self._bad(item, AnswerFault.ONE_ONLY, policy)
        parts = [part for part in SEPARATORS.split(marks[0]) if part]
        if len(parts) != len(self.parts):
            return Fault(item.code, AnswerFault.BAD_DATE, {"value": marks[0][:40]})
        if BLANK in parts:
            return Fault(item.code, AnswerFault.DATE_INCOMPLETE, {"part": self.parts[parts.index(BLANK)]})
        numbers = [whole_number(part) for part in parts]
        found = _valid([number for number in reversed(numbers) if number is not None], len(self.parts))
        if found is None:
            shown = " ".join(parts)[:40]
            return Fault(item.code, AnswerFault.BAD_DATE, {"value": shown})
        return self.within(item, found)

    def within(self, item: Item, found: date) -> Answer | Fault:
        """The answer, unless it lies outside the bounds."""
        if item.earliest and found < self.bound(item.earliest):
            earliest = self.stored(self.bound(item.earliest))
            return Fault(item.code, AnswerFault.TOO_EARLY, {"earliest": earliest})
        if item.latest and found > self.bound(item.latest):
            return Fault(item.code, AnswerFault.TOO_LATE, {"latest": self.stored(self.bound(item.latest))})
        return self.stored(found)

    def bound(self, written: str) -> date:
        """A bound as the first day it allows; today is today's month where months are asked for."""
        found = clock.today() if written == TODAY else _iso(written, len(self.parts)) or date.min
        return found if len(self.parts) == 3 else found.replace(day=1)

    def stored(self, found: date) -> str | int:
        return found.isoformat()

    def _bad(self, item: Item, fault: AnswerFault, policy: Policy) -> Missing | Fault:
        return Missing.INVALID_MARK if policy is Policy.AS_WRITTEN else Fault(item.code, fault)

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        if isinstance(answer, str) and not isinstance(answer, Missing):
            return {item.code: self.number(answer)}
        if isinstance(answer, Missing):
            return super().encode(item, answer)
        raise TypeError(f"{item.code} cannot hold {answer!r}")

    def number(self, answer: str) -> int:
        """What the snapshot column holds: the year."""
        return int(answer[:4])

    def highest(self, item: Item) -> int:
        return LAST_YEAR


class MonthKind(DateKind):
    """A month. Stored as "2026-11"; counted in months since the year 0: 12 times the year and the month."""

    parts: ClassVar = ("month", "year")
    noun: ClassVar = "month"
    like: ClassVar = "it like 2026-11"

    def stored(self, found: date) -> str | int:
        return found.isoformat()[:7]

    def number(self, answer: str) -> int:
        return 12 * int(answer[:4]) + int(answer[5:7])

    def highest(self, item: Item) -> int:
        return 12 * LAST_YEAR + 12


class YearKind(DateKind):
    """A year, stored and counted as the number it is."""

    statistics: ClassVar = frozenset({Statistic.PROPORTION, Statistic.MEAN})
    parts: ClassVar = ("year",)
    noun: ClassVar = "year"
    like: ClassVar = 'it in quotes like "1950"'

    def names(self, item: Item) -> tuple[str, ...]:
        return (item.code,)

    def gather(self, item: Item, raw: Mapping[str, Raw], policy: Policy) -> Raw:
        return raw.get(item.code, ())

    def bound(self, written: str) -> date:
        return super().bound(written).replace(month=1)

    def stored(self, found: date) -> str | int:
        return found.year

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        return Kind.encode(self, item, answer)

    def codes(self, item: Item) -> tuple[int, ...]:
        first = self.bound(item.earliest).year if item.earliest else FIRST_YEAR
        last = self.bound(item.latest).year if item.latest and item.latest != TODAY else LAST_YEAR
        return tuple(range(first, last + 1))


def _iso(written: str, parts: int) -> date | None:
    """A date, month or year written in ISO 8601."""
    if not re.fullmatch("-".join((r"\d{4}", r"\d\d", r"\d\d")[:parts]), written):
        return None
    return _valid([int(part) for part in written.split("-")], parts)


def _valid(numbers: list[int], parts: int) -> date | None:
    """The date of a year, month and day (as many as `parts`), if the calendar has it."""
    if len(numbers) != parts or not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        return None
    year, month, day = (*numbers, 1, 1)[:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None
