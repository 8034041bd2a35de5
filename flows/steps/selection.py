"""Which features a scorecard reads, chosen from the clients it learns from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flows.steps.dataset import Labelled
from flows.steps.learn import cross_validate, fit
from flows.steps.recipe import Recipe

LEAST_KNOWN = 20
"""A feature known for fewer clients than this teaches nothing that would hold elsewhere."""


def select(data: Labelled, recipe: Recipe, seed: int) -> tuple[str, ...]:
    """Return the names to learn from, in the order of the matrix.

    A recipe that wants at most so many features gets those that gain most in a first, quick
    learning on the same clients.
    """
    saying = tuple(
        name
        for name, column in zip(data.names, data.matrix.T, strict=True)
        if (known := column[~np.isnan(column)]).size >= LEAST_KNOWN
        and (known.size < column.size or bool((known != known[0]).any()))
    )
    if recipe.most_features is None or len(saying) <= recipe.most_features:
        return saying
    return _strongest(data.only(saying), recipe, recipe.most_features, seed)


def _strongest(data: Labelled, recipe: Recipe, count: int, seed: int) -> tuple[str, ...]:
    quick = replace(recipe, seeds=1, additive=(0.0,))
    booster = fit(data, quick, cross_validate(data, quick, seed), seed)
    gains = booster.feature_importance("gain")
    kept = np.sort(np.argsort(-gains, kind="stable")[:count])
    return tuple(data.names[place] for place in kept)
