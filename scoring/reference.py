"""The reference: boosted trees with interactions over the whole catalogue, trained beside the grid.

What they rank better on the same clients is the price of transparency. They serve only where a
lender asks for it; what each feature then adds is LightGBM's own ``pred_contrib`` (exact SHAP
values of trees, Lundberg et al., 2020), which depends on the client's other values too.

A reference is a weighted sum in log-odds: trees, and curves that steady them on few clients.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import lightgbm
import numpy as np
from numpy.typing import NDArray

from scoring.grid import Grid

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

ROWS_PER_THREAD = 2_000
"""Below twice as many rows, threads cost more than they give."""


@dataclass(frozen=True)
class Reference:
    """Trees over all features and curves of some of them; immutable.

    ``share`` is the weight of the trees, in [0, 1]. A matrix (n, f) has the features of the trees.
    """

    booster: lightgbm.Booster
    grid: Grid
    share: float

    @classmethod
    def of(cls, booster: lightgbm.Booster, grid: Grid, share: float) -> Self:
        """Return a reference of a booster as it is written and read again."""
        return cls(lightgbm.Booster(model_str=booster.model_to_string()), grid, share)

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the features, in the order of the matrix."""
        return tuple(self.booster.feature_name())

    @cached_property
    def base(self) -> float:
        """What is added to every client, log-odds."""
        nobody = np.full((1, len(self.items)), np.nan)
        contributions = self.booster.predict(nobody, pred_contrib=True, num_threads=1)
        mean = float(np.asarray(contributions)[0, -1])
        return self.share * mean + (1 - self.share) * self.grid.base

    def effects(self, matrix: Matrix) -> Floats:
        """Return what each feature adds for each client (n, f): with ``base``, the raw score."""
        found = self.booster.predict(matrix, pred_contrib=True, num_threads=_threads(matrix))
        effects: Floats = self.share * np.asarray(found)[:, :-1]
        effects[:, self._places] += (1 - self.share) * self.grid.effects(matrix[:, self._places])
        return effects

    def raw_score(self, matrix: Matrix) -> Floats:
        """Return the raw scores (n,), log-odds, of a matrix (n, f)."""
        trees = self.booster.predict(matrix, raw_score=True, num_threads=_threads(matrix))
        curves = self.grid.raw_score(matrix[:, self._places])
        return self.share * np.asarray(trees, dtype=np.float64) + (1 - self.share) * curves

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        place = {name: number for number, name in enumerate(self.items)}
        return np.array([place[item] for item in self.grid.items], dtype=np.intp)


def _threads(matrix: Matrix) -> int:
    return 1 if len(matrix) < 2 * ROWS_PER_THREAD else os.cpu_count() or 1
