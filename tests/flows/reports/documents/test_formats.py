"""Figures written as a French and an English reader expect them."""

from __future__ import annotations

from flows.reports.documents.formats import Formats

FR, EN = Formats("fr"), Formats("en")


def test_each_language_has_its_marks() -> None:
    """Comma and thin space in French, point and comma in English."""
    assert FR.decimal(1234.5, 1) == "1\u202f234,5"
    assert EN.decimal(1234.5, 1) == "1,234.5"
    assert FR.percent(0.0814, 2) == "8,14\u202f%"
    assert FR.between((0.1, 0.25), 2) == "0,10 à 0,25"
    assert EN.between_percent((0.1, 0.25), 0) == "10\u202f% to 25\u202f%"
    assert FR.signed(-0.0005, 4) == "\u22120,0005"


def test_a_moment_is_said_in_universal_time() -> None:
    """Whatever the zone it was written in, to the minute."""
    assert FR.moment("2026-02-01T00:30:59+02:00") == "31 janvier 2026 à 22:30 UTC"
    assert EN.moment("2026-11-24T18:18:31+00:00") == "24 November 2026, 18:18 UTC"


def test_what_is_not_known_is_said() -> None:
    """Neither zero nor an error: a missing figure is said missing."""
    assert FR.percent(None) == "n. d."
    assert EN.decimal(float("nan")) == "n/a"
