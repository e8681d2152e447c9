"""What changed between two versions of a questionnaire, and what that does to comparison over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from questionnaires.model import Item, Questionnaire, Score

# A change to one of the first makes another question of it; one of the others may move answers, so say so.
MEASURE = ("kind", "text", "scale", "minimum", "maximum", "decimals", "compute", "grid")
AROUND = (
    "hint",
    "help",
    "when",
    "required",
    "prefer_not_to_say",
    "unit",
    "margin",
    "earliest",
    "latest",
    "order",
    "checks",
    "agreement",
)
LONG = frozenset({"compute", "grid", "checks", "agreement", "help"})  # too long to write out


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `breaks` means figures before and after cannot be compared as they are."""

    what: str
    code: str
    detail: str
    breaks: bool

    def __str__(self) -> str:
        return f"{'!' if self.breaks else ' '} {self.what} {self.code}: {self.detail}"

    def as_dict(self) -> dict[str, str | bool]:
        return asdict(self)


def changes(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """Every difference in items, their order, options, scores and margins, in the new order."""
    before, after = {i.code: i for i in old.items()}, {i.code: i for i in new.items()}
    found = [Change("item", code, "added", False) for code in after if code not in before]
    found += [Change("item", code, "removed", True) for code in before if code not in after]
    for code, item in after.items():
        if code in before:
            found += _item(before[code], item)
    stay_before = [code for code in before if code in after]
    if stay_before != [code for code in after if code in before]:
        found.append(Change("questionnaire", new.id, "the order of the items changed", True))
    found += _scores({s.code: s for s in old.scores}, {s.code: s for s in new.scores})
    if old.margins != new.margins:
        found.append(Change("questionnaire", new.id, "the weighting margins changed", True))
    return found


def _item(old: Item, new: Item) -> Iterator[Change]:
    for key in (*MEASURE, *AROUND):
        before, after = getattr(old, key), getattr(new, key)
        if key == "grid":
            before, after = before and before.text, after and after.text
        if before != after:
            said = f" from {_said(before)} to {_said(after)}" if key not in LONG else ""
            yield Change("item", new.code, f"{key} changed{said}", key in MEASURE)
    was, now = {o.code: o for o in old.options}, {o.code: o for o in new.options}
    for code in sorted(was.keys() | now.keys()):
        if code not in now:
            yield Change("item", new.code, f"option {code} removed: '{was[code].text}'", True)
        elif code not in was:
            yield Change("item", new.code, f"option {code} added: '{now[code].text}'", True)
        elif was[code] != now[code]:
            yield Change(
                "item", new.code, f"option {code} changed: '{was[code].text}' to '{now[code].text}'", True
            )
    shared = [code for code in was if code in now]
    if shared != [code for code in now if code in was]:
        yield Change("item", new.code, "the order of the options changed", True)


def _scores(old: dict[str, Score], new: dict[str, Score]) -> Iterator[Change]:
    for code in sorted(old.keys() | new.keys()):
        if code not in new:
            yield Change("score", code, "removed", True)
        elif code not in old:
            yield Change("score", code, "added", False)
        elif old[code] != new[code]:
            yield Change("score", code, "made in another way", True)


def _said(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else "nothing" if value is None else str(value)
