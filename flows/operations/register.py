"""A scorecard into the BentoML store: plain files, labels, and the figures it is known by."""

from __future__ import annotations

from pathlib import Path

import bentoml
from bentoml._internal.models.model import ModelStore
from bentoml.exceptions import NotFound

from flows.learning.training import Registrable
from scoring import scorecard
from scoring.gate import BLOCKED, LABEL, may_take_over, read_label

NAME = "scorecard"


REFERENCE = "reference"
"""Name of the model that the reference is registered under, beside the scorecards."""


def register(
    made: Registrable, others: dict[str, str], *, store: Path, gate: str, name: str = NAME
) -> tuple[str, str]:
    """Save a scorecard as a new model of the BentoML home ``store``; return its tag and hash.

    ``gate`` is the verdict of the fairness gate, a label. The newcomer becomes the model's
    ``latest``, which the service follows, only if ``scoring.gate`` lets it.

    The store keeps the model only when every file was written and the scorecard loads back.
    """
    metadata = made.scorecard.metadata
    labels = {
        "feature_version": metadata.feature_version,
        "data": metadata.data_fingerprint,
        LABEL: gate,
    }
    figures = {key: round(value, 6) for key, value in metadata.metrics.items()}
    models = store / "models"
    models.mkdir(parents=True, exist_ok=True)
    latest = models / name / "latest"
    before = latest.read_text(encoding="utf-8") if latest.exists() else None
    with bentoml.models.create(
        name,
        labels=labels,
        metadata={**figures, "cut_off": metadata.cut_off.value},
        _model_store=ModelStore(models),  # BentoML's own way in: its environment is read once
    ) as model:
        folder = Path(model.path)
        identity = scorecard.save(folder, made.scorecard, golden=made.golden, others=others)
        scorecard.Scorecard.load(folder)
    if before is not None and not may_take_over(gate, _gate_of(models, name, before), waived=False):
        _put_back(latest, before)
    return str(model.tag), identity


def _put_back(latest: Path, version: str) -> None:
    """Let the version that served serve on, in one move."""
    written = latest.with_suffix(".tmp")
    written.write_text(version, encoding="utf-8")
    written.replace(latest)


def _gate_of(models: Path, name: str, version: str) -> str:
    """Return the gate's verdict on a registered scorecard."""
    try:
        labels = ModelStore(models).get(f"{name}:{version.strip()}").info.labels
    except NotFound:
        return BLOCKED  # it was removed: nothing to protect
    return read_label(labels.get(LABEL))
