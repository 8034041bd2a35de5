"""The scorecard: from a matrix of features to a probability and to what explains it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import lightgbm
import numpy as np
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from features.encode import Encoder
from scoring import files
from scoring.calibration import Calibration
from scoring.errors import ModelRejected
from scoring.metadata import Metadata

Array = NDArray[np.float64]
Matrix = NDArray[np.float32]

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Scorecard:
    """One verified scorecard in memory; it never changes and may serve many threads.

    A matrix is (n, f), float32, columns in the order of ``metadata.features``, as the scorecard's
    own ``encoder`` makes it.
    """

    booster: lightgbm.Booster
    calibration: Calibration
    encoder: Encoder
    metadata: Metadata
    hashes: dict[str, str]
    threads: int = 1

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> Self:
        """Load the scorecard of ``folder``; ``ModelRejected`` unless it is the one registered.

        Hashes are verified before LightGBM sees the booster, then the golden rows are scored.
        """
        contents, hashes = files.read(Path(folder))
        run = json.loads(contents[files.RUN])
        card = json.loads(contents[files.SCORECARD])
        scorecard = cls(
            booster=lightgbm.Booster(model_str=contents[files.BOOSTER]),
            calibration=Calibration.model_validate_json(contents[files.CALIBRATION]),
            encoder=Encoder.from_json(contents[files.ENCODER]),
            metadata=Metadata(trained_at=datetime.fromisoformat(run["trained_at"]), **card),
            hashes=hashes,
            threads=threads,
        )
        scorecard._check(json.loads(contents[files.GOLDEN]))
        return scorecard

    @property
    def scorecard_hash(self) -> str:
        """One hash for what this scorecard is."""
        return files.scorecard_hash(self.hashes)

    def raw_score(self, matrix: Matrix) -> Array:
        """Raw scores (n,), log-odds before calibration."""
        scores = self.booster.predict(matrix, raw_score=True, num_threads=self.threads)
        return np.asarray(scores, dtype=np.float64)

    def default_probability(self, raw: Array) -> Array:
        """Calibrated probabilities of default (n,) of raw scores (n,)."""
        return self.calibration.probability(raw)

    def contributions(self, matrix: Matrix) -> Array:
        """Contributions (n, f), log-odds, measured from the granted population.

        Exact SHAP values less their mean over the granted clients, so that
        ``metadata.granted.base`` plus the row's sum is its raw score.
        """
        values = np.asarray(
            self.booster.predict(matrix, pred_contrib=True, num_threads=self.threads)
        )
        measured: Array = values[:, :-1] - np.asarray(self.metadata.granted.mean_contributions)
        return measured

    def _check(self, golden: dict[str, list[list[float | None]] | list[float]]) -> None:
        if self.metadata.feature_version != CATALOGUE.version:
            msg = (
                "The scorecard was trained with other feature declarations than this code holds. "
                "Train again (make train), or serve it with the code it was trained with."
            )
            raise ModelRejected(msg)
        if tuple(self.booster.feature_name()) != self.metadata.features:
            msg = "The booster's features are not those the scorecard declares. Train again."
            raise ModelRejected(msg)
        rows = np.asarray(golden["rows"], dtype=np.float32)
        scores = np.asarray(golden["raw_scores"], dtype=np.float64)
        if not np.allclose(self.raw_score(rows), scores, rtol=0, atol=TOLERANCE):
            msg = "The golden rows do not score as they did in training. Restore or train again."
            raise ModelRejected(msg)


def save(
    folder: Path,
    *,
    booster: lightgbm.Booster,
    calibration: Calibration,
    encoder: Encoder,
    metadata: Metadata,
    golden: Matrix,
    others: dict[str, str] | None = None,
) -> str:
    """Write a scorecard as plain files with their manifest; return its hash.

    ``golden`` is a matrix of rows that belong to nobody; their scores are kept to prove, at each
    loading, that the booster still scores as it did. ``others`` are further files by name.
    """
    scores = np.asarray(booster.predict(golden, raw_score=True, num_threads=1))
    card = metadata.model_dump(mode="json", exclude={"trained_at"})
    rows = [[None if np.isnan(v) else float(v) for v in row] for row in golden]
    contents = {
        files.BOOSTER: booster.model_to_string(),
        files.CALIBRATION: calibration.model_dump_json() + "\n",
        files.ENCODER: encoder.to_json() + "\n",
        files.SCORECARD: json.dumps(card, indent=1, ensure_ascii=False) + "\n",
        files.GOLDEN: json.dumps({"rows": rows, "raw_scores": scores.tolist()}) + "\n",
        files.RUN: json.dumps({"trained_at": metadata.trained_at.isoformat()}) + "\n",
        **(others or {}),
    }
    return files.write(folder, contents)
