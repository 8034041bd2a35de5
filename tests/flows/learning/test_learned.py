"""Learning: what is chosen, on whom, and that it can be repeated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.learning.dataset import labelled, refuse_too_few, warnings_about
from flows.learning.folds import split, stratified
from flows.learning.learned import flattened, learn_scorecard
from scoring import metrics
from scoring.errors import SingleClass, TooFewClients
from tests import training_world as world


def test_the_test_split_is_apart_and_alike() -> None:
    """Nobody is in both parts, and defaults are as frequent in each."""
    train, test = world.parts()
    assert not set(train.client_ids) & set(test.client_ids)
    assert train.default.mean() == pytest.approx(test.default.mean(), abs=0.01)


def test_the_same_seed_learns_the_same_grid() -> None:
    """Same data, same seed: the same curves, calibration and cut-off; another seed, others."""
    train = world.parts()[0].only(world.learned().names)
    first, again, other = (
        learn_scorecard(train, world.QUICK, world.COST, seed) for seed in (1, 1, 2)
    )
    assert again.grid == first.grid
    assert again.decided.calibration == first.decided.calibration
    assert again.decided.cut_off == first.decided.cut_off
    assert not np.array_equal(other.scored.raw, first.scored.raw)


def test_outcomes_made_of_noise_cannot_be_ranked() -> None:
    """With outcomes shuffled, out-of-fold figures are those of chance: nothing leaks."""
    train = world.parts()[0].only(world.learned().names)
    shuffled = replace(train, default=np.random.default_rng(1).permutation(train.default))
    found = learn_scorecard(shuffled, world.QUICK, world.COST, world.SEED)
    assert metrics.auc(shuffled.default, found.scored.raw) == pytest.approx(0.5, abs=0.1)


def test_it_ranks_synthetic_clients() -> None:
    """Even the quick recipe beats chance by far on the test split, and spares cost."""
    grid, reference = world.judgements()
    for judged in (grid, reference):
        assert judged.figures["auc"] > 0.65
        assert judged.figures["expected_cost"] < judged.figures["accept_all_cost"]


def test_out_of_fold_effects_add_up_to_the_scores_that_decide() -> None:
    """What the fairness search flattens is what calibration and cut-off were chosen on."""
    learned = world.learned()
    assert learned.scored.effects is not None
    assert learned.scored.effects.shape == (len(world.parts()[0]), len(learned.names))
    for fold in np.unique(learned.scored.fold_of):
        rows = learned.scored.fold_of == fold
        base = learned.scored.raw[rows] - learned.scored.effects[rows].sum(axis=1)
        assert np.ptp(base) < 1e-9, "one base a fold"


def test_a_flattened_item_weighs_less_and_leaves_at_zero() -> None:
    """Its curve is multiplied, its scores too, and calibration is learnt anew."""
    learned, default = world.learned(), world.parts()[0].default
    first, second, *others = learned.names
    found = flattened(learned, {first: 0.5, second: 0.0}, default, world.COST, world.SEED)
    assert found.names == (first, *others)
    half = [effect / 2 for effect in learned.grid.curves[0].effects]
    assert list(found.grid.curves[0].effects) == half
    effects, kept = learned.scored.effects, found.scored.effects
    assert effects is not None
    assert kept is not None
    assert np.array_equal(kept[:, 0], effects[:, 0] / 2)
    gone = effects[:, 0] / 2 + effects[:, 1]
    assert np.allclose(found.scored.raw, learned.scored.raw - gone, atol=1e-12)
    assert flattened(learned, {}, default, world.COST, world.SEED) is learned


def test_learning_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """No library's own lines drown those of the flow."""
    train = world.parts()[0].only(world.learned().names[:6])
    learn_scorecard(train, world.QUICK, world.COST, world.SEED)
    assert capfd.readouterr().out == ""


def _outcomes(clients: int, defaults: int) -> np.ndarray:
    return np.array([1.0] * defaults + [0.0] * (clients - defaults))


def test_too_few_clients_are_refused_clearly() -> None:
    """Thirty clients, or a handful of defaults: refused with the numbers and the remedy."""
    with pytest.raises(TooFewClients, match="30 labelled clients"):
        refuse_too_few(_outcomes(30, 10))
    with pytest.raises(TooFewClients, match="19 defaults"):
        refuse_too_few(_outcomes(5_000, 19))
    with pytest.raises(SingleClass, match="same outcome"):
        refuse_too_few(_outcomes(5_000, 0))
    refuse_too_few(_outcomes(200, 20))


def test_few_clients_are_warned_about() -> None:
    """The warning says how many there are; with a thousand and more there is none."""
    train = world.parts()[0]
    assert "300 labelled clients" in warnings_about(train.take(np.arange(300)))[0]
    assert warnings_about(train.take(np.arange(999)))
    assert not warnings_about(train.take(np.arange(1_000)))


def test_folds_without_defaults_do_not_stop_the_judge() -> None:
    """A stratified fold keeps its share; the sum-up also stands one with a single class."""
    default = _outcomes(60, 3)
    seen = [default[judged].sum() for _, judged in stratified(default, 3, 0)]
    assert seen == [1, 1, 1]
    learn, test = split(_outcomes(100, 20), seed=1)
    assert len(learn) + len(test) == 100


def test_unlabelled_clients_are_not_learnt_from() -> None:
    """A null outcome is no outcome."""
    frame = world.table().features
    data = labelled(frame, world.table().names)
    assert len(data) == frame["default"].drop_nulls().len()
