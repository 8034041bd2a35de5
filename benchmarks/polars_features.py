"""Our form of the well-known aggregates: one group-by per table, small joins at the end.

Prepared tables are sorted by client, and that is used in two ways. Long histories (months,
instalments) stream through a group-by that is told so. Short ones (a few credits per client, many
statistics each) are taken by blocks of clients small enough for the processor's cache.

``python -m benchmarks.polars_features PREPARED [OUT.parquet]``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import polars as pl

from benchmarks.well_known import WELL_KNOWN, Aggregates
from features.prepared import Prepared, open_prepared
from features.tables import TABLES

SHORT = {"bureau", "previous"}
BLOCK = 10_000
"""Clients taken at a time in the short histories."""


def well_known(prepared: Prepared) -> pl.DataFrame:
    """Return one row per client with every well-known aggregate of the tables present."""
    frame = prepared.scan("applications").select("client_id").collect()
    for aggregates in WELL_KNOWN:
        if prepared.has(aggregates.table):
            rows = prepared.scan(aggregates.table).select(aggregates.columns)
            form = _by_blocks if aggregates.table in SHORT else _streamed
            frame = frame.join(form(rows, aggregates), on="client_id", how="left")
    return frame


def _streamed(rows: pl.LazyFrame, aggregates: Aggregates) -> pl.DataFrame:
    told = rows.with_columns(pl.col("client_id").set_sorted())
    grouped = told.group_by("client_id").agg(list(_expressions(aggregates)))
    return grouped.collect(engine="streaming")


def _by_blocks(rows: pl.LazyFrame, aggregates: Aggregates) -> pl.DataFrame:
    read = rows.collect()
    clients = read["client_id"].unique().sort()
    expressions = list(_expressions(aggregates))
    starts = [*read["client_id"].search_sorted(clients[::BLOCK]), read.height]
    return pl.concat(
        read[start:end].group_by("client_id").agg(expressions) for start, end in pairwise(starts)
    )


def _expressions(aggregates: Aggregates) -> Iterator[pl.Expr]:
    for column, stats in aggregates.numbers.items():
        value = pl.col(column).cast(pl.Float64)
        yield from _statistics(value, stats, f"{aggregates.table}_{column}")
        for name, (by, wanted) in aggregates.slices.items():
            inside = pl.when(pl.col(by) == wanted).then(value)
            yield from _statistics(inside, stats, f"{aggregates.table}_{name}_{column}")
    for column in aggregates.shares:
        for category in TABLES[aggregates.table][column].categories:
            share = (pl.col(column) == category).fill_null(False).cast(pl.Float64).mean()
            yield share.alias(f"{aggregates.table}_{column}={category}")


def _statistics(value: pl.Expr, stats: tuple[str, ...], name: str) -> Iterator[pl.Expr]:
    for stat in stats:
        yield getattr(value, stat)().alias(f"{name}_{stat}")


def main() -> None:
    """Compute, and write the result when a file is given."""
    frame = well_known(open_prepared(Path(sys.argv[1])))
    sys.stdout.write(f"{frame.height} clients, {frame.width - 1} features\n")
    if len(sys.argv) > 2:
        frame.write_parquet(sys.argv[2])


if __name__ == "__main__":
    main()
