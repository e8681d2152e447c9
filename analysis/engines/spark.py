"""Spark, for a snapshot that one machine can no longer count.

Only what Spark distributes: reading Parquet, unpivoting, grouping. Nothing but the tally comes back.
The session is the one that is active (as on a cluster), or a local one on two processors.
"""

from __future__ import annotations

import pandas as pd
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as sql

from analysis.engines import Source
from analysis.engines.assembly import assemble
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies


def tally(source: Source) -> Tallies:
    """Count the parts; see `analysis.engines.tally`. Every worker must see them under the same path."""
    rows = _session().read.parquet(*(f"file://{path.resolve()}" for path in source.files))
    if source.mode is not None:
        rows = rows.where(_column(MODE) == source.mode)
    place = [AREA, *(MARGIN_PREFIX + name for name in source.margins)]
    respondents = _counted(rows.select([_column(text) for text in [*place, MODE]]))
    if not source.items:
        answers = respondents.head(0).drop(columns=MODE).assign(item="", code=0)
        return assemble(respondents, answers, source.margins, source.items)
    numbered = rows.select(
        *(_column(text) for text in place),
        *(sql.col(f"`{item}`").cast("int").alias(item) for item in source.items),
    )
    long = numbered.unpivot(
        [_column(text) for text in place], [f"`{item}`" for item in source.items], "item", "code"
    )
    return assemble(respondents, _counted(long), source.margins, source.items)


def _column(text: str) -> Column:
    return sql.col(f"`{text}`")


def _counted(rows: DataFrame) -> pd.DataFrame:
    """How often each row occurs: the only thing that is collected."""
    counted = rows.groupBy(*(_column(text) for text in rows.columns)).agg(sql.count(sql.lit(1)).alias("n"))
    columns = counted.toArrow().to_pydict()
    return pd.DataFrame(columns)


def _session() -> SparkSession:
    held = SparkSession.getActiveSession()
    if held is not None:
        return held
    return (
        SparkSession.builder.master("local[2]")
        .appName("hereabouts-tally")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
