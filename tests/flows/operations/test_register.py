"""Into the model store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bentoml._internal.models.model import ModelStore

from flows.operations.lock import AlreadyRunning, alone
from flows.operations.register import NAME, REFERENCE, register
from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard
from tests import training_world as world


def test_a_registered_scorecard_loads_from_the_store(tmp_path: Path) -> None:
    """By its tag, with its labels, as plain files without a pickle."""
    tag, identity = register(world.made().grid, {}, store=tmp_path, gate="passed")
    model = ModelStore(tmp_path / "models").get(tag)
    loaded = Scorecard.load(Path(model.path))
    assert loaded.scorecard_hash == identity
    assert model.info.labels["data"] == world.prepared().fingerprint
    assert model.info.labels["fairness_gate"] == "passed"
    assert not [p for p in Path(model.path).rglob("*") if p.suffix in {".pkl", ".joblib"}]


def test_a_blocked_scorecard_does_not_take_the_place_of_one_that_passed(tmp_path: Path) -> None:
    """The first serves whatever its gate says, until one passes; a waiver is for promotion."""
    serving = []
    for gate in ("blocked", "blocked", "passed", "blocked", "passed"):
        tag, _ = register(world.made().grid, {}, store=tmp_path, gate=gate)
        latest = ModelStore(tmp_path / "models").get(f"{NAME}:latest")
        serving.append(str(latest.tag) == tag)
    assert serving == [True, True, True, False, True]


def test_the_reference_lies_beside_the_scorecard_and_does_not_serve(tmp_path: Path) -> None:
    """Under a name of its own, of its own kind; what the service follows is the grid."""
    tag, _ = register(world.made().grid, {}, store=tmp_path, gate="passed")
    other, _ = register(
        world.made().reference, {}, store=tmp_path, gate="uncomputed", name=REFERENCE
    )
    store = ModelStore(tmp_path / "models")
    assert str(store.get(f"{NAME}:latest").tag) == tag
    loaded = Scorecard.load(Path(store.get(other).path))
    assert loaded.metadata.kind == "reference"
    assert len(loaded.items) > len(world.made().grid.scorecard.items)


def test_a_scorecard_that_does_not_load_back_is_not_kept(tmp_path: Path) -> None:
    """The store is as it was: nothing half made can be served."""
    grid = world.made().grid
    card = world.metadata().model_copy(update={"feature_version": "another"})
    wrong = replace(grid, scorecard=replace(grid.scorecard, metadata=card))
    with pytest.raises(ModelRejected):
        register(wrong, {}, store=tmp_path, gate="passed")
    assert not [model for model in ModelStore(tmp_path / "models").list() if model.tag.name == NAME]


def test_two_trainings_at_once_are_one(tmp_path: Path) -> None:
    """The second is told so; the lock is free again when the first ends."""
    with (
        alone(tmp_path, "training"),
        pytest.raises(AlreadyRunning, match="Wait"),
        alone(tmp_path, "training"),
    ):
        pytest.fail("the second run was let in")
    with alone(tmp_path, "training"):
        pass
