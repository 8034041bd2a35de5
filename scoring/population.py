"""Where a client stands: quantiles of all, of the granted, and of similar clients.

*Similar* clients asked for the same kind of contract and declare an income in the same fifth of
all incomes. Age, gender and family play no part in it. Only aggregates are kept; a group, or an
item known, for fewer than twenty clients is not kept at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

SMALLEST_GROUP = 20
POINTS = 21
"""Quantiles kept of each item: 0 %, 5 % ... 100 %."""
BANDS = 5
EDGE_RANK = 5
"""The first and last quantiles are the mean of this many extreme clients, never one person's."""

ALL, GRANTED = "all", "granted"
CONTRACT, INCOME = "contract_type", "income_total"


class Spread(BaseModel):
    """How an item is spread in a group: rising quantiles, and the share that lacks it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    known: int
    missing_share: float
    quantiles: tuple[float, ...]

    def share_below(self, value: float) -> float:
        """Return the share of the group's known clients below ``value``, ties counted half."""
        points = np.linspace(0.0, 1.0, len(self.quantiles))
        left = np.searchsorted(self.quantiles, value, side="left")
        right = np.searchsorted(self.quantiles, value, side="right")
        if right > left:
            return float((points[left] + points[right - 1]) / 2)
        return float(np.interp(value, self.quantiles, points))


class Group(BaseModel):
    """A group of clients and the spread of each item in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clients: int
    default_rate: float
    spreads: dict[str, Spread]


class Population(BaseModel):
    """The reference population of a scorecard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    income_edges: tuple[float, ...]
    groups: dict[str, Group]

    def similar(self, application: Mapping[str, object]) -> str | None:
        """Return the name of the group similar to this application; ``None`` when too small."""
        contract, income = application.get(CONTRACT), application.get(INCOME)
        if not isinstance(contract, str) or not isinstance(income, int | float):
            return None
        name = _name(contract, int(np.searchsorted(self.income_edges, income, side="right")))
        return name if name in self.groups else None


def population_of(clients: pl.DataFrame, granted: pl.Series, items: Sequence[str]) -> Population:
    """Sum up labelled ``clients`` (features and ``default``); ``granted`` is one flag a client.

    ``items`` are numeric features; others are left out.
    """
    kept = [name for name in items if name in clients.columns and clients[name].dtype.is_float()]
    incomes = clients[INCOME].to_numpy()
    edges = np.nanquantile(incomes, np.linspace(0, 1, BANDS + 1)[1:-1])
    banded = clients.with_columns(
        pl.Series("band", np.searchsorted(edges, incomes, side="right"), dtype=pl.Int64)
    )
    groups = {ALL: _group(clients, kept), GRANTED: _group(clients.filter(granted), kept)}
    for (contract, band), members in banded.group_by([CONTRACT, "band"], maintain_order=True):
        if contract is not None:
            groups[_name(str(contract), int(str(band)))] = _group(members, kept)
    shown = {name: group for name, group in sorted(groups.items()) if group is not None}
    return Population(income_edges=tuple(edges.tolist()), groups=shown)


def _name(contract: str, band: int) -> str:
    return f"similar:{contract}:{band}"


def _group(members: pl.DataFrame, items: Sequence[str]) -> Group | None:
    if members.height < SMALLEST_GROUP:
        return None
    spreads = {name: _spread(members[name]) for name in items}
    return Group(
        clients=members.height,
        default_rate=round(float(members["default"].cast(pl.Float64).mean() or 0.0), 6),  # type: ignore[arg-type]
        spreads={name: spread for name, spread in spreads.items() if spread is not None},
    )


def _spread(column: pl.Series) -> Spread | None:
    known = np.sort(column.drop_nulls().drop_nans().to_numpy())
    if known.size < SMALLEST_GROUP:
        return None
    quantiles = np.quantile(known, np.linspace(0, 1, POINTS))
    low, high = known[:EDGE_RANK].mean(), known[-EDGE_RANK:].mean()
    quantiles = np.clip(quantiles, low, high)
    return Spread(
        known=int(known.size),
        missing_share=round(1 - known.size / len(column), 6),
        quantiles=tuple(float(f"{value:.6g}") for value in quantiles),
    )
