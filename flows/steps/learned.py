"""Everything that is chosen from the clients one may learn from, in one call.

The training flow calls it on its training split, the judge on the training part of each fold:
what is judged is what is trained.
"""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from flows.steps.dataset import Labelled
from flows.steps.decide import Decided, decide
from flows.steps.learn import CrossValidated, cross_validate, fit
from flows.steps.recipe import Recipe, reading_threads
from flows.steps.selection import select
from scoring.cost import CostOfError


@dataclass(frozen=True)
class Learned:
    """A booster, the features it reads, its calibration and its cut-off."""

    names: tuple[str, ...]
    scored: CrossValidated
    decided: Decided
    booster: lightgbm.Booster

    def probability(self, data: Labelled) -> NDArray[np.float64]:
        """Calibrated probabilities (n,) of clients whose columns include ``names``."""
        raw = self.booster.predict(
            data.only(self.names).matrix, raw_score=True, num_threads=reading_threads(len(data))
        )
        return self.decided.calibration.probability(np.asarray(raw, dtype=np.float64))


def learn_scorecard(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Learned:
    """Choose features, rounds, booster, calibration and cut-off from these clients only."""
    recipe = recipe.on(len(data))
    chosen = data.only(select(data, recipe, seed))
    scored = cross_validate(chosen, recipe, seed)
    decided = decide(scored, chosen.default, cost, seed)
    booster = fit(chosen, recipe, scored, seed)
    return Learned(chosen.names, scored, decided, booster)
