"""Population stability index: how far a population moved from the one a scorecard learnt from.

PSI = sum over bins of (q - p) ln(q / p), where p and q are the shares of the reference and of the
present population (Siddiqi, *Credit Risk Scorecards*, 2006). Bins are deciles of the reference, or
its codes for a category; missing values are a bin of their own. A bin where nobody is counts as
half a person, and at least as ``FLOOR``, which bounds the index.

A small sample moves by chance alone: without any change, PSI / (1/n + 1/m) follows about a
chi-squared law of (bins - 1) degrees of freedom (Yurdakul, *Statistical Properties of PSI*, 2018).
An index is a sign of drift only above what chance explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

BINS = 10
FLOOR = 1e-4
WATCH = 0.1
ALERT = 0.25
CHANCE = 0.9999
"""One in ten thousand: hundreds of columns are compared at once, and a false alarm costs trust."""

Values = NDArray[np.floating]


class Level(StrEnum):
    """What an index asks for."""

    STABLE = "stable"
    WATCH = "watch"
    ALERT = "alert"
    TOO_FEW = "too few"
    """Above the threshold, and no more than so few clients differ by chance."""


@dataclass(frozen=True, slots=True)
class Stability:
    """The index of one column, what chance alone may reach, and the shares that are missing."""

    psi: float
    chance: float
    bins: int
    missing_before: float
    missing_now: float

    @property
    def level(self) -> Level:
        """Level by the usual thresholds, 0.1 and 0.25."""
        if self.psi < WATCH:
            return Level.STABLE
        if self.psi < self.chance:
            return Level.TOO_FEW
        return Level.WATCH if self.psi < ALERT else Level.ALERT


def stability(reference: Values, current: Values, *, category: bool = False) -> Stability:
    """Compare ``current`` (m,) with ``reference`` (n,); NaN is missing.

    ``category`` says that the values are codes, each its own bin. ``ValueError`` when either is
    empty.
    """
    if not len(reference) or not len(current):
        msg = "a population of nobody cannot be compared"
        raise ValueError(msg)
    edges = _codes(reference, current) if category else _deciles(reference)
    p, q = _shares(reference, edges), _shares(current, edges)
    used = (p > 0) | (q > 0)
    before = np.maximum(p[used], max(FLOOR, 0.5 / len(reference)))
    now = np.maximum(q[used], max(FLOOR, 0.5 / len(current)))
    bins = int(used.sum())
    noise = 1 / len(reference) + 1 / len(current)
    return Stability(
        psi=float(((now - before) * np.log(now / before)).sum()),
        chance=float(chi2.ppf(CHANCE, bins - 1) * noise) if bins > 1 else 0.0,
        bins=bins,
        missing_before=float(p[-1]),
        missing_now=float(q[-1]),
    )


def _deciles(reference: Values) -> Values:
    """Upper edges of the bins but the last, each once: an atom of many zeros is one bin."""
    present = reference[~np.isnan(reference)]
    if not len(present):
        return present
    distinct = np.unique(present)
    if len(distinct) <= BINS:
        return distinct[:-1]
    inner = np.arange(1, BINS) / BINS
    return np.unique(np.quantile(present, inner, method="inverted_cdf"))


def _codes(reference: Values, current: Values) -> Values:
    both = np.concatenate((reference, current))
    return np.unique(both[~np.isnan(both)])[:-1]


def _shares(values: Values, edges: Values) -> Values:
    """Share of each bin, the missing ones last."""
    missing = np.isnan(values)
    places = np.searchsorted(edges, values[~missing], side="left")
    counts = np.bincount(places, minlength=len(edges) + 1)
    return np.append(counts, missing.sum()) / len(values)
