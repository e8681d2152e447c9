"""NumPy, the default: one pass over the answers, a batch of rows at a time and in it a few items at a time.

Memory grows with the tally, not with the responses. Each item of a batch is one `bincount` over (area, cell)
groups and codes. How far codes reach comes from the footers of the parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.answer_counts import Whole
from analysis.counting import Axis, Counting
from analysis.engines import Source
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies

BATCH = 1 << 20
"""Rows counted together, from one part or several: 16 MB of keys, beside the counts of one item."""
PARTS = 100
"""Most parts open at once."""
DECODED = 1 << 22
"""Answers decoded together (4 MB for items of a byte): every item of a small batch, a few of a large one."""


@dataclass(frozen=True)
class _Piece:
    """A row group of a part."""

    path: Path
    group: int
    rows: int


def tally(source: Source) -> Tallies:
    """Count the parts; see `analysis.engines.tally`."""
    texts = (AREA, MODE, *(MARGIN_PREFIX + name for name in source.margins))
    names: dict[str, set[str]] = {text: set() for text in texts}
    reach: dict[str, tuple[int, int]] = {}
    pieces: list[_Piece] = []
    for path in source.files:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                pieces.append(_Piece(path, group, file.metadata.row_group(group).num_rows))
                _reach(file, group, source.items, reach)
                for text in texts:
                    names[text] |= _used(_read(file, group, [text])[text])
    axes = {text: Axis(sorted(names[text])) for text in texts}
    counting = Counting(
        axes[AREA],
        axes[MODE],
        {name: axes[MARGIN_PREFIX + name] for name in source.margins},
        {item: reach[item] for item in source.items},
    )
    for batch in _batches(pieces):
        with ExitStack() as stack:
            files = [(stack.enter_context(pq.ParquetFile(piece.path)), piece.group) for piece in batch]
            numbers = {
                text: _joined(
                    [_numbered(_read(file, group, [text])[text], axes[text]) for file, group in files]
                )
                for text in texts
            }
            answers = _answers(files, source.items, sum(piece.rows for piece in batch))
            if source.mode is not None:
                known = source.mode in axes[MODE].names
                kept = (numbers[MODE] == axes[MODE].numbers([source.mode])[0]) & known
                numbers = {text: held[kept] for text, held in numbers.items()}
                answers = ((item, codes[kept]) for item, codes in answers)
            counting.add(numbers, answers)
    return counting.tallies()


def _batches(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces together, up to BATCH rows: each batch costs a pass over the whole tally."""
    batch: list[_Piece] = []
    for piece in pieces:
        if batch and (len(batch) == PARTS or sum(one.rows for one in batch) + piece.rows > BATCH):
            yield batch
            batch = []
        batch.append(piece)
    if batch:
        yield batch


def _answers(
    files: list[tuple[pq.ParquetFile, int]], items: tuple[str, ...], rows: int
) -> Iterator[tuple[str, Whole]]:
    """Each item with its codes (rows,)."""
    width = max(1, DECODED // max(rows, 1))
    for start in range(0, len(items), width):
        chosen = list(items[start : start + width])
        read = [_read(file, group, chosen) for file, group in files]
        for item in chosen:
            yield item, _joined([chunk.to_numpy() for one in read for chunk in one[item].chunks])


def _read(file: pq.ParquetFile, group: int, columns: list[str]) -> pa.Table:
    return file.read_row_group(group, columns=columns, use_threads=len(columns) > 1)


def _joined(pieces: list[Whole]) -> Whole:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _coded(column: pa.ChunkedArray) -> Iterator[tuple[Whole, list[str]]]:
    """Of each chunk, codes (rows,) into names; missing becomes ""."""
    for chunk in column.chunks:
        held = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        names = [name or "" for name in held.dictionary.to_pylist()]
        indices = pc.fill_null(held.indices, len(names)) if held.null_count else held.indices
        yield indices.to_numpy(), [*names, ""]


def _used(column: pa.ChunkedArray) -> set[str]:
    return {
        names[i]
        for codes, names in _coded(column)
        for i in np.flatnonzero(np.bincount(codes, minlength=len(names)))
    }


def _numbered(column: pa.ChunkedArray, axis: Axis) -> Whole:
    return _joined([axis.numbers(names)[codes] for codes, names in _coded(column)])


def _reach(
    file: pq.ParquetFile, group: int, items: tuple[str, ...], reach: dict[str, tuple[int, int]]
) -> None:
    """Widen the lowest and highest code of each item, from the statistics in the footer of the part."""
    meta = file.metadata.row_group(group)
    columns: Mapping[str, Any] = {
        name: meta.column(i) for i, name in enumerate(file.schema_arrow.names) if name in set(items)
    }
    for item in items:
        low, high = _extremes(file, columns[item], group)
        held = reach.get(item, (low, high))
        reach[item] = min(low, held[0]), max(high, held[1])


def _extremes(file: pq.ParquetFile, column: Any, group: int) -> tuple[int, int]:
    held = column.statistics
    if held is not None and held.has_min_max:
        return int(held.min), int(held.max)
    found = pc.min_max(file.read_row_group(group, columns=[column.path_in_schema])[column.path_in_schema])
    return found["min"].as_py(), found["max"].as_py()
