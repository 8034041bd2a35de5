"""From the booster's raw score to a probability that means what it says.

Beta calibration (Kull, Silva Filho, Flach, 2017): with s the booster's own probability,

    logit(p) = a ln(s) - b ln(1 - s) + c,   a >= 0, b >= 0

so it is monotone, smooth, and free to bend each end on its own. Isotonic regression was left
aside: its steps give thousands of clients one same probability, and a simulation would move by
jumps. It is fitted by maximum likelihood and stored as three numbers.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import minimize

Array = NDArray[np.float64]


def _logistic(x: Array) -> Array:
    return np.exp(-np.logaddexp(0.0, -x))


def _inputs(raw: Array) -> tuple[Array, Array]:
    """ln(s) and -ln(1 - s), both rising with the raw score, without overflow."""
    return -np.logaddexp(0.0, -raw), np.logaddexp(0.0, raw)


class Calibration(BaseModel):
    """Three numbers that turn raw scores (log-odds) into probabilities of default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    a: float = Field(ge=0, allow_inf_nan=False)
    b: float = Field(ge=0, allow_inf_nan=False)
    c: float = Field(allow_inf_nan=False)

    @classmethod
    def fit(cls, raw: Array, default: Array) -> Self:
        """Fit on out-of-fold raw scores (n,) and outcomes (n,) of 0/1 with both outcomes."""
        low, high = _inputs(np.asarray(raw, dtype=np.float64))
        bad = np.asarray(default, dtype=np.float64)

        def loss(parameters: Array) -> tuple[float, Array]:
            a, b, c = parameters
            score = a * low + b * high + c
            error = _logistic(score) - bad
            value = float(np.mean(np.logaddexp(0.0, score) - bad * score))
            return value, np.array([(error * low).mean(), (error * high).mean(), error.mean()])

        bounds = [(0.0, None), (0.0, None), (None, None)]
        found = minimize(loss, np.array([1.0, 1.0, 0.0]), jac=True, bounds=bounds, tol=1e-12)
        a, b, c = (float(value) for value in found.x)
        return cls(a=a, b=b, c=c)

    def probability(self, raw: Array) -> Array:
        """Calibrated probabilities (n,) of raw scores (n,)."""
        low, high = _inputs(np.asarray(raw, dtype=np.float64))
        return _logistic(self.a * low + self.b * high + self.c)
