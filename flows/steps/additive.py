"""The additive part of the scorecard: each feature's own effect on the log-odds, and no other.

On few clients, trees spend what they learn on interactions that do not come back. A ridge logistic
regression on *ramps* is steadier: each number is cut at its quantiles and may rise or fall at its
own pace between two of them, each category and each absence has its own effect. A feature of
declared direction is bounded to it. Each feature's effect then becomes one tree of that feature
alone, so the sum with the boosted trees is still one LightGBM model, explained exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from flows.steps.dataset import Labelled
from flows.steps.evidence import information
from flows.steps.recipe import Recipe

Array = NDArray[np.float64]
Columns = NDArray[np.float32]

RAMPS = 8
RIDGE = 250.0
"""Penalty on the squared effects, beside the sum of the clients' losses."""
STRONGEST = 150
"""Features that enter: those with the most information value."""
FEWEST = 20
"""A category or an absence met for fewer clients has no effect of its own."""
LEAVES = 16
ITERATIONS = 100
TREES = {
    "objective": "none",
    "num_threads": 1,
    "learning_rate": 1.0,
    "num_leaves": LEAVES,
    "min_data_in_leaf": FEWEST,
    "min_sum_hessian_in_leaf": 0.0,
    "lambda_l2": 0.0,
    "cat_l2": 0.0,
    "cat_smooth": 0.0,
    "min_data_per_group": FEWEST,
    "max_cat_threshold": 64,
}


@dataclass(frozen=True)
class _Effect:
    """What one feature adds for each client (n,), in log-odds."""

    place: int
    added: Array


@dataclass(frozen=True)
class Additive:
    """The additive part: the features that enter, by their places, and a tree of each."""

    places: tuple[int, ...]
    trees: tuple[lightgbm.Booster, ...]

    def raw_score(self, matrix: NDArray[np.float32]) -> Array:
        """Return the log-odds of default (n,) of clients (n, f)."""
        score = np.zeros(len(matrix))
        for place, tree in zip(self.places, self.trees, strict=True):
            column = np.ascontiguousarray(matrix[:, [place]])
            score += tree.predict(column, raw_score=True, num_threads=1)
        return score


def grow_additive(data: Labelled, recipe: Recipe) -> Additive:
    """Learn the additive part from these clients."""
    rate = float(data.default.mean())
    effects = _effects(data)
    return Additive(
        places=tuple(effect.place for effect in effects),
        trees=tuple(_tree(effect, rate, data, recipe) for effect in effects),
    )


def _effects(data: Labelled) -> list[_Effect]:
    parts = [(place, *_ramps(data, place)) for place in _strongest(data)]
    parts = [part for part in parts if part[1].shape[1]]
    matrix = np.column_stack([columns for _, columns, _ in parts])
    signs = np.concatenate([signs for *_, signs in parts])
    intercept, weights = _ridge(matrix, signs, data.default)
    effects: list[_Effect] = []
    start = 0
    for place, columns, _ in parts:
        stop = start + columns.shape[1]
        added = columns @ weights[start:stop]
        effects.append(_Effect(place, added + (intercept if not effects else 0.0)))
        start = stop
    return effects


def _strongest(data: Labelled) -> list[int]:
    """Return the places of the features that enter, in the order of the matrix."""
    if len(data.names) <= STRONGEST:
        return list(range(len(data.names)))
    order = np.argsort(-information(data), kind="stable")
    return sorted(order[:STRONGEST].tolist())


def _ramps(data: Labelled, place: int) -> tuple[Columns, NDArray[np.int64]]:
    """Return the centred columns (n, k) that describe a feature, and the sign each is bound to."""
    column = data.matrix[:, place].astype(np.float64)
    missing = np.isnan(column)
    if data.names[place] in data.encoder.categories:
        described = list(_met(column))
        signs = [0] * len(described)
    else:
        described = list(_pieces(column, missing))
        signs = [data.directions[place]] * len(described)
    if FEWEST <= missing.sum() <= len(column) - FEWEST:
        described.append(missing.astype(np.float64))
        signs.append(0)
    centred = [column - column.mean() for column in described]
    columns = np.array(centred, dtype=np.float32).reshape(len(described), -1).T
    return columns, np.array(signs, dtype=np.int64)


def _met(column: Array) -> Iterator[Array]:
    """Yield 1 where each category met often enough is."""
    for code in np.unique(column[~np.isnan(column)]):
        if (column == code).sum() >= FEWEST:
            yield (column == code).astype(np.float64)


def _pieces(column: Array, missing: NDArray[np.bool_]) -> Iterator[Array]:
    """Yield, for each interval between quantiles, how far into it the value is: 0 to 1."""
    known = column[~missing]
    if not known.size:
        return
    knots = np.unique(np.quantile(known, np.linspace(0, 1, RAMPS + 1)))
    for low, high in pairwise(knots):
        piece = np.clip((column - low) / (high - low), 0.0, 1.0)
        yield np.where(missing, piece[~missing].mean(), piece)


def _ridge(matrix: Columns, signs: NDArray[np.int64], default: Array) -> tuple[float, Array]:
    """Return the intercept and the weights (k,) of least penalised logistic loss."""

    def loss(parameters: Array) -> tuple[float, Array]:
        weights = parameters[1:]
        score = matrix @ weights.astype(np.float32) + parameters[0]
        error = np.exp(-np.logaddexp(0.0, -score)) - default
        value = np.sum(np.logaddexp(0.0, score) - default * score) + RIDGE / 2 * weights @ weights
        slope = matrix.T @ error.astype(np.float32) + RIDGE * weights
        return float(value), np.concatenate(([error.sum()], slope))

    bounds = {0: (None, None), 1: (0.0, None), -1: (None, 0.0)}
    rate = default.mean()
    start = np.concatenate(([np.log(rate / (1 - rate))], np.zeros(matrix.shape[1])))
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[bounds[0], *(bounds[int(sign)] for sign in signs)],
        options={"maxiter": ITERATIONS},
    )
    return float(found.x[0]), np.asarray(found.x[1:])


def _tree(effect: _Effect, rate: float, data: Labelled, recipe: Recipe) -> lightgbm.Booster:
    """Return the tree of one feature nearest to its effect, in least squares.

    The curvature is that of the log-loss at the mean rate, so gains compare with those of the
    boosted trees.
    """
    curvature = np.full(len(effect.added), rate * (1 - rate))
    name = data.names[effect.place]
    parameters = {
        **recipe.common,
        **TREES,
        **recipe.constraints([data.directions[effect.place]]),
    }
    view = lightgbm.Dataset(
        np.ascontiguousarray(data.matrix[:, [effect.place]]),
        feature_name=[name],
        categorical_feature=[0] if name in data.encoder.categories else [],
        params=parameters,
    )
    booster = lightgbm.Booster(parameters, view)
    booster.update(fobj=lambda _scores, _view: (-effect.added * curvature, curvature))
    return booster
