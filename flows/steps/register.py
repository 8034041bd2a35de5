"""A scorecard into the BentoML store: plain files, labels, and the figures it is known by."""

from __future__ import annotations

from pathlib import Path

import bentoml
from bentoml._internal.models.model import ModelStore
from bentoml.exceptions import NotFound

from features.encode import Encoder
from flows.steps.learned import Learned
from scoring import scorecard
from scoring.gate import BLOCKED, LABEL, UNKNOWN, may_take_over
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

    ``gate`` is the verdict of the fairness gate, ``passed`` or ``blocked``: a label. The newcomer
    becomes ``scorecard:latest``, which the service follows, only if ``scoring.gate`` lets it.

    The store keeps the model only when every file was written and the scorecard loads back.
    """
    labels = {
        "feature_version": metadata.feature_version,
        "data": metadata.data_fingerprint,
        LABEL: gate,
    }
    figures = {name: round(value, 6) for name, value in metadata.metrics.items()}
    models = store / "models"
    models.mkdir(parents=True, exist_ok=True)
    latest = models / NAME / "latest"
    before = latest.read_text(encoding="utf-8") if latest.exists() else None
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
    if before is not None and not may_take_over(gate, _gate_of(models, before), waived=False):
        _put_back(latest, before)
    return str(model.tag), identity


def _put_back(latest: Path, version: str) -> None:
    """Let the version that served serve on, in one move."""
    written = latest.with_suffix(".tmp")
    written.write_text(version, encoding="utf-8")
    written.replace(latest)


def _gate_of(models: Path, version: str) -> str:
    """Return the gate's verdict on a registered scorecard."""
    try:
        labels = ModelStore(models).get(f"{NAME}:{version.strip()}").info.labels
    except NotFound:
        return BLOCKED  # it was removed: nothing to protect
    return str(labels.get(LABEL, UNKNOWN))
