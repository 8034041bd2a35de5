"""The reference: boosted trees with interactions over the whole catalogue, trained beside the grid.

What they rank better on the same clients is the price of transparency. They serve only where a
lender asks for it; what each feature then adds is LightGBM's own ``pred_contrib`` (exact SHAP
values of trees, Lundberg et al., 2020), which depends on the client's other values too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property

import lightgbm
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

ROWS_PER_THREAD = 2_000
"""Below twice as many rows, threads cost more than they give."""


@dataclass(frozen=True)
class Reference:
    """One booster over many features; immutable."""

    booster: lightgbm.Booster

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the features, in the order of the matrix."""
        return tuple(self.booster.feature_name())

    @cached_property
    def base(self) -> float:
        """Mean raw score of the clients it learnt from, log-odds."""
        nobody = np.full((1, len(self.items)), np.nan)
        contributions = self.booster.predict(nobody, pred_contrib=True, num_threads=1)
        return float(np.asarray(contributions)[0, -1])

    def effects(self, matrix: Matrix) -> Floats:
        """Return what each feature adds for each client (n, f): with ``base``, the raw score."""
        found = self.booster.predict(matrix, pred_contrib=True, num_threads=_threads(matrix))
        effects: Floats = np.asarray(found)[:, :-1]
        return effects

    def raw_score(self, matrix: Matrix) -> Floats:
        """Return the raw scores (n,), log-odds, of a matrix (n, f)."""
        scores = self.booster.predict(matrix, raw_score=True, num_threads=_threads(matrix))
        return np.asarray(scores, dtype=np.float64)

    def as_booster(self) -> lightgbm.Booster:
        """Return the booster itself."""
        return self.booster


def _threads(matrix: Matrix) -> int:
    return 1 if len(matrix) < 2 * ROWS_PER_THREAD else os.cpu_count() or 1
