"""Figures as each language writes them inside a fact: numbers, shares, amounts, durations, words.

A figure is rounded as people say it, and two figures that read alike are alike: a fact never
compares what a person could not tell apart. How a figure is written follows from what it is rounded
to, so that a change nobody could see never writes one figure in two ways (5 % and 5.0 %). Thin and
non-breaking spaces keep a number and its unit on one line.
"""

from __future__ import annotations

from typing import Literal

from features.raw.categories import category_words
from features.raw.tables import Language, Words
from scoring.contract.currency import in_currency

Value = float | str | None
Form = Literal[
    "amount", "percent", "times", "count", "score", "years", "months", "days",
    "since_days", "since_months", "ahead_days", "after_days", "flag", "word",
]  # fmt: skip
"""How a value is said. ``since_*`` is a past moment (counted negatively from the application),
``ahead_days`` one to come, ``after_days`` days after a moment that the sentence names, before it
when negative; ``times`` a multiple; ``percent`` a share of 1."""

THIN = "\u202f"
HARD = "\u00a0"
DAYS_A_MONTH = 30.4375
MONTHS_A_YEAR = 12

_UNITS: dict[str, tuple[Words, Words]] = {
    "days": (Words("jour", "day"), Words("jours", "days")),
    "months": (Words("mois", "month"), Words("mois", "months")),
    "years": (Words("an", "year"), Words("ans", "years")),
}
_UNKNOWN = Words("non connu", "not known")
_AFTER, _BEFORE = Words("après", "after"), Words("avant", "before")
_FLAG = (Words("non", "no"), Words("oui", "yes"))


def figure(value: Value, form: Form, language: Language, currency: str = "") -> str:
    r"""Return ``value`` in words; amounts are in ``currency``, a code or a sign; in none if empty.

    >>> figure(0.413, "percent", "en"), figure(135_000.0, "amount", "en", "EUR")
    ('41%', '€135,000')
    """
    if value is None:
        return _UNKNOWN.in_(language)
    if isinstance(value, str):
        return category_words(value, language)
    if form == "flag":
        return _FLAG[round(value)].in_(language)
    if form == "amount":
        return in_currency(number(_whole(value), language), currency, language)
    if form == "percent":
        return _percent(value, language)
    if form in {"years", "months", "days"}:
        return _length(value, form, language)
    if form == "after_days":
        side = _BEFORE if round(value) < 0 else _AFTER
        return f"{_span(value, form, language)} {side.in_(language)}"
    if form in {"since_days", "since_months", "ahead_days"}:
        return _span(value, form, language)
    return number(value, language, _decimals(value, form))


def number(value: float, language: Language, decimals: int = 0) -> str:
    """Return a number as the language writes it: ``1 234,5`` or ``1,234.5``."""
    written = f"{value:,.{decimals}f}"
    if not float(written.replace(",", "")):
        written = written.removeprefix("-")
    if language == "fr":
        written = written.replace(",", THIN).replace(".", ",")
    return written.replace("-", "\u2212")


def _whole(amount: float) -> float:
    """Three significant digits above a thousand: a person compares no more."""
    if abs(amount) < 1000:
        return round(amount)
    return float(f"{amount:.3g}")


def _percent(share: float, language: Language) -> str:
    said = round(100 * share, 1)
    decimals = 0 if abs(said) >= 10 or said.is_integer() else 1
    return number(100 * share, language, decimals) + (f"{HARD}%" if language == "fr" else "%")


def _decimals(value: float, form: Form) -> int:
    if form == "score":
        return 2
    if form == "count" and round(value, 1).is_integer():
        return 0
    return 1


def _length(value: float, unit: str, language: Language) -> str:
    decimals = 0 if unit == "days" or round(value, 1).is_integer() or abs(value) >= 10 else 1
    return _counted(round(value, decimals), unit, language, decimals)


def _counted(value: float, unit: str, language: Language, decimals: int = 0) -> str:
    one, more = _UNITS[unit]
    single = abs(value) < 2 if language == "fr" else value == 1
    words = (one if single else more).in_(language)
    return f"{number(value, language, decimals)}{HARD}{words}"


def _span(value: float, form: Form, language: Language) -> str:
    """A span of time in days below three months, else in years and months."""
    days = abs(value) * (DAYS_A_MONTH if form == "since_months" else 1.0)
    if form != "since_months" and round(days) < 90:
        return _counted(round(days), "days", language)
    months = round(days / DAYS_A_MONTH)
    years, rest = divmod(months, MONTHS_A_YEAR)
    if not years:
        return _counted(months, "months", language)
    said = _counted(years, "years", language)
    if not rest:
        return said
    joint = " et " if language == "fr" else " and "
    return said + joint + _counted(rest, "months", language)
