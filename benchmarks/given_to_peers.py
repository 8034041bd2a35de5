"""What the forms of the service are given: clients, their features, and the booster to serve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray

from gateway.promotion import files_of, tag_in_full
from scoring.files import BOOSTER
from scoring.scorecard import Scorecard, save
from storage.clients import ClientBook
from storage.engine import reading
from storage.store import Store

CLIENTS = 2_000
"""Clients whose features the peers hold."""
MOST = 50_000
LEAVES = 31


def prepare(
    folder: Path, store: Store, trees: int | None = None
) -> tuple[list[int], dict[str, str]]:
    """Write into ``folder`` what the peers read; return the clients, and settings for our form.

    With ``trees``, all forms serve a booster of so many trees instead of the registered one.
    """
    served = files_of(tag_in_full("scorecard:latest"))
    scorecard = Scorecard.load(served)
    with reading(store.engine) as connection:
        clients = ClientBook().page(connection, 0, MOST)
    snapshots = [client.snapshot for client in clients[:CLIENTS]]
    intake = scorecard.intake
    rows = intake.matrix(
        intake.many([one.application for one in snapshots], [one.history for one in snapshots])
    )
    settings = {}
    if trees is not None:
        served = _of_size(folder / "scorecard", scorecard, rows, trees)
        settings = _registered_apart(folder / "bentoml", served)
    np.save(folder / "rows.npy", rows)
    np.save(folder / "ids.npy", np.array([client.client_id for client in clients[:CLIENTS]]))
    (folder / "names.json").write_text(json.dumps(scorecard.metadata.features))
    (folder / "booster.txt").write_bytes((served / BOOSTER).read_bytes())
    return [client.client_id for client in clients], settings


def _of_size(folder: Path, scorecard: Scorecard, rows: NDArray[np.float32], trees: int) -> Path:
    """Write the scorecard with a booster of another size, learnt on outcomes it drew itself."""
    draw = np.random.default_rng(0)
    risk = 1 / (1 + np.exp(-scorecard.raw_score(rows) - 1))
    default = (draw.uniform(size=len(rows)) < risk).astype(float)
    names = list(scorecard.metadata.features)
    parameters = {
        "objective": "binary", "num_leaves": LEAVES, "min_data_in_leaf": 5, "learning_rate": 0.01,
        "feature_fraction": 0.1, "max_bin": 63, "verbose": -1, "seed": 0,
    }  # fmt: skip
    booster = lightgbm.train(
        parameters, lightgbm.Dataset(rows, default, feature_name=names), num_boost_round=trees
    )
    folder.mkdir()
    save(
        folder,
        booster=booster,
        calibration=scorecard.calibration,
        encoder=scorecard.encoder,
        metadata=scorecard.metadata,
        golden=rows[:5],
    )
    return folder


REGISTER = """
import shutil, sys
import bentoml
with bentoml.models.create("scorecard") as reference:
    shutil.copytree(sys.argv[1], reference.path, dirs_exist_ok=True)
"""


def _registered_apart(home: Path, scorecard: Path) -> dict[str, str]:
    """Register a scorecard in a store of models of its own; return the setting that names it."""
    settings = {"BENTOML_HOME": str(home)}
    command = [sys.executable, "-c", REGISTER, str(scorecard)]
    subprocess.run(command, env={**os.environ, **settings}, capture_output=True, check=True)
    return settings
