"""The reference: boosted trees with interactions, beside an additive part, over all features.

It is trained each time beside the grid, on the same clients, to know what readability costs. The
boosters of all folds grow together, a few rounds at a time. Each fold is judged at the round where
the *other* folds do best on their own held-out clients, so no client's outcome chooses the round at
which that client is judged. The weight of the trees beside the additive part is chosen by the
log-loss of out-of-fold scores.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from flows.learning.dataset import Labelled
from flows.learning.decide import Decided, OutOfFold, decide
from flows.learning.folds import Rows, stratified
from flows.learning.recipe import Parameters, Recipe, reading_threads
from flows.learning.selection import Whole, saying
from scoring import metrics
from scoring.cost import CostOfError
from scoring.reference import Reference

Array = NDArray[np.float64]

lightgbm.register_logger(
    logging.getLogger("lightgbm"), info_method_name="debug", warning_method_name="debug"
)  # its lines would drown those of the flow

ROUNDS_AT_ONCE = 25
"""Rounds a booster grows before the folds are compared again."""


@dataclass(frozen=True)
class LearnedReference:
    """The reference, its calibration and its cut-off, and what cross-validation chose for it."""

    model: Reference
    scored: OutOfFold
    decided: Decided
    rounds: int

    @property
    def names(self) -> tuple[str, ...]:
        """Features it reads."""
        return self.model.items

    def probability(self, data: Labelled) -> Array:
        """Calibrated probabilities (n,) of clients whose columns include ``names``."""
        raw = self.model.raw_score(data.only(self.names).matrix)
        return self.decided.calibration.probability(raw)


def learn_reference(
    data: Labelled, recipe: Recipe, cost: CostOfError, seed: int
) -> LearnedReference:
    """Learn rounds, weight, calibration and cut-off of the reference from these clients only."""
    data = data.only(saying(data))
    folds = list(stratified(data.default, recipe.folds, seed))
    trees, rounds = _of_trees(data, recipe, folds, seed)
    additive = np.zeros(len(data))
    for learn, judge in folds:
        additive[judge] = _additive(data.take(learn), data.take(judge))
    share = _best_share(data.default, trees, additive, recipe)
    scored = OutOfFold((1 - share) * additive + share * trees, _fold_of(folds, len(data)))
    booster = lightgbm.Booster(recipe.parameters(seed, data.directions), dataset(data, recipe))
    for _ in range(rounds):
        booster.update()
    model = Reference.of(booster, Whole.of(data).grid, share)
    return LearnedReference(model, scored, decide(scored, data.default, cost, seed), rounds)


def dataset(data: Labelled, recipe: Recipe) -> lightgbm.Dataset:
    """Return LightGBM's view of the data, binned once and shared by all folds."""
    return lightgbm.Dataset(
        data.matrix,
        data.default,
        feature_name=list(data.names),
        categorical_feature=data.category_columns,
        params={**recipe.common, "num_threads": reading_threads(len(data))},
    ).construct()


def loss_of_trees(data: Labelled, recipe: Recipe, seed: int) -> float:
    """Return the log-loss of the out-of-fold scores of the recipe's trees alone."""
    folds = list(stratified(data.default, recipe.folds, seed))
    trees, _ = _of_trees(data, recipe, folds, seed)
    return metrics.log_loss(data.default, 1.0 / (1.0 + np.exp(-trees)))


def _of_trees(
    data: Labelled, recipe: Recipe, folds: list[tuple[Rows, Rows]], seed: int
) -> tuple[Array, int]:
    """Return the trees' out-of-fold scores (n,), and the rounds for the final booster."""
    grown = _grow(dataset(data, recipe), folds, recipe, recipe.parameters(seed, data.directions))
    scores = np.zeros(len(data))
    for number, (_, judge) in enumerate(folds):
        stop = _best([curve for i, curve in enumerate(grown.curves) if i != number])
        scores[judge] = grown.score(number, data.matrix[judge], stop)
    return scores, max(1, round(_best(grown.curves) * recipe.final_rounds))


def _additive(learn: Labelled, judge: Labelled) -> Array:
    grid = Whole.of(learn).grid
    return grid.raw_score(judge.only(grid.items).matrix)


def _best_share(default: Array, trees: Array, additive: Array, recipe: Recipe) -> float:
    losses = {
        share: metrics.log_loss(
            default, 1.0 / (1.0 + np.exp(-(1 - share) * additive - share * trees))
        )
        for share in recipe.shares
    }
    return min(losses, key=lambda share: losses[share])


def _fold_of(folds: list[tuple[Rows, Rows]], clients: int) -> NDArray[np.int64]:
    fold_of = np.zeros(clients, dtype=np.int64)
    for number, (_, judge) in enumerate(folds):
        fold_of[judge] = number
    return fold_of


def _workers() -> ThreadPoolExecutor:
    """Return threads that each grow a booster; LightGBM keeps a log callback for each thread."""
    library = lightgbm.basic._LIB
    return ThreadPoolExecutor(
        os.cpu_count() or 1,
        initializer=library.LGBM_RegisterLogCallback,
        initargs=(library.callback,),
    )


@dataclass(frozen=True)
class _Grown:
    """The boosters of the folds, and the loss of each on its held-out clients after each round."""

    boosters: list[lightgbm.Booster]
    curves: list[Array]

    def score(self, fold: int, matrix: NDArray[np.float32], rounds: int) -> Array:
        booster, threads = self.boosters[fold], reading_threads(len(matrix))
        return np.asarray(
            booster.predict(matrix, raw_score=True, num_iteration=rounds, num_threads=threads)
        )


def _grow(
    whole: lightgbm.Dataset,
    folds: list[tuple[Rows, Rows]],
    recipe: Recipe,
    parameters: Parameters,
) -> _Grown:
    boosters: list[lightgbm.Booster] = []
    losses: list[list[float]] = []
    for learn, judge in folds:
        booster = lightgbm.Booster(parameters, whole.subset(np.sort(learn)).construct())
        booster.add_valid(whole.subset(np.sort(judge)).construct(), "held-out")
        boosters.append(booster)
        losses.append([])
    with _workers() as pool:
        while len(losses[0]) < recipe.max_rounds:
            list(pool.map(_grow_some, boosters, losses))
            if len(losses[0]) - _best([np.asarray(loss) for loss in losses]) > recipe.patience:
                break
    return _Grown(boosters, [np.asarray(loss) for loss in losses])


def _grow_some(booster: lightgbm.Booster, loss: list[float]) -> None:
    """Grow one booster by ``ROUNDS_AT_ONCE``, noting its loss after each."""
    for _ in range(ROUNDS_AT_ONCE):
        booster.update()
        loss.append(booster.eval_valid()[0][2])


def _best(curves: list[Array]) -> int:
    """Return the number of rounds at which the mean of the curves is lowest."""
    length = min(len(curve) for curve in curves)
    mean = np.mean([curve[:length] for curve in curves], axis=0)
    return int(np.argmin(mean)) + 1
