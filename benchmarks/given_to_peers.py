"""What the forms of the service are given: clients, their items' values, and the trees to serve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray

from api.promotion import files_of, tag_in_full
from scoring.files import BOOSTER
from scoring.grid import Curve, Grid
from scoring.reference import Reference
from scoring.scorecard import Scorecard, save
from storage.clients import ClientBook
from storage.engine import reading
from storage.store import Store

CLIENTS = 2_000
"""Clients whose items the peers hold."""
MOST = 50_000
LEAVES = 31


def prepare(
    folder: Path, store: Store, trees: int | None = None
) -> tuple[list[int], dict[str, str]]:
    """Write into ``folder`` what the peers read; return the clients, and settings for our form.

    The peers serve the grid's own numbers as LightGBM trees, one an item. With ``trees``, all
    forms serve so many boosted trees instead, ours as a reference that its lender asked for.
    """
    served = files_of(tag_in_full("scorecard:latest"))
    scorecard = Scorecard.load(served)
    with reading(store.engine) as connection:
        clients = ClientBook().page(connection, 0, MOST)
    snapshots = [client.snapshot for client in clients[:CLIENTS]]
    values = scorecard.intake.many(
        [one.application for one in snapshots], [one.history for one in snapshots]
    )
    rows = scorecard.matrix(values)
    settings = {}
    if trees is not None:
        served = _of_size(folder / "scorecard", scorecard, rows, trees)
        settings = _registered_apart(folder / "bentoml", served)
    np.save(folder / "rows.npy", rows)
    np.save(folder / "ids.npy", np.array([client.client_id for client in clients[:CLIENTS]]))
    (folder / "names.json").write_text(json.dumps(scorecard.items))
    (folder / "booster.txt").write_text(_saying_probabilities((served / BOOSTER).read_text()))
    return [client.client_id for client in clients], settings


def _saying_probabilities(booster: str) -> str:
    """Return a booster's text such that it predicts probabilities, not the grid's log-odds."""
    if "\nobjective=" in booster:
        return booster
    return booster.replace("\nfeature_names=", "\nobjective=binary sigmoid:1\nfeature_names=", 1)


def _of_size(folder: Path, scorecard: Scorecard, rows: NDArray[np.float32], trees: int) -> Path:
    """Write a reference of so many trees on the same items, learnt on outcomes it drew itself."""
    draw = np.random.default_rng(0)
    risk = 1 / (1 + np.exp(-scorecard.raw_score(rows) - 1))
    default = (draw.uniform(size=len(rows)) < risk).astype(float)
    parameters = {
        "objective": "binary", "num_leaves": LEAVES, "min_data_in_leaf": 5, "learning_rate": 0.01,
        "feature_fraction": 0.1, "max_bin": 63, "verbose": -1, "seed": 0,
    }  # fmt: skip
    data = lightgbm.Dataset(rows, default, feature_name=list(scorecard.items))
    booster = lightgbm.train(parameters, data, num_boost_round=trees)
    reference = Reference.of(booster, _nothing(scorecard.items[0]), share=1.0)
    metadata = scorecard.metadata.model_copy(update={"kind": "reference", "trees_share": 1.0})
    of_size = replace(scorecard, model=reference, booster=reference.booster, metadata=metadata)
    save(folder, of_size, golden=rows[:5])
    return folder


def _nothing(item: str) -> Grid:
    """Return a grid that adds nothing: a reference has one beside its trees."""
    flat = Curve(item=item, edges=(), effects=(0.0,), unknown=0.0, clients=(0, 0), defaults=(0, 0))
    return Grid(base=0.0, curves=(flat,))


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
