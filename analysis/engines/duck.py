"""DuckDB, which reads the parts itself and spills to disk where memory is short.

People are grouped once, by their texts. Then the answers are read once, beside the number of the group in
place of its texts, and each item is one GROUP BY of two small integers: an array in DuckDB, not a hash table,
where groups and codes are few enough. One GROUP BY of texts and unpivoted answers took over
twenty times as long (docs/performance.md).
"""

from __future__ import annotations

import duckdb
import numpy as np

from analysis.answer_counts import Codes, summed
from analysis.engines import Source
from analysis.engines.assembly import Groups
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies

ARRAY_BITS = 22
"""Groups and codes that DuckDB counts in an array (four million counters) rather than by hashing."""


def tally(source: Source) -> Tallies:
    """Count the parts; see `analysis.engines.tally`."""
    files = ", ".join(_text(str(path)) for path in source.files)
    rows = f"read_parquet([{files}])"
    if source.mode is not None:
        rows = f"(SELECT * FROM {rows} WHERE {_name(MODE)} = {_text(source.mode)})"  # noqa: S608 - quoted
    place = [_name(text) for text in (AREA, *(MARGIN_PREFIX + name for name in source.margins))]
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET perfect_ht_threshold = {ARRAY_BITS}")
        respondents = connection.execute(
            f"SELECT {', '.join(place)}, {_name(MODE)}, count(*) AS n "  # noqa: S608 - quoted names
            f"FROM {rows} GROUP BY ALL"
        ).df()
        groups = Groups(respondents, source.margins)
        connection.register("places", groups.table().assign(number=range(len(groups))))
        same = " AND ".join(f"coalesce(response.{name}, '') = place.{name}" for name in place)
        answers = ", ".join(f"response.{_name(item)} AS i{i}" for i, item in enumerate(source.items))
        connection.execute(
            f"CREATE TEMP TABLE answers AS SELECT place.number::INTEGER AS number, {answers or '0'} "  # noqa: S608
            f"FROM {rows} AS response JOIN places AS place ON {same}"
        )
        items = {item: _counted(connection, i, len(groups)) for i, item in enumerate(source.items)}
    return groups.tallies(source.items, items)


def _counted(connection: duckdb.DuckDBPyConnection, item: int, groups: int) -> Codes:
    """The counts of one item, by number because its name may hold anything."""
    rows = connection.execute(
        f"SELECT number, i{item}::INTEGER AS code, count(*) AS n FROM answers GROUP BY number, i{item}"  # noqa: S608
    ).fetchnumpy()
    number, code, n = (np.asarray(rows[name], dtype=np.int64) for name in ("number", "code", "n"))
    return summed(number, code, n, groups)


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
