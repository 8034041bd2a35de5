"""Raw scores to probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scoring.calibration import Calibration
from scoring.metrics import calibration_error

RANDOM = np.random.default_rng(5)
RAW = RANDOM.normal(-2.5, 1.0, 20_000)
TRUTH = 1 / (1 + np.exp(-(0.6 * RAW - 1.0)))
DEFAULT = (RANDOM.random(RAW.size) < TRUTH).astype(float)


def test_it_finds_probabilities_that_mean_what_they_say() -> None:
    """Scores that are twice too sure come out calibrated on clients never seen."""
    half = RAW.size // 2
    fitted = Calibration.fit(RAW[:half], DEFAULT[:half])
    said = fitted.probability(RAW[half:])
    uncalibrated = 1 / (1 + np.exp(-RAW[half:]))
    assert calibration_error(DEFAULT[half:], said) < 0.008
    assert calibration_error(DEFAULT[half:], said) < calibration_error(DEFAULT[half:], uncalibrated)


@given(
    st.floats(0, 5), st.floats(0, 5), st.floats(-5, 5),
    st.floats(-700, 700), st.floats(-700, 700),
)  # fmt: skip
def test_a_riskier_score_is_never_a_lower_probability(
    a: float, b: float, c: float, one: float, other: float
) -> None:
    """Monotone for any parameters it accepts, without overflow at the ends."""
    low, high = sorted((one, other))
    p = Calibration(a=a, b=b, c=c).probability(np.array([low, high]))
    assert 0 <= p[0] <= p[1] <= 1


def test_it_refuses_parameters_that_would_reverse_the_ranking() -> None:
    """A damaged file cannot turn risk upside down."""
    with pytest.raises(ValidationError):
        Calibration(a=-1, b=1, c=0)


def test_it_is_stored_as_three_numbers() -> None:
    """Writing and reading back changes nothing."""
    fitted = Calibration.fit(RAW, DEFAULT)
    assert Calibration.model_validate_json(fitted.model_dump_json()) == fitted
