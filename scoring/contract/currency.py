"""The lender's currency: the one default, and how each language writes an amount in it."""

from __future__ import annotations

from types import MappingProxyType

from features.raw.tables import Language

CURRENCIES = MappingProxyType({"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"})
"""Currencies with their sign. A lender of another one gives its sign itself."""
CURRENCY = "EUR"
"""What amounts are in where ``SCORING_CURRENCY`` names none."""

_HARD = "\u00a0"
_MINUS = "\u2212"


def in_currency(written: str, currency: str, language: Language) -> str:
    r"""Return an amount, as ``language`` writes its number, with the sign of ``currency``.

    >>> in_currency("1,234", "EUR", "en"), in_currency("1,234", "CHF", "en")
    ('€1,234', 'CHF\xa01,234')
    >>> in_currency("1234", "EUR", "fr"), in_currency("1234", "", "fr")
    ('1234\xa0€', '1234')
    """
    sign = CURRENCIES.get(currency, currency)
    if not sign:
        return written
    if language == "fr":
        return f"{written}{_HARD}{sign}"
    minus = _MINUS if written.startswith(_MINUS) else ""
    joint = _HARD if len(sign) > 1 else ""
    return f"{minus}{sign}{joint}{written.removeprefix(_MINUS)}"
