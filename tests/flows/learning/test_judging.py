"""The nested protocol: what it reports, and that no choice looks at a judged client."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from flows.learning.contested import contested
from flows.learning.dataset import Labelled
from flows.learning.judging import (
    FOLDS,
    GRID,
    LOGISTIC,
    MODELS,
    REFERENCE,
    SEED,
    Judged,
    Judging,
    Learn,
    figures,
    judge,
)
from flows.learning.recipe import Recipe
from flows.learning.training import Judgeable
from scoring.cost import CostOfError
from scoring.cut_off import CutOff
from tests import training_world as world

TINY = replace(world.QUICK, sizes=(2, 4), folds=2, max_rounds=25)
REFUSED = ("gender", "region")


@dataclass
class Watch:
    """Learns by ``how``, and notes from whom and what; lives for one judgement."""

    how: Learn
    learnt: list[tuple[Labelled, Judgeable]] = field(default_factory=list)

    def __call__(self, data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
        """Learn and remember."""
        learned = self.how(data, recipe, cost, seed)
        self.learnt.append((data, learned))
        return learned


WATCHES = {name: Watch(MODELS[name]) for name in (GRID, REFERENCE, LOGISTIC)}


@pytest.fixture(scope="module")
def judging() -> Judging:
    """The small world's learning clients, described by a few items of its grid."""
    data = world.parts()[0].only(world.learned().names[:6])
    unused = contested(world.prepared(), data.client_ids)
    return Judging(data, TINY, world.COST, {name: unused[name] for name in REFUSED})


@pytest.fixture(scope="module")
def judged(judging: Judging) -> tuple[dict[str, Any], list[str]]:
    """What is judged of three models, and the lines of progress."""
    lines: list[str] = []
    return judge(judging, WATCHES, lines.append), lines


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("name", WATCHES)
def test_every_client_is_judged_once_by_what_never_saw_them(judging: Judging, name: str) -> None:
    """Turning the outcomes of the judged changes nothing that was chosen, and no probability."""
    everybody = judging.data
    times = np.zeros(len(everybody))
    for learn, learned in WATCHES[name].learnt:
        rows = np.flatnonzero(~np.isin(everybody.client_ids, learn.client_ids))
        times[rows] += 1
        held = everybody.take(rows)
        assert np.array_equal(
            learned.probability(replace(held, default=1 - held.default)), learned.probability(held)
        )
    assert (times == 1).all()
    learn, learned = WATCHES[name].learnt[0]
    again = MODELS[name](learn, TINY, world.COST, SEED)
    assert again.decided.cut_off == learned.decided.cut_off
    assert np.array_equal(again.probability(everybody), learned.probability(everybody))


@pytest.mark.parametrize("size", [20, 40])
def test_a_grid_of_a_fixed_size_has_at_most_that_many_items(size: int) -> None:
    """Whatever the one-standard-error rule would choose."""
    data = world.parts()[0].only(world.learned().names[:24])
    learned = MODELS[f"{size} items"](data, TINY, world.COST, SEED)
    assert len(learned.names) == min(size, len(data.names))


def test_the_judge_reports_every_figure(judged: tuple[dict[str, Any], list[str]]) -> None:
    """All that readers rely on, for each model and every client once, and a line a fold."""
    found, lines = judged
    assert len(lines) == FOLDS * len(WATCHES)
    for name in WATCHES:
        one = found[name]
        assert one["clients"] == len(world.parts()[0])
        assert one["gini"] == pytest.approx(2 * one["auc"] - 1)
        assert 0 < one["cut_off_interval"][0] <= one["cut_off_interval"][1] < 1
        assert len(one["auc_of_folds"]) == len(one["cut_off_of_folds"]) == FOLDS
        assert 0 < one["features"] <= 6
        for band in one["bands"]:
            assert band["low"] <= band["happened"] <= band["high"]
            assert band["gap"] == pytest.approx(band["said"] - band["happened"])
    assert json.loads(json.dumps(found, allow_nan=False)) is not None


def test_each_other_model_is_compared_with_the_grid(
    judged: tuple[dict[str, Any], list[str]],
) -> None:
    """Their difference is that of their figures, with an error drawn on the same clients."""
    found, _ = judged
    assert set(found["differences"]) == {REFERENCE, LOGISTIC}
    for name, difference in found["differences"].items():
        assert difference["auc"] == pytest.approx(found[name]["auc"] - found[GRID]["auc"])
        apart = found[name]["expected_cost"] - found[GRID]["expected_cost"]
        assert difference["cost"] == pytest.approx(apart)
        assert difference["auc_error"] >= 0
    assert found["differences"][REFERENCE]["auc_error"] > 0


def test_each_input_that_is_not_used_has_its_price(
    judged: tuple[dict[str, Any], list[str]],
) -> None:
    """The difference that each makes, with its standard errors."""
    prices = judged[0]["prices"]
    assert set(prices) == set(REFUSED)
    for price in prices.values():
        assert set(price) == {"auc", "auc_error", "cost", "cost_error"}
        assert 0 < price["auc_error"] < 0.1


def test_without_the_grid_nothing_is_compared_with_it(judging: Judging) -> None:
    """One model alone can be judged: its own figures, and no others."""
    found = judge(judging, {LOGISTIC: MODELS[LOGISTIC]}, lambda _line: None)
    assert set(found) == {LOGISTIC}


def test_a_judged_fold_without_defaults_is_left_out_of_the_mean() -> None:
    """Its AUC is null, the others' mean and the pooled figures stand."""
    cut_off = CutOff(value=0.5, interval=(0.4, 0.6), grey_zone=(0.5, 0.5))
    probability = np.linspace(0.1, 0.9, 30)
    outcomes = [np.zeros(30), (np.arange(30) > 20).astype(float)]
    found: dict[str, Any] = figures(
        [Judged(d, probability, cut_off, 3) for d in outcomes], world.COST
    )
    assert found["auc_of_folds"] == [None, 1.0]
    assert found["auc_mean_of_folds"] == 1.0
    assert 0.5 < found["auc"] < 1.0
