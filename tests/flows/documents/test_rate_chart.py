"""A chart of rates: picture, sentence and the same numbers."""

from __future__ import annotations

import re

from flows.steps.documents.rate_chart import RateChart, Rates

RATE = {"clients": 1500, "rate": 0.1, "low": 0.08, "high": 0.12}


def chart() -> RateChart:
    """Two archives, two categories, one of them too small in the second."""
    series = (Rates("un <jeu>", (RATE, RATE)), Rates("deux", (RATE, None)))
    return RateChart("Titre", "Une phrase.", "Classe", ("< 1", "≥ 1"), series)


def test_the_table_says_what_the_picture_shows() -> None:
    """Each mark has its row: clients, rate and interval; a small group is said small."""
    html = chart().html()
    assert html.count("<tr>") == 3
    assert "1\u202f500" in html
    assert "10,0 % (8,0 à 12,0)" in html
    assert "moins de 20" in html
    assert "<jeu>" not in html


def test_marks_differ_by_shape_too() -> None:
    """Archives are told apart without colour, in the picture and in its key."""
    picture = chart().picture()
    assert len(re.findall("<circle", picture)) == 2 + 1
    assert len(re.findall("<rect", picture)) == 1 + 1
    assert "role='img'" in picture
