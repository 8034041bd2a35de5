"""Several boosters as one."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from flows.steps.ensemble import Member, merge

RANDOM = np.random.default_rng(0)
MATRIX = RANDOM.normal(size=(800, 6)).astype(np.float32)
MATRIX[RANDOM.random(MATRIX.shape) < 0.1] = np.nan
MATRIX[:, 5] = RANDOM.integers(0, 12, 800)
DEFAULT = (RANDOM.random(800) < 1 / (1 + np.exp(2 - np.nan_to_num(MATRIX[:, 0])))).astype(float)


@pytest.fixture(scope="module")
def members() -> list[Member]:
    """Two boosters, one of which counts three times and loses its last rounds."""

    def booster(seed: int, rounds: int) -> lightgbm.Booster:
        parameters = {"objective": "binary", "num_leaves": 8, "seed": seed, "verbosity": -1,
                      "feature_fraction": 0.5, "num_threads": 1}  # fmt: skip
        data = lightgbm.Dataset(MATRIX, DEFAULT, categorical_feature=[5])
        return lightgbm.train(parameters, data, rounds)

    return [Member(booster(1, 20), 20, 0.25), Member(booster(2, 30), 25, 0.75)]


def _sum(members: list[Member], **options: bool) -> np.ndarray:
    parts = [
        m.weight * m.booster.predict(MATRIX, num_iteration=m.rounds, num_threads=1, **options)
        for m in members
    ]
    return np.sum(parts, axis=0)


def test_the_merged_booster_is_the_weighted_sum(members: list[Member]) -> None:
    """Raw scores and exact SHAP values are the sums of the members', missing values included."""
    one = merge(members)
    for options in ({"raw_score": True}, {"pred_contrib": True}):
        found = one.predict(MATRIX, num_threads=1, **options)
        np.testing.assert_allclose(found, _sum(members, **options), rtol=0, atol=1e-12)
    assert one.num_trees() == 45


def test_it_is_written_and_read_like_any_booster(members: list[Member]) -> None:
    """The text of a merged booster reads back to the same text."""
    text = merge(members).model_to_string()
    assert lightgbm.Booster(model_str=text).model_to_string() == text


def test_a_booster_of_one_feature_finds_its_place(members: list[Member]) -> None:
    """Learnt on a single column, it reads that column among the others once merged."""
    parameters = {"objective": "regression", "verbosity": -1, "num_threads": 1, "num_leaves": 4}
    column = MATRIX[:, [3]]
    alone = lightgbm.train(parameters, lightgbm.Dataset(column, MATRIX[:, 3]), 1)
    one = merge([members[0], Member(alone, 1, 0.5, 3)])
    found = one.predict(MATRIX, raw_score=True, num_threads=1)
    expected = _sum(members[:1], raw_score=True) + 0.5 * alone.predict(column, num_threads=1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
