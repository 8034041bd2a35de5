"""The granted population as aggregates: what explanations are measured from. No person's row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from features.raw.tables import APPLICATIONS
from flows.learning.dataset import Labelled
from scoring.metadata import Granted, Value
from scoring.scorecard import Model

MOST_CLIENTS = 20_000
"""About as many are averaged at most: more would not move the means."""
WIDER_BY = 0.1
GOLDEN_ROWS = 8

NOT_RANGED = {"flag", "category"}


def granted_population(
    model: Model, data: Labelled, probability: NDArray[np.float64], cut_off: float
) -> Granted:
    """Sum up the clients whose probability is at most ``cut_off`` (everybody when there is none).

    ``data`` has the model's items, ``probability`` is (n,), out of fold.
    """
    rows = np.flatnonzero(probability <= cut_off)
    if not rows.size:
        rows = np.arange(len(data))
    if rows.size > MOST_CLIENTS:
        rows = rows[:: rows.size // MOST_CLIENTS]
    matrix = data.matrix[rows]
    means = model.effects(matrix).mean(axis=0)
    return Granted(
        clients=int((probability <= cut_off).sum()),
        base=float(model.base + means.sum()),
        mean_effects=tuple(means.tolist()),
        typical={
            name: _typical(name, column, data)
            for name, column in zip(data.names, matrix.T, strict=True)
        },
    )


def _typical(name: str, column: NDArray[np.float32], data: Labelled) -> Value:
    """Median of a number, most frequent category; ``None`` when missing for most."""
    known = column[~np.isnan(column)]
    if known.size * 2 < column.size:
        return None
    if name in data.encoder.categories:
        code = int(np.bincount(known.astype(int)).argmax())
        return data.encoder.categories[name][code]
    return float(f"{np.median(known):.6g}")  # 32-bit digits beyond the sixth are noise


def ranges(data: Labelled) -> dict[str, tuple[float, float]]:
    """Return, for each number declared on the form, the range seen, widened.

    Widened on both sides by a tenth of the span of the middle 98 %: the extremes of a sample
    are no border of what exists.
    """
    found = {}
    for name, column in zip(data.names, data.matrix.T, strict=True):
        if not CATALOGUE[name].raw or APPLICATIONS[name].kind in NOT_RANGED:
            continue
        known = column[~np.isnan(column)].astype(np.float64)
        if known.size:
            low, high = np.quantile(known, [0.01, 0.99])
            margin = WIDER_BY * (high - low)
            found[name] = (float(known.min() - margin), float(known.max() + margin))
    return found


def golden_rows(data: Labelled, seed: int) -> NDArray[np.float32]:
    """Return rows that belong to nobody: each value is a quantile of its own column.

    Quantiles are drawn feature by feature, so a row mixes the whole population; one value in ten
    is missing.
    """
    random = np.random.default_rng(seed)
    rows = np.full((GOLDEN_ROWS, len(data.names)), np.nan, dtype=np.float32)
    for place, (name, column) in enumerate(zip(data.names, data.matrix.T, strict=True)):
        known = column[~np.isnan(column)]
        shares = random.uniform(0.05, 0.95, GOLDEN_ROWS)
        drawn = np.quantile(known.astype(np.float64), shares)
        if name in data.encoder.categories:
            drawn = np.round(drawn)
        rows[:, place] = np.where(random.random(GOLDEN_ROWS) < 0.1, np.nan, drawn)
    return rows
