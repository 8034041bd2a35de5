"""How a scorecard is learnt: every choice in one frozen place.

Small data wants small, strongly regularised trees, few features tried at each, and a mean over
several seeds. Kinds of trees that err differently are averaged too; the mean stays one booster.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

FEW_CLIENTS = 50_000
"""Below this many clients, threads wait for each other longer than they work."""

Parameters = dict[str, float | int | str | bool | list[int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of booster of the mean: its LightGBM parameters and its weight."""

    name: str
    parameters: Parameters
    weight: float = 1.0


SMALL_TREES = Kind(
    "small trees",
    {
        "num_leaves": 8,
        "feature_fraction": 0.1,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "min_data_in_leaf": 60,
        "lambda_l2": 50.0,
        "cat_l2": 50.0,
        "cat_smooth": 50.0,
    },
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training and the judge share, so that the judge judges what is trained."""

    kinds: tuple[Kind, ...] = (SMALL_TREES,)
    seeds: int = 2
    """Boosters of each kind; they differ by their random choices only."""
    folds: int = 5
    learning_rate: float = 0.05
    max_rounds: int = 1500
    patience: int = 80
    """Rounds without progress, on the mean of the folds, after which learning stops."""
    final_rounds: float = 1.1
    """The final booster has all the training clients, the folds four fifths of them: it is given
    this many times the folds' rounds."""
    constrained: bool = True
    """Whether a feature of declared direction may only move the risk that way."""
    common: Parameters = field(
        default_factory=lambda: {
            "objective": "binary",
            "metric": "binary_logloss",
            "verbosity": -1,
            "deterministic": True,
            "force_col_wise": True,
            "feature_pre_filter": False,
            "max_bin": 127,
            "bin_construct_sample_cnt": 50_000,  # more would hold the table twice, for nothing
        }
    )

    def parameters(
        self, kind: Kind, seed: int, clients: int, directions: Sequence[int]
    ) -> Parameters:
        """Return LightGBM's parameters for one booster of ``kind`` on that many clients.

        ``directions`` says of each feature whether it may only raise (1) or lower (-1) the risk.
        """
        constraints: Parameters = {
            "monotone_constraints": list(directions),
            "monotone_constraints_method": "intermediate",
        }
        return {
            **(constraints if self.constrained and any(directions) else {}),
            **self.common,
            "learning_rate": self.learning_rate,
            "num_threads": threads_for(clients),
            "seed": seed,
            **kind.parameters,
        }


def threads_for(clients: int) -> int:
    """Return how many threads LightGBM should use on that many clients."""
    return 1 if clients < FEW_CLIENTS else os.cpu_count() or 1


def workers_for(clients: int) -> int:
    """Return how many boosters to grow at the same time on that many clients."""
    return max(1, (os.cpu_count() or 1) // threads_for(clients))


RECIPE = Recipe()
