"""A stored answer as the form values that give it: the way back from `answering.read`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.kinds import KINDS, PREFER_NOT_TO_SAY
from questionnaires.model import Item

Values = Mapping[str, Sequence[str]]
"""Form values by the name of the control."""


def form_values(item: Item, answers: Answers) -> dict[str, Sequence[str]]:
    """What is ticked and typed in every control of an item; nothing for one not answered."""
    answer = answers.get(item.code)
    if answer is None:
        return {}
    if isinstance(answer, Missing):
        return {item.code: (PREFER_NOT_TO_SAY,)} if answer is Missing.PREFER_NOT_TO_SAY else {}
    if item.kind in IN_PARTS:
        return IN_PARTS[item.kind](item, answer)
    values: dict[str, Sequence[str]] = {item.code: _marks(item, answer)}
    if item.other is not None:
        said = answers.get(f"{item.code}-other")
        values[f"{item.code}-other"] = (
            (said,) if isinstance(said, str) and not isinstance(said, Missing) else ()
        )
    return values


def _marks(item: Item, answer: Answer) -> tuple[str, ...]:
    if isinstance(answer, tuple):
        return tuple(str(code) for code in answer)
    return KINDS[item.kind].describe(item, answer) if item.kind in SPELT else (str(answer),)


def _dated(item: Item, answer: Answer) -> dict[str, Sequence[str]]:
    """ "2026-03-07" as 7, 3 and 2026; "2026-03" has no day."""
    year, *rest = str(answer).split("-")
    values = {f"{item.code}-year": (year,)}
    for name, part in zip(("month", "day"), rest, strict=False):
        values[f"{item.code}-{name}"] = (str(int(part)),)
    return dict(values)


def _ranked(item: Item, answer: Answer) -> dict[str, Sequence[str]]:
    codes = answer if isinstance(answer, tuple) else ()
    return {f"{item.code}-{code}": (str(rank),) for rank, code in enumerate(codes, 1)}


IN_PARTS: Mapping[str, Callable[[Item, Answer], dict[str, Sequence[str]]]] = {
    "date": _dated,
    "month": _dated,
    "ranking": _ranked,
}
"""Kinds whose answer is given in several controls."""

SPELT = frozenset({"postcode", "decimal"})
"""Kinds whose stored answer is not written the way people write it."""
