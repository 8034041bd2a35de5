"""The training flow as a whole, run by Prefect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from flows.train import Trained, train
from tests import training_world as world

TINY = replace(world.QUICK, folds=2, max_rounds=25, most_features=60)


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
