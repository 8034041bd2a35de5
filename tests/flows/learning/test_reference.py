"""The reference beside the grid: what its folds decide, and on whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.learning.dataset import Labelled
from flows.learning.recipe import Recipe
from flows.learning.reference import LearnedReference, learn_reference, loss_of_trees
from scoring import metrics
from tests import training_world as world
from tests.flows.learning.test_curves import described, drawn

CLIENTS = 2_400
RECIPE = Recipe(folds=3, learning_rate=0.1, max_rounds=100, patience=20)
RECIPE = replace(RECIPE, trees={**RECIPE.trees, "feature_fraction": 1.0, "lambda_l2": 1.0})


def clients(kind: str, directions: dict[str, int] | None = None) -> Labelled:
    """Outcomes made by a sum of curves, or by two items that only tell together."""
    draw = np.random.default_rng(13)
    columns = {name: draw.normal(0, 1, CLIENTS) for name in ("one", "two", "three", "four")}
    if kind == "sum":
        raw = -2 + columns["one"] + 0.7 * columns["two"] + 0.5 * columns["three"]
    else:
        raw = -2 + 2.5 * np.sign(columns["one"] * columns["two"])
    return described(columns, drawn(raw), directions)


def learnt(data: Labelled) -> LearnedReference:
    """What the recipe learns of them."""
    return learn_reference(data, RECIPE, world.COST, world.SEED)


def test_the_trees_weigh_what_they_bring_out_of_fold() -> None:
    """Where items only tell together, trees are all; where effects add up, curves take a part."""
    together, added = learnt(clients("pair")), learnt(clients("sum"))
    assert together.model.share == 1.0
    assert added.model.share < 1.0
    data = clients("pair")
    assert metrics.auc(data.default, together.scored.raw) > 0.8


def test_the_share_is_the_best_of_the_shares_on_out_of_fold_scores() -> None:
    """Any single share offered alone does no better on the clients it did not learn from."""
    data = clients("sum")
    chosen = learnt(data)
    loss = metrics.log_loss(data.default, 1 / (1 + np.exp(-chosen.scored.raw)))
    for share in RECIPE.shares:
        alone = learn_reference(data, replace(RECIPE, shares=(share,)), world.COST, world.SEED)
        other = metrics.log_loss(data.default, 1 / (1 + np.exp(-alone.scored.raw)))
        assert loss <= other + 1e-12
        assert (other == pytest.approx(loss, abs=1e-12)) == (share == chosen.model.share)


def test_outcomes_of_noise_are_not_ranked() -> None:
    """Out-of-fold scores of shuffled outcomes are those of chance: nothing leaks."""
    data = clients("sum")
    shuffled = replace(data, default=np.random.default_rng(2).permutation(data.default))
    found = learnt(shuffled)
    assert metrics.auc(shuffled.default, found.scored.raw) == pytest.approx(0.5, abs=0.06)


def test_directions_hold_for_trees_and_curves() -> None:
    """More of a directed item never lowers the risk of any client, interactions included."""
    found = learnt(clients("sum", {"one": 1}))
    rows = np.repeat(clients("sum").matrix[:50], 9, axis=0)
    rows[:, 0] = np.tile(np.linspace(-3, 3, 9), 50)
    raw = found.model.raw_score(rows).reshape(50, 9)
    assert (np.diff(raw, axis=1) >= -1e-9).all()


def test_the_same_seed_learns_the_same_reference() -> None:
    """Boosters that grow beside each other do not mix: the text is the same each time."""
    first, again = learnt(clients("sum")), learnt(clients("sum"))
    assert first.model.booster.model_to_string() == again.model.booster.model_to_string()
    assert first.rounds == again.rounds
    assert first.decided.cut_off == again.decided.cut_off


def test_learning_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """LightGBM's own lines do not drown those of the flow."""
    assert 0 < loss_of_trees(clients("pair"), RECIPE, world.SEED) < 0.7
    assert capfd.readouterr().out == ""
