"""Numbers, amounts, dates and durations as each language writes them.

Thin and non-breaking spaces keep a number and its unit on one line. ``None`` is a missing value
and is said in words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime

from scoring.contract import Value
from scoring.contract.currency import CURRENCIES, CURRENCY
from ui.words import Words

THIN = "\u202f"
HARD = "\u00a0"
DAYS_A_MONTH = 30.4375
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Format:
    """How one language writes values; ``currency`` is a key of ``CURRENCIES``."""

    words: Words
    currency: str = CURRENCY

    @property
    def french(self) -> bool:
        """Say whether values are written the French way (the English way otherwise)."""
        return self.words.language == "fr"

    def number(self, number: float, decimals: int = 0) -> str:
        """Write a number: ``1 234,5`` in French, ``1,234.5`` in English."""
        written = f"{number:,.{decimals}f}"
        if float(written.replace(",", "")) == 0:
            written = written.removeprefix("-")
        if self.french:
            written = written.replace(",", THIN).replace(".", ",")
        return written.replace("-", "\u2212")

    def short(self, number: float, most: int = 2) -> str:
        """Write a number with at most ``most`` decimals and no useless zero."""
        for decimals in range(most):
            if math.isclose(number, round(number, decimals), abs_tol=1e-9):
                return self.number(number, decimals)
        return self.number(number, most)

    def identifier(self, number: int) -> str:
        """Write a case number in groups of three: ``100 234``."""
        return f"{number:,}".replace(",", THIN)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 1: ``41 %`` in French, ``41%`` in English."""
        return self.number(100 * share, decimals) + (f"{HARD}%" if self.french else "%")

    def money(self, amount: float) -> str:
        """Write an amount: ``1 234,50 €`` or ``€1,234.50``; no cents when there are none."""
        decimals = 0 if math.isclose(amount, round(amount), abs_tol=0.004) else 2
        sign = CURRENCIES[self.currency]
        if self.french:
            return f"{self.number(amount, decimals)}{HARD}{sign}"
        joint = HARD if len(sign) > 1 else ""
        minus = "\u2212" if amount < 0 else ""
        return f"{minus}{sign}{joint}{self.number(abs(amount), decimals)}"

    def date(self, moment: date) -> str:
        """Write a day: ``23/11/2026`` in French, ``23 November 2026`` in English."""
        if self.french:
            return f"{moment:%d/%m/%Y}"
        return f"{moment.day} {self.words(f'month.{moment.month}')} {moment.year}"

    def moment(self, moment: datetime) -> str:
        """Write a day and time of the local clock: ``23/11/2026 à 14 h 05``."""
        local = moment.astimezone()
        clock = f"{local:%H}{HARD}h{HARD}{local:%M}" if self.french else f"{local:%H:%M}"
        return self.words("moment", date=self.date(local), clock=clock)

    def duration(self, days: float) -> str:
        """Write a length of time in days, months or years, whichever reads best."""
        length = abs(days)
        if length < 90:
            return self.words.count("unit.days", round(length))
        if length < 2 * DAYS_A_YEAR:
            return self.words.count("unit.months", round(length / DAYS_A_MONTH))
        years = length / DAYS_A_YEAR
        if years >= 10:
            return self.words.count("unit.years", math.floor(years))
        return self._counted("unit.years", round(years, 1))

    def span(self, days: float, name: str) -> str:
        """Write days by what they measure: a length, a date past or to come, early or late.

        The service counts days from the application, the past being negative; ``name`` says
        what is counted.
        """
        if name.startswith(LENGTHS):
            return self.duration(days)
        if any(part in name for part in LATENESS):
            side = "late" if days > 0 else "early" if days < 0 else "on_time"
            return self.words(f"span.{side}", length=self.duration(days))
        if days < 0:
            return self.words("span.past", length=self.duration(days))
        if any(part in name for part in DATES):
            return self.words("span.future", length=self.duration(days))
        return self.duration(days)

    def value(self, value: Value, unit: str, name: str = "") -> str:
        """Write any value the service holds, by its unit; in words when it is missing."""
        if value is None:
            return self.words("value.missing")
        if isinstance(value, str):
            return self.words.category(value)
        if any(part in name for part in NO_UNIT):
            return self._plain(float(value))
        if any(part in name for part in SIGNED):
            return self._signed(float(value), unit)
        if unit in _DAYS:
            return self.span(float(value), name)
        if unit in _COUNTED and value < 0:
            return self.words("span.past", length=self._number_of(float(value), unit))
        return self._number_of(float(value), unit)

    def _signed(self, number: float, unit: str) -> str:
        """Write a change: a rise has a plus, a fall a minus, and days stay days."""
        sign = "+" if number > 0 else "\u2212" if number < 0 else ""
        if unit in _DAYS:
            return sign + self._counted("unit.days", round(abs(number), 1))
        return sign + self._number_of(abs(number), unit)

    def _plain(self, number: float) -> str:
        return self.short(number, 2 if abs(number) < 10 else 1)

    def _counted(self, key: str, number: float) -> str:
        single = number < 2 if self.french else number == 1
        return self.words(f"{key}.{'one' if single else 'other'}", number=self.short(number, 1))

    def _number_of(self, number: float, unit: str) -> str:
        if unit in _FLAGS and number in (0, 1):
            return self.words("value.yes" if number else "value.no")
        if unit in _MONEY:
            return self.money(round(number) if abs(number) >= 10_000 else number)
        if unit in _SHARES:
            small = abs(number) <= LARGEST_PERCENT_RATIO
            return (
                self.percent(number, 1 if abs(number) < 0.01 and number else 0)
                if small
                else (self._plain(number))
            )
        if unit in _COUNTED:
            return self._counted(_COUNTED[unit], abs(number))
        if unit == "hour":
            return self.words("value.hour", number=self.number(number))
        if unit in _ON_A_SCALE:
            return self.number(number, 2)
        return self._plain(number)


NO_UNIT = ("_times_",)
"""Parts of names that multiply two things: the number is comparable, its unit is not."""
SIGNED = ("_slope",)
"""Parts of names that measure a change: the sign is what matters."""
LENGTHS = ("birth_days", "employment_days")
"""Names whose days are a length of time, though counted from the past."""
LATENESS = ("late_days",)
"""Parts of names whose days are late when positive, early when negative."""
DATES = ("end_days", "first_due_days", "last_due_days", "termination_days")
"""Parts of names whose days are a date, to come when positive."""

LARGEST_PERCENT_RATIO = 2.0
"""Above it a ratio reads better as a number of times than as a percentage."""

_SHARES = frozenset({"share", "ratio", "rate", "percent"})
_MONEY = frozenset({"amount", "money", "currency"})
_FLAGS = frozenset({"", "flag", "boolean"})
_DAYS = frozenset({"days", "day"})
_COUNTED = {"months": "unit.months", "month": "unit.months", "years": "unit.years"}
_ON_A_SCALE = frozenset({"score", "index"})
