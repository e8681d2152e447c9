"""Easy Read pictures that items name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import Finding
from questionnaires.model import Questionnaire
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode
from questionnaires.symbols import SYMBOLS


def _known(q: Questionnaire) -> Iterator[Finding]:
    for item in q.items():
        if item.symbol and item.symbol not in SYMBOLS:
            yield Finding(
                item,
                "symbol",
                ProblemCode.UNKNOWN_SYMBOL,
                f"There is no picture '{item.symbol}'.",
                did_you_mean(item.symbol, sorted(SYMBOLS)),
            )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_known,)
