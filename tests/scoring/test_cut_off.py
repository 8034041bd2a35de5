"""Where refusal starts to be proposed, and where a person must look."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.cost import CostOfError
from scoring.cut_off import GREY_SHARE, choose_cut_off

RANDOM = np.random.default_rng(11)
PROBABILITY = RANDOM.beta(1, 11, 20_000)
DEFAULT = (RANDOM.random(PROBABILITY.size) < PROBABILITY).astype(float)


def test_calibrated_probabilities_lead_to_the_break_even() -> None:
    """With 10:1 and probabilities that are true, the cut-off is 1/11 and the data agree."""
    cut_off = choose_cut_off(DEFAULT, PROBABILITY, CostOfError())
    assert cut_off.value == pytest.approx(1 / 11)
    assert cut_off.interval[0] < cut_off.value < cut_off.interval[1]


def test_data_that_contradict_the_break_even_prevail() -> None:
    """Probabilities said twice too high: the cut-off leaves 1/11 for the edge of the interval."""
    cut_off = choose_cut_off(DEFAULT, np.minimum(2 * PROBABILITY, 1.0), CostOfError())
    assert cut_off.value > 1 / 11
    assert cut_off.value == cut_off.interval[0]


def test_cheaper_misses_move_the_cut_off_up() -> None:
    """When a missed default costs less, more clients are granted."""
    mild = choose_cut_off(DEFAULT, PROBABILITY, CostOfError(missed_default=4))
    assert mild.value > choose_cut_off(DEFAULT, PROBABILITY, CostOfError()).value


def test_the_grey_zone_holds_the_cut_off_and_few_clients() -> None:
    """It surrounds the cut-off and sends at most a tenth of the clients to a person."""
    few = slice(0, 400)
    cut_off = choose_cut_off(DEFAULT[few], PROBABILITY[few], CostOfError())
    low, high = cut_off.grey_zone
    assert low <= cut_off.value <= high
    inside = np.mean((PROBABILITY[few] >= low) & (PROBABILITY[few] <= high))
    assert inside <= GREY_SHARE + 2 / 400


def test_the_same_seed_gives_the_same_cut_off() -> None:
    """Nothing is left to chance."""
    first = choose_cut_off(DEFAULT, PROBABILITY, CostOfError(), seed=4)
    assert choose_cut_off(DEFAULT, PROBABILITY, CostOfError(), seed=4) == first
