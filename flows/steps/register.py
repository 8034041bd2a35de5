"""A scorecard into the BentoML store: plain files, labels, and the figures it is known by."""

from __future__ import annotations

from pathlib import Path

import bentoml
from bentoml._internal.models.model import ModelStore

from features.encode import Encoder
from flows.steps.learned import Learned
from scoring import scorecard
from scoring.metadata import Metadata

NAME = "scorecard"


def register(
    learned: Learned,
    metadata: Metadata,
    golden: scorecard.Matrix,
    others: dict[str, str],
    *,
    store: Path,
    gate: str,
) -> tuple[str, str]:
    """Save the scorecard as a new model of the BentoML home ``store``; return its tag and hash.

    ``gate`` is the verdict of the fairness gate, ``passed`` or ``blocked``: a label that whoever
    promotes a scorecard reads.

    The store keeps the model only when every file was written and the scorecard loads back.
    """
    labels = {
        "feature_version": metadata.feature_version,
        "data": metadata.data_fingerprint,
        "fairness_gate": gate,
    }
    figures = {name: round(value, 6) for name, value in metadata.metrics.items()}
    models = store / "models"
    models.mkdir(parents=True, exist_ok=True)
    with bentoml.models.create(
        NAME,
        labels=labels,
        metadata={**figures, "cut_off": metadata.cut_off.value},
        _model_store=ModelStore(models),  # BentoML's own way in: its environment is read once
    ) as model:
        folder = Path(model.path)
        identity = scorecard.save(
            folder,
            booster=learned.booster,
            calibration=learned.decided.calibration,
            encoder=Encoder.of(metadata.features),
            metadata=metadata,
            golden=golden,
            others=others,
        )
        scorecard.Scorecard.load(folder)
        return str(model.tag), identity
