"""The statistics a family may take, with their words.

Slopes and recency-weighted means come from plain sums, so they stream and need no sorting: the
slope is the least-squares one, ``(n Sxy - Sx Sy) / (n Sxx - Sx^2)``.
"""

from __future__ import annotations

import math

from features.engine.family import Statistic
from features.engine.namespace import Expr, Namespace
from features.raw.tables import Words

HALF_LIFE_MONTHS = 6.0
"""A row this old weighs half as much as one of today in a recency-weighted mean."""

FLAT_CLOCK = 1e-6
"""Below this spread of the clock there is no slope: all rows are of the same month."""


def known_sum(x: Namespace, value: Expr) -> Expr:
    """Return the sum of the known values; missing, not zero, when there is none."""
    return x.when(value.count() > 0).then(value.sum())


def _slope(x: Namespace, value: Expr, clock: Expr) -> Expr:
    n = value.count().cast(x.Float64)
    spread = n * (clock * clock).sum() - clock.sum() * clock.sum()
    joint = n * (clock * value).sum() - clock.sum() * value.sum()
    return x.when(spread > FLAT_CLOCK).then(joint / spread)


def _recent_mean(_: Namespace, value: Expr, clock: Expr) -> Expr:
    weight = (clock * (math.log(2.0) / HALF_LIFE_MONTHS)).exp()
    return (value * weight).sum() / weight.sum()


SUM = Statistic("sum", Words("total", "total"), lambda _, v, __: v.sum(), None, True, adds=True)
MEAN = Statistic("mean", Words("moyenne", "average"), lambda _, v, __: v.mean(), None, True)
MAX = Statistic("max", Words("maximum", "largest"), lambda _, v, __: v.max(), None, True)
MIN = Statistic("min", Words("minimum", "smallest"), lambda _, v, __: v.min())
STD = Statistic("std", Words("dispersion", "spread"), lambda _, v, __: v.std())
LATEST = Statistic("latest", Words("la plus récente", "latest"), lambda _, v, __: v.max())
OLDEST = Statistic("oldest", Words("la plus ancienne", "oldest"), lambda _, v, __: v.min())
COUNT = Statistic(
    "count", Words("nombre", "number"), lambda _, v, __: v.sum(), "count", True, adds=True
)
SHARE = Statistic("share", Words("part", "share"), lambda _, v, __: v.mean(), "share", True)
SLOPE = Statistic("slope", Words("évolution par mois", "change per month"), _slope, timed=True)
RECENT_MEAN = Statistic(
    "recent_mean",
    Words("moyenne pondérée par la récence", "average weighted towards recent months"),
    _recent_mean,
    keeps_direction=True,
    timed=True,
)
