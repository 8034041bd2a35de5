"""Distributions of one column inside one group of clients: quantile functions and shares.

Both are estimated under k-anonymity: no knot interval, no atom and no category kept here describes
fewer than :data:`ANONYMITY` different clients, and the extreme knots are the values that at least
that many clients reach or pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

ANONYMITY = 20


def significant(values: Floats, digits: int = 4) -> Floats:
    """Round ``values`` to ``digits`` significant digits."""
    values = np.asarray(values, dtype=float)
    with np.errstate(divide="ignore"):
        magnitude = np.where(values == 0, 0, np.floor(np.log10(np.abs(values))))
    scale = 10.0 ** (digits - 1 - magnitude)
    return np.where(values == 0, 0.0, np.round(values * scale) / scale)


@dataclass(frozen=True)
class Numbers:
    """A quantile function: knots (level in [0, 1], value), linear in between.

    An atom is two knots of one value. ``missing`` is the share of rows that have no value at all;
    the knots describe the others.
    """

    levels: Floats
    values: Floats
    missing: float = 0.0

    def at(self, u: Floats) -> Floats:
        """Values of the uniform numbers ``u``, same shape."""
        return np.interp(u, self.levels, self.values)


@dataclass(frozen=True)
class Shares:
    """Shares of the categories of a column, in the column's own order; they add up to one."""

    shares: Floats

    @property
    def cumulative(self) -> Floats:
        """Upper limits of each category on [0, 1]; the last one is out of reach."""
        limits = np.cumsum(self.shares)
        limits[limits >= limits[-1]] = 2.0
        return limits


def _distinct(clients: Codes, start: int, stop: int) -> int:
    return len(np.unique(clients[start:stop]))


def _atoms(values: Floats, clients: Codes, share: float) -> list[tuple[int, int]]:
    """Runs [start, stop) of equal sorted ``values`` that enough clients share."""
    edges = np.flatnonzero(np.diff(values)) + 1
    starts, stops = np.r_[0, edges], np.r_[edges, len(values)]
    least = max(ANONYMITY, int(share * len(values)))
    large = np.flatnonzero(stops - starts >= least)
    return [
        (int(starts[i]), int(stops[i]))
        for i in large
        if _distinct(clients, starts[i], stops[i]) >= ANONYMITY
    ]


def fit_numbers(values: Floats, clients: Codes, knots: int, atom_share: float) -> Numbers:
    """Estimate the quantile function of ``values`` (NaN: missing), one client code per value.

    ``knots`` bounds the number of intervals of the smooth part; each holds at least
    :data:`ANONYMITY` clients or is merged with its neighbour. A value is an atom when at least the
    share ``atom_share`` of the rows, and enough clients, have it.
    """
    present = ~np.isnan(values)
    missing = 1.0 - present.mean() if len(values) else 1.0
    if (~present).sum() < ANONYMITY:
        missing = 0.0
    values, clients = values[present], clients[present]
    if len(values) < ANONYMITY:
        return Numbers(np.array([0.0, 1.0]), np.array([np.nan, np.nan]), 1.0)
    order = np.argsort(values, kind="stable")
    values, clients = values[order], clients[order]
    n = len(values)
    levels: list[float] = []
    points: list[float] = []
    position = 0
    for start, stop in [*_atoms(values, clients, atom_share), (n, n)]:
        if start > position:
            smooth_levels, smooth_points = _smooth(values, clients, position, start, knots)
            levels += smooth_levels
            points += smooth_points
        if stop > start:
            levels += [start / n, stop / n]
            points += [float(values[start])] * 2
        position = stop
    return Numbers(np.round(levels, 5), np.asarray(points), round(missing, 5))


def _smooth(
    values: Floats, clients: Codes, start: int, stop: int, knots: int
) -> tuple[list[float], list[float]]:
    """Knots of the values between two atoms; too few of them become one interval on the middle."""
    n = len(values)
    if _distinct(clients, start, stop) < 2 * ANONYMITY:
        middle = float(significant(np.array([values[start:stop].mean()]))[0])
        return [start / n, stop / n], [middle, middle]
    count = max(1, min(knots, round(knots * (stop - start) / n), (stop - start) // ANONYMITY))
    edges = np.unique(np.linspace(start, stop, count + 1).astype(int))
    while len(edges) > 2:
        poor = [
            i
            for i in range(1, len(edges) - 1)
            if _distinct(clients, edges[i - 1], edges[i]) < ANONYMITY
        ]
        if not poor:
            break
        edges = np.delete(edges, poor[0])
    inside = edges.copy()
    inside[0] = min(start + ANONYMITY - 1, stop - 1) if start == 0 else start
    inside[-1] = max(stop - ANONYMITY, start) if stop == n else stop - 1
    points = significant(values[np.clip(inside, start, stop - 1)])
    return list(edges / n), list(np.maximum.accumulate(points))


def fit_shares(codes: Codes, clients: Codes, size: int) -> Shares:
    """Estimate the shares of ``size`` categories; those with too few clients count as absent."""
    counts = np.bincount(codes, minlength=size).astype(float)
    for code in np.flatnonzero(counts):
        if counts[code] < ANONYMITY or len(np.unique(clients[codes == code])) < ANONYMITY:
            counts[code] = 0.0
    if counts.sum() == 0:
        counts[np.bincount(codes, minlength=size).argmax()] = 1.0
    return Shares(np.round(counts / counts.sum(), 5))


def categorical(u: Floats, limits: Floats) -> Codes:
    """Category codes of uniforms ``u`` under the cumulative ``limits`` (one row, or one per u)."""
    if limits.ndim == 1:
        return np.searchsorted(limits, u, side="right").astype(np.int64)
    return np.asarray((u[:, None] >= limits).sum(axis=1), dtype=np.int64)


def sorted_order(labels: Sequence[str], rates: dict[str, float]) -> tuple[str, ...]:
    """``labels`` by rising ``rates``, then by name: the order a latent trait runs along."""
    return tuple(sorted(labels, key=lambda label: (rates.get(label, 0.0), label)))
