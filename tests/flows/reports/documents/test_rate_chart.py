"""A chart of rates: a picture, and the same numbers."""

from __future__ import annotations

import re

from flows.reports.documents.rate_chart import Rates, rate_chart, rate_table

RATE = {"clients": 1500, "rate": 0.1, "low": 0.08, "high": 0.12}
SERIES = (Rates("un", (RATE, RATE)), Rates("deux", (RATE, None)))
NAMES = ("< 1", "une classe au nom trop long pour un axe")


def test_the_table_says_what_the_picture_shows() -> None:
    """Each category has its row: clients, rate and interval; a small group is said small."""
    head, rows = rate_table("Classe", NAMES, SERIES)
    assert len(head) == 1 + 2 * len(SERIES)
    assert rows[0][1:3] == ("1\u202f500", "10,0\u202f% (8,0 à 12,0)")
    assert rows[1][3] == "moins de 20"


def test_the_picture_names_itself_and_its_archives() -> None:
    """Title for who cannot see, legend for who can, long names cut."""
    picture = rate_chart("Titre <b>", "Classe", NAMES, SERIES)
    assert 'role="img" aria-label="Titre &lt;b&gt;"' in picture
    assert all(f">{archive.name}<" in picture for archive in SERIES)
    assert "une classe au no…" in picture


def test_a_rate_too_small_to_show_is_not_drawn() -> None:
    """With one rate fewer there is one mark and one whisker fewer."""
    full = (SERIES[0], Rates("deux", (RATE, RATE)))
    assert _marks(rate_chart("Titre", "Classe", NAMES, full)) > _marks(
        rate_chart("Titre", "Classe", NAMES, SERIES)
    )


def _marks(picture: str) -> int:
    return len(re.findall("<use", picture))
