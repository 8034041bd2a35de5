"""The simple reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flows.learning.weights_of_evidence import FEATURES, learn_simple
from scoring import metrics
from tests import training_world as world


def test_the_reference_ranks_clients_it_never_saw() -> None:
    """Far better than chance, on forty features at most."""
    train, test = world.parts()
    simple = learn_simple(train, world.QUICK, world.COST, world.SEED)
    assert len(simple.names) <= FEATURES
    assert metrics.auc(test.default, simple.probability(test)) > 0.6


def test_missing_values_have_a_weight_of_their_own() -> None:
    """A client of whom nothing is known is scored near the average."""
    train, test = world.parts()
    simple = learn_simple(train, world.QUICK, world.COST, world.SEED)
    matrix = np.full_like(test.matrix[:1], np.nan)
    nobody = replace(test.take(np.arange(1)), matrix=matrix)
    assert 0.005 < float(simple.probability(nobody)[0]) < 0.9
