"""Trying other terms: what the sliders offer and what is sent."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_in import DECLINED, dossier, explanation

from ui.open_case import OpenCase, open_case_of
from ui.simulation import changes_of, slider_range


def opened() -> OpenCase:
    """Return the invented client's open case; the price of the goods is not known."""
    return open_case_of(explanation(DECLINED, "fr"), dossier(DECLINED, "fr"))


@pytest.mark.parametrize(("value", "step"), [(135_000, 2_000), (4_380.5, 50), (98.0, 1)])
def test_sliders_move_in_commercial_steps(value: float, step: float) -> None:
    """One, two or five hundredths of the amount's size."""
    assert slider_range(value).step == step


@given(st.floats(min_value=1, max_value=1e9))
def test_the_client_s_own_value_is_on_the_slider(value: float) -> None:
    """Nothing moves by itself, and no slider reaches zero or below."""
    least, most, step = slider_range(round(value, 2))
    steps = (round(value, 2) - least) / step
    assert 0 < least <= round(value, 2) <= most
    assert math.isclose(steps, round(steps), abs_tol=0.02)


def test_only_what_was_moved_is_sent() -> None:
    """An item left alone, unknown or emptied is no change."""
    case = opened()
    assert case.held == (135_000, 4_380.5, None, 128_250)
    assert changes_of(case, (98_000, 4_380.5, 12, None)) == {"amount_credit": 98_000}
    assert changes_of(case, case.held) == {}
