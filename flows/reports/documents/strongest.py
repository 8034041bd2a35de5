"""Which features tell defaults apart on their own, and how they move together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from scoring.metrics import gini

Values = dict[str, Any]
Array = NDArray[np.float64]

LEAST_KNOWN_SHARE = 0.2
"""A feature known for fewer clients than this is not compared."""
SHOWN = 12


def strongest_by_group(features: pl.DataFrame, names: Sequence[str]) -> list[Values]:
    """Return, for each group, the feature that ranks best alone, the strongest group first.

    ``features`` holds labelled clients. The Gini is among the clients for whom it is known.
    """
    default = features["default"].to_numpy().astype(np.float64)
    best: dict[str, Values] = {}
    for name in names:
        feature = CATALOGUE[name]
        if feature.categories:
            continue
        value = features[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        found = _alone(value, default)
        if found and abs(found["gini"]) > abs(best.get(feature.group, {"gini": 0.0})["gini"]):
            best[feature.group] = {"feature": name, "label": feature.label._asdict(), **found}
    ranked = sorted(best.items(), key=lambda item: (-abs(item[1]["gini"]), item[0]))
    return [{"group": group, **values} for group, values in ranked[:SHOWN]]


def _alone(value: Array, default: Array) -> Values | None:
    known = ~np.isnan(value)
    if known.mean() < LEAST_KNOWN_SHARE or default[known].sum() in {0, known.sum()}:
        return None
    found = gini(default[known], value[known])
    return {"gini": round(found, 4), "known": round(float(known.mean()), 4)}


def correlations(features: pl.DataFrame, names: Sequence[str]) -> list[list[float | None]]:
    """Return the rank correlations of these features, pairwise where both are known.

    Rounded to two digits; ``None`` where fewer than a hundred clients have both.
    """
    frame = pd.DataFrame(
        {name: features[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in names}
    )
    matrix = frame.corr(method="spearman", min_periods=100).to_numpy()
    return [[None if np.isnan(v) else round(float(v), 2) for v in row] for row in matrix]
