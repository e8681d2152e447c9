"""Scores within a person, made at submission: what is within a person cannot be told from counts later."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from questionnaires import conditions
from questionnaires.answers import Answer, Answers, Missing
from questionnaires.computing import REASONS
from questionnaires.model import Questionnaire, Score, ScoreMethod

Codes = tuple[int, ...]


def _sum(given: list[Codes], score: Score) -> int:
    """Sum of the codes; with items missing, the mean of the rest times the number of items, halves up."""
    total = sum(sum(codes) for codes in given)
    return (2 * total * len(score.items) + len(given)) // (2 * len(given))


METHODS: Mapping[ScoreMethod, Callable[[list[Codes], Score], int]] = {
    ScoreMethod.SUM: _sum,
    ScoreMethod.ANY: lambda given, score: int(any(_has(codes, score) for codes in given)),
    ScoreMethod.EVERY: lambda given, score: int(all(_has(codes, score) for codes in given)),
    ScoreMethod.COUNT: lambda given, score: sum(_has(codes, score) for codes in given),
}


def scored(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer | Missing]:
    """Every score of one person, by code. `answers` must say NOT_ASKED for items routing did not reach."""
    return {score.code: _score(questionnaire, score, answers) for score in questionnaire.scores}


def _score(questionnaire: Questionnaire, score: Score, answers: Answers) -> Answer | Missing:
    values = [_value(questionnaire, code, answers) for code in score.items]
    reasons = [value for value in values if isinstance(value, Missing)]
    if score.when is not None:
        result = conditions.known(score.when, dict(zip(score.items, values, strict=True)))
        return _reason(reasons) if result is None else int(result)
    given = [_codes(value) for value in values if not isinstance(value, Missing)]
    if not given or len(given) < (score.minimum_answered or len(score.items)):
        return _reason(reasons)
    return METHODS[score.method](given, score)


def _value(questionnaire: Questionnaire, code: str, answers: Answers) -> Answer | Missing:
    """The answer to one item; "Don't know" and the like say nothing about the score."""
    answer = answers.get(code, Missing.NOT_ANSWERED)
    idle = {option.code for option in questionnaire.item(code).options if not option.substantive}
    if isinstance(answer, Missing) or not idle:
        return answer
    left = tuple(part for part in _codes(answer) if part not in idle)
    if not left:
        return Missing.NOT_ANSWERED
    return left if isinstance(answer, tuple) else answer


def _codes(answer: Answer) -> Codes:
    return answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, int) else ()


def _has(codes: Codes, score: Score) -> bool:
    return any(code in score.codes for code in codes)


def _reason(reasons: list[Missing]) -> Missing:
    return next((reason for reason in REASONS if reason in reasons), Missing.NOT_ANSWERED)
