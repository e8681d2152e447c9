"""What others take for the same: pandas to count, R's survey and samplics to estimate weighted means by area.

R and samplics read rows, an item at a time, so they get a part of the rows and one item; their times are
multiplied up, which is said where they are printed. Each is asked for the same numbers as we give, and how
far apart they are is part of the answer.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import engines, snapshot, tallies
from analysis.estimates import estimate
from tests.performance import made_up_wave as wave

ITEM = "item00"
R = """
suppressMessages(library(survey))
rows <- read.csv("rows.csv")
start <- proc.time()
design <- svydesign(ids = ~1, weights = ~weight, data = rows)
found <- svyby(~item00, ~area, subset(design, item00 >= 0), svymean)
taken <- proc.time() - start
found <- data.frame(area = found$area, estimate = found$item00, se = found$se)
write.csv(found, "found.csv", row.names = FALSE)
cat(taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]], "\\n")
"""
SAMPLICS = """
import time, warnings
warnings.simplefilter("ignore")
import pandas
from samplics.estimation import TaylorEstimator
from samplics import PopParam
rows = pandas.read_csv("rows.csv")
start, cpu = time.perf_counter(), time.process_time()
held = rows[rows["item00"] >= 0]
asked = TaylorEstimator(PopParam.mean)
asked.estimate(y=held["item00"], samp_weight=held["weight"], domain=held["area"])
taken = time.perf_counter() - start, time.process_time() - cpu
found = pandas.DataFrame({"estimate": asked.point_est, "se": asked.stderror})
found.to_csv("found.csv", index_label="area")
print(*taken)
"""


class NotInstalledError(Exception):
    """The tool is not here; the message says how to get it."""


@dataclass(frozen=True)
class Answer:
    """seconds, cpu: of one item on `rows` rows. apart: the largest relative distance from our numbers."""

    rows: int
    seconds: float
    cpu: float
    estimates_apart: float
    errors_apart: float


def by_pandas(folder: Path) -> None:
    """Count every item by area, cell and code: the tally, in rows."""
    frame = snapshot.read(folder)
    places = ["response.area", *(name for name in frame.columns if name.startswith("margin."))]
    for item in tallies.items(frame):
        frame.groupby([*places, item], observed=True, sort=False).size()


def weights(cells: pd.DataFrame) -> np.ndarray:
    """A weight for each cell, from half to two: any will do."""
    spread = sum(
        cells[name].astype(str).str.removeprefix(name).astype(int) * step
        for name, step in (("age", 7), ("sex", 3), ("tenure", 5))
    )
    return 0.5 + (spread.to_numpy() % 31) / 20


def means(counted: tallies.Tallies) -> dict[str, pd.DataFrame]:
    """Weighted mean, standard error and interval of every item in every area."""
    total = float(counted.respondents["n"].sum())
    weight = weights(counted.cells)
    found = {}
    for number in range(wave.ITEMS):
        rows = counted.given.rows_of(f"item{number:02}")
        if rows is not None:
            found[f"item{number:02}"] = estimate(rows, weight, total_n=total, statistic="mean")
    return found


def r(rows: int, program: str = "Rscript") -> Answer:
    """survey::svyby of svymean."""
    missing = "R with its survey package (apt-get install r-base-core r-cran-survey)"
    return _asked(rows, [program, "--vanilla", "-e", R], missing)


def samplics(rows: int, python: str) -> Answer:
    """TaylorEstimator of a mean by domain, with the interpreter that has samplics."""
    return _asked(rows, [python, "-c", SAMPLICS], "samplics (pip install samplics; --samplics-python PATH)")


def _asked(rows: int, command: list[str], missing: str) -> Answer:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        wave.write(folder / "wave", rows)
        frame = snapshot.read(folder / "wave")
        names = list(wave.LEVELS)
        cells = frame[[f"margin.{name}" for name in names]].set_axis(names, axis=1)
        table = pd.DataFrame(
            {"area": frame["response.area"], "weight": weights(cells), ITEM: frame[ITEM].to_numpy()}
        )
        table.to_csv(folder / "rows.csv", index=False)
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        except FileNotFoundError as error:
            raise NotInstalledError(f"there is no {missing}") from error
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise NotInstalledError(f"no {missing}, or it failed: {last}")
        seconds, cpu = (float(number) for number in done.stdout.split()[-2:])
        theirs = pd.read_csv(folder / "found.csv").set_index("area").sort_index()
        ours = means(engines.tally(folder / "wave"))[ITEM].set_index("area").sort_index()
    assert list(theirs.index) == list(ours.index.astype(str))
    apart = [
        float(np.max(np.abs(theirs[name].to_numpy() / ours[name].to_numpy() - 1)))
        for name in ("estimate", "se")
    ]
    return Answer(rows, seconds, cpu, *apart)
