"""NumPy, the default: one pass over the answers, a batch of rows at a time.

Memory grows with the batch and with the tally, not with the responses. Each item of a batch is one
`bincount` over (area, cell) groups and codes. How far codes reach comes from the footers of the parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.counting import Axis, Counting
from analysis.engines import Source
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies

BATCH = 1 << 20
"""Rows held at a time: 46 MB for 40 items of a byte, and as many again while one item is counted."""


def tally(source: Source) -> Tallies:
    """Count the parts; see `analysis.engines.tally`."""
    texts = (AREA, MODE, *(MARGIN_PREFIX + name for name in source.margins))
    names: dict[str, set[str]] = {text: set() for text in texts}
    for batch in _batches(source, texts):
        for text in texts:
            names[text] |= _used(batch[text])
    axes = {text: Axis(sorted(names[text])) for text in texts}
    counting = Counting(
        axes[AREA], axes[MODE], {name: axes[MARGIN_PREFIX + name] for name in source.margins}, _reach(source)
    )
    for batch in _batches(source, (*texts, *source.items)):
        counting.add(
            {text: _numbered(batch[text], axes[text]) for text in texts},
            {item: batch[item].to_numpy(zero_copy_only=False) for item in source.items},
        )
    return counting.tallies()


def _batches(source: Source, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for path in source.files:
        with pq.ParquetFile(path, memory_map=True) as file:
            for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
                yield batch if source.mode is None else batch.filter(pc.equal(batch[MODE], source.mode))


def _coded(column: pa.Array) -> tuple[NDArray[np.int64], list[str]]:
    """Codes (rows,) into names; missing becomes ""."""
    held = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    names = [name or "" for name in held.dictionary.to_pylist()]
    codes = pc.fill_null(held.indices.cast(pa.int64()), len(names)).to_numpy(zero_copy_only=False)
    return codes, [*names, ""]


def _used(column: pa.Array) -> set[str]:
    codes, names = _coded(column)
    return {names[i] for i in np.flatnonzero(np.bincount(codes, minlength=len(names)))}


def _numbered(column: pa.Array, axis: Axis) -> NDArray[np.int64]:
    codes, names = _coded(column)
    found: NDArray[np.int64] = axis.numbers(names)[codes]
    return found


def _reach(source: Source) -> Mapping[str, tuple[int, int]]:
    """Lowest and highest code of each item, from the statistics that Parquet keeps in its footers."""
    lowest: dict[str, list[Any]] = {item: [] for item in source.items}
    for path in source.files:
        with pq.ParquetFile(path) as file:
            meta = file.metadata
            for group in range(meta.num_row_groups):
                columns = (meta.row_group(group).column(i) for i in range(meta.num_columns))
                for column in columns:
                    if column.path_in_schema in lowest:
                        lowest[column.path_in_schema] += _extremes(file, column, group)
    return {item: (min(seen), max(seen)) for item, seen in lowest.items()}


def _extremes(file: pq.ParquetFile, column: Any, group: int) -> tuple[int, int]:
    held = column.statistics
    if held is not None and held.has_min_max:
        return int(held.min), int(held.max)
    found = pc.min_max(file.read_row_group(group, columns=[column.path_in_schema])[column.path_in_schema])
    return found["min"].as_py(), found["max"].as_py()
