"""Groups of people, and figures of theirs with the interval that chance leaves.

Intervals are 95 % bootstrap intervals: clients are drawn anew within each group. Of shares that is
exactly a binomial draw, which takes milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

SMALLEST_GROUP = 50
"""Groups of fewer clients are neither shown nor judged."""
DRAWS = 500
EDGES = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and its 95 % bootstrap interval; ``None`` where it cannot be computed."""

    value: float | None
    interval: tuple[float, float] | None

    @classmethod
    def of(cls, value: float, drawn: Array) -> Measured:
        """Make it of the figure and the figures of the samples drawn; NaN is no figure."""
        if np.isnan(value) or np.isnan(drawn).any():
            return cls(None, None)
        low, high = np.quantile(drawn, EDGES)
        return cls(float(value), (float(low), float(high)))


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """The groups of an attribute that are large enough: names (g,), and each client's place (n,).

    A client of no such group has the place -1.
    """

    names: tuple[str, ...]
    places: Counts

    @classmethod
    def of(cls, values: pl.Series) -> Groups:
        """Read them from one value a client."""
        sizes = values.drop_nulls().value_counts().filter(pl.col("count") >= SMALLEST_GROUP)
        names = sorted(sizes[values.name].to_list())
        places = {name: place for place, name in enumerate(names)}
        found = values.replace_strict(places, default=-1, return_dtype=pl.Int64)
        return cls(tuple(names), found.to_numpy())

    @property
    def comparable(self) -> bool:
        """Whether there are two groups to compare."""
        return len(self.names) > 1

    def count(self, chosen: Flags) -> Counts:
        """Count the chosen clients (n,) of each group (g,)."""
        shown = self.places[chosen & (self.places >= 0)]
        return np.bincount(shown, minlength=len(self.names)).astype(np.int64)

    def ratios(self, granted: Flags, among: Flags) -> Array:
        """Return the share granted in each group (g,), relative to the best-served group's.

        Only clients ``among`` (n,) count. NaN for a group without any of them, and everywhere
        when nobody is granted.
        """
        return _to_best(self.count(granted & among), self.count(among))

    def measured_ratios(
        self, granted: Flags, among: Flags, random: np.random.Generator
    ) -> tuple[Measured, ...]:
        """Return ``ratios`` with their intervals, beside the group that was found best served."""
        chosen, sizes = self.count(granted & among), self.count(among)
        if not chosen.any():
            return (Measured(None, None),) * len(self.names)
        shares = chosen / np.maximum(sizes, 1)
        drawn = random.binomial(sizes, shares, (DRAWS, len(sizes))) / np.maximum(sizes, 1)
        best = drawn[:, [int(np.argmax(shares))]]
        ratios = np.divide(drawn, best, out=np.full_like(drawn, np.nan), where=best > 0)
        found = zip(_to_best(chosen, sizes), ratios.T, strict=True)
        return tuple(Measured.of(value, draws) for value, draws in found)

    def measured_means(self, values: Array, random: np.random.Generator) -> tuple[Measured, ...]:
        """Return each group's mean of ``values`` (n,)."""
        found = []
        for place in range(len(self.names)):
            own = values[self.places == place]
            drawn = [own[random.integers(0, len(own), len(own))].mean() for _ in range(DRAWS)]
            found.append(Measured.of(float(own.mean()), np.array(drawn)))
        return tuple(found)


def _to_best(chosen: Counts, sizes: Counts) -> Array:
    if not chosen.any():
        return np.full(len(sizes), np.nan)
    shares = np.divide(chosen, sizes, out=np.full(len(sizes), np.nan), where=sizes > 0)
    return np.asarray(shares / np.nanmax(shares))
