"""Measure counting and releasing: python -m tests.performance.tallying [--rows 1000000] [--growth]

A made-up wave of 40 items, 300 areas and 180 cells in a snapshot, counted by every engine that is installed,
beside pandas, R and samplics. The machine's memory and disk are measured in the same run, so that times can
be read as shares of what it can do at all. Each count runs in a process of its own, for its peak memory. CPU
seconds are printed too: on a busy machine they say more than elapsed ones.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis import engines, snapshot
from analysis.snapshot import SnapshotRow
from tests.performance import made_up_wave as wave
from tests.performance import other_tools

APPENDED, SPARK, WAVES = 20_000, 100_000, 3
ROWS_OF_OTHERS = 50_000
GROWTH = (10_000, 100_000, 1_000_000, 10_000_000)
MB = 1_000_000


@dataclass(frozen=True)
class Measured:
    """peak: MB of the process; before: MB that importing took. told: what the work gave back."""

    seconds: float
    cpu: float
    peak: float
    before: float
    told: Any


def measured(work: Callable[..., Any], *given: Any) -> Measured:
    """Of `work` in a process of its own, what it imports not counted."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run, (work, given))


def _run(work: Callable[..., Any], given: tuple[Any, ...]) -> Measured:
    for name in given:
        if isinstance(name, str) and name in engines.ENGINES:
            engines.find(name)
    before, start, cpu = _peak(), time.perf_counter(), time.process_time()
    told = work(*given)
    return Measured(time.perf_counter() - start, time.process_time() - cpu, _peak(), before, told)


def _peak() -> float:
    """Peak MB of this process. Not `ru_maxrss`, in which Linux counts the process that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / MB


def count(folder: Path, engine: str) -> None:
    engines.tally(folder, engine=engine)


def count_to_long(folder: Path, engine: str) -> None:
    """The tally and a row for each area, cell, item and code, which publishing does without."""
    _ = engines.tally(folder, engine=engine).answers


def count_to_means(folder: Path) -> None:
    other_tools.means(engines.tally(folder))


@dataclass(frozen=True)
class Released:
    tally: float  # CPU-s
    tables: float  # MB that the counts take
    release: float  # CPU-s
    figures: int


def release(folders: list[Path], closed: bool) -> Released:
    """Tally and release each wave; sums, and the largest tally."""
    tally = making = tables = 0.0
    figures = 0
    for folder in folders:
        start = time.process_time()
        counted = engines.tally(folder)
        tallied = time.process_time()
        held = [vars(codes).values() for codes in counted.given.items.values()]
        tables = max(
            tables, sum(a.nbytes for arrays in held for a in arrays if isinstance(a, np.ndarray)) / MB
        )
        made = wave.released(counted, closed=closed).release
        tally, making = tally + tallied - start, making + time.process_time() - tallied
        figures += sum(figure.value is not None for figure in made.figures)
        if made.breakdowns is not None:
            figures += len(made.breakdowns.figures) + len(made.breakdowns.shares)
    return Released(tally, tables, making, figures)


def memory_bandwidth() -> float:
    """MB a second of a copy in memory, read and written."""
    block = np.ones(200 * MB, dtype=np.uint8)
    return 2 * len(block) / MB / min(_seconds(block.copy) for _ in range(3))


def disk_bandwidth(folder: Path) -> tuple[float, float]:
    """MB a second of reading a file that the kernel was asked to forget, and of reading it again."""
    path = folder / "scratch"
    with path.open("wb") as stream:
        stream.write(np.random.default_rng(1).bytes(256 * MB))
        stream.flush()
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    fresh, again = (256 / _seconds(path.read_bytes) for _ in range(2))
    path.unlink()
    return fresh, again


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def appending(folder: Path) -> float:
    random = np.random.default_rng(2)
    rows = [
        SnapshotRow(
            id=str(n),
            sequence=n + 1,
            area=f"area{n % wave.AREAS}",
            mode="web",
            language="en",
            cell={"age": f"age{n % wave.LEVELS['age']}"},
            answers={f"item{i:02}": int(code) for i, code in enumerate(random.integers(0, 11, wave.ITEMS))},
        )
        for n in range(APPENDED)
    ]
    return _seconds(lambda: snapshot.append(folder, rows, wave.survey()))


def report(rows: int, samplics_python: str, breakdowns: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "wave"
        wave.write(folder, rows)
        size = sum(path.stat().st_size for path in folder.glob("part-*")) / MB
        print(
            f"{rows:,} responses x {wave.ITEMS} items x {wave.AREAS} areas x {wave.CELLS} cells: "
            f"{size:.0f} MB on disk. Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors."
        )
        memory, (fresh, again) = memory_bandwidth(), disk_bandwidth(Path(temporary))
        print(
            f"Memory copy {memory:,.0f} MB/s; a file read {fresh:,.0f} MB/s after the kernel was asked to "
            f"forget it, {again:,.0f} MB/s from the page cache, from which the snapshot is read below."
        )
        added = appending(Path(temporary) / "added")
        hashed = _seconds(lambda: snapshot.contents(folder))
        print(f"Append {APPENDED:,} responses: {added:.2f} s; check every digest: {hashed:.2f} s\n")
        _counts(folder, rows, memory)
        _estimates(folder, rows, samplics_python)
    _releases(rows, breakdowns)


def _counts(folder: Path, rows: int, memory: float) -> None:
    print(
        f"{'count':<24}{'s':>7}{'CPU-s':>7}{'peak MB':>9}{'more MB':>9}{'MB/s':>7}{'of copy':>9}"
        f"{'pandas x':>10}"
    )
    pandas = measured(other_tools.by_pandas, folder)

    def line(name: str, found: Measured) -> None:
        rate = rows * (wave.ITEMS + len(wave.LEVELS)) / MB / found.cpu
        print(
            f"{name:<24}{found.seconds:>7.2f}{found.cpu:>7.2f}{found.peak:>9.0f}"
            f"{found.peak - found.before:>9.0f}{rate:>7.0f}{rate / memory:>9.2%}"
            f"{pandas.cpu / found.cpu:>10.1f}",
            flush=True,
        )

    line("pandas groupby", pandas)
    for name, engine in engines.ENGINES.items():
        if importlib.util.find_spec(engine.library) is None:
            print(f"{name:<24}NOT MEASURED: {engine.library} is not installed")
        elif name == "spark" and rows > SPARK:
            print(f"{name:<24}NOT MEASURED above {SPARK:,} rows")
        else:
            line(name, measured(count, folder, name))
    line("numpy, and a long table", measured(count_to_long, folder, engines.DEFAULT))
    print("more MB: above what importing takes. MB/s: answers of a byte each, a CPU second.\n")


def _estimates(folder: Path, rows: int, samplics_python: str) -> None:
    """Weighted means and standard errors of every item in every area, from the snapshot."""
    ours = measured(count_to_means, folder)
    print(f"{wave.ITEMS} weighted means with standard errors in {wave.AREAS} areas, {rows:,} responses:")
    print(f"{'Hereabouts':<24}{ours.cpu:>9.2f} CPU-s, {ours.peak - ours.before:.0f} MB above imports")
    tools: dict[str, Callable[[], other_tools.Answer]] = {
        "R survey::svyby": lambda: other_tools.r(min(rows, ROWS_OF_OTHERS)),
        "samplics": lambda: other_tools.samplics(min(rows, ROWS_OF_OTHERS), samplics_python),
    }
    for name, ask in tools.items():
        try:
            found = ask()
        except other_tools.NotInstalledError as error:
            print(f"{name:<24}NOT MEASURED: {error}")
            continue
        whole = found.cpu * wave.ITEMS * rows / found.rows
        print(
            f"{name:<24}{found.cpu:>9.2f} CPU-s for ONE item and {found.rows:,} rows. In proportion, "
            f"not measured: {whole:,.0f} CPU-s, {whole / ours.cpu:,.0f} times ours. Estimates within "
            f"{found.estimates_apart:.0e} of ours, standard errors {found.errors_apart:.0e}",
            flush=True,
        )


def _releases(rows: int, breakdowns: bool) -> None:
    each = rows // WAVES
    print(f"\n{WAVES} waves of {each:,} responses, from snapshots to releases, in CPU-s:")
    with tempfile.TemporaryDirectory() as temporary:
        folders = [Path(temporary) / str(n) for n in range(WAVES)]
        for n, folder in enumerate(folders):
            wave.write(folder, each, seed=10 + n)
        for closed in (False, True) if breakdowns else (False,):
            found = measured(release, folders, closed)
            told: Released = found.told
            print(
                f"{'closed, with breakdowns' if closed else 'while open':<24} tally {told.tally:.2f}, "
                f"releases {told.release:.2f}, {told.figures:,} figures; "
                f"{found.seconds:.0f} s elapsed, peak {found.peak:.0f} MB",
                flush=True,
            )
    if not breakdowns:
        print("closed, with breakdowns  NOT MEASURED without --breakdowns: it takes minutes")


def growth(largest: int) -> None:
    """From snapshot to the release of an open wave."""
    print(
        f"\n{'responses':>12}{'tally CPU-s':>13}{'tally MB':>10}{'release CPU-s':>15}"
        f"{'figures':>9}{'peak MB':>9}"
    )
    for rows in (size for size in GROWTH if size <= largest):
        with tempfile.TemporaryDirectory() as temporary:
            wave.write(Path(temporary), rows)
            found = measured(release, [Path(temporary)], False)
        told: Released = found.told
        print(
            f"{rows:>12,}{told.tally:>13.2f}{told.tables:>10.0f}{told.release:>15.2f}"
            f"{told.figures:>9,}{found.peak:>9.0f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--growth", action="store_true", help="also release 10,000 to 10,000,000 responses")
    parser.add_argument("--breakdowns", action="store_true", help="also release closed waves: minutes")
    parser.add_argument("--largest", type=int, default=GROWTH[-1], help="the most responses of --growth")
    parser.add_argument("--samplics-python", default=sys.executable, help="an interpreter that has samplics")
    chosen = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        report(chosen.rows, chosen.samplics_python, chosen.breakdowns)
        if chosen.growth:
            growth(chosen.largest)


if __name__ == "__main__":
    main()
