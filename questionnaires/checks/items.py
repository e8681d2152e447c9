"""Names, kinds, purposes and sources of items."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import ID, LANGUAGE, VERSION, Finding, coded, matches
from questionnaires.kinds import KINDS
from questionnaires.model import (
    Grid,
    Item,
    Purpose,
    Questionnaire,
)
from questionnaires.problems import ProblemCode

NEEDS_SOURCE = frozenset({Purpose.FRAMEWORK, Purpose.WEIGHTING, Purpose.EQUALITY})


def _header(q: Questionnaire) -> Iterator[Finding]:
    yield from matches(q, "id", q.id, ID, "lower-case words joined by '-', like my-survey")
    yield from matches(q, "version", q.version, VERSION, 'digits and dots, like "1.0"')
    yield from matches(q, "language", q.language, LANGUAGE, "a language tag, like en")
    for language in q.languages if q.languages != (q.language,) else ():
        yield from matches(q, "languages", language, LANGUAGE, "language tags, like [en, pl]")
    if q.language and q.language not in q.languages:
        yield Finding(
            q,
            "languages",
            ProblemCode.BAD_CODE,
            f"The questionnaire's own language '{q.language}' is not in the list.",
            "Add it.",
        )


def _codes(q: Questionnaire) -> Iterator[Finding]:
    """Item and score codes name columns, so they share one space; sections have their own."""
    grids = {item.grid.code: item.grid for item in reversed(list(q.items())) if item.grid is not None}
    yield from coded([*q.items(), *grids.values(), *q.scores], "item, grid or score")
    seen: dict[str, Grid] = {}
    for item in q.items():
        if item.grid is not None and seen.setdefault(item.grid.code, item.grid) is not item.grid:
            yield Finding(
                item.grid,
                "code",
                ProblemCode.DUPLICATE_CODE,
                f"Another grid has the code '{item.grid.code}'.",
                "Give each its own code.",
            )
    yield from coded(q.sections, "section")


def _kinds(q: Questionnaire) -> Iterator[Finding]:
    for item in q.items():
        kind = KINDS.get(item.kind)
        for problem in kind.check(item) if kind else ():
            at, key = _option_at(item, problem.key)
            yield Finding(at, key, problem.code, problem.cause, problem.remedy)


def _option_at(item: Item, key: str) -> tuple[object, str]:
    """The option a kind's key `options.3` speaks of: the last with that code, as the repeat is at fault."""
    name, _, code = key.partition(".")
    for option in reversed(item.options) if code else ():
        if str(option.code) == code:
            return option, "code"
    return item, name


def _purposes(q: Questionnaire) -> Iterator[Finding]:
    for item in q.items():
        if item.purpose is Purpose.FRAMEWORK and not item.subdomains:
            yield Finding(
                item,
                "subdomains",
                ProblemCode.MISSING_PURPOSE,
                "The item is for the framework and names no sub-domain.",
                "Add 'subdomains: [...]', or give it another purpose.",
            )
        if item.purpose is not Purpose.FRAMEWORK and item.subdomains:
            yield Finding(
                item,
                "subdomains",
                ProblemCode.MISSING_PURPOSE,
                f"The item names sub-domains and its purpose is '{item.purpose.value}'.",
                "Write 'purpose: framework', or remove 'subdomains'.",
            )


def _sources(q: Questionnaire) -> Iterator[Finding]:
    for item in q.items():
        if item.purpose in NEEDS_SOURCE and item.source is None:
            yield Finding(
                item,
                "source",
                ProblemCode.MISSING_SOURCE,
                "Nothing says where the wording comes from and on what terms it may be used.",
                "Add 'source:' with 'text:' and 'licence:'; for your own wording say so.",
            )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (
    _header,
    _codes,
    _kinds,
    _purposes,
    _sources,
)
