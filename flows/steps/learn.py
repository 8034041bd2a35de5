"""Cross-validated boosters with early stopping that never looks at the clients it judges.

The boosters of all folds grow together, a few rounds at a time. Each fold is judged at the round
where the *other* folds do best on their own held-out clients, so no client's outcome chooses the
round at which that client is judged. The final booster stops where all the folds do best.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from flows.steps.additive import grow_additive
from flows.steps.dataset import Labelled
from flows.steps.ensemble import Member, merge
from flows.steps.folds import Rows, stratified
from flows.steps.recipe import Kind, Parameters, Recipe, reading_threads
from scoring import metrics

Array = NDArray[np.float64]

lightgbm.register_logger(
    logging.getLogger("lightgbm"), info_method_name="debug", warning_method_name="debug"
)  # its lines would drown those of the flow

ROUNDS_AT_ONCE = 25
"""Rounds a booster grows before the folds are compared again."""


@dataclass(frozen=True)
class CrossValidated:
    """Out-of-fold raw scores (n,), and what they say of the final booster.

    For each kind the rounds to grow, and the weight of the additive part beside the trees.
    """

    raw: Array
    rounds: tuple[int, ...]
    fold_of: NDArray[np.int64]
    additive_weight: float = 0.0


def dataset(data: Labelled, recipe: Recipe) -> lightgbm.Dataset:
    """Return LightGBM's view of the data, binned once and shared by all folds."""
    return lightgbm.Dataset(
        data.matrix,
        data.default,
        feature_name=list(data.names),
        categorical_feature=data.category_columns,
        params={**recipe.common, "num_threads": reading_threads(len(data))},
    ).construct()


def cross_validate(data: Labelled, recipe: Recipe, seed: int) -> CrossValidated:
    """Score every client with boosters that did not learn from it.

    Each seed of the recipe has its own folds; a client's raw score is the mean over seeds and
    kinds, weighted as in the final booster, beside the additive part learnt on the first folds.
    """
    whole = dataset(data, recipe)
    scores = np.zeros(len(data))
    weight = sum(kind.weight for kind in recipe.kinds) * recipe.seeds
    curves: list[list[Array]] = [[] for _ in recipe.kinds]
    fold_of = np.zeros(len(data), dtype=np.int64)
    for repetition in range(recipe.seeds):
        folds = list(stratified(data.default, recipe.folds, seed + repetition))
        if repetition == 0:
            for number, (_, judge) in enumerate(folds):
                fold_of[judge] = number
        for place, kind in enumerate(recipe.kinds):
            grown = _grow(
                whole,
                folds,
                recipe,
                recipe.parameters(kind, seed + repetition, data.directions),
            )
            curves[place] += grown.curves
            for number, (_, judge) in enumerate(folds):
                stop = _best([c for i, c in enumerate(grown.curves) if i != number])
                scores[judge] += (
                    kind.weight / weight * grown.score(number, data.matrix[judge], stop)
                )
    rounds = tuple(max(1, round(_best(c) * recipe.final_rounds)) for c in curves)
    mixed, share = _mix(data, recipe, scores, fold_of)
    return CrossValidated(mixed, rounds, fold_of, share)


def _mix(
    data: Labelled,
    recipe: Recipe,
    scores: Array,
    fold_of: NDArray[np.int64],
) -> tuple[Array, float]:
    """Return the trees' out-of-fold scores (n,) mixed with the additive part's, and its weight."""
    weights = recipe.additive
    if weights == (0.0,):
        return scores, 0.0
    added = np.zeros(len(data))

    def judge(fold: int) -> None:
        held, rest = np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of != fold)
        added[held] = grow_additive(data.take(rest), recipe).raw_score(data.matrix[held])

    with _workers() as pool:
        list(pool.map(judge, np.unique(fold_of).tolist()))
    mixed = [(1 - share) * scores + share * added for share in weights]
    losses = [metrics.log_loss(data.default, 1 / (1 + np.exp(-raw))) for raw in mixed]
    best = int(np.argmin(losses))
    return mixed[best], weights[best]


def fit(data: Labelled, recipe: Recipe, scored: CrossValidated, seed: int) -> lightgbm.Booster:
    """Learn the final booster from all the clients given, as the cross-validation found best."""
    whole = dataset(data, recipe)
    share = scored.additive_weight
    weight = sum(kind.weight for kind in recipe.kinds) * recipe.seeds / (1 - share)

    def member(kind: Kind, count: int, repetition: int) -> Member:
        parameters = recipe.parameters(kind, seed + repetition, data.directions)
        booster = lightgbm.Booster(parameters, whole)
        for _ in range(count):
            booster.update()
        return Member(booster, count, kind.weight / weight)

    wanted = [
        (kind, count, repetition)
        for repetition in range(recipe.seeds)
        for kind, count in zip(recipe.kinds, scored.rounds, strict=True)
    ]
    with _workers() as pool:
        members = list(pool.map(member, *zip(*wanted, strict=True)))
    if share:
        part = grow_additive(data, recipe)
        members += [Member(t, 1, share, at) for at, t in zip(part.places, part.trees, strict=True)]
    return merge(members)


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
