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
from features.raw.prepared import Prepared, open_prepared
from features.raw.tables import TABLES

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
    grouped = told.group_by("client_id").agg(_of_all(aggregates))
    return grouped.collect(engine="streaming")


def _by_blocks(rows: pl.LazyFrame, aggregates: Aggregates) -> pl.DataFrame:
    read = rows.collect()
    clients = read["client_id"].unique().sort()
    starts = [*read["client_id"].search_sorted(clients[::BLOCK]), read.height]
    of_all = _of_all(aggregates)
    slices = [
        (pl.col(by) == wanted, list(_numbers(aggregates, f"{aggregates.table}_{name}")))
        for name, (by, wanted) in aggregates.slices.items()
    ]

    def one(block: pl.DataFrame) -> pl.DataFrame:
        frame = block.group_by("client_id").agg(of_all)
        for inside, numbers in slices:
            part = block.filter(inside).group_by("client_id").agg(numbers)
            frame = frame.join(part, on="client_id", how="left")
        return frame

    return pl.concat(one(read[start:end]) for start, end in pairwise(starts))


def _of_all(aggregates: Aggregates) -> list[pl.Expr]:
    return [*_numbers(aggregates, aggregates.table), *_shares(aggregates)]


def _numbers(aggregates: Aggregates, prefix: str) -> Iterator[pl.Expr]:
    for column, stats in aggregates.numbers.items():
        yield from _statistics(pl.col(column).cast(pl.Float64), stats, f"{prefix}_{column}")


def _shares(aggregates: Aggregates) -> Iterator[pl.Expr]:
    for column in aggregates.shares:
        for category in TABLES[aggregates.table][column].categories:
            share = (pl.col(column) == category).sum() / pl.len()
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
