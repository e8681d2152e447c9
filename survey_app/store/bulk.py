"""Many rows at once: inserts and deletes in chunks that both databases take in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

CHUNK = 500  # well under SQLite's limit of 32,766 bound values in one statement

T = TypeVar("T")
Written = Callable[[int, int], None]


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`values` in lists of at most `size`, in order."""
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk


def add(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[dict[str, Any]],
    written: Written | None = None,
) -> None:
    """Insert rows given as column values, without making an object of each.

    Every row must have the same keys. Python-side defaults of the table do not apply.
    written: told after every few thousand rows how many are in, and how many there will be.
    """
    done = 0
    for chunk in chunks(rows, 5_000):
        done += len(chunk)
        session.connection().execute(insert(table.__table__), chunk)  # type: ignore[attr-defined]
        if written is not None:
            written(done, len(rows))
