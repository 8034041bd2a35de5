"""The additive part: each feature's own effect, as trees of one feature."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.steps.additive import Additive, grow_additive
from flows.steps.dataset import Labelled
from flows.steps.learn import cross_validate
from scoring import metrics
from tests import training_world as world

NAMES = (
    "external_score_2",
    "external_score_3",
    "amount_credit",
    "instalment_to_income",
    "education",
    "employment_days",
)


@pytest.fixture(scope="module")
def clients() -> Labelled:
    """Clients of the small world, with six features, one of them of categories."""
    return world.parts()[0].only(NAMES)


@pytest.fixture(scope="module")
def additive(clients: Labelled) -> Additive:
    """What is learnt of them."""
    return grow_additive(clients, world.QUICK)


def test_it_is_a_sum_of_effects_of_one_feature(clients: Labelled, additive: Additive) -> None:
    """Moving one feature changes the score by the same amount whatever the others are."""
    rows = clients.matrix[:40].copy()
    moved = rows.copy()
    moved[:, 0] = 0.9
    rows[:, 0] = 0.1
    change = additive.raw_score(moved) - additive.raw_score(rows)
    np.testing.assert_allclose(change, change[0], atol=1e-12)
    assert change[0] < 0


def test_declared_directions_hold(clients: Labelled, additive: Additive) -> None:
    """Over its whole range a directed feature moves the score one way only."""
    for place, direction in enumerate(clients.directions):
        column = clients.matrix[:, place]
        rows = np.repeat(clients.matrix[:1], 50, axis=0)
        rows[:, place] = np.linspace(np.nanmin(column), np.nanmax(column), 50)
        steps = np.diff(additive.raw_score(rows))
        assert (direction * steps >= -1e-12).all(), clients.names[place]


def test_it_says_the_mean_rate_and_ranks(clients: Labelled, additive: Additive) -> None:
    """Its probabilities sum to the defaults, and it ranks better than chance."""
    raw = additive.raw_score(clients.matrix)
    assert (1 / (1 + np.exp(-raw))).mean() == pytest.approx(clients.default.mean(), rel=0.05)
    assert metrics.auc(clients.default, raw) > 0.6


def test_the_out_of_fold_loss_chooses_its_weight(clients: Labelled) -> None:
    """The weight kept is one of the recipe's, and none beats it."""
    losses = {}
    for share in (0.0, 0.3, 0.6):
        alone = cross_validate(clients, replace(world.QUICK, additive=(share,)), world.SEED)
        losses[share] = metrics.log_loss(clients.default, 1 / (1 + np.exp(-alone.raw)))
    recipe = replace(world.QUICK, additive=tuple(losses))
    chosen = cross_validate(clients, recipe, world.SEED).additive_weight
    assert losses[chosen] == min(losses.values())


def test_many_clients_do_without(clients: Labelled) -> None:
    """Above fifty thousand clients larger trees are left alone."""
    assert world.QUICK.on(len(clients)) == world.QUICK
    many = world.QUICK.on(60_000)
    assert many.additive == (0.0,)
    assert many.kinds == world.QUICK.kinds_of_many != world.QUICK.kinds
