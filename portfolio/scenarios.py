"""Drifts that can be switched on, each starting on a known day.

A scenario changes the applications received from :data:`START` on; what came before is the same,
client by client, as in a portfolio without scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from portfolio.applications import within_a_life
from portfolio.dates import FIRST_DAY, Calendar
from portfolio.errors import InvalidRequest
from portfolio.marginals import Floats
from portfolio.people import People
from portfolio.variables import Known, Orders

START_DAY = 546  # eighteen months in
START = FIRST_DAY + timedelta(days=START_DAY)
_OUTAGE_DAYS = 42
_NEW_CHANNEL_SHARE = 0.35

Change = Callable[[dict[str, np.ndarray], np.ndarray, Orders, np.random.Generator], Floats]


def _nothing(
    known: dict[str, np.ndarray], after: np.ndarray, orders: Orders, rng: np.random.Generator
) -> Floats:
    """No drift at all."""
    del known, orders, rng
    return np.zeros(len(after))


def _recession(
    known: dict[str, np.ndarray], after: np.ndarray, orders: Orders, rng: np.random.Generator
) -> Floats:
    """Incomes fall by a tenth, job tenures shrink, and everybody defaults more."""
    del orders
    fall = np.where(after, rng.uniform(0.82, 0.98, len(after)), 1.0)
    known["AMT_INCOME_TOTAL"] = np.round(known["AMT_INCOME_TOTAL"] * fall, 2)
    tenure = np.where(after, 0.8, 1.0)
    known["DAYS_EMPLOYED"] = np.floor(known["DAYS_EMPLOYED"] * tenure)
    return np.where(after, 0.6, 0.0)


def _new_channel(
    known: dict[str, np.ndarray], after: np.ndarray, orders: Orders, rng: np.random.Generator
) -> Floats:
    """A third of applications come online, at night too, from younger people nobody has scored."""
    chosen = after & (rng.random(len(after)) < _NEW_CHANNEL_SHARE)
    younger = np.maximum(known["DAYS_BIRTH"] * 0.7, -25_000).clip(max=-7_700)
    known["DAYS_BIRTH"] = np.where(chosen, np.round(younger), known["DAYS_BIRTH"])
    within_a_life(known)
    known["HOUR_APPR_PROCESS_START"] = np.where(
        chosen, rng.integers(0, 24, len(after)), known["HOUR_APPR_PROCESS_START"]
    )
    for score in ("EXT_SOURCE_1", "EXT_SOURCE_3"):
        unseen = chosen & (rng.random(len(after)) < 0.8)
        known[score] = np.where(unseen, np.nan, known[score])
    email = orders["FLAG_EMAIL"].index("yes")
    known["FLAG_EMAIL"] = np.where(chosen, email, known["FLAG_EMAIL"])
    return np.where(chosen, 0.4, 0.0)


def _bureau_outage(
    known: dict[str, np.ndarray], after: np.ndarray, orders: Orders, rng: np.random.Generator
) -> Floats:
    """For six weeks the bureau does not answer: no external score 3, no count of requests."""
    del orders, rng
    known["EXT_SOURCE_3"] = np.where(after, np.nan, known["EXT_SOURCE_3"])
    for name in [n for n in known if n.startswith("AMT_REQ_CREDIT_BUREAU")]:
        known[name] = np.where(after, np.nan, known[name])
    return np.zeros(len(after))


def _broken_column(
    known: dict[str, np.ndarray], after: np.ndarray, orders: Orders, rng: np.random.Generator
) -> Floats:
    """Incomes arrive in thousands: the column is wrong, the people are not."""
    del orders, rng
    known["AMT_INCOME_TOTAL"] = np.where(
        after, known["AMT_INCOME_TOTAL"] / 1_000, known["AMT_INCOME_TOTAL"]
    )
    return np.zeros(len(after))


SCENARIOS: dict[str, Change] = {
    "none": _nothing,
    "recession": _recession,
    "new_channel": _new_channel,
    "bureau_outage": _bureau_outage,
    "broken_column": _broken_column,
}
_OF_PEOPLE = frozenset({"recession", "new_channel"})  # the others change records, not risk


def check(name: str) -> None:
    """Raise ``InvalidRequest`` when there is no scenario ``name``."""
    if name not in SCENARIOS:
        msg = f"There is no scenario {name!r}. Choose one of: {', '.join(SCENARIOS)}."
        raise InvalidRequest(msg)


def changes_people(name: str) -> bool:
    """Whether scenario ``name`` changes who applies, rather than what is recorded of them."""
    return name in _OF_PEOPLE


def apply(
    name: str, people: People, known: Known, calendar: Calendar, orders: Orders
) -> tuple[dict[str, np.ndarray], Floats]:
    """The variables under scenario ``name`` and what it adds to each default log-odds."""
    changed = dict(known)
    after = calendar.day >= START_DAY
    if name == "bureau_outage":
        after &= calendar.day < START_DAY + _OUTAGE_DAYS
    added = SCENARIOS[name](changed, after, orders, people.stream(f"scenario {name}"))
    return changed, added
