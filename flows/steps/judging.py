"""How good the recipe is, by a nested protocol: no choice of any kind looks at a judged client.

Five stratified folds. For each, on the other four only: features, rounds, boosters, calibration
and cut-off are chosen; the fold is then scored and judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from flows.steps.dataset import Labelled
from flows.steps.decide import Decided
from flows.steps.folds import stratified
from flows.steps.learned import learn_scorecard
from flows.steps.recipe import Recipe
from flows.steps.run_figures import bands
from flows.steps.training import Judgement
from scoring import metrics
from scoring.cost import CostOfError
from scoring.cut_off import CutOff

Array = NDArray[np.float64]

FOLDS = 5
SEED = 1001


class Judgeable(Protocol):
    """What can be judged: anything that learnt features, a cut-off, and gives probabilities."""

    @property
    def names(self) -> tuple[str, ...]:
        """Features it reads."""

    @property
    def decided(self) -> Decided:
        """Calibration and cut-off."""

    def probability(self, data: Labelled) -> Array:
        """Calibrated probabilities (n,)."""


Learn = Callable[[Labelled, Recipe, CostOfError, int], Judgeable]


@dataclass(frozen=True)
class Judged:
    """One fold, judged: outcomes, probabilities, the cut-off chosen without it."""

    default: Array
    probability: Array
    cut_off: CutOff
    features: int


def judge(
    data: Labelled,
    recipe: Recipe,
    cost: CostOfError,
    *,
    report: Callable[[str], None],
    learn: Learn = learn_scorecard,
) -> dict[str, object]:
    """Judge what ``learn`` makes of the recipe; return the figures, as plain JSON values."""
    judged = []
    for fold in _folds(data, recipe, cost, learn):
        judged.append(fold)
        report(
            f"fold {len(judged)} of {FOLDS}: AUC {metrics.auc(fold.default, fold.probability):.4f}"
        )
    return figures(judged, cost)


def _folds(data: Labelled, recipe: Recipe, cost: CostOfError, learn: Learn) -> Iterator[Judged]:
    for learn_rows, judge_rows in stratified(data.default, FOLDS, SEED):
        learned = learn(data.take(learn_rows), recipe, cost, SEED)
        held = data.take(judge_rows)
        yield Judged(
            default=held.default,
            probability=learned.probability(held),
            cut_off=learned.decided.cut_off,
            features=len(learned.names),
        )


def figures(judged: list[Judged], cost: CostOfError) -> dict[str, object]:
    """Sum up the folds.

    ``auc``, ``gini``, ``ks`` are of all clients together, each scored by the fold that did not
    learn from it; ``auc_of_folds`` lists the folds apart (NaN, written null, for a fold without
    defaults). ``expected_cost`` applies each fold's own cut-off. ``calibration_error`` is of all
    clients together, ``calibration_error_of_folds`` the mean of the folds; ``bands`` compares
    what was said and what happened in each risk band. A fold's ``cut_off_interval`` holds the
    middle 80 % of the cut-offs of bootstrap samples; the one of all is the mean of the edges.
    """
    default = np.concatenate([fold.default for fold in judged])
    probability = np.concatenate([fold.probability for fold in judged])
    refused = np.concatenate([fold.probability > fold.cut_off.value for fold in judged])
    of_folds = [metrics.auc(fold.default, fold.probability) for fold in judged]
    apart = [metrics.calibration_error(fold.default, fold.probability) for fold in judged]
    return {
        "auc": metrics.auc(default, probability),
        "auc_interval": metrics.auc_interval(default, probability),
        "auc_of_folds": [None if np.isnan(value) else value for value in of_folds],
        "auc_mean_of_folds": float(np.nanmean(of_folds)),
        "gini": metrics.gini(default, probability),
        "ks": metrics.ks(default, probability),
        "expected_cost": cost.expected(default, refused),
        "accept_all_cost": cost.expected(default, np.zeros(len(default))),
        "refused_share": float(refused.mean()),
        "calibration_error": metrics.calibration_error(default, probability),
        "calibration_error_of_folds": float(np.mean(apart)),
        "bands": bands(Judgement(default, probability, {})),
        "cut_off": float(np.mean([fold.cut_off.value for fold in judged])),
        "cut_off_of_folds": [fold.cut_off.value for fold in judged],
        "cut_off_interval": np.mean([fold.cut_off.interval for fold in judged], axis=0).tolist(),
        "cut_off_interval_of_folds": [fold.cut_off.interval for fold in judged],
        "clients": len(default),
        "defaults": int(default.sum()),
        "features": round(float(np.mean([fold.features for fold in judged]))),
    }
