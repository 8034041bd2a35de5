"""When each client applied and when the outcome became known: the side table of a portfolio.

The archive's layout has no dates, so they stand apart, in ``application_dates``. Labelled clients
applied over two years, unlabelled ones in the last quarter. A default shows between one and twelve
months after the application; a good loan is known to be good after twelve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from portfolio.marginals import Codes
from portfolio.people import People

FIRST_DAY = date(2024, 1, 1)  # a Monday
DAYS = 728  # 24 months in whole weeks
_UNLABELLED_FROM = 637  # the last quarter
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_GOOD_AFTER = 365
STEM = "application_dates"


@dataclass(frozen=True)
class Calendar:
    """Application day of each client of a block, in days since :data:`FIRST_DAY`."""

    day: Codes


def draw(people: People, weekday: Codes, order: tuple[str, ...]) -> Calendar:
    """Draw the application days of a block, each on the ``weekday`` the application states."""
    rng = people.stream("dates")
    start = 0 if people.labelled else _UNLABELLED_FROM // 7
    week = rng.integers(start, DAYS // 7, people.size)
    position = np.array([_WEEKDAYS.index(label) for label in order])
    return Calendar(week * 7 + position[weekday])


def table(people: People, calendar: Calendar, default: Codes) -> pl.DataFrame:
    """One row per client: application date, date the outcome is known, outcome."""
    rng = people.stream("outcomes")
    wait = np.where(default == 1, rng.integers(30, _GOOD_AFTER, people.size), _GOOD_AFTER)
    first = pl.lit(FIRST_DAY)
    return pl.DataFrame(
        {
            "SK_ID_CURR": people.ids,
            "day": calendar.day,
            "wait": wait,
            "outcome": default.astype(np.int64),
        }
    ).select(
        "SK_ID_CURR",
        application_date=first + pl.duration(days=pl.col("day")),
        outcome_date=first + pl.duration(days=pl.col("day") + pl.col("wait")),
        outcome=pl.col("outcome"),
    )
