"""Learning: what is chosen, on whom, and that it can be repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from flows.steps.dataset import Labelled, labelled, refuse_too_few, warnings_about
from flows.steps.folds import split, stratified
from flows.steps.judging import judge
from flows.steps.learn import cross_validate
from flows.steps.learned import learn_scorecard
from flows.steps.selection import select
from scoring import metrics
from scoring.errors import SingleClass, TooFewClients
from tests import training_world as world


def test_the_test_split_is_apart_and_alike() -> None:
    """Nobody is in both parts, and defaults are as frequent in each."""
    train, test = world.parts()
    assert not set(train.client_ids) & set(test.client_ids)
    assert train.default.mean() == pytest.approx(test.default.mean(), abs=0.01)


def test_the_same_seed_learns_the_same_booster() -> None:
    """Same data, same seed, same text; another seed, another booster."""
    train = world.parts()[0]
    again = learn_scorecard(train, world.QUICK, world.COST, world.SEED)
    assert again.booster.model_to_string() == world.learned().booster.model_to_string()
    assert again.decided.calibration == world.learned().decided.calibration
    assert again.decided.cut_off == world.learned().decided.cut_off
    other = learn_scorecard(train, world.QUICK, world.COST, world.SEED + 1)
    assert other.booster.model_to_string() != again.booster.model_to_string()


def test_outcomes_made_of_noise_cannot_be_ranked() -> None:
    """With outcomes shuffled, out-of-fold and judged figures are those of chance: nothing leaks."""
    train = world.parts()[0]
    shuffled = replace(train, default=np.random.default_rng(1).permutation(train.default))
    scored = cross_validate(shuffled, world.QUICK, world.SEED)
    assert metrics.auc(shuffled.default, scored.raw) == pytest.approx(0.5, abs=0.08)


def test_it_ranks_synthetic_clients() -> None:
    """Even the quick recipe beats chance by far on the test split."""
    assert world.judgement().figures["auc"] > 0.65
    assert world.judgement().figures["expected_cost"] < world.judgement().figures["accept_all_cost"]


def test_the_judge_reports_every_figure() -> None:
    """All keys that readers rely on, for every client once, and the lines of its progress."""
    lines: list[str] = []
    found: dict[str, Any] = judge(world.parts()[0], world.QUICK, world.COST, report=lines.append)
    keys = {"auc", "gini", "ks", "expected_cost", "calibration_error", "cut_off", "clients",
            "features"}  # fmt: skip
    assert keys <= set(found)
    assert found["clients"] == len(world.parts()[0])
    assert found["gini"] == pytest.approx(2 * float(str(found["auc"])) - 1)
    low, high = found["cut_off_interval"]
    assert 0 < low <= found["cut_off"] <= high < 1
    for band in found["bands"]:
        assert band["low"] <= band["happened"] <= band["high"]
        assert band["gap"] == pytest.approx(band["said"] - band["happened"])
    assert len(lines) == 5


def test_learning_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """LightGBM's own lines do not drown those of the flow."""
    learn_scorecard(world.parts()[0], world.QUICK, world.COST, world.SEED)
    assert capfd.readouterr().out == ""


def test_features_that_say_nothing_are_left_out() -> None:
    """Constant, all missing, or known for a handful only."""
    train = world.parts()[0].only(world.learned().names[:4])
    matrix = train.matrix.copy()
    matrix[:, 0], matrix[:, 1] = 3.0, np.nan
    matrix[:, 2] = np.where(np.arange(len(matrix)) < 5, matrix[:, 2], np.nan)
    names = select(replace(train, matrix=matrix), world.QUICK, world.SEED)
    assert names == train.names[3:]


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
    refuse_too_few(_outcomes(100, 20))


def test_three_hundred_clients_train_with_a_warning() -> None:
    """The warning says how many there are; the interval of the AUC is wide."""
    data = _some(world.parts()[0], defaults=40, clients=300)
    assert "300 labelled clients" in warnings_about(data)[0]
    found = learn_scorecard(data, world.QUICK, world.COST, world.SEED)
    low, high = metrics.auc_interval(data.default, found.decided.probability)
    assert high - low > 0.1
    assert not warnings_about(_repeated(data, 4))


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


def _some(data: Labelled, *, defaults: int, clients: int) -> Labelled:
    bad, good = np.flatnonzero(data.default == 1), np.flatnonzero(data.default == 0)
    rows = np.concatenate((np.resize(bad, defaults), good[: clients - defaults]))
    return data.take(rows)


def _repeated(data: Labelled, times: int) -> Labelled:
    return data.take(np.tile(np.arange(len(data)), times))
