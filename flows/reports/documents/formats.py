"""How a document writes its figures, in French or in English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from features.raw.tables import Language

MONTHS: dict[Language, tuple[str, ...]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
        *("août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}
NOT_KNOWN = {"fr": "n. d.", "en": "n/a"}


@dataclass(frozen=True)
class Formats:
    """The filters of one language. A figure that is not known is said so, never zero."""

    language: Language

    def decimal(self, value: float | None, digits: int = 3) -> str:
        """Return the value with that many digits after the mark."""
        if value is None or value != value:
            return NOT_KNOWN[self.language]
        return self._marked(f"{value:,.{digits}f}")

    def percent(self, value: float | None, digits: int = 1) -> str:
        """Return a share as a percentage."""
        if value is None or value != value:
            return NOT_KNOWN[self.language]
        return self._marked(f"{100 * value:,.{digits}f}") + "\u202f%"

    def whole(self, value: float | None) -> str:
        """Return the value without decimals, thousands apart."""
        return self.decimal(value, 0)

    def signed(self, value: float, digits: int = 4) -> str:
        """Return a difference with its sign."""
        return self._marked(f"{value:+.{digits}f}").replace("-", "\u2212")

    def between(self, ends: Sequence[float], digits: int = 3) -> str:
        """Return an interval in words."""
        return self._joined([self.decimal(end, digits) for end in ends])

    def between_percent(self, ends: Sequence[float], digits: int = 1) -> str:
        """Return an interval of shares in words."""
        return self._joined([self.percent(end, digits) for end in ends])

    def moment(self, stamp: str) -> str:
        """Return an ISO date and time in words, in UTC, to the minute."""
        at = datetime.fromisoformat(stamp).astimezone(UTC)
        said = f"{at.day} {MONTHS[self.language][at.month - 1]} {at.year}"
        return f"{said}{', ' if self.language == 'en' else ' à '}{at:%H:%M} UTC"

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters by the name templates use."""
        return {
            "decimal": self.decimal,
            "percent": self.percent,
            "whole": self.whole,
            "signed": self.signed,
            "between": self.between,
            "between_percent": self.between_percent,
            "moment": self.moment,
        }

    def _joined(self, ends: Sequence[str]) -> str:
        return (" à " if self.language == "fr" else " to ").join(ends)

    def _marked(self, text: str) -> str:
        if self.language == "en":
            return text
        return text.replace(",", "\u202f").replace(".", ",")
