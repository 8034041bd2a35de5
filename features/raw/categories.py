"""The words of the categories of the raw tables, in both languages: ``categories.csv``, read once.

The archive spells categories its own way (``Laborers``, ``House / apartment``); whoever shows one
to a person says it in their language.
"""

from __future__ import annotations

import csv
from pathlib import Path
from types import MappingProxyType

from features.raw.tables import Language, Words

DECLARATION = Path(__file__).with_name("categories.csv")


def _declared() -> dict[str, Words]:
    with DECLARATION.open(encoding="utf-8", newline="") as lines:
        return {row["value"]: Words(row["fr"], row["en"]) for row in csv.DictReader(lines)}


CATEGORIES = MappingProxyType(_declared())
"""Every category that is worded, by its spelling in the archive."""


def category_words(value: str, language: Language) -> str:
    """Return the words of a category; the archive's own spelling when it has none.

    >>> category_words("Laborers", "en")
    'Labourers'
    """
    words = CATEGORIES.get(value)
    return value if words is None else words.in_(language)
