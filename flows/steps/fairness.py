"""How proposals fall on groups of people the scorecard must not treat differently.

Gender, age band and family status are read here, and only here; none of the first and last is an
input. The figures are of the test split, at the cut-off chosen beforehand. The *selection rate*
is the share that would be granted (below the cut-off); its *ratio* is to the best-served group of
the same attribute, as in the four-fifths rule (US EEOC Uniform Guidelines, 1978). Groups of fewer
than fifty clients are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.prepare import Prepared
from scoring import metrics
from scoring.cost import CostOfError
from scoring.gate import waived

Array = NDArray[np.float64]

FLOOR = 0.80
"""Lowest ratio of selection rates at which a scorecard may be promoted."""
SMALLEST_GROUP = 50
DRAWS = 200
AGE_BANDS = ((0, 30), (30, 40), (40, 50), (50, 60), (60, 120))
ATTRIBUTES = ("gender", "age_band", "family_status")


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group of one attribute. Rates are shares; intervals are 95 % bootstrap intervals."""

    attribute: str
    group: str
    clients: int
    default_rate: float
    said: float
    selection_rate: float
    selection_interval: tuple[float, float]
    ratio: float
    ratio_interval: tuple[float, float]
    refused_good_share: float
    """False-positive rate: good clients above the cut-off."""
    granted_default_share: float
    """False-negative rate: defaults below the cut-off."""
    auc: float | None
    expected_cost: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """The figures of every group, and whether the gate lets the scorecard through."""

    groups: tuple[GroupFigures, ...]
    floor: float
    below_floor: tuple[str, ...]
    waiver: str | None

    @property
    def passed(self) -> bool:
        """Whether promotion is allowed: every ratio at the floor, or a waiver in force."""
        return not self.below_floor or self.waiver is not None

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {**asdict(self), "passed": self.passed}


def people(prepared: Prepared, client_ids: NDArray[np.int64]) -> pl.DataFrame:
    """Return gender, age band and family status of these clients, in their order."""
    wanted = pl.DataFrame({"client_id": client_ids})
    columns = ("client_id", "gender", "family_status", "birth_days")
    known = prepared.scan("applications").select(columns).collect()
    years = (pl.col("birth_days") / -365.25).floor()
    bands = pl.lit(None, dtype=pl.String)
    for low, high in AGE_BANDS:
        words = f"{low}-{high - 1}" if high < 100 else f"{low} and over"
        bands = pl.when(years.is_between(low, high - 1)).then(pl.lit(words)).otherwise(bands)
    return wanted.join(known, on="client_id", how="left", maintain_order="left").select(
        pl.col("gender").cast(pl.String), bands.alias("age_band"),
        pl.col("family_status").cast(pl.String),
    )  # fmt: skip


def judge_fairness(
    who: pl.DataFrame,
    default: Array,
    probability: Array,
    cut_off: float,
    cost: CostOfError,
    *,
    waiver: Path | None = None,
    today: date,
    seed: int = 0,
) -> Fairness:
    """Compare the groups of ``who`` (one row a client) on outcomes and probabilities (n,)."""
    groups: list[GroupFigures] = []
    for attribute in ATTRIBUTES:
        members = _members(who[attribute])
        if len(members) > 1:
            groups += _compare(attribute, members, default, probability, cut_off, cost, seed)
    below = tuple(f"{g.attribute}: {g.group}" for g in groups if g.ratio < FLOOR)
    return Fairness(tuple(groups), FLOOR, below, waived(waiver, today))


def _members(values: pl.Series) -> dict[str, NDArray[np.intp]]:
    """Rows of each group that is large enough to be shown."""
    known = values.to_numpy()
    names = sorted(value for value in values.drop_nulls().unique().to_list())
    rows = {name: np.flatnonzero(known == name) for name in names}
    return {name: members for name, members in rows.items() if len(members) >= SMALLEST_GROUP}


def _compare(
    attribute: str,
    members: Mapping[str, NDArray[np.intp]],
    default: Array,
    probability: Array,
    cut_off: float,
    cost: CostOfError,
    seed: int,
) -> list[GroupFigures]:
    granted = probability <= cut_off
    rates = {name: float(granted[rows].mean()) for name, rows in members.items()}
    best = max(rates, key=lambda name: rates[name])
    drawn = _drawn(members, granted, seed)
    figures = []
    for name, rows in members.items():
        bad = default[rows] == 1
        chosen = granted[rows]
        ratio = rates[name] / rates[best] if rates[best] else float("nan")
        ranking = metrics.auc(default[rows], probability[rows])
        figures.append(
            GroupFigures(
                attribute=attribute,
                group=name,
                clients=len(rows),
                default_rate=float(bad.mean()),
                said=float(probability[rows].mean()),
                selection_rate=rates[name],
                selection_interval=_interval(drawn[name]),
                ratio=ratio,
                ratio_interval=_interval(drawn[name] / np.maximum(drawn[best], 1e-9)),
                refused_good_share=_share(~chosen, ~bad),
                granted_default_share=_share(chosen, bad),
                auc=None if np.isnan(ranking) else ranking,
                expected_cost=cost.expected(default[rows], ~chosen),
            )
        )
    return figures


def _drawn(
    members: Mapping[str, NDArray[np.intp]], granted: NDArray[np.bool_], seed: int
) -> dict[str, Array]:
    """Selection rates of each group in bootstrap samples."""
    random = np.random.default_rng(seed)
    return {
        name: random.binomial(len(rows), granted[rows].mean(), DRAWS) / len(rows)
        for name, rows in members.items()
    }


def _interval(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(of[among].mean()) if among.any() else float("nan")
