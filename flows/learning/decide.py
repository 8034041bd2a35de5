"""From out-of-fold raw scores to a calibrated probability and a cut-off.

The cut-off is chosen on probabilities whose calibration did not see the client either: each
fold's are calibrated on the other folds. The calibration that is kept sees them all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.calibration import Calibration
from scoring.cost import CostOfError
from scoring.cut_off import CutOff, choose_cut_off


@dataclass(frozen=True)
class OutOfFold:
    """Raw scores (n,) by a model that did not learn from the client, and each client's fold (n,).

    ``effects`` (n, k) are what each item of a grid added, where the model is one.
    """

    raw: NDArray[np.float64]
    fold_of: NDArray[np.int64]
    effects: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Decided:
    """The calibration, the cut-off, and the honest probabilities (n,) they were chosen on."""

    calibration: Calibration
    cut_off: CutOff
    probability: NDArray[np.float64]


def decide(
    scored: OutOfFold, default: NDArray[np.float64], cost: CostOfError, seed: int
) -> Decided:
    """Calibrate and choose the cut-off on out-of-fold raw scores and outcomes (n,)."""
    probability = np.zeros(len(default))
    for fold in np.unique(scored.fold_of):
        held = scored.fold_of == fold
        probability[held] = _calibrated(scored.raw, default, ~held).probability(scored.raw[held])
    return Decided(
        calibration=Calibration.fit(scored.raw, default),
        cut_off=choose_cut_off(default, probability, cost, seed=seed),
        probability=probability,
    )


def _calibrated(
    raw: NDArray[np.float64], default: NDArray[np.float64], rows: NDArray[np.bool_]
) -> Calibration:
    """Fit on ``rows``; on everything when they hold a single class."""
    if len(np.unique(default[rows])) < 2:
        return Calibration.fit(raw, default)
    return Calibration.fit(raw[rows], default[rows])
