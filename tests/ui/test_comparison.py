"""The quantile strip."""

from __future__ import annotations

import re

import pytest
from stand_in import standing

from ui.comparison import at_quantile, quantile_strip
from ui.format import Format
from ui.words import words_in

FRENCH = Format(words_in("fr"))


@pytest.mark.parametrize(("share", "value"), [(0, 0), (0.25, 25_000), (0.52, 52_000), (1, 100_000)])
def test_quantiles_are_read_between_the_points(share: float, value: float) -> None:
    """Twenty-one points give any share."""
    assert at_quantile(standing("fr", "item_0", 1.0), share) == pytest.approx(value)


@pytest.mark.parametrize("value", [-1e9, 0.0, 50_000.0, 1e9])
def test_the_mark_stays_on_the_strip(value: float) -> None:
    """A client beyond the group's ends is drawn at the end."""
    drawn = quantile_strip(standing("fr", "item_0", value), "granted", FRENCH)
    place = re.search(r'<svg x="([\d.]+)%"', drawn)
    assert place is not None
    assert 0 <= float(place[1]) <= 100


def test_a_group_of_equal_values_can_be_drawn() -> None:
    """A strip without width puts everything in its middle."""
    flat = standing("fr", "item_0", 5.0).model_copy(update={"quantiles": [5.0] * 21})
    assert 'x1="50.00%"' in quantile_strip(flat, "all", FRENCH)
