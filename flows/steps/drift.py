"""How far those who are assessed now are from those the scorecard learnt from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from features.encode import Encoder
from flows.steps.received import PROBABILITY
from flows.steps.run_folder import REFERENCE
from scoring.errors import ScoringError
from scoring.psi import Level, Stability, stability
from scoring.scorecard import Scorecard

RUN = "run.json"


class ReferenceMissing(ScoringError):
    """The population a scorecard learnt from is no longer held."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The stability of one feature, and the rank of the feature in the scorecard (1 = first)."""

    feature: str
    importance_rank: int
    stability: Stability

    @property
    def level(self) -> Level:
        """What it asks for."""
        return self.stability.level


def reference_of(runs: Path, model_tag: str) -> pl.DataFrame:
    """Return the training population of a scorecard, as its training run left it.

    Raises ``ReferenceMissing`` when no run under ``runs`` made this scorecard.
    """
    for run in sorted(runs.glob(f"*/{RUN}"), reverse=True):
        made = json.loads(run.read_text(encoding="utf-8")).get("model_tag")
        if made == model_tag and (run.parent / REFERENCE).exists():
            return pl.read_parquet(run.parent / REFERENCE)
    msg = (
        f"No run under {runs} holds the training population of {model_tag}. Bring back the run's "
        "folder from a backup, or train again."
    )
    raise ReferenceMissing(msg)


def by_importance(scorecard: Scorecard) -> list[str]:
    """Return the scorecard's features, those that gain most first."""
    gains = scorecard.booster.feature_importance("gain")
    order = sorted(zip(gains, scorecard.metadata.features, strict=True), key=lambda p: -p[0])
    return [name for _, name in order]


def score_drift(reference: pl.DataFrame, current: pl.DataFrame) -> Stability:
    """Return the stability of the probability of default."""
    return stability(reference[PROBABILITY].to_numpy(), current[PROBABILITY].to_numpy())


def feature_drifts(
    reference: pl.DataFrame, current: pl.DataFrame, features: Sequence[str]
) -> list[Drift]:
    """Return the stability of each feature, the largest index first.

    ``features`` come in order of importance.
    """
    encoder = Encoder.of(features)
    before, now = encoder.matrix(reference), encoder.matrix(current)
    drifts = [
        Drift(
            name,
            place + 1,
            stability(before[:, place], now[:, place], category=name in encoder.categories),
        )
        for place, name in enumerate(features)
    ]
    return sorted(drifts, key=lambda drift: -drift.stability.psi)
