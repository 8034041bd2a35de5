"""How far those who are assessed now are from those the scorecard learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from features.encode import Encoder
from flows.monitoring.received import PROBABILITY
from flows.operations.run_folder import population_file
from scoring.errors import ScoringError
from scoring.psi import Level, Stability, stability
from scoring.scorecard import Scorecard


class PopulationMissing(ScoringError):
    """The population a scorecard learnt from is no longer held."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The stability of one item, and its rank in the scorecard (1 = moves clients most)."""

    item: str
    importance_rank: int
    stability: Stability

    @property
    def level(self) -> Level:
        """What it asks for."""
        return self.stability.level


def population_of(runs: Path, model_tag: str) -> pl.DataFrame:
    """Return the training population of a scorecard, as its training run left it.

    Raises ``PopulationMissing`` when no run under ``runs`` made this scorecard.
    """
    held = next(runs.glob(f"*/{population_file(model_tag)}"), None)
    if held is None:
        msg = (
            f"No run under {runs} holds the training population of {model_tag}. Bring back the "
            "run's folder from a backup, or train again."
        )
        raise PopulationMissing(msg)
    return pl.read_parquet(held)


def by_importance(scorecard: Scorecard, reference: pl.DataFrame) -> list[str]:
    """Return the scorecard's items, those that move the clients of ``reference`` most first.

    How far an item moves them is the standard deviation of what it adds to their log-odds: an item
    that adds the same to everybody tells nobody apart, however large its effect.
    """
    effects = scorecard.model.effects(Encoder.of(scorecard.items).matrix(reference))
    order = np.argsort(-effects.std(axis=0), kind="stable")
    return [scorecard.items[place] for place in order]


def score_drift(reference: pl.DataFrame, current: pl.DataFrame) -> Stability:
    """Return the stability of the probability of default."""
    return stability(reference[PROBABILITY].to_numpy(), current[PROBABILITY].to_numpy())


def item_drifts(
    reference: pl.DataFrame, current: pl.DataFrame, items: Sequence[str]
) -> list[Drift]:
    """Return the stability of each item, the largest index first.

    ``items`` come in order of importance.
    """
    encoder = Encoder.of(items)
    before, now = encoder.matrix(reference), encoder.matrix(current)
    drifts = [
        Drift(
            name,
            place + 1,
            stability(before[:, place], now[:, place], category=name in encoder.categories),
        )
        for place, name in enumerate(items)
    ]
    return sorted(drifts, key=lambda drift: -drift.stability.psi)
