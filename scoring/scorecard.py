"""The scorecard: from a matrix of features to a probability and to what explains it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, get_args

import lightgbm
import numpy as np
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from features.encode import Encoder
from features.tables import Language
from scoring import files
from scoring.calibration import Calibration
from scoring.errors import ModelRejected
from scoring.intake import Intake
from scoring.metadata import Metadata
from scoring.population import Population
from scoring.wording import Wording

if TYPE_CHECKING:
    from scoring.kernel import Kernel

logger = logging.getLogger(__name__)

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
    population: Population | None = None
    kernel: Kernel | None = None
    """Scores and explains one row ten times faster than LightGBM; without it LightGBM does."""

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> Self:
        """Load the scorecard of ``folder``; ``ModelRejected`` unless it is the one registered.

        Hashes are verified before LightGBM sees the booster, then the golden rows are scored.
        """
        contents, hashes = files.read(Path(folder))
        run = json.loads(contents[files.RUN])
        card = json.loads(contents[files.SCORECARD])
        golden = json.loads(contents[files.GOLDEN])
        booster = lightgbm.Booster(model_str=contents[files.BOOSTER])
        scorecard = cls(
            booster=booster,
            calibration=Calibration.model_validate_json(contents[files.CALIBRATION]),
            encoder=Encoder.from_json(contents[files.ENCODER]),
            metadata=Metadata(trained_at=datetime.fromisoformat(run["trained_at"]), **card),
            hashes=hashes,
            threads=threads,
            population=_population(contents),
            kernel=_kernel(booster, np.asarray(golden["rows"], dtype=np.float32)),
        )
        scorecard._check(golden)
        return scorecard

    @cached_property
    def scorecard_hash(self) -> str:
        """One hash for what this scorecard is."""
        return files.scorecard_hash(self.hashes)

    def raw_score(self, matrix: Matrix) -> Array:
        """Raw scores (n,), log-odds before calibration."""
        if self.kernel and len(matrix) == 1:
            return np.array([self.kernel.raw_score(matrix[0])])
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
        if self.kernel and len(matrix) == 1:
            values = self.kernel.contributions(matrix[0])[np.newaxis]
        else:
            values = np.asarray(
                self.booster.predict(matrix, pred_contrib=True, num_threads=self.threads)
            )[:, :-1]
        measured: Array = values - self._granted_means
        return measured

    @cached_property
    def intake(self) -> Intake:
        """What turns an application and a history into this scorecard's inputs."""
        return Intake(self.encoder, self.metadata.ranges)

    @cached_property
    def wordings(self) -> dict[Language, Wording]:
        """What its explanations say, in each language."""
        return {language: Wording(self, language) for language in get_args(Language)}

    @cached_property
    def _granted_means(self) -> Array:
        return np.asarray(self.metadata.granted.mean_contributions)

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


def _population(contents: dict[str, str]) -> Population | None:
    text = contents.get(files.POPULATION)
    return None if text is None else Population.model_validate_json(text)


def _kernel(booster: lightgbm.Booster, rows: Matrix) -> Kernel | None:
    """Return the fast kernel; ``None``, and a warning, unless it agrees with LightGBM.

    A score must be the same to the last bit: one client alone, or among others.
    """
    try:
        from scoring.kernel import Kernel  # numba needs a place to keep what it compiles

        kernel = Kernel(booster)
    except (ImportError, RuntimeError) as error:
        logger.warning("no fast kernel, LightGBM scores and explains: %s", error)
        return None
    found = np.array([kernel.contributions(row) for row in rows])
    oracle = np.asarray(booster.predict(rows, pred_contrib=True, num_threads=1))[:, :-1]
    scores = np.array([kernel.raw_score(row) for row in rows])
    same = np.array_equal(scores, booster.predict(rows, raw_score=True, num_threads=1))
    if not same or not np.allclose(found, oracle, rtol=0, atol=TOLERANCE):
        logger.warning("the fast kernel differs from LightGBM, which scores and explains")
        return None
    return kernel


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
