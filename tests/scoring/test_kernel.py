"""Scores and exact SHAP values of one row, against LightGBM's own."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from scoring.kernel import Kernel
from tests import training_world as world

RANDOM = np.random.default_rng(2)


def _matrix(rows: int) -> np.ndarray:
    matrix = RANDOM.normal(size=(rows, 8)).astype(np.float32)
    matrix[:, 5] = np.where(RANDOM.random(rows) < 0.5, 0.0, matrix[:, 5])
    matrix[RANDOM.random(matrix.shape) < 0.15] = np.nan
    matrix[:, 6] = RANDOM.normal(size=rows)  # never missing in training
    matrix[:, 7] = RANDOM.integers(0, 70, rows)
    return matrix


@pytest.fixture(
    scope="module",
    params=[{}, {"zero_as_missing": True}, {"num_leaves": 31, "extra_trees": True}],
    ids=["plain", "zero as missing", "deep"],
)
def booster(request: pytest.FixtureRequest) -> lightgbm.Booster:
    """A booster with numbers, missing values, zeros and categories beyond one machine word."""
    matrix = _matrix(3_000)
    odds = np.nan_to_num(matrix[:, 0]) + (matrix[:, 7] % 5 > 2) + np.nan_to_num(matrix[:, 5])
    default = (RANDOM.random(3_000) < 1 / (1 + np.exp(2 - odds))).astype(float)
    parameters = {"objective": "binary", "verbosity": -1, "num_threads": 1, "num_leaves": 8,
                  "min_data_in_leaf": 5, "max_cat_threshold": 64, **request.param}  # fmt: skip
    return lightgbm.train(
        parameters, lightgbm.Dataset(matrix, default, categorical_feature=[7]), 40
    )


def test_it_equals_the_oracle(booster: lightgbm.Booster) -> None:
    """Every value, the base, and the sum, within 1e-9, on rows with values never seen too."""
    rows = _matrix(200)
    rows[:, 6] = np.where(RANDOM.random(200) < 0.3, np.nan, rows[:, 6])
    rows[:20, 7] = [np.nan, -1, 70, 500, *range(16)]
    rows[20:30, 0] = [1e30, -1e30, 1e-36, -1e-36, 0, 0, 1, 2, 3, 4]
    oracle = booster.predict(rows, pred_contrib=True, num_threads=1)
    kernel = Kernel(booster)
    assert kernel.base == pytest.approx(oracle[0, -1], abs=1e-9)
    found = np.array([kernel.contributions(row) for row in rows])
    np.testing.assert_allclose(found, oracle[:, :-1], rtol=0, atol=1e-9)
    scores = [kernel.raw_score(row) for row in rows]
    assert scores == booster.predict(rows, raw_score=True, num_threads=1).tolist()


def test_it_equals_the_oracle_on_a_scorecard() -> None:
    """The averaged booster of a real training, on clients of the test split."""
    card = world.scorecard()
    rows = world.parts()[1].only(card.metadata.features).matrix[:50]
    oracle = card.booster.predict(rows, pred_contrib=True, num_threads=1)
    kernel = Kernel(card.booster)
    found = np.array([kernel.contributions(row) for row in rows])
    np.testing.assert_allclose(found, oracle[:, :-1], rtol=0, atol=1e-9)
    alone = np.concatenate([card.raw_score(row[np.newaxis]) for row in rows])
    np.testing.assert_array_equal(alone, card.raw_score(rows))


def test_a_booster_that_learnt_nothing_contributes_nothing() -> None:
    """A constant has a base and no contributions."""
    data = lightgbm.Dataset(np.zeros((50, 2)), np.repeat([0.0, 1.0], 25))
    constant = lightgbm.train({"objective": "binary", "verbosity": -1}, data, 3)
    kernel = Kernel(constant)
    assert kernel.contributions(np.array([1.0, np.nan])).tolist() == [0.0, 0.0]
    raw = constant.predict(np.zeros((1, 2)), raw_score=True)[0]
    assert kernel.base == pytest.approx(raw)
    assert kernel.raw_score(np.zeros(2)) == raw
