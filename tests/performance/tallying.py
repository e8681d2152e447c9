"""Measure counting: python -m tests.performance.tallying [--rows 1000000] [--growth]

A made-up wave of 40 items, 300 areas and 180 cells in a snapshot, counted by every engine that is installed,
beside a pandas groupby of the same columns. The machine's memory and disk are measured in the same run,
so that times can be read as shares of what it can do at all. Each count runs in a process of its own, for
its peak memory.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis import engines, snapshot, tallies
from analysis.snapshot import Manifest, SnapshotRow
from questionnaires.model import Item, Margin, Purpose, Questionnaire, Scale, Section
from tests.unit.analysis import samples

ITEMS, AREAS, AGES, SEXES, TENURES, PART = 40, 300, 15, 3, 4, 1_000_000
APPENDED, SPARK = 20_000, 100_000
MB = 1_000_000


def survey() -> Questionnaire:
    scale = Scale(low=0, high=10, low_label="Low", high_label="High")
    items = tuple(
        Item(code=f"item{i:02}", kind="scale", text="How?", purpose=Purpose.FRAMEWORK, scale=scale)
        for i in range(ITEMS)
    )
    weighting = {"age": AGES, "sex": SEXES, "tenure": TENURES}
    asked = tuple(
        Item(
            code=f"by_{name}",
            kind="single_choice",
            text="Which?",
            purpose=Purpose.WEIGHTING,
            margin=name,
            options=samples.options(*(f"{name}{i}" for i in range(levels))),
        )
        for name, levels in weighting.items()
    )
    margins = tuple(
        Margin(name=name, item=f"by_{name}", levels=tuple(f"{name}{i}" for i in range(levels)))
        for name, levels in weighting.items()
    )
    return replace(
        samples.questionnaire(*margins), sections=(Section(code="s", title="S", items=(*items, *asked)),)
    )


def write(folder: Path, rows: int, questionnaire: Questionnaire) -> None:
    """A snapshot as `append` leaves it, written by columns: a million Python rows take much longer."""
    random = np.random.default_rng(1)
    snapshot.append(folder, [], questionnaire)
    manifest = snapshot._require(folder)
    while manifest.rows < rows:
        size = min(PART, rows - manifest.rows)
        part = snapshot._write_part(folder, manifest.next_part, _table(random, size, manifest))
        manifest = replace(
            manifest,
            parts=(*manifest.parts, part),
            next_part=manifest.next_part + 1,
            last_sequence=manifest.last_sequence + size,
        )
    snapshot._commit(folder, manifest)


def _table(random: np.random.Generator, size: int, manifest: Manifest) -> pa.Table:
    start = manifest.last_sequence + 1
    levels = {"response.area": AREAS, "response.mode": 3, "response.language": 5}
    levels |= {"margin.age": AGES, "margin.sex": SEXES, "margin.tenure": TENURES}
    schema = snapshot._schema(manifest)
    columns = []
    for field in schema:
        if field.name == "response.id":
            columns.append(pa.array([f"{n:032x}" for n in range(start, start + size)]))
        elif field.name == "response.sequence":
            columns.append(pa.array(np.arange(start, start + size)))
        elif field.name in levels:
            names = [f"{field.name.split('.')[1]}{i}" for i in range(levels[field.name])]
            codes = random.integers(0, len(names), size, dtype=np.int32)
            columns.append(pa.DictionaryArray.from_arrays(codes, names))
        else:
            codes = random.integers(0, 11, size, dtype=np.int8)
            codes[random.random(size) < 0.05] = -2
            columns.append(pa.array(codes).cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def by_pandas(folder: Path) -> None:
    frame = snapshot.read(folder)
    places = ["response.area", *(name for name in frame.columns if name.startswith("margin."))]
    for item in tallies.items(frame):
        frame.groupby([*places, item], observed=True, sort=False).size()


def measured(work: Callable[..., object], *given: object, **named: object) -> tuple[float, float]:
    """Seconds and peak MB of `work` in a process of its own. Importing an engine is not counted."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run, (work, given, named))


def _run(
    work: Callable[..., object], given: tuple[object, ...], named: dict[str, object]
) -> tuple[float, float]:
    engine = named.get("engine")
    if isinstance(engine, str):
        engines.find(engine)
    start = time.perf_counter()
    work(*given, **named)
    return time.perf_counter() - start, _peak()


def _peak() -> float:
    """Peak MB of this process. Not `ru_maxrss`, in which Linux counts the process that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / MB


def bandwidth(folder: Path) -> tuple[float, float]:
    """MB a second of a copy in memory (read and written), and of reading the snapshot's files again."""
    block = np.ones(200 * MB, dtype=np.uint8)
    copied = min(_seconds(block.copy) for _ in range(3))
    files = sorted(folder.glob("part-*"))
    read = min(_seconds(lambda: [path.read_bytes() for path in files]) for _ in range(2))
    return 2 * len(block) / MB / copied, sum(path.stat().st_size for path in files) / MB / read


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def appending(folder: Path, questionnaire: Questionnaire) -> float:
    random = np.random.default_rng(2)
    rows = [
        SnapshotRow(
            id=str(n),
            sequence=n + 1,
            area=f"area{n % AREAS}",
            mode="web",
            language="en",
            cell={"age": f"age{n % AGES}"},
            answers={f"item{i:02}": int(code) for i, code in enumerate(random.integers(0, 11, ITEMS))},
        )
        for n in range(APPENDED)
    ]
    return _seconds(lambda: snapshot.append(folder, rows, questionnaire))


def report(rows: int) -> None:
    questionnaire = survey()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "wave"
        write(folder, rows, questionnaire)
        memory, disk = bandwidth(folder)
        answers = rows * (ITEMS + 3) / MB
        size = sum(path.stat().st_size for path in folder.glob("part-*")) / MB
        print(
            f"{rows:,} responses x {ITEMS} items x {AREAS} areas x {AGES * SEXES * TENURES} cells: "
            f"{size:.0f} MB on disk"
        )
        print(f"memory copy {memory:,.0f} MB/s; files read from the page cache {disk:,.0f} MB/s")
        hashed = _seconds(lambda: snapshot.contents(folder))
        added = appending(Path(temporary) / "added", questionnaire)
        print(f"append {APPENDED:,} responses: {added:.2f} s; check every digest: {hashed:.2f} s")
        print(f"{'count':<12}{'seconds':>9}{'peak MB':>9}{'answer MB/s':>13}{'of memory':>11}")
        _line("pandas", measured(by_pandas, folder), answers, memory)
        for name, engine in engines.ENGINES.items():
            if importlib.util.find_spec(engine.library) is None:
                print(f"{name:<12}not measured: {engine.library} is not installed")
                continue
            if name == "spark" and rows > SPARK:
                print(f"{name:<12}not measured above {SPARK:,} rows")
                continue
            _line(name, measured(engines.tally, folder, engine=name), answers, memory)


def _line(name: str, found: tuple[float, float], answers: float, memory: float) -> None:
    seconds, peak = found
    rate = answers / seconds
    print(f"{name:<12}{seconds:>9.2f}{peak:>9.0f}{rate:>13.0f}{rate / memory:>11.2%}", flush=True)


def growth() -> None:
    print(f"\n{'responses':>12}{'numpy s':>9}{'peak MB':>9}")
    for rows in (10_000, 100_000, 1_000_000, 3_000_000):
        with tempfile.TemporaryDirectory() as temporary:
            write(Path(temporary), rows, survey())
            seconds, peak = measured(engines.tally, Path(temporary))
        print(f"{rows:>12,}{seconds:>9.2f}{peak:>9.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--growth", action="store_true", help="also count 10,000 to 3,000,000 responses")
    chosen = parser.parse_args()
    report(chosen.rows)
    if chosen.growth:
        growth()


if __name__ == "__main__":
    main()
