"""The scorecard in the BentoML store that serves: found, and loaded with its hashes verified."""

from __future__ import annotations

from pathlib import Path

import bentoml
from bentoml.exceptions import NotFound

from features.catalogue import CATALOGUE
from features.raw.prepare import Prepared
from scoring.errors import ModelRejected
from scoring.gate import LABEL, read_label, stopped
from scoring.scorecard import Scorecard

NAME = "scorecard"
LATEST = f"{NAME}:latest"


def registered(wanted: str = LATEST) -> tuple[str, Path]:
    """Return the full tag and the folder of a scorecard; ``ModelRejected`` if there is none."""
    try:
        model = bentoml.models.get(wanted)
    except NotFound as error:
        msg = f"No {wanted} is registered yet. Train one first: make train DATA=archive"
        raise ModelRejected(msg) from error
    return str(model.tag), Path(model.path)


def load_champion(wanted: str = LATEST) -> tuple[str, Scorecard]:
    """Return the full tag of the scorecard that serves, and the scorecard.

    ``wanted`` is what the service is told to serve. ``ModelRejected`` when none can.
    """
    tag, folder = registered(wanted)
    return tag, Scorecard.load(folder)


def champion_is_of(prepared: Prepared) -> bool:
    """Tell whether the serving scorecard was learnt from this data with these declarations.

    One that was, and that the fairness gate keeps from serving, needs no training again either.
    """
    try:
        serving = bentoml.models.get(LATEST)
    except NotFound:
        return False
    blocked = (
        m for m in bentoml.models.list(NAME) if stopped(read_label(m.info.labels.get(LABEL)))
    )
    learnt = [model.info.labels for model in (serving, *blocked)]
    wanted = (prepared.fingerprint, CATALOGUE.version)
    return wanted in [(labels.get("data"), labels.get("feature_version")) for labels in learnt]
