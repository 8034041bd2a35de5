"""Which pairs of features the reference combines."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from features.catalogue import CATALOGUE
from flows.learning.pairs import SHOWN, strongest_pairs

NAMES = ("income_total", "phone_change_days", "annuity")


def grown(leaves: int) -> lightgbm.Booster:
    """Trees on outcomes that two of three features make together."""
    draw = np.random.default_rng(1)
    matrix = draw.normal(0, 1, (4_000, len(NAMES)))
    together = (matrix[:, 0] > 0) & (matrix[:, 1] > 0)
    parameters = {"objective": "binary", "num_leaves": leaves, "verbosity": -1, "num_threads": 1}
    default = (draw.random(4_000) < np.where(together, 0.9, 0.1)).astype(float)
    view = lightgbm.Dataset(matrix, default, feature_name=list(NAMES))
    return lightgbm.train(parameters, view, num_boost_round=5)


def test_the_pair_that_acts_together_comes_first() -> None:
    """Named and labelled as on the screens; most of the gain is won by one below the other."""
    first, *others = strongest_pairs(grown(4))
    assert first["items"] == sorted(NAMES[:2])
    assert first["labels"][0]["fr"] == CATALOGUE[first["items"][0]].label.fr
    assert first["share"] > 0.2
    assert all(other["share"] <= first["share"] for other in others)
    assert len(others) < SHOWN


def test_shares_are_parts_of_one_whole() -> None:
    """A split's gain is given out once, whatever stands above it: never more than all of it."""
    pairs = strongest_pairs(grown(8))
    assert 0 < sum(pair["share"] for pair in pairs) <= 1 + 1e-12


def test_trees_of_one_split_combine_nothing() -> None:
    """An additive model has no pair."""
    assert strongest_pairs(grown(2)) == []


@pytest.mark.parametrize("leaves", [4, 8])
def test_no_feature_is_paired_with_itself(leaves: int) -> None:
    """Two cuts of one feature are its own curve, no interaction."""
    for pair in strongest_pairs(grown(leaves)):
        first, second = pair["items"]
        assert first < second
