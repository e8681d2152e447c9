"""How often 95% intervals hold the true value, and whether grades warn where they do not: prints tables.

    python -m tests.performance.coverage                                  about two minutes
    python -m tests.performance.coverage --figures 10000 --surveys 300    the tables of docs/reliability.md

A cell is one kind of figure: so many answers, weights so skewed and so tied to the answer, one item. A cell
is *ungraded* when at least half of its figures get grade A; its coverage is then that of those figures, which
are the ones shown without a caution. Elsewhere it is that of all its figures. Exit status 1 when an ungraded
cell covers less than 93% or more than 97% by more than two standard errors of the simulation.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence

import click

from tests.performance import direct_coverage, modelled_coverage
from tests.performance.direct_coverage import Cell
from tests.performance.modelled_coverage import ModelCell
from tests.performance.synthetic_answers import ITEMS, RELATIONS, WEIGHTS, equal, few_heavy, lognormal

NS = (10, 20, 30, 50, 100, 150, 200, 300)
LEAST, MOST = 0.93, 0.97
WORST = 12
SEED = 20261127


def shown_coverage(cell: Cell) -> float:
    """Of the figures with grade A in a cell that is ungraded; of all figures elsewhere."""
    return cell.covered_ungraded if cell.ungraded else cell.covered


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def with_error(covered: float, error: float) -> str:
    return f"{covered:.3f} ({error:.3f})"


def direct_tables(cells: Sequence[Cell]) -> None:
    print("## Direct estimates\n")
    print("Coverage over all items: the mean, then the worst item with its simulation standard error.\n")
    groups: dict[tuple[int, str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.n, cell.weights, cell.relation.split(",")[0]].append(cell)
    rows = []
    for (n, weights, relation), held in sorted(groups.items(), key=lambda pair: pair[0][0]):
        worst = min(held, key=shown_coverage)
        mean = sum(shown_coverage(c) for c in held) / len(held)
        ungraded = sum(c.ungraded for c in held)
        rows.append(
            (
                str(n),
                weights,
                relation,
                f"{mean:.3f}",
                with_error(shown_coverage(worst), worst.error),
                f"{worst.item}: {worst.usual_grade}",
                f"{ungraded} of {len(held)}",
            )
        )
    table(
        ("n", "weights", "tie to the answer", "mean", "worst", "worst item: its grade", "ungraded cells"),
        rows,
    )
    ungraded_cells = [c for c in cells if c.ungraded]
    for title, chosen in (
        ("Ungraded cells that cover least", sorted(ungraded_cells, key=shown_coverage)[:WORST]),
        ("Ungraded cells that cover most", sorted(ungraded_cells, key=shown_coverage)[: -WORST - 1 : -1]),
        ("All cells that cover least", sorted(cells, key=shown_coverage)[:WORST]),
    ):
        print(f"### {title}\n")
        table(
            ("n", "weights", "tie", "item", "coverage", "all figures", "grade A", "usual grade"),
            (
                (
                    str(c.n),
                    c.weights,
                    c.relation,
                    c.item,
                    with_error(shown_coverage(c), c.error),
                    f"{c.covered:.3f}",
                    f"{c.grades[0]:.0%}",
                    c.usual_grade,
                )
                for c in chosen
            ),
        )
    lucky = [c for c in cells if not c.ungraded and c.grades[0] > 0]
    count = sum(c.grades[0] for c in lucky)
    if count:
        covered = sum(c.grades[0] * c.covered_ungraded for c in lucky) / count
        share = count / (count + sum(c.grades[0] for c in ungraded_cells))
        print(
            f"In cells where fewer than half of the figures get an A, those that do cover {covered:.3f} "
            f"(they are {share:.1%} of all figures with an A here).\n"
        )


def modelled_tables(cells: Sequence[ModelCell]) -> None:
    print("## Modelled estimates, and direct ones of the same 25 areas\n")
    print("Coverage (simulation standard error), then the usual grade.\n")
    groups: dict[tuple[str, str, str, str, tuple[int, int]], dict[str, ModelCell]] = defaultdict(dict)
    for cell in cells:
        groups[cell.item, cell.weights, cell.relation, cell.between, cell.band][cell.model] = cell
    names = ("direct", *modelled_coverage.MODELS)
    rows = []
    for (item, weights, relation, between, (low, high)), held in groups.items():
        answers = f"{low or modelled_coverage.SMALLEST}-{min(high - 1, modelled_coverage.LARGEST)}"
        found = [f"{with_error(held[m].covered, held[m].error)} {held[m].usual_grade}" for m in names]
        rows.append((item, weights, relation, between, answers, *found))
    table(("item", "weights", "tie", "areas differ", "n", *names), rows)
    for name in names:
        some = sorted((c for c in cells if c.model == name), key=lambda c: c.covered)
        least, most = some[0], some[-1]
        best = [c.covered for c in some if c.ungraded]
        ungraded = f"ungraded {min(best):.3f} to {max(best):.3f} in {len(best)}" if best else "none ungraded"
        print(f"- {name}: {least.covered:.3f} to {most.covered:.3f} in {len(some)} cells; {ungraded}.")
    print()


@click.command()
@click.option("--figures", default=3000, show_default=True, help="Figures simulated for each direct cell.")
@click.option("--surveys", default=60, show_default=True, help="Surveys of 25 areas for each modelled cell.")
def main(figures: int, surveys: int) -> None:
    direct = list(direct_coverage.cells(NS, WEIGHTS, RELATIONS, ITEMS, figures, SEED))
    direct_tables(direct)
    modelled = list(
        modelled_coverage.cells(
            (equal(), lognormal(1.25), few_heavy(1.25)),
            {name: RELATIONS[name] for name in ("none", "strong, up")},
            surveys,
            SEED,
        )
    )
    modelled_tables(modelled)
    shown = [(shown_coverage(c), c.error) for c in direct if c.ungraded]
    shown += [(c.covered, c.error) for c in modelled if c.ungraded]
    covered = [c for c, _ in shown]
    outside = [c for c in covered if not LEAST <= c <= MOST]
    clearly = [c for c, error in shown if not LEAST - 2 * error <= c <= MOST + 2 * error]
    print(
        f"{len(shown)} of {len(direct) + len(modelled)} cells are shown ungraded; they cover "
        f"{min(covered):.3f} to {max(covered):.3f}. Outside {LEAST:.0%} to {MOST:.0%}: {len(outside)}; "
        f"by more than two standard errors: {len(clearly)}."
    )
    sys.exit(1 if clearly else 0)


if __name__ == "__main__":
    main()
