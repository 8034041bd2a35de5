"""Numbers, amounts, dates and durations, as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ui.format import Format
from ui.words import words_in

FRENCH, ENGLISH = Format(words_in("fr")), Format(words_in("en"))


def plain(written: str) -> str:
    """Replace the spaces that do not break by ordinary ones."""
    return written.replace("\u202f", " ").replace("\u00a0", " ")


def test_amounts_follow_the_language() -> None:
    """French puts the sign behind and a decimal comma, English in front and a point."""
    assert plain(FRENCH.money(1234.5)) == "1 234,50 €"
    assert ENGLISH.money(1234.5) == "€1,234.50"
    assert plain(FRENCH.money(-98_000)) == "−98 000 €"
    assert ENGLISH.money(-98_000) == "−€98,000"


def test_the_currency_is_a_setting() -> None:
    """The same amount can be written in another currency."""
    assert plain(Format(words_in("fr"), "CHF").money(12)) == "12 CHF"
    assert plain(Format(words_in("en"), "USD").money(12)) == "$12"


def test_shares_are_percentages() -> None:
    """A space before the sign in French, none in English."""
    assert plain(FRENCH.percent(0.41)) == "41 %"
    assert ENGLISH.percent(0.41) == "41%"


def test_dates_follow_the_language() -> None:
    """Days are written as people of the language do."""
    day = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    assert FRENCH.date(day) == "23/11/2026"
    assert ENGLISH.date(day) == "23 November 2026"


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        (1, "1 jour", "1 day"),
        (45, "45 jours", "45 days"),
        (152, "5 mois", "5 months"),
        (1278, "3,5 ans", "3.5 years"),
        (14_100, "38 ans", "38 years"),
        (0, "0 jour", "0 days"),
    ],
)
def test_durations_take_the_unit_that_reads_best(days: int, french: str, english: str) -> None:
    """Days, then months, then years; singular where the language wants it."""
    assert FRENCH.duration(days) == french
    assert ENGLISH.duration(days) == english


@pytest.mark.parametrize(
    ("name", "days", "french"),
    [
        ("birth_days", -14_100, "38 ans"),
        ("phone_change_days", -12, "il y a 12 jours"),
        ("instalments_late_days_mean", -3, "3 jours d'avance"),
        ("instalments_late_days_mean", 3, "3 jours de retard"),
        ("bureau_end_days_open_mean", 400, "dans 13 mois"),
        ("pos_days_past_due_max", 5, "5 jours"),
    ],
)
def test_days_are_said_by_what_they_measure(name: str, days: int, french: str) -> None:
    """An age, a past date, a future date and a delay are not said alike."""
    assert FRENCH.value(days, "days", name) == french


@pytest.mark.parametrize(
    ("name", "value", "unit", "french"),
    [
        ("pos_remaining_months_slope", -0.2, "months", "−0,2 mois"),
        ("instalments_late_days_slope", 3.0, "days", "+3 jours"),
        ("pos_month_max", -4, "months", "il y a 4 mois"),
        ("external_score_times_age", 3.3, "years", "3,3"),
    ],
)
def test_changes_and_products_are_not_said_as_lengths(
    name: str, value: float, unit: str, french: str
) -> None:
    """A fall of 0.2 month is not 0.2 month ago."""
    assert FRENCH.value(value, unit, name) == french


def test_missing_values_are_said_in_words() -> None:
    """Nothing is shown as an empty cell."""
    assert FRENCH.value(None, "amount") == "non renseigné"
    assert ENGLISH.value(None, "days") == "not given"


def test_flags_and_categories_are_words() -> None:
    """No code of the data is shown."""
    assert FRENCH.value(1, "flag") == "oui"
    assert FRENCH.value(0, "") == "non"
    assert FRENCH.value("Cash loans", "category") == "Prêt personnel"


def test_no_negative_zero() -> None:
    """What rounds to zero has no sign."""
    assert FRENCH.number(-0.2) == "0"
