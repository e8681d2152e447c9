"""Attacks on published releases. Each takes what is public, tries to find small counts, and says how it went.

The attacker is stronger than any reader: behind every number that is shown they know the exact unweighted
count, as if nothing were rounded or weighted. What is hidden they must work out. A count is recovered when
all that is known leaves it less than three values of room, so that it is told exactly or as good as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.bounds import Bounds, Known
from analysis.release import Marker, Release
from analysis.tallies import Tallies
from tests.attacks.survey import Published, areas, framework

ROOM = 3
FEW, FEWEST = 10, 30  # a count of 1 to 9, or a base under 30, is nobody's business


@dataclass
class Outcome:
    """How an attack went: the protected counts it tried, and those it recovered."""

    tried: int = 0
    recovered: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """One indicator: its item, the codes that count, the codes in its base."""

    item: str
    codes: frozenset[int]
    base: tuple[int, ...]


QUESTIONS: Mapping[str, Question] = {
    i.code: Question(i.item or "", frozenset(i.codes), (1, 2) if i.item == "warm" else (1, 2, 3, 4, 5))
    for _, _, _, i in framework().indicators()
}
GEOGRAPHY = areas()
WHOLE = "C"
CODES = [area.code for area in GEOGRAPHY]
WARDS = [area.code for area in GEOGRAPHY if area.level == "ward"]
INSIDE = {code: [ward for ward in WARDS if ward == code or GEOGRAPHY.inside(ward, code)] for code in CODES}


@dataclass
class Puzzle:
    """Unknown people by ward and kind (an option, or a group and an option), and what is known of them."""

    kinds: list[str]
    members: list[np.ndarray] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)

    def cells(self, area: str, kinds: list[str]) -> np.ndarray:
        """The unknowns of these kinds of people in an area."""
        at = [
            WARDS.index(code) * len(self.kinds) + self.kinds.index(k) for code in INSIDE[area] for k in kinds
        ]
        return np.array(sorted(at), dtype=np.intp)

    def learn(self, area: str, kinds: list[str], total: float) -> None:
        self.members.append(self.cells(area, kinds))
        self.totals.append(float(total))

    def solve(self) -> Bounds:
        return Bounds(Known(len(WARDS) * len(self.kinds), self.members, np.array(self.totals, dtype=float)))


def counted(truth: Tallies, item: str, level_of: str | None = None) -> pd.Series:
    """Exact counts by area and kind: "4", or "old/4"."""
    rows = truth.answers[truth.answers["item"] == item]
    kind = rows["code"].astype(str)
    if level_of is not None:
        level = truth.cells[level_of].to_numpy()[rows["cell"].to_numpy()]
        kind = pd.Series(level, index=rows.index).astype(str) + "/" + kind
    return rows.assign(area=rows["area"].astype(str), kind=kind).groupby(["area", "kind"])["n"].sum()


def total(counts: pd.Series, area: str, kinds: list[str]) -> int:
    return int(sum(counts.get((area, kind), 0) for kind in kinds))


def shown(release: Release) -> Iterator[tuple[str, str]]:
    """(indicator, area) of every figure that is shown."""
    for figure in release.figures:
        if figure.marker is Marker.SHOWN:
            yield figure.indicator, figure.area


def parts(question: Question, prefix: str = "") -> list[list[str]]:
    """The kinds in the numerator and in the complement; all together for a mean."""
    inside = [f"{prefix}{code}" for code in question.base if code in question.codes]
    outside = [f"{prefix}{code}" for code in question.base if code not in question.codes]
    return [part for part in (inside, outside) if part]


def difference_areas(published: Published) -> Outcome:
    """A district minus its wards, and every other sum and difference of one indicator's figures."""
    outcome = Outcome()
    for release, truth in zip(published.releases, published.truth, strict=True):
        for indicator, question in QUESTIONS.items():
            counts = counted(truth, question.item)
            known = {
                area for name, area in shown(release) if name == indicator and fresh(release, name, area)
            }
            puzzle = Puzzle([str(code) for code in question.base])
            for area in known:
                for part in parts(question):
                    puzzle.learn(area, part, total(counts, area, part))
            solver = puzzle.solve()
            for area in CODES:
                wanted = [*(parts(question) if question.codes else []), [str(c) for c in question.base]]
                for part in wanted if area not in known else []:
                    few = FEWEST if len(part) == len(question.base) else FEW
                    _try(outcome, puzzle, solver, counts, area, part, few, f"{release.number} {indicator}")
    return outcome


def fresh(release: Release, indicator: str, area: str) -> bool:
    """Whether a figure is of this release's answers: one that stands is of an earlier one's."""
    return next(f.stands_from is None for f in release.figures if (f.indicator, f.area) == (indicator, area))


def solve_options(published: Published) -> Outcome:
    """Every shown option, and every indicator made of options, as one puzzle for each item."""
    outcome = Outcome()
    release, truth = broken_down(published)
    for item in sorted({question.item for question in QUESTIONS.values()}):
        counts = counted(truth, item)
        base = next(question.base for question in QUESTIONS.values() if question.item == item)
        kinds = [str(code) for code in base]
        puzzle = Puzzle(kinds)
        seen = {(s.area, str(s.option)) for s in release.breakdowns.shares if s.item == item}
        for area, option in seen:
            puzzle.learn(area, [option], total(counts, area, [option]))
        learn_figures(puzzle, release, item, counts)
        solver = puzzle.solve()
        for area in CODES:
            for option in kinds:
                if (area, option) not in seen:
                    _try(outcome, puzzle, solver, counts, area, [option], FEW, item)
    return outcome


def solve_groups(published: Published) -> Outcome:
    """Every shown figure of a group, with the figures of areas, as one puzzle for each indicator."""
    outcome = Outcome()
    release, truth = broken_down(published)
    for group, levels in release.breakdowns.groups.items():
        names = [*(level for level, _words in levels), ""]
        for indicator, question in QUESTIONS.items():
            counts = counted(truth, question.item, group)
            puzzle = Puzzle([f"{level}/{code}" for level in names for code in question.base])
            seen = {
                (f.area, f.level)
                for f in release.breakdowns.figures
                if (f.indicator, f.group) == (indicator, group)
            }
            for area, level in seen:
                for part in parts(question, f"{level}/"):
                    puzzle.learn(area, part, total(counts, area, part))
            for name, area in shown(release):
                if name == indicator:
                    for part in parts(question):
                        kinds = [f"{level}/{code}" for level in names for code in part]
                        puzzle.learn(area, kinds, total(counts, area, kinds))
            solver = puzzle.solve()
            for area in CODES:
                for level in names:
                    if (area, level) in seen:
                        continue
                    everyone = [f"{level}/{code}" for code in question.base]
                    where = f"{indicator} by {group}"
                    _try(outcome, puzzle, solver, counts, area, everyone, FEWEST, where)
                    for part in parts(question, f"{level}/") if question.codes else []:
                        _try(outcome, puzzle, solver, counts, area, part, FEW, where)
    return outcome


def solve_modes(published: Published) -> Outcome:
    """Every shown figure of a way of answering, with the whole area's own, as one puzzle by indicator."""
    outcome = Outcome()
    compared = published.releases[-1].modes_compared
    if compared is None:
        raise ValueError("no ways of answering were compared")
    release, truth = published.releases[compared.number - 1], published.of_mode[compared.number - 1]
    for indicator, question in QUESTIONS.items():
        counts = pd.concat(
            [
                counted(of, question.item).rename(lambda k, m=mode: f"{m}/{k}", level="kind")
                for mode, of in truth.items()
            ]
        )
        puzzle = Puzzle([f"{mode}/{code}" for mode in truth for code in question.base])
        seen = {f.mode for f in compared.figures if f.indicator == indicator}
        for mode in seen:
            for part in parts(question, f"{mode}/"):
                puzzle.learn(WHOLE, part, total(counts, WHOLE, part))
        if (indicator, WHOLE) in set(shown(release)):
            for part in parts(question):
                kinds = [f"{mode}/{code}" for mode in truth for code in part]
                puzzle.learn(WHOLE, kinds, total(counts, WHOLE, kinds))
        solver = puzzle.solve()
        for mode in truth:
            if mode in seen:
                continue
            everyone = [f"{mode}/{code}" for code in question.base]
            _try(outcome, puzzle, solver, counts, WHOLE, everyone, FEWEST, indicator)
            for part in parts(question, f"{mode}/") if question.codes else []:
                _try(outcome, puzzle, solver, counts, WHOLE, part, FEW, indicator)
    return outcome


def difference_releases(published: Published) -> Outcome:
    """One release minus an earlier one: the answers of the few who came in between."""
    outcome = Outcome()
    pairs = [(a, b) for b in range(len(published.releases)) for a in range(b)]
    for before, after in pairs:
        for indicator, question in QUESTIONS.items():
            kinds = [str(code) for code in question.base]
            then, now = (counted(published.truth[at], question.item) for at in (before, after))
            change = now.sub(then, fill_value=0)
            puzzle = Puzzle(["people"])
            both = [
                area
                for name, area in shown(published.releases[after])
                if name == indicator
                and fresh(published.releases[after], name, area)
                and (name, area) in set(shown(published.releases[before]))
                and fresh(published.releases[before], name, area)
            ]
            for area in both:
                puzzle.learn(area, ["people"], total(change, area, kinds))
            solver = puzzle.solve()
            for area in CODES:
                came = total(change, area, kinds)
                if 0 < came < FEW:
                    outcome.tried += 1
                    if not solver.leaves(puzzle.cells(area, ["people"]), came, ROOM):
                        outcome.recovered.append(f"{before + 1} to {after + 1} {indicator} {area}: {came}")
    return outcome


ATTACKS: Mapping[str, Callable[[Published], Outcome]] = {
    "difference areas": difference_areas,
    "solve for options": solve_options,
    "solve for groups": solve_groups,
    "solve for modes": solve_modes,
    "difference releases": difference_releases,
}


def broken_down(published: Published) -> tuple[Release, Tallies]:
    """The release that the breakdowns were made for, and the answers behind it."""
    breakdowns = published.releases[-1].breakdowns
    if breakdowns is None:
        raise ValueError("nothing was broken down")
    return published.releases[breakdowns.number - 1], published.truth[breakdowns.number - 1]


def learn_figures(puzzle: Puzzle, release: Release, item: str, counts: pd.Series) -> None:
    for indicator, area in shown(release):
        question = QUESTIONS[indicator]
        if question.item == item and fresh(release, indicator, area):
            for part in parts(question):
                puzzle.learn(area, part, total(counts, area, part))


def _try(
    outcome: Outcome,
    puzzle: Puzzle,
    solver: Bounds,
    counts: pd.Series,
    area: str,
    kinds: list[str],
    few: int,
    where: str,
) -> None:
    truth = total(counts, area, kinds)
    if not 0 < truth < few:
        return
    outcome.tried += 1
    if not solver.leaves(puzzle.cells(area, kinds), truth, ROOM):
        outcome.recovered.append(f"{where} {area} {'+'.join(kinds)}: {truth}")
