"""Pages, and texts that hold earlier answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import Finding
from questionnaires.kinds import KINDS
from questionnaires.model import Compare, Condition, Every, Item, Questionnaire, Some
from questionnaires.paging import pages, reads_of, together
from questionnaires.parsing.fields import did_you_mean
from questionnaires.piping import placeholders, without_fallback
from questionnaires.problems import ProblemCode

UNPIPED = frozenset({"postcode", "email", "phone", "long_text", "information"})


def _page_codes(q: Questionnaire) -> Iterator[Finding]:
    """A page within a section is called after its first item, which no section may be."""
    sections = {section.code for section in q.sections}
    for page in pages(q):
        first = page.items[0]
        if page.code == first.code and page.code in sections and page.code != page.section.code:
            yield Finding(
                first,
                "code",
                ProblemCode.DUPLICATE_CODE,
                f"A page starts with this item and there is a section with the same code '{page.code}'.",
                "Rename the section or the item: each page needs an address of its own.",
            )


def _piping(q: Questionnaire) -> Iterator[Finding]:
    known = {item.code: item for item in q.items()}
    earlier: set[str] = set()
    always: set[str] = set()  # items that nobody gets past without an answer
    for section in q.sections:
        surely = always | must_answer(section.when)
        for key, text in (("title", section.title), ("intro", section.intro)):
            yield from _text(section, key, text, known, earlier, surely)
        for item in section.items:
            answered = surely | must_answer(item.when)
            yield from _item(item, known, earlier, answered)
            earlier.add(item.code)
            for check in item.checks:
                sure = answered | {item.code} | must_answer(check.when)
                yield from _text(check, "text", check.text, known, earlier, sure)
            if item.required and item.when is None and section.when is None:
                always.add(item.code)
                surely.add(item.code)


def must_answer(condition: Condition | None) -> set[str]:
    """Codes of the items that must have an answer for the condition to hold."""
    if isinstance(condition, Compare):
        return {condition.item, condition.other} - {""}
    if isinstance(condition, Every):
        return set().union(*(must_answer(part) for part in condition.conditions))
    if isinstance(condition, Some) and condition.conditions:
        return set.intersection(*(must_answer(part) for part in condition.conditions))
    return set()


def _item(item: Item, known: dict[str, Item], earlier: set[str], surely: set[str]) -> Iterator[Finding]:
    shared = () if item.grid is None else ((item.grid, "text"), (item.grid, "hint"), (item.grid, "help"))
    places: list[tuple[object, str]] = [(item, "text"), (item, "hint"), (item, "help"), *shared]
    places += [(option, "text") for option in item.options if option not in KINDS_DEFAULTS]
    for at, key in places:
        yield from _text(at, key, getattr(at, key), known, earlier, surely)


KINDS_DEFAULTS = frozenset(option for kind in KINDS.values() for option in kind.options)  # not in the file


def _text(
    at: object, key: str, text: str, known: dict[str, Item], earlier: set[str], surely: set[str]
) -> Iterator[Finding]:
    bare = without_fallback(text)
    for code in dict.fromkeys(placeholders(text)):
        item = known.get(code)
        if item is None:
            yield Finding(
                at,
                key,
                ProblemCode.BAD_PIPING,
                f"{{{code}}} stands for an answer, and there is no item '{code}'.",
                did_you_mean(code, list(known)),
            )
        elif code not in earlier:
            yield Finding(
                at,
                key,
                ProblemCode.LATER_ITEM,
                f"{{{code}}} stands for an answer that is not known yet.",
                f"Move this after '{code}', or leave it out.",
            )
        elif item.kind in UNPIPED:
            yield Finding(
                at,
                key,
                ProblemCode.BAD_PIPING,
                f"The answer to '{code}' is too long, or too personal, to be repeated in a text.",
                "Leave it out.",
            )
        elif code in bare and code not in surely:
            yield Finding(
                at,
                key,
                ProblemCode.BAD_PIPING,
                f"Nothing says what to write in place of {{{code}}} where it was not answered.",
                f"Write {{{code}|some words}}.",
            )


def _grids(q: Questionnaire) -> Iterator[Finding]:
    """Rows are shown together, so none may read another."""
    reads = reads_of(q)
    for section in q.sections:
        for run in together(section.items):
            codes = {item.code for item in run}
            for item in run:
                for other in sorted(reads[item.code] & codes - {item.code}):
                    yield Finding(
                        item,
                        "code",
                        ProblemCode.BAD_GRID,
                        f"This row reads the row '{other}' of the same grid, and rows are answered together.",
                        "Make it an item of its own after the grid.",
                    )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_page_codes, _piping, _grids)
