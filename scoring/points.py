"""The probability on a master scale of points, and risk bands A to G.

points = 600 + 40 log2(odds / 10) with odds = (1 - p) / p, the odds of repayment: 600 points are
10 good loans for one default (where a 10:1 cost breaks even), and 40 points double the odds.
"""

from __future__ import annotations

import math

ANCHOR_POINTS = 600
ANCHOR_ODDS = 10.0
POINTS_TO_DOUBLE_ODDS = 40
LOWEST, HIGHEST = 0, 1000

RISK_BANDS: tuple[tuple[str, float], ...] = (
    ("A", 0.02),
    ("B", 0.04),
    ("C", 0.065),
    ("D", 0.09),
    ("E", 0.14),
    ("F", 0.22),
    ("G", 1.0),
)
"""Each band and the probability below which a client belongs to it; the last takes the rest."""


def points(default_probability: float) -> int:
    """Return the points of a probability, kept between 0 and 1000."""
    if default_probability <= 0:
        return HIGHEST
    if default_probability >= 1:
        return LOWEST
    odds = (1 - default_probability) / default_probability
    value = ANCHOR_POINTS + POINTS_TO_DOUBLE_ODDS * math.log2(odds / ANCHOR_ODDS)
    return round(min(max(value, LOWEST), HIGHEST))


def risk_band(default_probability: float) -> str:
    """Return the band, A (lowest risk) to G, that holds the probability."""
    for name, upper in RISK_BANDS[:-1]:
        if default_probability < upper:
            return name
    return RISK_BANDS[-1][0]


def points_of(effect: float) -> float:
    """Return what an effect on the raw score (log-odds) is worth in points of repayment."""
    return -effect * POINTS_TO_DOUBLE_ODDS / math.log(2.0)
