"""Estimates of external scores: who they learn from, and what they never read."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from features.catalogue import CATALOGUE
from features.definitions.estimated import EXPECTED
from features.definitions.external_scores import NAMES
from features.encode import Encoder
from flows.learning.estimating import (
    CROSSED,
    FEWEST_CLIENTS,
    TELLS_AGE,
    can_estimate,
    learn_estimates,
    with_crossed_estimates,
)
from scoring.errors import TooFewClients
from scoring.estimates import Estimates
from tests import training_world as world

AGE = "birth_days"


@pytest.fixture(scope="module")
def clients() -> pl.DataFrame:
    """The small world's features, with scores that follow the instalment's part of the price."""
    features = world.table().features
    draw = np.random.default_rng(5)
    told = features["instalment_to_goods"].fill_null(strategy="mean").rank() / features.height
    scores = {name: 3 * told - 1.5 + draw.normal(0, 0.4, features.height) for name in NAMES}
    return features.with_columns(
        (1 / (1 + (-score).exp())).alias(name) for name, score in scores.items()
    )


@pytest.fixture(scope="module")
def estimates(clients: pl.DataFrame) -> Estimates:
    """What is learnt from them."""
    return learn_estimates(clients, world.SEED)


def _expected(estimates: Estimates, clients: pl.DataFrame) -> np.ndarray:
    return estimates.expected(Encoder.of(estimates.inputs).matrix(clients))


def test_what_the_form_says_of_a_score_is_found(
    clients: pl.DataFrame, estimates: Estimates
) -> None:
    """Planted in one item among fifty, with noise: the estimate follows it, within [0, 1]."""
    expected = _expected(estimates, clients)
    assert ((expected >= 0) & (expected <= 1)).all()
    for place, name in enumerate(NAMES):
        assert np.corrcoef(expected[:, place], clients[name])[0, 1] > 0.75


def test_no_estimate_reads_what_tells_age(clients: pl.DataFrame) -> None:
    """Scores that follow the time in job, which goes with age, are not told from it nor its ratios.

    A name misspelt in the list would let the item in.
    """
    assert {feature.name for feature in CATALOGUE} >= TELLS_AGE
    follows = clients["employment_days"].fill_null(1).rank() / clients.height
    aged = clients.with_columns((0.1 + 0.8 * follows).alias(name) for name in NAMES)
    inputs = learn_estimates(aged.with_columns(clients[NAMES[0]]), world.SEED).inputs
    assert inputs
    for name in inputs:
        assert name not in TELLS_AGE
        assert not CATALOGUE[name].reads() & {*TELLS_AGE, AGE}


def test_a_score_is_not_estimated_from_itself_nor_from_what_is_made_of_it(
    estimates: Estimates,
) -> None:
    """Of the scores, each grid reads the two others alone, and better ones raise it."""
    for name, grid in estimates.grids.items():
        assert name not in grid.items
        made = {f.name for f in CATALOGUE if f.reads() & set(NAMES)} - set(NAMES)
        assert not made & set(grid.items)
        for curve in grid.curves:
            if curve.item in NAMES:
                assert list(curve.effects) == sorted(curve.effects)


def test_a_crossed_estimate_does_not_know_the_score_it_stands_for(clients: pl.DataFrame) -> None:
    """A client's own first score turned round leaves what is expected of it as it was."""
    clients = clients.head(CROSSED * FEWEST_CLIENTS)
    before = with_crossed_estimates(clients, world.SEED)
    who = int(np.argmax(clients[NAMES[0]]))
    rows = pl.Series(range(clients.height)) == who
    turned = clients.with_columns(
        pl.when(rows).then(1 - pl.col(NAMES[0])).otherwise(pl.col(NAMES[0])).alias(NAMES[0])
    )
    after = with_crossed_estimates(turned, world.SEED)
    assert after[EXPECTED[0]][who] == before[EXPECTED[0]][who]
    others = ~rows
    assert not after.filter(others)[EXPECTED[0]].equals(before.filter(others)[EXPECTED[0]]), (
        "the score was learnt from, for the others"
    )


def test_no_outcome_takes_part(clients: pl.DataFrame, estimates: Estimates) -> None:
    """Without any outcome the same is learnt."""
    assert learn_estimates(clients.drop("default"), world.SEED) == estimates


def test_too_few_known_scores_are_not_learnt_from(clients: pl.DataFrame) -> None:
    """The training asks first, and then goes without; who insists is refused."""
    place = pl.int_range(pl.len())
    few = clients.with_columns(
        pl.when(place < FEWEST_CLIENTS - 1).then(pl.col(NAMES[2])).alias(NAMES[2])
    )
    assert can_estimate(clients)
    assert not can_estimate(few)
    with pytest.raises(TooFewClients):
        learn_estimates(few, world.SEED)
