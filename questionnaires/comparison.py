"""What changed between two versions of a questionnaire, and what that does to comparison over time.

An item keeps its code only while it asks for the same thing, so two versions are compared code by code. How
far each change reaches is in the tables below; a field that is in neither table is told, and calls for care.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from questionnaires.conditions import items_read
from questionnaires.model import Condition, Item, Option, Questionnaire, Score


class Verdict(StrEnum):
    """Whether figures before and after can be set side by side, from the mildest to the worst."""

    COMPARABLE = "comparable"
    CARE = "comparable-with-care"  # the wording, or who is asked, is another
    NOT = "not-comparable"  # another question, or other answers to it
    ONE_ONLY = "in-one-version-only"


ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
MARKS = {Verdict.COMPARABLE: " ", Verdict.CARE: "~", Verdict.NOT: "!", Verdict.ONE_ONLY: "!"}

ITEM: Mapping[str, Verdict] = {
    **dict.fromkeys(("kind", "scale", "minimum", "maximum", "decimals", "compute"), Verdict.NOT),
    **dict.fromkeys(("note", "source", "purpose", "subdomains", "symbol"), Verdict.COMPARABLE),
}
OPTION: Mapping[str, Verdict] = {"substantive": Verdict.NOT, "group": Verdict.COMPARABLE}
ELSEWHERE = frozenset({"code", "options"})  # compared in their own way


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `field` is what it is in; `before`, `after`: None where there is no such thing."""

    what: str  # "item", "score" or "questionnaire"
    code: str
    detail: str
    verdict: Verdict
    field: str = ""
    before: str | None = None
    after: str | None = None

    @property
    def breaks(self) -> bool:
        """Whether figures before and after cannot be compared as they are."""
        return self.verdict is Verdict.NOT or (self.verdict is Verdict.ONE_ONLY and self.after is None)

    def __str__(self) -> str:
        mark = " " if self.verdict is Verdict.ONE_ONLY and not self.breaks else MARKS[self.verdict]
        return f"{mark} {self.what} {self.code}: {self.detail}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "code": self.code,
            "detail": self.detail,
            "breaks": self.breaks,
            "verdict": self.verdict.value,
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of one item or score."""

    what: str
    code: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        changes = [change.detail for change in self.changes]
        return {"what": self.what, "code": self.code, "verdict": self.verdict.value, "changes": changes}


def changes(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """Every difference in items, options, who is asked, their order, scores and margins, in the new order."""
    found = [change for compared in verdicts(old, new) for change in compared.changes]
    found.sort(key=lambda change: change.what == "score")  # the rest stays as it is
    scores = next((n for n, change in enumerate(found) if change.what == "score"), len(found))
    stay = [item.code for item in old.items() if item.code in _codes(new)]
    whole = []
    if stay != [item.code for item in new.items() if item.code in _codes(old)]:
        whole.append(Change("questionnaire", new.id, "the order of the items changed", Verdict.CARE, "order"))
    found[scores:scores] = whole
    if old.margins != new.margins:
        found.append(Change("questionnaire", new.id, "the weighting margins changed", Verdict.NOT, "margins"))
    return found


def verdicts(old: Questionnaire, new: Questionnaire) -> list[Compared]:
    """Every item and score of either version with its verdict: added ones first, removed ones, then the rest.

    An item whose condition reads an item that cannot be compared is itself asked of other people; a score is
    no better than the worst of the items it is made of.
    """
    before, after = {i.code: i for i in old.items()}, {i.code: i for i in new.items()}
    found = [_only("item", code, added=True) for code in after if code not in before]
    found += [_only("item", code, added=False) for code in before if code not in after]
    asked_before, asked_after = _asked(old), _asked(new)
    known: dict[str, Verdict] = {}
    for code, item in after.items():
        if code in before:
            made = [*_item(before[code], item), *_routes(code, asked_before[code], asked_after[code], known)]
            known[code] = _worst(made)
            found.append(Compared("item", code, known[code], tuple(made)))
    was, now = {s.code: s for s in old.scores}, {s.code: s for s in new.scores}
    found += [_score(code, was.get(code), now.get(code), known) for code in sorted(was.keys() | now.keys())]
    return found


def _codes(questionnaire: Questionnaire) -> set[str]:
    return {item.code for item in questionnaire.items()}


def _only(what: str, code: str, *, added: bool) -> Compared:
    said = Change(
        what,
        code,
        "added" if added else "removed",
        Verdict.ONE_ONLY,
        "presence",
        None if added else code,
        code if added else None,
    )
    return Compared(what, code, Verdict.ONE_ONLY, (said,))


def _worst(found: list[Change]) -> Verdict:
    return max((change.verdict for change in found), key=ORDER.__getitem__, default=Verdict.COMPARABLE)


def _asked(questionnaire: Questionnaire) -> dict[str, tuple[Condition | None, Condition | None]]:
    """The section's condition and the item's own, by code."""
    return {
        item.code: (section.when, item.when) for section in questionnaire.sections for item in section.items
    }


def _item(old: Item, new: Item) -> Iterator[Change]:
    for each in fields(Item):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if each.name in ELSEWHERE or each.name == "when" or before == after:
            continue
        yield _changed(new.code, each.name, before, after, ITEM.get(each.name, Verdict.CARE))
    yield from _options(new.code, {o.code: o for o in old.options}, {o.code: o for o in new.options})


def _changed(code: str, name: str, before: object, after: object, verdict: Verdict) -> Change:
    if not all(each is None or isinstance(each, (str, int)) for each in (before, after)):
        return Change("item", code, f"{name} changed", verdict, name)
    was, now = _said(before), _said(after)
    detail = f"{name} changed from {was or 'nothing'} to {now or 'nothing'}"
    return Change("item", code, detail, verdict, name, was, now)


def _routes(
    code: str,
    before: tuple[Condition | None, Condition | None],
    after: tuple[Condition | None, Condition | None],
    known: Mapping[str, Verdict],
) -> Iterator[Change]:
    """Who is asked: the condition of the item or its section, or an answer that it reads."""
    if before != after:
        yield Change("item", code, "who is asked changed", Verdict.CARE, "when")
        return
    read = {each for part in after if part is not None for each in items_read(part)}
    lost = sorted(each for each in read if ORDER[known.get(each, Verdict.COMPARABLE)] >= ORDER[Verdict.NOT])
    if lost:
        detail = f"who is asked depends on {', '.join(lost)}, which changed"
        yield Change("item", code, detail, Verdict.CARE, "asked-after", None, ", ".join(lost))


def _options(code: str, was: dict[int, Option], now: dict[int, Option]) -> Iterator[Change]:
    for number in sorted(was.keys() | now.keys()):
        if number not in now:
            text = was[number].text
            yield Change(
                "item", code, f"option {number} removed: '{text}'", Verdict.NOT, "options", text, None
            )
        elif number not in was:
            text = now[number].text
            yield Change("item", code, f"option {number} added: '{text}'", Verdict.NOT, "options", None, text)
        elif was[number] != now[number]:
            before, after = was[number], now[number]
            verdict = max(
                (
                    OPTION.get(each.name, Verdict.CARE)
                    for each in fields(Option)
                    if getattr(before, each.name) != getattr(after, each.name)
                ),
                key=ORDER.__getitem__,
            )
            detail = f"option {number} changed: '{before.text}' to '{after.text}'"
            yield Change("item", code, detail, verdict, "options", before.text, after.text)
    if [number for number in was if number in now] != [number for number in now if number in was]:
        yield Change("item", code, "the order of the options changed", Verdict.CARE, "option-order")


def _score(code: str, old: Score | None, new: Score | None, items: Mapping[str, Verdict]) -> Compared:
    if old is None or new is None:
        return _only("score", code, added=old is None)
    made = []
    if old != new:
        made.append(Change("score", code, "made in another way", Verdict.NOT, "score"))
    else:
        worst = max((items.get(each, Verdict.ONE_ONLY) for each in new.items), key=ORDER.__getitem__)
        if worst is not Verdict.COMPARABLE:
            made.append(
                Change(
                    "score",
                    code,
                    "made of items that changed",
                    min(worst, Verdict.NOT, key=ORDER.__getitem__),
                )
            )
    return Compared("score", code, _worst(made), tuple(made))


def _said(value: object) -> str | None:
    return None if value is None else f"'{value}'" if isinstance(value, str) else str(value)
