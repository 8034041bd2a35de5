"""Which features a scorecard reads, chosen from the clients it learns from."""

from __future__ import annotations

import numpy as np

from flows.steps.dataset import Labelled
from flows.steps.recipe import Recipe

LEAST_KNOWN = 20
"""A feature known for fewer clients than this teaches nothing that would hold elsewhere."""


def select(data: Labelled, recipe: Recipe, seed: int) -> tuple[str, ...]:
    """Return the names to learn from, in the order of the matrix."""
    del recipe, seed
    return tuple(
        name
        for name, column in zip(data.names, data.matrix.T, strict=True)
        if (known := column[~np.isnan(column)]).size >= LEAST_KNOWN
        and (known.size < column.size or bool((known != known[0]).any()))
    )
