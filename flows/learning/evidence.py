"""What one feature says alone: bins, their weights of evidence, and its information value.

A bin's weight of evidence is ln(share of defaults / share of good clients), smoothed; the
information value is the sum of the weights times the differences of the shares (Siddiqi, 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BINS = 8
SMOOTHING = 20.0
"""Clients of average risk added to each bin."""


@dataclass(frozen=True)
class Binned:
    """One feature's bins: inner edges (b,), weights of evidence of each bin and of missing."""

    name: str
    edges: Array
    evidence: Array
    missing: float
    information: float

    def weigh(self, column: NDArray[np.float32]) -> Array:
        """Weights of evidence (n,) of a column (n,)."""
        weights = self.evidence[np.searchsorted(self.edges, column, side="right")]
        return np.where(np.isnan(column), self.missing, weights)


def binned(name: str, column: NDArray[np.float32], default: Array, category: bool) -> Binned:
    """Cut a column (n,) into bins and weigh each by the outcomes (n,) of 0/1."""
    known = ~np.isnan(column)
    values = column[known].astype(np.float64)
    if not values.size:
        return Binned(name, np.empty(0), np.zeros(1), 0.0, 0.0)
    if category:
        edges = np.arange(1.0, values.max() + 1)
    else:
        edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1]))
    place = np.where(known, np.searchsorted(edges, column, side="right"), len(edges) + 1)
    rate = float(default.mean())
    clients = np.bincount(place, minlength=len(edges) + 2) + SMOOTHING
    bad = np.bincount(place, weights=default, minlength=len(edges) + 2) + SMOOTHING * rate
    good = clients - bad
    evidence = np.log((bad / bad.sum()) / (good / good.sum()))
    information = float(((bad / bad.sum() - good / good.sum()) * evidence).sum())
    return Binned(name, edges, evidence[:-1], float(evidence[-1]), information)
