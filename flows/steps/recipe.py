"""How a scorecard is learnt: every choice in one frozen place.

Small data wants small, strongly regularised trees, few features tried at each, a mean over
several seeds, and beside them an additive part (``flows.steps.additive``). Kinds of trees that err
differently are averaged too; the whole stays one booster.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scoring.errors import InvalidRecipe

MANY_CLIENTS = 50_000
"""From this many on, clients teach larger trees, and need neither a second seed nor the additive
part; reading them takes several threads."""

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
        "feature_fraction": 0.07,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "min_data_in_leaf": 60,
        "lambda_l2": 50.0,
        "cat_l2": 50.0,
        "cat_smooth": 50.0,
    },
)

LARGER_TREES = Kind("larger trees", {**SMALL_TREES.parameters, "num_leaves": 16})


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training and the judge share, so that the judge judges what is trained."""

    kinds: tuple[Kind, ...] = (SMALL_TREES,)
    kinds_of_many: tuple[Kind, ...] = (LARGER_TREES,)
    """What takes the place of ``kinds`` from ``MANY_CLIENTS`` on."""
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
    additive: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    """Weights that the additive part may have beside the boosted trees; the out-of-fold log-loss
    chooses."""
    most_features: int | None = None
    """At most this many features, those that gain most; ``None`` keeps all that say anything."""
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

    __pydantic_config__ = ConfigDict(extra="forbid")

    @classmethod
    def read(cls, file: Path) -> Recipe:
        """Return the recipe that ``write`` put into ``file``; raise ``InvalidRecipe`` if none."""
        try:
            return TypeAdapter(cls).validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            raise InvalidRecipe(file) from error

    def write(self, file: Path) -> None:
        """Write the recipe as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def on(self, clients: int) -> Recipe:
        """Return the recipe as it is followed on that many clients."""
        if clients < MANY_CLIENTS:
            return self
        return replace(self, kinds=self.kinds_of_many, seeds=1, additive=(0.0,))

    def parameters(self, kind: Kind, seed: int, directions: Sequence[int]) -> Parameters:
        """Return LightGBM's parameters for one booster of ``kind``, which grows on one thread.

        Threads inside a booster wait for each other longer than they work (on 240,000 clients two
        take 2.7 times the processor time of one): several boosters grow beside each other instead.

        ``directions`` says of each feature whether it may only raise (1) or lower (-1) the risk.
        """
        return {
            **self.constraints(directions),
            **self.common,
            "learning_rate": self.learning_rate,
            "num_threads": 1,
            "seed": seed,
            **kind.parameters,
        }

    def constraints(self, directions: Sequence[int]) -> Parameters:
        """Return the parameters that hold each feature to its direction, if any is held."""
        if not self.constrained or not any(directions):
            return {}
        return {
            "monotone_constraints": list(directions),
            "monotone_constraints_method": "intermediate",
        }


def reading_threads(clients: int) -> int:
    """Return how many threads should bin or score that many clients."""
    return 1 if clients < MANY_CLIENTS else os.cpu_count() or 1


RECIPE = Recipe()

COMPACT_FEATURES = 150
COMPACT = replace(RECIPE, most_features=COMPACT_FEATURES)
"""The same on few features: less to collect, to explain and to watch."""
