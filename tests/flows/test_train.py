"""The training flow as a whole, run by Prefect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bentoml._internal.models.model import ModelStore
from prefect.testing.utilities import prefect_test_harness

import portfolio
from flows.train import Trained, train
from scoring.scorecard import Scorecard
from tests import training_world as world

TINY = replace(world.QUICK, sizes=(6, 12), folds=2, max_rounds=25)


@pytest.fixture(scope="module", autouse=True)
def prefect() -> Iterator[None]:
    """Prefect's own server, for these tests alone."""
    with prefect_test_harness(server_startup_timeout=180):
        yield


def _trained(home: Path, seed: int) -> Trained:
    return train(world.archive(), home, seed=seed, recipe=TINY)


def test_the_same_data_and_seed_give_the_same_scorecard(tmp_path: Path) -> None:
    """Two whole runs, each from the archive in a home of its own: one hash; another seed: another.

    What a run leaves says so: its folder, its registered model and its figures.
    """
    first, again = _trained(tmp_path / "first", 3), _trained(tmp_path / "again", 3)
    assert again.scorecard_hash == first.scorecard_hash
    assert again.metrics == first.metrics
    assert again.model_tag != first.model_tag
    assert (first.folder / "run.json").exists()
    other = _trained(tmp_path / "other", 4)
    assert other.scorecard_hash != first.scorecard_hash


def test_three_hundred_clients_train_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Estimates are left out and no group is compared: the run says so, and still registers."""
    archive = tmp_path / "few.zip"
    portfolio.write(archive, clients=300, seed=1, fmt="zip")
    few = train(archive, tmp_path / "home", seed=3, recipe=TINY)
    assert few.metrics["auc_high"] - few.metrics["auc_low"] > 0.1
    model = ModelStore(tmp_path / "home" / "bentoml" / "models").get(few.model_tag)
    assert model.info.labels["fairness_gate"] == "uncomputed"
    scorecard = Scorecard.load(Path(model.path))
    assert scorecard.estimates is None
    said = capsys.readouterr().out
    assert re.search(r"warning: Only 2\d\d labelled clients", said)
    assert "the fairness gate is uncomputed" in said
