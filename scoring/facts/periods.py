"""Which rows of a history a fact is about: a period, the latest ones, a kind of loan.

A part names its items as the catalogue does (``pos_late_months`` over ``12_months`` counted is
``pos_late_months_12_months_count``) and says itself at the end of a noun.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a history: its name in an item's, and its words, a space before them."""

    name: str
    fr: str
    en: str

    def item(self, measure: str, statistic: str) -> str:
        """Return the name of the item that sums up ``measure`` over this part."""
        return "_".join(filter(None, (measure, self.name, statistic)))


ALL = Part("", "", "")
"""The whole history."""


def months(count: int) -> Part:
    """Return the part of the last ``count`` months."""
    return Part(f"{count}_months", f" sur {count} mois", f" over the last {count} months")


def days(count: int) -> Part:
    """Return the part of the last ``count`` days."""
    return Part(f"{count}_days", f" sur {count} jours", f" over the last {count} days")


def latest(count: int) -> Part:
    """Return the part of the latest ``count`` rows, of which a client may have fewer."""
    return Part(
        f"last_{count}",
        f" parmi les dernières ({count} au plus)",
        f" among the latest ({count} at most)",
    )
