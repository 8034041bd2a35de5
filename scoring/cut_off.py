"""Above which probability refusal is proposed, and around it, where a person must look.

On a calibrated probability the cheapest cut-off is the break-even of the declared costs (Elkan,
2001). The one with the lowest cost on a sample jumps about, because the cost curve is flat near
its bottom: chosen on samples, it cost more on clients kept aside. So the break-even is taken,
unless the data contradict it: it is kept inside the interval of the cheapest cut-offs of bootstrap
samples of the out-of-fold predictions. The interval says how sure the data are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from scoring.cost import CostOfError

Array = NDArray[np.float64]

DRAWS = 200
GREY_SHARE = 0.10
"""At most this share of the clients is sent to a person for being near the cut-off."""


class CutOff(BaseModel):
    """The cut-off, its bootstrap interval, and the grey zone in which the verdict is REFER."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float = Field(gt=0, lt=1)
    interval: tuple[float, float]
    grey_zone: tuple[float, float]


def choose_cut_off(
    default: Array, probability: Array, cost: CostOfError, *, seed: int = 0
) -> CutOff:
    """Choose the cut-off on out-of-fold probabilities (n,) and outcomes (n,) of 0/1."""
    bad = np.asarray(default, dtype=np.float64)
    p = np.asarray(probability, dtype=np.float64)
    random = np.random.default_rng(seed)
    found = np.array([_cheapest(bad, p, cost, random) for _ in range(DRAWS)])
    low, high = (float(edge) for edge in np.quantile(found, [0.1, 0.9]))
    value = min(max(cost.break_even, low), high)
    return CutOff(value=value, interval=(low, high), grey_zone=_grey_zone(p, value, (low, high)))


def _cheapest(bad: Array, p: Array, cost: CostOfError, random: np.random.Generator) -> float:
    rows = random.integers(0, len(bad), len(bad))
    cut_offs, costs = cost.curve(bad[rows], p[rows])
    return float(cut_offs[int(np.argmin(costs))])


def _grey_zone(p: Array, value: float, interval: tuple[float, float]) -> tuple[float, float]:
    """Narrow the interval, evenly in ranks around the cut-off, to at most ``GREY_SHARE``."""
    ranked = np.sort(p)
    place = float(np.searchsorted(ranked, value)) / len(ranked)
    lowest, highest = np.quantile(
        ranked, np.clip([place - GREY_SHARE / 2, place + GREY_SHARE / 2], 0.0, 1.0)
    )
    low = min(value, max(interval[0], float(lowest)))
    high = max(value, min(interval[1], float(highest)))
    return low, high
