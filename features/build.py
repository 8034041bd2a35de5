"""The feature table: one row per client, computed in batch from the prepared tables.

Each history table is read once, by blocks of whole clients that fit the memory of a small
machine: rows that are one are put together, columns derived, and one group-by sums them up. The
small results are then joined to the applications, where the ratios are computed. Nothing here
knows a feature by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

import polars as pl

from features.catalogue import APPLICATIONS_TABLE, CATALOGUE, CLIENT
from features.definitions.estimated import TABLE as ESTIMATES
from features.engine.declare import Feature
from features.engine.namespace import POLARS
from features.raw.tables import APPLICATIONS

KEY = "client_id"
ROWS_AT_ONCE = 1_000_000
"""Rows of a history taken together, up to the end of a client."""
Report = Callable[[str], None]


class Source(Protocol):
    """Where prepared tables are read from: ``features.raw.prepare.Prepared`` is one."""

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables present."""

    def scan(self, table: str) -> pl.LazyFrame:
        """Return the table, lazily, sorted by client."""


def build(
    prepared: Source, *, names: Sequence[str] | None = None, report: Report | None = None
) -> pl.DataFrame:
    """Return one row per client: ``client_id``, ``default``, then the features in order.

    Numeric features are 64-bit floats, category features enumerations. Features of an absent
    table are left out; a client without a row in a present table has missing values there.
    ``names`` asks for some features only: nothing else is computed but what they read.
    """
    say = report or _silent
    features = CATALOGUE.available(prepared.tables)
    wanted = features
    if names is not None:
        wanted = tuple(feature for feature in features if feature.name in set(names))
        read = {name for feature in wanted if feature.table == CLIENT for name in feature.reads()}
        features = tuple(f for f in features if f.name in {*names, *read})
    applications = application_frame(prepared.scan(APPLICATIONS_TABLE).collect())
    frame = _with(applications, _of(features, APPLICATIONS_TABLE))
    for table, history in _histories(prepared, features, say):
        frame = frame.join(history, on=KEY, how="left", maintain_order="left")
        say(f"features: {table} joined, {frame.width} columns")
    frame = _with(frame, _of(features, CLIENT))
    return frame.select(KEY, "default", *[feature.name for feature in wanted])


def with_estimates(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a feature table with the features made from the estimates that it holds."""
    return _with(frame, CATALOGUE.of(ESTIMATES))


def history_features(prepared: Source, *, report: Report | None = None) -> pl.DataFrame:
    """Return the batch-computed history features, ``client_id`` first, one row per client.

    Every client of the applications has a row, so that one without history is seen to be so.
    """
    features = CATALOGUE.available(prepared.tables)
    frame = prepared.scan(APPLICATIONS_TABLE).select(KEY).collect()
    for _, history in _histories(prepared, features, report or _silent):
        frame = frame.join(history, on=KEY, how="left", maintain_order="left")
    return frame


def application_frame(applications: pl.DataFrame) -> pl.DataFrame:
    """Return the applications as features see them: every number a 64-bit float."""
    numbers = [c.name for c in APPLICATIONS.columns if c.kind in {"integer", "number", "flag"}]
    return applications.with_columns(pl.col(numbers).cast(pl.Float64))


def aggregate(rows: pl.LazyFrame, table: str, features: Sequence[Feature]) -> pl.DataFrame:
    """Return one row per client with the history ``features`` of one ``table``.

    The rows of a client stand together, in any order.
    """
    return pl.concat(_of_block(block, table, features) for block in _blocks(rows))


def _of_block(rows: pl.DataFrame, table: str, features: Sequence[Feature]) -> pl.DataFrame:
    grain = CATALOGUE.grains.get(table)
    if grain is not None:
        rows = grain.of(rows)
    for name, formula in CATALOGUE.derived_columns.get(table, ()):
        rows = rows.with_columns(formula(POLARS).alias(name))
    grouped = (
        rows.lazy()
        .group_by(KEY)
        .agg([feature.expression(POLARS).cast(pl.Float64) for feature in features])
    )
    return finite(grouped.collect(engine="streaming"))


def _blocks(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows in blocks that never cut a client in two; one, empty, when there is none."""
    clients = rows.select(KEY).collect().to_series()
    ends = clients.rle().struct.field("len").cast(pl.Int64).cum_sum()
    last = pl.DataFrame({"end": ends}).group_by(ends // ROWS_AT_ONCE).agg(pl.col("end").max())
    cuts = [0, *last["end"].sort()]
    for start, end in pairwise(cuts if len(cuts) > 1 else [0, 0]):
        yield rows.slice(start, end - start).collect()


def finite(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` with numbers that are not finite turned into missing ones."""
    numbers = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    return frame.with_columns(pl.when(pl.col(name).is_finite()).then(name) for name in numbers)


def _histories(
    prepared: Source, features: Sequence[Feature], say: Report
) -> Iterable[tuple[str, pl.DataFrame]]:
    for table in dict.fromkeys(feature.table for feature in features):
        if table in {APPLICATIONS_TABLE, CLIENT}:
            continue
        chosen = _of(features, table)
        say(f"features: {len(chosen)} from {table}")
        yield table, aggregate(prepared.scan(table), table, chosen)


def _with(frame: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    return finite(frame.with_columns(feature.expression(POLARS) for feature in features))


def _of(features: Sequence[Feature], table: str) -> tuple[Feature, ...]:
    return tuple(feature for feature in features if feature.table == table)


def _silent(_: str) -> None:
    return None
