"""Counting the themes of comments on one item: where they may be told, and when an earlier count stands.

Everything works on exact counts of people. A `Cells` says how many there are in each district ("" is in none
of them), or, where districts are not told, how many there are under the one key "all".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the policy is numbers; its module needs NumPy, and pages that review do not
    from analysis.disclosure import Policy

WHOLE = "all"  # the area code of the whole wave
EVERYONE = ""  # in place of a theme: all who commented

Cells = Mapping[str, int]
Exact = Mapping[str, Cells]
"""By theme, and EVERYONE: the exact counts that the published ones rest on. Kept, never published."""


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of one item. everyone: None when nothing new may; `stands`: the last release stands.

    themes: the cells of each theme that may be told; a theme in `standing` is told as the last release did.
    """

    everyone: Cells | None
    themes: Mapping[str, Cells]
    standing: frozenset[str]
    stands: bool
    exact: Exact


def whole(cells: Cells) -> dict[str, int]:
    """The same people without their districts."""
    return {WHOLE: sum(cells.values())}


def decide(counts: Exact, policy: Policy, earlier: Sequence[Exact]) -> Told:
    """What may be told of one item.

    counts: the exact counts by district, of every theme and of EVERYONE. earlier: what `exact` was in the
    releases before, oldest first, of those that had this item. See `analysis.comments.publishable` for the
    rules.
    """
    everyone = counts[EVERYONE]
    moving = [
        cells for cells in (everyone, whole(everyone)) if _moves(EVERYONE, {EVERYONE: cells}, earlier, policy)
    ]
    if not moving:
        return Told(None, {}, frozenset(), True, earlier[-1])
    base = next((cells for cells in moving if _enough(cells, policy)), None)
    if base is None:
        hidden = {theme: whole(cells) for theme, cells in counts.items()}
        return Told(None, {}, frozenset(), False, hidden)
    exact, told, standing = {EVERYONE: base}, {}, set()
    for theme in sorted(counts.keys() - {EVERYONE}):
        cells, show = _theme(theme, counts, base, policy, earlier)
        if cells is None:
            standing.add(theme)
            cells = next(past[theme] for past in reversed(earlier) if theme in past)
        elif show:
            told[theme] = cells
        exact[theme] = cells
    return Told(base, told, frozenset(standing), False, exact)


def _theme(
    theme: str, counts: Exact, base: Cells, policy: Policy, earlier: Sequence[Exact]
) -> tuple[Cells | None, bool]:
    """The theme's cells as they may be told anew, and whether to show them. None: the last ones stand."""
    mine, by_district = counts[theme], WHOLE not in base
    everyone, total = whole(counts[EVERYONE]), whole(mine)
    some = bool(total[WHOLE])  # nobody at all is left out, like a few
    pair: Exact = {EVERYONE: base, theme: mine}
    if by_district and _safe(mine, base, policy) and _moves(theme, pair, earlier, policy):
        return mine, some
    if _moves(theme, {EVERYONE: everyone, theme: total}, earlier, policy):
        return total, some and _safe(total, everyone, policy)
    return None, False


def _enough(cells: Cells, policy: Policy) -> bool:
    """Somebody, and in every cell that holds anybody the minimum base."""
    held = [count for count in cells.values() if count]
    return bool(held) and min(held) >= policy.minimum_base


def _safe(mine: Cells, base: Cells, policy: Policy) -> bool:
    """In every cell those who spoke of it, and those who did not, are none or at least the minimum count."""
    parts = [part for key in base for part in (mine.get(key, 0), base[key] - mine.get(key, 0))]
    return all(part == 0 or part >= policy.minimum_count for part in parts)


def _moves(theme: str, now: Exact, earlier: Sequence[Exact], policy: Policy) -> bool:
    """Whether these may be told anew: no difference with an earlier release is of a few people."""
    for past in earlier:
        if theme not in past:
            continue
        pairs = [(now[theme], past[theme])]
        if theme != EVERYONE:
            pairs.append((_others(now, theme), _others(past, theme)))
        if any(0 < change < policy.minimum_change for pair in pairs for change in _changes(*pair)):
            return False
    return True


def _others(exact: Exact, theme: str) -> Cells:
    """Those who commented and did not speak of the theme."""
    mine, everyone = exact[theme], exact[EVERYONE]
    if WHOLE in mine or WHOLE in everyone:
        return {WHOLE: sum(everyone.values()) - sum(mine.values())}
    return {key: count - mine.get(key, 0) for key, count in everyone.items()}


def _changes(now: Cells, past: Cells) -> list[int]:
    """By how many people the two differ: altogether, and in each district where both tell districts."""
    changes = [abs(sum(now.values()) - sum(past.values()))]
    if WHOLE not in now and WHOLE not in past:
        changes += [abs(now.get(key, 0) - past.get(key, 0)) for key in now.keys() | past.keys()]
    return changes
