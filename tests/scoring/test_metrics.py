"""Figures of quality, against definitions written out and a library."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as library_log_loss

from scoring import metrics
from scoring.cost import CostOfError

RANDOM = np.random.default_rng(3)
PROBABILITY = np.round(RANDOM.beta(1, 9, 2_000), 3)  # with ties
DEFAULT = (RANDOM.random(2_000) < PROBABILITY).astype(float)


def test_auc_is_the_chance_of_the_right_order() -> None:
    """It agrees with scikit-learn, ties counted half."""
    assert metrics.auc(DEFAULT, PROBABILITY) == pytest.approx(roc_auc_score(DEFAULT, PROBABILITY))
    assert metrics.auc(np.array([0.0, 1.0]), np.array([0.5, 0.5])) == 0.5


def test_a_fold_without_defaults_has_no_ranking_figure() -> None:
    """NaN, not an error and not a flattering number."""
    nothing = np.zeros(10)
    assert np.isnan(metrics.auc(nothing, PROBABILITY[:10]))
    assert np.isnan(metrics.ks(nothing, PROBABILITY[:10]))
    assert np.isnan(metrics.gain(nothing, PROBABILITY[:10])[1]).all()


def test_perfect_and_reversed_rankings_are_the_extremes() -> None:
    """Gini goes from 1 to -1, KS from 1 to 0."""
    default = np.array([0.0, 0.0, 1.0, 1.0])
    rising = np.array([0.1, 0.2, 0.3, 0.4])
    assert metrics.gini(default, rising) == 1.0
    assert metrics.ks(default, rising) == 1.0
    assert metrics.gini(default, -rising) == -1.0
    assert metrics.ks(default, -rising) == 0.0


def test_calibration_error_is_the_mean_gap_of_equal_groups() -> None:
    """Two groups, each wrong by a tenth, one up and one down."""
    default = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0], dtype=float)
    probability = np.array([0.1] * 5 + [0.7] * 5)
    groups = metrics.calibration_bins(default, probability, bins=2)
    assert [(g.clients, g.happened) for g in groups] == [(5, 0.2), (5, 0.8)]
    assert metrics.calibration_error(default, probability, bins=2) == pytest.approx(0.1)


def test_scores_of_probability_agree_with_a_library() -> None:
    """Brier and log loss are scikit-learn's."""
    inside = np.clip(PROBABILITY, 1e-6, 1 - 1e-6)
    assert metrics.brier(DEFAULT, inside) == pytest.approx(brier_score_loss(DEFAULT, inside))
    assert metrics.log_loss(DEFAULT, inside) == pytest.approx(library_log_loss(DEFAULT, inside))


def test_gain_counts_defaults_from_the_riskiest() -> None:
    """The riskiest half holds both defaults here."""
    share, found = metrics.gain(np.array([0, 0, 1, 1.0]), np.array([0.1, 0.2, 0.3, 0.4]), steps=2)
    assert share.tolist() == [0.0, 0.5, 1.0]
    assert found.tolist() == [0.0, 1.0, 1.0]


def test_the_interval_surrounds_the_auc_and_narrows_with_clients() -> None:
    """A tenth of the clients gives a wider interval."""
    low, high = metrics.auc_interval(DEFAULT, PROBABILITY)
    few_low, few_high = metrics.auc_interval(DEFAULT[:200], PROBABILITY[:200])
    assert low < metrics.auc(DEFAULT, PROBABILITY) < high
    assert few_high - few_low > high - low


def test_the_difference_is_that_of_the_two_figures() -> None:
    """Second less first, in AUC and in cost, on exactly these clients."""
    cost, other = CostOfError(), np.clip(PROBABILITY + RANDOM.normal(0, 0.1, 2_000), 0, 1)
    found = metrics.difference(
        DEFAULT, (other, other > 0.1), (PROBABILITY, PROBABILITY > 0.1), cost
    )
    auc = metrics.auc(DEFAULT, PROBABILITY) - metrics.auc(DEFAULT, other)
    spent = cost.expected(DEFAULT, PROBABILITY > 0.1) - cost.expected(DEFAULT, other > 0.1)
    assert found.auc == pytest.approx(auc)
    assert found.cost == pytest.approx(spent)
    assert found.auc > 3 * found.auc_error > 0
    assert found.cost_error > 0


def test_a_model_does_not_differ_from_itself() -> None:
    """Clients are drawn once for both, so what is shared cancels out to nothing."""
    same = (PROBABILITY, PROBABILITY > 0.1)
    found = metrics.difference(DEFAULT, same, same, CostOfError())
    assert found == metrics.Difference(0.0, 0.0, 0.0, 0.0)


def test_the_error_of_a_difference_is_that_of_clients_drawn_again() -> None:
    """It narrows as the root of their number, and the seed decides it to the last digit."""
    turned = PROBABILITY[::-1]

    def of(clients: int, seed: int = 0) -> metrics.Difference:
        default = DEFAULT[:clients]
        one, other = PROBABILITY[:clients], turned[:clients]
        return metrics.difference(
            default, (one, one > 0.1), (other, other > 0.1), CostOfError(), seed=seed
        )

    few, many = of(500), of(2_000)
    assert many.cost_error == pytest.approx(few.cost_error / 2, rel=0.3)
    assert many == of(2_000)
    assert many != of(2_000, seed=1)
