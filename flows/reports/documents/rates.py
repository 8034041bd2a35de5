"""Default rates of groups of clients, with their intervals; small groups are never shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from flows.reports.run_figures import rate_interval
from scoring.population import SMALLEST_GROUP

Values = dict[str, Any]


def group_rates(group: pl.Series, default: pl.Series) -> list[Values]:
    """Return clients, share and default rate of each group, in the order of its values.

    ``group`` and ``default`` are (n,); a missing group is left out. ``low`` and ``high`` are the
    95 % interval. Groups of fewer than twenty clients are dropped.
    """
    counted = (
        pl.DataFrame({"group": group, "default": default})
        .drop_nulls("group")
        .group_by("group")
        .agg(clients=pl.len(), defaults=pl.col("default").sum())
        .filter(pl.col("clients") >= SMALLEST_GROUP)
        .sort("group")
    )
    return [
        {"group": name, **rate(int(defaults), int(clients), len(group))}
        for name, clients, defaults in counted.iter_rows()
    ]


def rate(defaults: int, clients: int, everybody: int) -> Values:
    """Return one group's figures; ``everybody`` is what its share is of."""
    low, high = rate_interval(defaults, clients)
    return {
        "clients": clients,
        "share": round(clients / everybody, 5),
        "rate": round(defaults / clients, 5),
        "low": round(low, 5),
        "high": round(high, 5),
    }


def banded_rates(values: pl.Series, default: pl.Series, edges: Sequence[float]) -> list[Values]:
    """Return the default rate of each band of a number (n,); band i is below ``edges[i]``.

    A band is closed below and open above; the last one has no upper edge.
    """
    value = pl.col("value")
    bands = sum((pl.when(value >= edge).then(1).otherwise(0) for edge in edges), start=pl.lit(0))
    number = values.cast(pl.Float64).fill_nan(None)
    place = number.to_frame("value").select(pl.when(value.is_not_null()).then(bands).alias("band"))
    return group_rates(place["band"], default)


def known_or_not(known: pl.Series, default: pl.Series) -> Values:
    """Return the figures of those with ``known`` true and of the others; ``None`` if too few."""
    found = {bool(item.pop("group")): item for item in group_rates(known, default)}
    return {"with": found.get(True), "without": found.get(False)}
