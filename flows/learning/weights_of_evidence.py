"""The simple reference: a logistic scorecard on weights of evidence, as banks have long used.

Each feature is cut into bins of equal size (missing values, and each category, apart); a bin's
value is its weight of evidence, ln(share of defaults / share of good clients), smoothed. The
features with the most information value enter one ridge logistic regression (Siddiqi, 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from flows.learning.dataset import Labelled
from flows.learning.decide import Decided, OutOfFold, decide
from flows.learning.evidence import Binned, binned
from flows.learning.folds import stratified
from flows.learning.recipe import Recipe
from scoring.cost import CostOfError

Array = NDArray[np.float64]

FEATURES = 40
RIDGE = 0.02


@dataclass(frozen=True)
class Fitted:
    """The bins of the features that entered, and their coefficients."""

    bins: tuple[Binned, ...]
    model: LogisticRegression

    def raw_score(self, data: Labelled) -> Array:
        """Log-odds (n,)."""
        return np.asarray(self.model.decision_function(_weighed(self.bins, data)))


@dataclass(frozen=True)
class Simple:
    """The reference with its calibration and its cut-off."""

    fitted: Fitted
    decided: Decided

    @property
    def names(self) -> tuple[str, ...]:
        """Features it reads."""
        return tuple(item.name for item in self.fitted.bins)

    def probability(self, data: Labelled) -> Array:
        """Calibrated probabilities (n,)."""
        return self.decided.calibration.probability(self.fitted.raw_score(data))


def learn_simple(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Simple:
    """Learn the reference, its calibration and its cut-off from these clients only."""
    raw = np.zeros(len(data))
    fold_of = np.zeros(len(data), dtype=np.int64)
    for number, (learn, judge) in enumerate(stratified(data.default, recipe.folds, seed)):
        raw[judge] = _fit(data.take(learn)).raw_score(data.take(judge))
        fold_of[judge] = number
    decided = decide(OutOfFold(raw, fold_of), data.default, cost, seed)
    return Simple(_fit(data), decided)


def _fit(data: Labelled) -> Fitted:
    candidates = (
        binned(name, column, data.default, name in data.encoder.categories)
        for name, column in zip(data.names, data.matrix.T, strict=True)
    )
    best = sorted(candidates, key=lambda item: (-item.information, item.name))[:FEATURES]
    bins = tuple(best)
    model = LogisticRegression(C=RIDGE, max_iter=500)
    model.fit(_weighed(bins, data), data.default)
    return Fitted(bins, model)


def _weighed(bins: tuple[Binned, ...], data: Labelled) -> Array:
    place = {name: i for i, name in enumerate(data.names)}
    return np.column_stack([item.weigh(data.matrix[:, place[item.name]]) for item in bins])
