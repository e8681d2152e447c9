"""DuckDB: one query over the parts, which it reads itself and spills to disk where memory is short.

Answers are unpivoted and grouped once, rather than one GROUP BY an item: the parts are read once, and codes
may be as wide as they like.
"""

from __future__ import annotations

import duckdb
import pandas as pd

from analysis.engines import Source
from analysis.engines.assembly import assemble
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies


def tally(source: Source) -> Tallies:
    """Count the parts; see `analysis.engines.tally`."""
    files = ", ".join(_text(str(path)) for path in source.files)
    rows = f"read_parquet([{files}])"
    if source.mode is not None:
        rows += f" WHERE {_name(MODE)} = {_text(source.mode)}"
    place = ", ".join(_name(text) for text in (AREA, *(MARGIN_PREFIX + name for name in source.margins)))
    with duckdb.connect(":memory:") as connection:
        respondents = connection.execute(
            f"SELECT {place}, {_name(MODE)}, count(*) AS n FROM {rows} GROUP BY ALL"  # noqa: S608
        ).df()
        answers = connection.execute(_answers(rows, place, source.items)).df() if source.items else None
    if answers is None:
        answers = respondents.head(0).drop(columns=MODE).assign(item="", code=0)
    return assemble(respondents, pd.DataFrame(answers), source.margins, source.items)


def _answers(rows: str, place: str, items: tuple[str, ...]) -> str:
    numbered = ", ".join(f"{_name(item)}::INTEGER AS {_name(item)}" for item in items)
    columns = ", ".join(_name(item) for item in items)
    return (
        f"SELECT {place}, item, code, count(*) AS n "  # noqa: S608 - names from the manifest, quoted
        f"FROM (SELECT {place}, {numbered} FROM {rows}) "
        f"UNPIVOT (code FOR item IN ({columns})) GROUP BY ALL"
    )


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
