"""What an input that is not used would bring: measured on others, and beside its error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flows.learning.dataset import Labelled
from flows.learning.price import NOTHING, prices, riskiest, scored_with
from scoring.cost import CostOfError
from tests.flows.learning.test_curves import described, drawn

CLIENTS = 6_000
COST = CostOfError()
KINDS = pl.Enum(["calm", "wild"])

Split = tuple[Labelled, Labelled, dict[str, pl.DataFrame], dict[str, pl.DataFrame]]


@pytest.fixture(scope="module")
def split() -> Split:
    """Clients in two halves: a used item, and what is refused, one telling and one of noise."""
    draw = np.random.default_rng(21)
    used, told, noise = draw.normal(0, 1, (3, CLIENTS))
    wild = draw.random(CLIENTS) < 0.3
    data = described({"used": used}, drawn(-2.8 + 0.8 * used + told + wild))
    kind = pl.Series("kind", np.where(wild, "wild", "calm"), dtype=KINDS)
    refused = {
        "telling": pl.DataFrame({"told": told}).with_columns(kind),
        "noise": pl.DataFrame({"noise": noise}),
    }
    learn, judge = np.arange(0, CLIENTS, 2), np.arange(1, CLIENTS, 2)
    of_learn, of_judge = (
        {name: frame[rows] for name, frame in refused.items()} for rows in (learn, judge)
    )
    return data.take(learn), data.take(judge), of_learn, of_judge


@pytest.fixture(scope="module")
def scores(split: Split) -> dict[str, np.ndarray]:
    """Raw scores of the judged half, with each refused input and with none."""
    learn, judge, of_learn, of_judge = split
    return scored_with(learn, judge, learn.names, of_learn, of_judge)


def test_an_input_that_tells_is_dear_and_noise_is_not(
    split: Split, scores: dict[str, np.ndarray]
) -> None:
    """Ranking and cost both gain by the first, beyond chance; the second is within chance."""
    found = prices(split[1].default, scores, 0.3, COST)
    telling, noise = found["telling"], found["noise"]
    assert telling["auc"] > 4 * telling["auc_error"]
    assert telling["cost"] < -2 * telling["cost_error"]
    assert abs(noise["auc"]) < 3 * noise["auc_error"] + 1e-3
    assert NOTHING not in found


def test_a_price_compares_at_one_share_refused(split: Split, scores: dict[str, np.ndarray]) -> None:
    """Costs cannot fall by refusing more: where nobody is refused there is nothing to gain."""
    for price in prices(split[1].default, scores, 0.0, COST).values():
        assert (price["cost"], price["cost_error"]) == (0.0, 0.0)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.137, 0.3, 0.5, 1.0])
def test_ties_are_refused_in_equal_parts(share: float) -> None:
    """The share refused is the one asked for, equals are treated alike, whatever their order."""
    draw = np.random.default_rng(5)
    raw = draw.integers(0, 6, 1_000) / 2.0
    refused, order = riskiest(raw, share), draw.permutation(len(raw))
    assert refused.mean() == pytest.approx(share, abs=1e-12)
    assert all(np.unique(refused[raw == one]).size == 1 for one in np.unique(raw))
    assert np.array_equal(riskiest(raw[order], share), refused[order])


def test_a_score_that_ties_everybody_costs_what_chance_does() -> None:
    """It refuses as many as the other does, not nobody."""
    default = np.tile([1.0, 0.0, 0.0, 0.0, 0.0], 200)
    knowing = {NOTHING: np.zeros(len(default)), "told": default}
    found = prices(default, knowing, 0.2, COST)["told"]
    by_chance = 0.2 * 0.8 * (COST.missed_default + COST.refused_good)
    assert found["cost"] == pytest.approx(-by_chance)


def test_no_judged_outcome_takes_part_in_a_score(
    split: Split, scores: dict[str, np.ndarray]
) -> None:
    """Outcomes of the judged half turned round leave every score as it was."""
    learn, judge, of_learn, of_judge = split
    turned = replace(judge, default=1 - judge.default)
    again = scored_with(learn, turned, learn.names, of_learn, of_judge)
    assert set(again) == {NOTHING, *of_learn}
    for name, raw in scores.items():
        assert np.array_equal(again[name], raw)


def test_an_input_absent_among_the_learning_clients_has_no_price(split: Split) -> None:
    """Nothing known of it: the scores are those without it."""
    learn, judge, of_learn, of_judge = split
    unknown = {"noise": of_learn["noise"].with_columns(noise=pl.lit(None, pl.Float64))}
    found = scored_with(learn, judge, learn.names, unknown, {"noise": of_judge["noise"]})
    assert np.array_equal(found["noise"], found[NOTHING])
