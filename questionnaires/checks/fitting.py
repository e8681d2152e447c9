"""The questionnaire and its framework together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import Finding
from questionnaires.framework import Framework, Indicator
from questionnaires.kinds import KINDS
from questionnaires.model import (
    Item,
    Questionnaire,
    Score,
    ScoreMethod,
)
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode


def _subdomains(q: Questionnaire, framework: Framework) -> Iterator[Finding]:
    known = [subdomain.code for _, _, subdomain in framework.subdomains()]
    for item in q.items():
        for code in item.subdomains:
            if code not in known:
                yield Finding(
                    item,
                    "subdomains",
                    ProblemCode.UNKNOWN_SUBDOMAIN,
                    f"The framework '{framework.id}' has no sub-domain '{code}'.",
                    did_you_mean(code, known, always=True),
                )


def _indicators_fit(q: Questionnaire, framework: Framework) -> Iterator[Finding]:
    """An indicator that reads an item of this questionnaire must be possible with it."""
    scores = {score.code: score for score in q.scores}
    columns = {
        column: item for item in q.items() if item.kind in KINDS for column in KINDS[item.kind].columns(item)
    }
    for item in q.items():
        columns.setdefault(item.code, item)
    for _, _, _, indicator in framework.indicators():
        if indicator.item in scores:
            yield from _score_fits(indicator, scores[indicator.item])
        elif indicator.item in columns:
            yield from _item_fits(indicator, columns[indicator.item])


def _score_fits(indicator: Indicator, score: Score) -> Iterator[Finding]:
    yes_or_no = {ScoreMethod.ANY, ScoreMethod.EVERY, ScoreMethod.RULE}
    if score.method in yes_or_no and not set(indicator.codes) <= {0, 1}:
        yield _unfit(
            indicator, score, f"'{score.code}' is 1 or 0, and the indicator counts {indicator.codes}."
        )


def _item_fits(indicator: Indicator, item: Item) -> Iterator[Finding]:
    kind = KINDS.get(item.kind)
    if kind is None:
        return
    if indicator.statistic not in kind.statistics:
        word = item.kind.replace("_", " ")
        yield _unfit(indicator, item, f"A {indicator.statistic.value} cannot be taken of a {word} item.")
        return
    if indicator.item == item.code and kind.many:
        first = kind.columns(item)[0] if item.options else f"{item.code}__1"
        yield _unfit(indicator, item, f"The answers of '{item.code}' are counted by option, like '{first}'.")
        return
    possible = set(range(kind.highest(item) + 1)) if kind.many else set(kind.codes(item))
    strange = [code for code in indicator.codes if code not in possible]
    if strange:
        yield _unfit(indicator, item, f"The indicator counts {strange}, which '{item.code}' cannot be.")


def _unfit(indicator: Indicator, at: Item | Score, cause: str) -> Finding:
    return Finding(
        at,
        "code",
        ProblemCode.BAD_INDICATOR,
        f"The framework's indicator '{indicator.code}' does not fit this: {cause}",
        "Change the item or its code here, or the indicator in the framework.",
    )


CHECKS: tuple[Callable[[Questionnaire, Framework], Iterator[Finding]], ...] = (_subdomains, _indicators_fit)
