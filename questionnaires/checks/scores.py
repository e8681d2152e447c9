"""Scores within a person: their items, codes and method."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import Finding, listed
from questionnaires.checks.routing import conditions_read
from questionnaires.framework import Statistic
from questionnaires.kinds import KINDS
from questionnaires.model import (
    Item,
    Questionnaire,
    Score,
    ScoreMethod,
)
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode


def _scores(q: Questionnaire) -> Iterator[Finding]:
    known = {item.code: item for item in q.items()}
    for score in q.scores:
        if score.method is ScoreMethod.RULE:
            yield from _rule_score(score, known)
        else:
            yield from _item_score(score, known)


def _rule_score(score: Score, known: dict[str, Item]) -> Iterator[Finding]:
    if score.when is None:
        yield Finding(
            score,
            "method",
            ProblemCode.BAD_SCORE,
            "A score by rule has no condition.",
            "Add 'when: {item: ..., in: [...]}'.",
        )
        return
    yield from conditions_read(score.when, known, set(known))
    if score.codes or score.minimum_answered:
        yield Finding(
            score,
            "codes" if score.codes else "minimum_answered",
            ProblemCode.BAD_SCORE,
            "A score by rule takes everything from its condition.",
            "Remove this, or use another method.",
        )


def _item_score(score: Score, known: dict[str, Item]) -> Iterator[Finding]:
    yield from _score_shape(score)
    for code in score.items:
        item = known.get(code)
        if item is None:
            yield Finding(
                score,
                "items",
                ProblemCode.UNKNOWN_ITEM,
                f"There is no item '{code}'.",
                did_you_mean(code, list(known)),
            )
        elif item.kind in KINDS:
            yield from _score_item(score, item)


def _score_shape(score: Score) -> Iterator[Finding]:
    faults = []
    if not score.items:
        faults.append(("items", "The score has no items.", "Add 'items: [...]'."))
    if score.when is not None:
        faults.append(
            ("when", "Only a score by rule has a condition.", "Remove it, or write 'method: rule'.")
        )
    if score.method is ScoreMethod.SUM and score.codes:
        faults.append(("codes", "A sum adds the codes as they are.", "Remove 'codes', or use method: count."))
    if score.method is not ScoreMethod.SUM and not score.codes:
        faults.append(("method", f"The method '{score.method.value}' needs codes.", "Add 'codes: [1]'."))
    if not 0 <= score.minimum_answered <= len(score.items):
        faults.append(
            (
                "minimum_answered",
                f"{score.minimum_answered} answers cannot be asked of {len(score.items)} items.",
                "Write at most the number of items, or leave it out to need every one.",
            )
        )
    for key, cause, remedy in faults:
        yield Finding(score, key, ProblemCode.BAD_SCORE, cause, remedy)


def _score_item(score: Score, item: Item) -> Iterator[Finding]:
    kind = KINDS[item.kind]
    possible = kind.codes(item)
    if not possible or (score.method is ScoreMethod.SUM and Statistic.MEAN not in kind.statistics):
        yield Finding(
            score,
            "items",
            ProblemCode.BAD_SCORE,
            f"'{item.code}' is a {item.kind.replace('_', ' ')}, which this method cannot score.",
            "Use a Likert, scale or integer item for a sum; one with codes for the others.",
        )
        return
    for code in score.codes:
        if code not in possible:
            yield Finding(
                score,
                "codes",
                ProblemCode.UNKNOWN_OPTION,
                f"'{item.code}' has no answer {code}.",
                f"Its answers are: {listed(possible)}.",
            )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_scores,)
