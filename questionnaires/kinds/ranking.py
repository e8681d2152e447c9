"""Options put in order, best first: all of them, or only the first few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.kinds import marks as reading
from questionnaires.kinds.base import ItemProblem, Kind, PaperCode, Raw, whole_number
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

AT = "@"  # joins a rank to its option: "2@5" says that option 5 comes second


class Ranking(Kind):
    """Stored as codes, best first. On a screen each option has a box for its rank; on paper too, and a
    worker keys the codes in order."""

    allowed: ClassVar = frozenset({"options", "maximum", "prefer_not_to_say", "order"})
    required: ClassVar = frozenset({"options"})
    statistics: ClassVar = frozenset({Statistic.PROPORTION})
    many: ClassVar = True
    randomises: ClassVar = True

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from reading.check_options(item)
        if item.maximum is not None and not 1 <= item.maximum <= len(item.options):
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "maximum",
                f"{item.maximum} of {len(item.options)} options cannot be ranked.",
                "Write how many to rank, from 1 to the number of options.",
            )

    def names(self, item: Item) -> tuple[str, ...]:
        return (*(f"{item.code}-{option.code}" for option in item.options), item.code)

    def gather(self, item: Item, raw: Mapping[str, Raw], policy: Policy) -> Raw:
        ranks = [
            f"{' '.join(raw.get(f'{item.code}-{option.code}', ())).strip()}{AT}{option.code}"
            for option in item.options
        ]
        return [*raw.get(item.code, ()), *(rank for rank in ranks if not rank.startswith(AT))]

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        if any(AT in mark for mark in marks):
            return self._from_ranks(item, [mark.rpartition(AT) for mark in marks if AT in mark], policy)
        found = []
        for mark in marks:
            code = whole_number(mark)
            if code is None or code not in self.codes(item):
                return Fault(item.code, AnswerFault.NOT_AN_OPTION, {"value": mark[:40]})
            found.append(code)
        return self._few_enough(item, found, policy)

    def _from_ranks(
        self, item: Item, ranks: list[tuple[str, str, str]], policy: Policy
    ) -> Answer | Missing | Fault:
        most = item.maximum or len(item.options)
        by_rank: dict[int, int] = {}
        for typed, _at, option in ranks:
            rank = whole_number(typed)
            if rank is None or not 1 <= rank <= most:
                return Fault(item.code, AnswerFault.NOT_A_RANK, {"value": typed[:40], "maximum": most})
            if rank in by_rank:
                if policy is Policy.AS_WRITTEN:
                    return Missing.INVALID_MARK
                return Fault(item.code, AnswerFault.RANK_TWICE, {"rank": rank})
            code = whole_number(option)
            if code is None or code not in self.codes(item):
                return Fault(item.code, AnswerFault.NOT_AN_OPTION, {"value": option[:40]})
            by_rank[rank] = code
        gap = next((rank for rank in range(1, len(by_rank) + 1) if rank not in by_rank), None)
        if gap is not None:
            if policy is Policy.AS_WRITTEN:
                return Missing.INVALID_MARK
            return Fault(item.code, AnswerFault.RANK_SKIPPED, {"rank": gap})
        return tuple(by_rank[rank] for rank in sorted(by_rank))

    def _few_enough(self, item: Item, found: list[int], policy: Policy) -> Answer | Missing | Fault:
        most = item.maximum or len(item.options)
        if len(found) <= most:
            return tuple(found)
        if policy is Policy.AS_WRITTEN:
            return Missing.INVALID_MARK
        return Fault(item.code, AnswerFault.NOT_A_RANK, {"value": str(len(found)), "maximum": most})

    def codes(self, item: Item) -> tuple[int, ...]:
        return reading.option_codes(item)

    def highest(self, item: Item) -> int:
        return max(len(item.options), 1)

    def columns(self, item: Item) -> tuple[str, ...]:
        """One column per option, `<item>__<code>`: its rank, or 0 where it was not ranked."""
        return tuple(f"{item.code}__{option.code}" for option in item.options)

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        if isinstance(answer, tuple):
            ranks = {code: rank for rank, code in enumerate(answer, 1)}
            return {f"{item.code}__{o.code}": ranks.get(o.code, 0) for o in item.options}
        if isinstance(answer, Missing):
            return super().encode(item, answer)
        raise TypeError(f"{item.code} cannot hold {answer!r}")

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        texts = {option.code: option.text for option in item.options}
        return tuple(texts[code] for code in answer if code in texts) if isinstance(answer, tuple) else ()

    def paper_codes(self, item: Item) -> tuple[PaperCode, ...]:
        return reading.printed(item) + self._declining(item)
