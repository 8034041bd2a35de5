"""Pictures: readable without seeing, safe inside a page, the same figures the same text."""

from __future__ import annotations

import re

import pytest

from features.catalogue import CATALOGUE
from features.raw.tables import Language
from flows.reports import figures
from flows.reports.figures import Bar, Chart, Line
from scoring.facts import FACTS
from tests.scoring import small_scorecard


def chart(language: Language) -> Chart:
    """Return the words of a picture."""
    return Chart('Coût & "seuil" <b>', "x", "y", language, y="percent")


def lines(language: Language) -> str:
    """Return a picture of two lines."""
    drawn = (Line("one", (0.0, 0.5, 1.0), (0.0, 0.25, 0.5)), Line("two", (0.0, 1.0), (0.5, 0.1)))
    return figures.line_chart(chart(language), drawn, ("cut-off", 0.5))


def test_the_same_figures_give_the_same_picture() -> None:
    """A document that is rendered again does not change."""
    assert lines("fr") == lines("fr")


def test_a_picture_is_named_and_fetches_nothing() -> None:
    """Its title is escaped and read aloud; no address stands in it."""
    picture = lines("en")
    assert picture.startswith('<svg role="img" aria-label="Coût &amp; &quot;seuil&quot; &lt;b&gt;"')
    assert "http" not in picture
    assert not re.search(r'href="[^#]|<style|<\?xml', picture)


def test_axes_are_written_in_the_language_of_the_reader() -> None:
    """French shares have a decimal comma and a space, English ones neither."""
    assert re.search(r">0,[05]<", lines("fr"))
    assert re.search(r">\d+(,\d)?\u00a0%<", lines("fr"))
    assert re.search(r">0\.[0-9]<", lines("en"))
    assert re.search(r">\d+(\.\d)?%<", lines("en"))


def test_lines_differ_without_colour() -> None:
    """Printed in black and white, each line has dashes of its own."""
    drawn = re.findall(r"stroke-dasharray: ([^;\"]+)", lines("en"))
    assert len(set(drawn)) >= 2


@pytest.mark.parametrize("item", list(small_scorecard.CURVES))
def test_every_curve_can_be_drawn(item: str) -> None:
    """Categories, flags and numbers, known or not for most, show their edges and the unknown."""
    curve = small_scorecard.curve(item, *small_scorecard.CURVES[item])
    picture = figures.item_curve(
        curve, FACTS[item].form, item, "en",
        categories=CATALOGUE[item].categories, usual=small_scorecard.TYPICAL[item],
    )  # fmt: skip
    assert "not known" in picture


def test_bars_show_their_intervals() -> None:
    """Each bar stands under its name."""
    bars = [Bar("A", 0.1, (0.05, 0.2)), Bar("B", -0.2)]
    picture = figures.bar_chart(chart("en"), bars)
    assert ">A<" in picture
    assert ">B<" in picture
