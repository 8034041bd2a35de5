"""How a scorecard is learnt: every choice in one frozen place.

The grid needs few choices (``flows.learning.curves`` and ``selection`` say why); most of what
stands here is of the reference, whose trees ``flows.search`` can look for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scoring.errors import InvalidRecipe

MANY_CLIENTS = 50_000
"""From this many on, reading the clients takes several threads."""

Parameters = dict[str, float | int | str | bool | list[int]]

SMALL_TREES: Parameters = {
    "num_leaves": 8,
    "feature_fraction": 0.07,
    "min_data_in_leaf": 60,
    "lambda_l2": 50.0,
    "cat_l2": 50.0,
    "cat_smooth": 50.0,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training and the judge share, so that the judge judges what is trained."""

    sizes: tuple[int, ...] = (20, 30, 40, 60, 80)
    """Numbers of items the grid may have; the one-standard-error rule chooses."""
    choosing_folds: int = 4
    choosing_clients: int = 60_000
    """Clients among whom the items are chosen, at most; all of them draw the kept curves."""
    folds: int = 5
    """Folds of the out-of-fold scores that calibration and cut-off are chosen on."""
    trees: Parameters = field(default_factory=lambda: dict(SMALL_TREES))
    """LightGBM parameters of the reference's trees."""
    learning_rate: float = 0.05
    max_rounds: int = 1500
    patience: int = 80
    """Rounds without progress, on the mean of the folds, after which learning stops."""
    final_rounds: float = 1.1
    """The final booster has all the training clients, the folds four fifths of them: it is given
    this many times the folds' rounds."""
    shares: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    """Weights that the reference's trees may have beside its additive part."""
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

    def parameters(self, seed: int, directions: Sequence[int]) -> Parameters:
        """Return LightGBM's parameters for one booster of the reference, on one thread.

        Threads inside a booster wait for each other longer than they work (on 240,000 clients two
        take 2.7 times the processor time of one): several boosters grow beside each other instead.

        ``directions`` says of each feature whether it may only raise (1) or lower (-1) the risk.
        """
        return {
            **self.common,
            "learning_rate": self.learning_rate,
            "num_threads": 1,
            "seed": seed,
            **self.trees,
            **constraints(directions),
        }


def constraints(directions: Sequence[int]) -> Parameters:
    """Return the parameters that hold each feature to its direction, if any is held."""
    if not any(directions):
        return {}
    return {
        "monotone_constraints": list(directions),
        "monotone_constraints_method": "intermediate",
    }


def reading_threads(clients: int) -> int:
    """Return how many threads should bin or score that many clients."""
    return 1 if clients < MANY_CLIENTS else os.cpu_count() or 1


RECIPE = Recipe()
