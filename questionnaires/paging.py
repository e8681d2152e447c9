"""Pages: which items are asked together. Worked out once for a questionnaire, from its texts and conditions.

A page is shown whole before any of it is answered, and must work without JavaScript. So an item that reads
an answer (in its condition, or inside its texts) never stands on a page with the item it reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires.conditions import items_read
from questionnaires.kinds import KINDS
from questionnaires.model import Item, OnePer, Questionnaire, Section, once
from questionnaires.piping import placeholders, texts

COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Page:
    """Items asked together. `code` is the section's for its first page, else that of the first item."""

    code: str
    section: Section
    items: tuple[Item, ...]


@once
def pages(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Every page in order, reached or not. Computed items are on none."""
    reads = reads_of(questionnaire)
    found = []
    for section in questionnaire.sections:
        groups = _groups(section, questionnaire.one_per, reads)
        for number, group in enumerate(groups):
            code = section.code if number == 0 else group[0].code
            found.append(Page(code, section, tuple(group)))
    return tuple(found)


@once
def pages_by_code(questionnaire: Questionnaire) -> dict[str, Page]:
    """The pages by their code."""
    return {page.code: page for page in pages(questionnaire)}


@once
def reads_of(questionnaire: Questionnaire) -> dict[str, frozenset[str]]:
    """The answers each item must know before it is shown; a computed item stands for what it is made of."""
    found: dict[str, frozenset[str]] = {}
    for item in questionnaire.items():
        direct = {code for text in texts(item) for code in placeholders(text)}
        direct |= set(items_read(item.when)) if item.when is not None else set()
        if item.compute is not None:
            direct |= set(item.compute.items)
            direct |= {code for case in item.compute.cases for code in items_read(case.when)}
        beyond = (found.get(code, frozenset()) for code in direct if _is_computed(questionnaire, code))
        found[item.code] = frozenset(direct).union(*beyond)
    return found


def together(items: tuple[Item, ...]) -> list[list[Item]]:
    """Asked items in runs that are never parted: the rows of a grid, or one item."""
    runs: list[list[Item]] = []
    for item in items:
        if item.kind == COMPUTED:
            continue
        if runs and item.grid is not None and runs[-1][-1].grid == item.grid:
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _groups(section: Section, one_per: OnePer, reads: dict[str, frozenset[str]]) -> list[list[Item]]:
    runs = together(section.items)
    if one_per is OnePer.QUESTION:
        return runs
    groups: list[list[Item]] = []
    here: set[str] = set()
    for run in runs:
        if not groups or any(reads[item.code] & here for item in run):
            groups.append([])
            here = set()
        groups[-1] += run
        here |= {item.code for item in run}
    return groups


def _is_computed(questionnaire: Questionnaire, code: str) -> bool:
    try:
        return not KINDS[questionnaire.item(code).kind].asked
    except KeyError:
        return False
