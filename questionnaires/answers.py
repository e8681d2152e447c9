"""What an answer can be. Absence always has a name: never 0, never blank."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Missing(StrEnum):
    """Why there is no answer."""

    NOT_ASKED = "not-asked"  # routing did not reach the item
    NOT_ANSWERED = "not-answered"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"
    INVALID_MARK = "invalid-mark"  # on paper: two ticks where one was asked for, or not readable


SNAPSHOT_CODES: Mapping[Missing, int] = {
    Missing.NOT_ASKED: -1,
    Missing.NOT_ANSWERED: -2,
    Missing.PREFER_NOT_TO_SAY: -3,
    Missing.INVALID_MARK: -4,
}
"""How a snapshot column stores a missing reason; the same as `analysis.tallies.MISSING_CODES`."""

Answer = int | str | tuple[int, ...]
"""A code (choices, scales), a whole number, a text, a date ("2026-11-23") or month ("2026-11"), or codes: in
ascending order (multiple choice), or best first (ranking)."""

Answers = Mapping[str, Answer | Missing]
"""Answers by item code. An item that is not there has not been seen yet."""


def to_json(answers: Answers) -> dict[str, Any]:
    """Answers as one JSON document: codes as they are, a missing reason as {"missing": reason}."""
    return {code: _value_to_json(value) for code, value in answers.items()}


def from_json(document: Mapping[str, Any]) -> dict[str, Answer | Missing]:
    """The inverse of `to_json`."""
    # Nearly every value is a code, and every page of a survey reads all of them.
    return {
        code: value if type(value) is int else _value_from_json(value) for code, value in document.items()
    }


def _value_to_json(value: Answer | Missing) -> Any:
    if isinstance(value, Missing):
        return {"missing": value.value}
    return list(value) if isinstance(value, tuple) else value


def _value_from_json(value: Any) -> Answer | Missing:
    if isinstance(value, dict):
        return Missing(value["missing"])
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, (int, str)):
        return value
    raise ValueError(f"not a stored answer: {value!r}")
