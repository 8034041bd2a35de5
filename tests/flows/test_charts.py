"""Charts of lines and bars: readable axes, numbers beside each picture."""

from __future__ import annotations

import pytest

from flows.steps.charts import ENGLISH, FRENCH, Bars, Figure, Series, ticks


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0.0, 0.363, (0.0, 0.1, 0.2, 0.3)),
        (-3.0, 3.0, (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)),
        (0.4, 0.918, (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
        (2.0, 2.0, (2.0,)),
    ],
)
def test_axes_have_round_values(low: float, high: float, expected: tuple[float, ...]) -> None:
    """A reader finds 0.1 and 0.2 on the axis, not 0.0726 and 0.145."""
    assert ticks(low, high) == pytest.approx(expected)


def test_each_language_writes_its_numbers() -> None:
    """Large numbers keep their digits; the decimal mark is the reader's."""
    assert FRENCH.number(0.0726) == "0,0726"
    assert FRENCH.number(1200) == "1200"
    assert ENGLISH.number(0.5) == "0.5"


def test_the_numbers_are_beside_the_picture() -> None:
    """Lines and bars come with their values in a table, in the language of the chart."""
    lines = Figure("Title", "A sentence.", "x", "y", (Series("one", (0.0, 1.0), (0.0, 0.25)),))
    assert "<td>0.25</td>" in lines.html()
    bars = Bars("Titre", "Une phrase.", "Part", (("a & b", 0.25),), FRENCH)
    assert "<td>0,25</td>" in bars.html()
    assert "a &amp; b" in bars.html()
    assert "<table" not in bars.picture()
