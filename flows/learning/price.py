"""What each input that is not used would bring: its price, measured on clients kept aside.

The kept items and the contested columns are drawn together by one same learner, with and without
them, so the difference is theirs alone. Costs compare at the same share refused: clients of one
score at the limit are refused in equal parts, since neither their order nor chance may tell them
apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.learning.dataset import Labelled
from flows.learning.selection import Whole, saying
from scoring import metrics
from scoring.cost import CostOfError

Array = NDArray[np.float64]
Columns = Mapping[str, pl.DataFrame]

NOTHING = "nothing"
"""The name of the scores without any contested input."""


def scored_with(
    learn: Labelled,
    judge: Labelled,
    items: Sequence[str],
    of_learn: Columns,
    of_judge: Columns,
) -> dict[str, Array]:
    """Return raw scores (n,) of the judged clients with each contested input, and with none.

    ``of_learn`` and ``of_judge`` are what ``contested`` returns of these clients.
    """
    kept = learn.only(items), judge.only(items)
    scores = {NOTHING: _scored(*kept)}
    for name in of_learn:
        scores[name] = _scored(kept[0].beside(of_learn[name]), kept[1].beside(of_judge[name]))
    return scores


def _scored(learn: Labelled, judge: Labelled) -> Array:
    grid = Whole.of(learn.only(saying(learn))).grid
    return grid.raw_score(judge.only(grid.items).matrix)


def prices(
    default: Array, scores: Mapping[str, Array], refused_share: float, cost: CostOfError
) -> dict[str, dict[str, float]]:
    """Return the difference that each contested input makes, and its standard errors."""
    refused = {name: riskiest(raw, refused_share) for name, raw in scores.items()}
    base = scores[NOTHING], refused[NOTHING]
    return {
        name: asdict(metrics.difference(default, base, (raw, refused[name]), cost))
        for name, raw in scores.items()
        if name != NOTHING
    }


def riskiest(raw: Array, share: float) -> Array:
    """Return how much of each client (n,), in [0, 1], is among the riskiest ``share`` of them.

    >>> riskiest(np.array([3.0, 1.0, 2.0, 2.0]), 0.5)
    array([1. , 0. , 0.5, 0.5])
    """
    wanted = share * len(raw)
    limit = np.sort(raw)[::-1][max(int(np.ceil(wanted)), 1) - 1]
    above, tied = raw > limit, raw == limit
    part = (wanted - np.count_nonzero(above)) / np.count_nonzero(tied)
    refused: Array = np.where(tied, part, above)
    return refused
