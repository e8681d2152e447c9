"""The snapshot: submitted responses as columns of small integers, in Parquet parts that are only ever added.

A folder holds `part-<n>.parquet` files and `manifest.json`. The manifest is written last and names every
part with its SHA-256, so a crash leaves either the old snapshot or the new one; parts that no manifest
names are swept up by the next write. Any Parquet reader (DuckDB, Spark, pandas) can read the parts.
Guard them as the answers they are.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.tallies import AREA, ID, LANGUAGE, MARGIN_PREFIX, MODE, SEQUENCE
from questionnaires import answering
from questionnaires.answers import Answer, Missing
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire

FORMAT = 1
MANIFEST = "manifest.json"
LOCK = ".lock"
TEXTS = (AREA, MODE, LANGUAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """One submitted response.

    sequence: its place in the order of submission, never used twice in a wave. area: code of the
    smallest area known, "" when none. cell: margin -> level ("" or absent: not stated). answers: by
    item and score, as `answering.finish` leaves them; one that is absent was not asked.
    """

    id: str
    sequence: int
    area: str
    mode: str
    language: str
    cell: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer | Missing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds, and of which questionnaire version."""

    questionnaire: str
    version: str
    questionnaire_digest: str
    columns: Mapping[str, str]  # column -> "int8", "int16" or "int32"
    margins: tuple[str, ...]
    last_sequence: int = 0
    next_part: int = 1
    parts: tuple[Part, ...] = ()

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    def to_json(self) -> str:
        document = {"format": FORMAT, "rows": self.rows, **asdict(self)}
        return json.dumps(document, indent=1)  # keys unsorted: columns keep the questionnaire's order


class SnapshotError(Exception):
    """A snapshot cannot be read or added to; the message says why and what to do."""


def append(folder: Path, rows: Iterable[SnapshotRow], questionnaire: Questionnaire) -> int:
    """Add responses submitted since the last; returns how many. All or nothing, also when the power fails.

    Raises SnapshotError when the snapshot is of another questionnaire version, or a row's sequence is
    not above the last one held (see `last_sequence`): a corrected response is removed and added again
    with a new sequence. Raises ValueError naming the response and item for an answer that does not fit
    its item.
    """
    ordered = sorted(rows, key=lambda row: row.sequence)
    with _writing(folder):
        manifest = _read_manifest(folder) or _new(questionnaire)
        _same_questionnaire(manifest, questionnaire)
        if not ordered:
            if not (folder / MANIFEST).exists():
                _commit(folder, manifest)
            return 0
        _in_sequence(ordered, manifest.last_sequence)
        part = _write_part(folder, manifest.next_part, _table(ordered, questionnaire, manifest))
        _commit(
            folder,
            replace(
                manifest,
                parts=(*manifest.parts, part),
                next_part=manifest.next_part + 1,
                last_sequence=ordered[-1].sequence,
            ),
        )
    return len(ordered)


def remove(folder: Path, ids: Iterable[str]) -> int:
    """Take responses out (withdrawn, or about to be corrected); returns how many were there.

    Only the parts that hold them are written again, under new names; the old files are deleted.
    """
    unwanted = pa.array(sorted(set(ids)), type=pa.string())
    with _writing(folder):
        manifest = _read_manifest(folder)
        if manifest is None or len(unwanted) == 0:
            return 0
        parts: list[Part] = []
        number, removed = manifest.next_part, 0
        for part in manifest.parts:
            held = _verified(folder, part, [ID])[ID]
            keep = pc.invert(pc.is_in(held, value_set=unwanted))
            kept = int(pc.sum(keep).as_py() or 0)
            removed += part.rows - kept
            if kept == part.rows:
                parts.append(part)
            elif kept:
                parts.append(_write_part(folder, number, pq.read_table(folder / part.file).filter(keep)))
                number += 1
        if removed:
            _commit(folder, replace(manifest, parts=tuple(parts), next_part=number))
    return removed


def read(folder: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """One row per response: AREA, MODE, margins as categories, one integer column per item. For
    `tallies.count`.

    columns: only these (such as ID); by default all but ID, SEQUENCE and LANGUAGE. Every part's digest
    is checked. Raises SnapshotError when there is no snapshot or a part is missing or altered.
    """
    manifest = _require(folder)
    if columns is None:
        columns = [AREA, MODE, *(MARGIN_PREFIX + name for name in manifest.margins), *manifest.columns]
    tables = [_verified(folder, part, columns) for part in manifest.parts]
    schema = _schema(manifest)
    empty = pa.schema([schema.field(name) for name in columns]).empty_table()
    frame: pd.DataFrame = pa.concat_tables([empty, *tables]).unify_dictionaries().to_pandas()
    return frame


@dataclass(frozen=True, slots=True)
class Contents:
    """What an engine counts: parts whose digests were checked, item margins, item and score columns."""

    files: tuple[Path, ...]
    margins: tuple[str, ...]
    items: tuple[str, ...]


def contents(folder: Path) -> Contents:
    """The parts, for `analysis.engines`. Raises SnapshotError when a part is missing or altered, or there is
    no snapshot.
    """
    manifest = _require(folder)
    files = tuple(_intact(folder, part) for part in manifest.parts)
    return Contents(files, manifest.margins, tuple(manifest.columns))


def last_sequence(folder: Path) -> int:
    """The highest sequence ever added; 0 for a snapshot that does not exist yet."""
    manifest = _read_manifest(folder)
    return 0 if manifest is None else manifest.last_sequence


def newest(folder: Path) -> tuple[str, int] | None:
    """Id and sequence of the last response held; None when none is. Raises SnapshotError when damaged."""
    manifest = _read_manifest(folder)
    if manifest is None or not manifest.parts:
        return None
    last = _verified(folder, manifest.parts[-1], [ID, SEQUENCE])
    return str(last[ID][-1].as_py()), int(last[SEQUENCE][-1].as_py())


def margins(folder: Path) -> tuple[str, ...]:
    """Names of the item margins held, for `tallies.count`. Raises SnapshotError when there is no snapshot."""
    return _require(folder).margins


def digest(folder: Path) -> str:
    """SHA-256 of the manifest, and so of every part. Raises SnapshotError when there is no snapshot."""
    return hashlib.sha256(_require(folder).to_json().encode()).hexdigest()


def columns(questionnaire: Questionnaire) -> dict[str, str]:
    """Item and score columns with the smallest integer type that holds every code."""
    found = {
        column: _width(KINDS[item.kind].highest(item))
        for item in questionnaire.items()
        for column in KINDS[item.kind].columns(item)
    }
    for score in questionnaire.scores:
        tops = (_highest(questionnaire.item(code)) for code in score.items)
        found[score.code] = _width(max(sum(tops), len(score.items)))
    return found


def _highest(item: Item) -> int:
    return max(KINDS[item.kind].codes(item), default=1)


def _width(highest: int) -> str:
    return next((name for name in ("int8", "int16") if highest <= np.iinfo(name).max), "int32")


def _new(questionnaire: Questionnaire) -> Manifest:
    return Manifest(
        questionnaire=questionnaire.id,
        version=questionnaire.version,
        questionnaire_digest=questionnaire.digest,
        columns=columns(questionnaire),
        margins=tuple(margin.name for margin in questionnaire.margins if margin.area_level is None),
    )


def _same_questionnaire(manifest: Manifest, questionnaire: Questionnaire) -> None:
    held = (manifest.questionnaire, manifest.version, manifest.questionnaire_digest)
    if held != (questionnaire.id, questionnaire.version, questionnaire.digest):
        raise SnapshotError(
            f"this snapshot is of {held[0]} {held[1]} ({held[2][:12]}), not of {questionnaire.id} "
            f"{questionnaire.version} ({questionnaire.digest[:12]}). A questionnaire never changes once "
            "open: give the new version its own wave, or delete the snapshot and take it again."
        )


def _in_sequence(ordered: Sequence[SnapshotRow], last: int) -> None:
    numbers = [row.sequence for row in ordered]
    if numbers[0] <= last or len(set(numbers)) < len(numbers):
        raise SnapshotError(
            f"responses must come once each, with sequences above {last}, but {numbers[0]} is first. "
            "Add only what was submitted since `last_sequence`; remove a corrected response first."
        )


def _table(rows: Sequence[SnapshotRow], questionnaire: Questionnaire, manifest: Manifest) -> pa.Table:
    values: dict[str, list[int]] = {name: [] for name in manifest.columns}
    known = answering.stored_names(questionnaire) | {item.code for item in questionnaire.items()}
    for row in rows:
        for column, value in _encoded(row, known, questionnaire).items():
            values[column].append(value)
    arrays: list[pa.Array] = [
        pa.array([row.id for row in rows], type=pa.string()),
        pa.array([row.sequence for row in rows], type=pa.int64()),
        *(_dictionary([getattr(row, name.split(".")[1]) for row in rows]) for name in TEXTS),
        *(_dictionary([row.cell.get(name, "") for row in rows]) for name in manifest.margins),
    ]
    for name, width in manifest.columns.items():
        try:
            arrays.append(pa.array(np.array(values[name], dtype=width)))
        except OverflowError as error:
            raise ValueError(f"an answer to {name} does not fit {width}: check the item's range") from error
    return pa.Table.from_arrays(arrays, schema=_schema(manifest))


def _encoded(row: SnapshotRow, known: frozenset[str], questionnaire: Questionnaire) -> dict[str, int]:
    unknown = set(row.answers) - known
    if unknown:
        raise ValueError(f"response {row.id} answers items that are not asked: {', '.join(sorted(unknown))}")
    try:
        return answering.snapshot_row(questionnaire, row.answers)
    except TypeError as error:
        raise ValueError(f"response {row.id}: {error}") from error


def _dictionary(values: list[str]) -> pa.Array:
    return pa.array(values, type=pa.string()).dictionary_encode()


def _schema(manifest: Manifest) -> pa.Schema:
    category = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            (ID, pa.string()),
            (SEQUENCE, pa.int64()),
            *((name, category) for name in TEXTS),
            *((MARGIN_PREFIX + name, category) for name in manifest.margins),
            *((name, pa.type_for_alias(width)) for name, width in manifest.columns.items()),
        ]
    )


def _write_part(folder: Path, number: int, table: pa.Table) -> Part:
    name = f"part-{number:06d}.parquet"
    temporary = folder / f"{name}.new"
    with temporary.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, folder / name)
    return Part(name, table.num_rows, _sha256(folder / name))


def _commit(folder: Path, manifest: Manifest) -> None:
    """Make this manifest the snapshot, then sweep up files that it does not name."""
    _sync(folder)
    temporary = folder / f"{MANIFEST}.new"
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(manifest.to_json())
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, folder / MANIFEST)
    _sync(folder)
    named = {part.file for part in manifest.parts}
    for path in folder.glob("part-*"):
        if path.name not in named:
            path.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """One writer at a time, also across processes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _require(folder: Path) -> Manifest:
    manifest = _read_manifest(folder)
    if manifest is None:
        raise SnapshotError(f"there is no snapshot in {folder}. Take one: survey-app snapshot WAVE.")
    return manifest


def _read_manifest(folder: Path) -> Manifest | None:
    try:
        document: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if document.pop("format") != FORMAT:
            raise ValueError("another format")
        document.pop("rows")
        document["parts"] = tuple(Part(**part) for part in document["parts"])
        document["margins"] = tuple(document["margins"])
        return Manifest(**document)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotError(
            f"{folder / MANIFEST} cannot be read ({error}). Delete the folder and take the snapshot again."
        ) from error


def _verified(folder: Path, part: Part, columns: Sequence[str]) -> pa.Table:
    return pq.read_table(_intact(folder, part), columns=list(columns))


def _intact(folder: Path, part: Part) -> Path:
    path = folder / part.file
    if not path.exists() or _sha256(path) != part.sha256:
        raise SnapshotError(
            f"{path} is missing or has been altered. Delete {folder} and take the snapshot again: "
            "it is made from the responses in the database."
        )
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
