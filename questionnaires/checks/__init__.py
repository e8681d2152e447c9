"""Checks over typed objects: what a questionnaire or framework must be, beyond its keys and types.

Each check is a pure function that yields findings; a module lists its own in CHECKS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questionnaires.bespoke import Definition
from questionnaires.checks import (
    bespoke,
    extras,
    fitting,
    items,
    pages,
    reach,
    routing,
    scores,
    symbols,
    weighting,
)
from questionnaires.checks import framework as frameworks
from questionnaires.checks.findings import Finding
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.parsing.fields import Places
from questionnaires.problems import ProblemCode, Problems

CONFUSING = frozenset(
    {
        ProblemCode.DUPLICATE_CODE,
        ProblemCode.UNKNOWN_KIND,
        ProblemCode.UNKNOWN_ITEM,
        ProblemCode.UNKNOWN_OPTION,
        ProblemCode.LATER_ITEM,
        ProblemCode.LOOP,
        ProblemCode.BAD_CONDITION,
    }
)
"""Faults of conditions that make it idle to ask what can be reached."""


def check_questionnaire(
    questionnaire: Questionnaire, framework: Framework | None, places: Places, problems: Problems
) -> None:
    """Add everything wrong with a questionnaire, and with it in its framework if known, to `problems`."""
    for module in (items, routing, extras, pages, scores, weighting, symbols):
        for check in module.CHECKS:
            _report(check(questionnaire), places, problems)
    if CONFUSING.isdisjoint(problem.code for problem in problems):
        for check in reach.CHECKS:
            _report(check(questionnaire), places, problems)
    if framework is not None:
        for fit in fitting.CHECKS:
            _report(fit(questionnaire, framework), places, problems)


def check_framework(framework: Framework, places: Places, problems: Problems) -> None:
    """Add everything wrong with a framework to `problems`."""
    for check in frameworks.CHECKS:
        _report(check(framework), places, problems)


def check_bespoke(
    definitions: Sequence[Definition],
    questionnaire: Questionnaire,
    framework: Framework,
    places: Places,
    problems: Problems,
) -> None:
    """Add everything wrong with bespoke indicators to `problems`."""
    _report(bespoke.check(definitions, questionnaire, framework), places, problems)


def _report(findings: Iterator[Finding], places: Places, problems: Problems) -> None:
    for finding in findings:
        line, label = places.of(finding.at).of(finding.key)
        problems.add(finding.code, line, label, finding.cause, finding.remedy)
