"""Monthly balances of credit cards, and the payments made on them.

A card is a small simulation: months without use, drawings, interest, a minimum due and payments.
Each balance is exactly the one before, plus interest and drawings, minus the payment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.raw.tables import TABLES
from portfolio.columns import as_kind
from portfolio.marginals import Codes, Floats
from portfolio.people import People
from portfolio.pos import MONTH_DAYS
from portfolio.previous_table import Loans
from portfolio.rows import Rows, cents, repeat

_MOST_MONTHS = 96
_INTEREST = 0.0365  # a month, of the balance
_MINIMUM = 0.05  # of the limit
_FIRST_USE = 0.35  # chance a month that a card is used for the first time
_WAKES, _SLEEPS = 0.03, 0.06  # the same for a card used before; that a used one is cleared
_DRAWS = 0.33  # chance a month of drawing on a card in use
_STARTS_LOW = 0.35  # cards whose limit is raised to the agreed one within three years
_CLOSED = 0.5  # cards that will be closed within eight years: cleared, and no limit from then on
_NO_MINIMUM = 0.25  # never used cards whose minimum due is unknown throughout
_LEFTOVER = 0.73  # cards that report a small constant payment in months without any
_LEFTOVER_MEDIAN = 250.0
_UNKNOWN_DRAWINGS = 0.9  # never used cards whose drawings are missing rather than zero
_LATE_LEVEL, _LATE_SPREAD = -4.6, 1.3
_COUNTED = 0.55  # of late months, those beyond the lender's tolerance


@dataclass(frozen=True)
class Month:
    """One month of every card of a block, dormant cards included."""

    balance: Floats
    drawn: Floats
    paid: Floats
    minimum: Floats
    interest: Floats
    days_past_due: Floats


@dataclass
class _State:
    balance: Floats
    in_use: np.ndarray
    was_used: np.ndarray
    late_days: Floats


def table(people: People, loans: Loans) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The card months of ``people`` and the instalment rows of their payments."""
    rng = people.stream("cards")
    chosen = np.flatnonzero(loans.is_card & (loans.credit > 0))
    rows = Rows(people, "cards", loans.owners[chosen], rng)
    first = np.clip(np.floor(-loans.decision[chosen] / MONTH_DAYS), 1, _MOST_MONTHS)
    rows.known["card months"] = first
    use = np.nan_to_num(rows.draw("card use"))
    never = use < 1e-3
    limits = _limits(rng, loans.credit[chosen], int(first.max(initial=1)))
    months = _simulate(people, rng, loans.owners[chosen], use, limits)
    card, rank = repeat(first.astype(np.int64))
    months_ago = first.astype(np.int64)[card] - rank
    hidden = never & (rng.random(len(chosen)) < _UNKNOWN_DRAWINGS)
    seen = Month(*(getattr(months, f)[rank, card] for f in Month.__dataclass_fields__))
    limit = limits[rank, card]
    nothing_due = never & (rng.random(len(chosen)) < _NO_MINIMUM)
    unknown = nothing_due[card] | ((rank == 0) & (rng.random(len(card)) < 0.9))
    columns = _columns(rng, seen, limit, hidden[card], card, rank)
    for name in ("AMT_INST_MIN_REGULARITY", "CNT_INSTALMENT_MATURE_CUM"):
        columns[name] = np.where(unknown, np.nan, columns[name])
    columns |= {
        "SK_ID_PREV": loans.ids[chosen][card],
        "SK_ID_CURR": people.ids[loans.owners[chosen]][card],
        "MONTHS_BALANCE": -months_ago,
    }
    status = np.where((months_ago == 1) & (seen.balance <= 0) & (rng.random(len(card)) < 0.3), 1, 0)
    status[(rank == 0) & (rng.random(len(card)) < 0.1)] = 2
    words = pl.Series(["Active", "Completed", "Signed"])
    frame = pl.DataFrame(
        [
            words.gather(status).alias(c.source)
            if c.kind == "category"
            else as_kind(c.source, c.kind, columns[c.source])
            for c in TABLES["cards"].columns
        ]
    )
    return frame, _payments(rng, columns, seen, months_ago)


def _limits(rng: np.random.Generator, agreed: Floats, steps: int) -> Floats:
    """Limit of each card (columns) in each month since its first (rows)."""
    n = len(agreed)
    raised = np.where(rng.random(n) < _STARTS_LOW, rng.integers(3, 36, n), 0)
    low = np.maximum(np.round(agreed * rng.choice([0.5, 0.75], n) / 45_000), 1) * 45_000
    low = np.minimum(low, agreed)
    closed = np.where(rng.random(n) < _CLOSED, rng.integers(2, _MOST_MONTHS, n), steps + 1)
    month = np.arange(steps)[:, None]
    return np.where(month >= closed, 0.0, np.where(month < raised, low, agreed))


def _simulate(
    people: People, rng: np.random.Generator, owners: Codes, use: Floats, limits: Floats
) -> Month:
    """Run every card from its first month on; arrays are months x cards."""
    n = len(use)
    trait = people.latents["trait late"][owners]
    late_chance = 1 / (1 + np.exp(-(_LATE_LEVEL + _LATE_SPREAD * trait)))
    state = _State(np.zeros(n), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n))
    target = np.minimum(use / 0.4, 1.05)
    kept: dict[str, list[Floats]] = {f: [] for f in Month.__dataclass_fields__}
    for limit in limits:
        month = _next(rng, state, target, limit, late_chance)
        for name, values in kept.items():
            values.append(getattr(month, name))
    return Month(*(np.stack(values) for values in kept.values()))


def _next(
    rng: np.random.Generator, state: _State, target: Floats, limit: Floats, late_chance: Floats
) -> Month:
    """Advance ``state`` by one month."""
    n = len(limit)
    usable = (target > 1e-3) & (limit > 0)
    chance = np.where(state.was_used, _WAKES + 0.2 * target**2, _FIRST_USE)
    wakes = usable & ~state.in_use & (rng.random(n) < chance)
    clears = state.in_use & (rng.random(n) < _SLEEPS * np.maximum(1.5 - target, 0.2))
    clears |= (limit <= 0) & (state.balance > 0)
    size = rng.random((4, n))
    before = state.balance
    interest = cents(_INTEREST * before)
    minimum = np.where(before > 0, np.minimum(cents(_MINIMUM * limit), before + interest), 0.0)
    room = np.maximum(target * limit - before, 0.0)
    draws = state.in_use & ~clears & (size[0] < _DRAWS)
    drawn = np.where(draws, 0.03 * limit * -np.log(1 - size[1]) + 0.6 * room * size[2], 0.0)
    drawn = np.where(wakes, target * limit * (0.3 + 0.7 * size[1]), drawn)
    drawn = cents(np.minimum(drawn, np.maximum(1.05 * limit - before, 0.0)))
    late = (before > 0) & (rng.random(n) < late_chance)
    generous = np.where(size[3] < 0.6, 1.0, 1.0 + 2.0 * rng.exponential(1, n))
    paid = np.where(late, 0.0, np.minimum(cents(minimum * generous), before + interest))
    paid = np.where(clears, before + interest, paid)
    state.balance = cents(before + interest + drawn - paid)
    state.in_use = (state.in_use | wakes) & ~clears
    state.was_used |= wakes
    state.late_days = np.where(late & ~clears, state.late_days + 30 * size[3], 0.0)
    return Month(state.balance, drawn, paid, minimum, interest, np.floor(state.late_days))


def _columns(
    rng: np.random.Generator,
    month: Month,
    limit: Floats,
    hidden: np.ndarray,
    card: Codes,
    rank: Codes,
) -> dict[str, np.ndarray]:
    n = len(limit)
    kind = rng.random(n)
    cash_share = np.where(kind < 0.52, 1.0, np.where(kind < 0.84, 0.0, rng.random(n)))
    cash = cents(month.drawn * cash_share)
    purchase = cents(month.drawn - cash)
    cash_count = np.where(cash > 0, 1 + rng.poisson(0.6, n), 0)
    purchase_count = np.where(purchase > 0, 1 + rng.poisson(5, n), 0)
    empty = np.where(hidden, np.nan, 0.0)
    due = (month.minimum > 0).astype(float)
    total = np.cumsum(due)
    start = np.flatnonzero(rank == 0)
    before = (total - due)[start]
    matured = total - before[card]
    principal = cents(month.balance - month.interest)
    return {
        "AMT_BALANCE": month.balance,
        "AMT_CREDIT_LIMIT_ACTUAL": limit,
        "AMT_DRAWINGS_ATM_CURRENT": cash + empty,
        "AMT_DRAWINGS_CURRENT": month.drawn,
        "AMT_DRAWINGS_OTHER_CURRENT": empty,
        "AMT_DRAWINGS_POS_CURRENT": purchase + empty,
        "AMT_INST_MIN_REGULARITY": month.minimum,
        "AMT_PAYMENT_CURRENT": np.where(month.paid > 0, month.paid, _leftover(rng, card)) + empty,
        "AMT_PAYMENT_TOTAL_CURRENT": month.paid,
        "AMT_RECEIVABLE_PRINCIPAL": np.maximum(principal, 0.0),
        "AMT_RECIVABLE": month.balance,
        "AMT_TOTAL_RECEIVABLE": month.balance,
        "CNT_DRAWINGS_ATM_CURRENT": cash_count + empty,
        "CNT_DRAWINGS_CURRENT": cash_count + purchase_count,
        "CNT_DRAWINGS_OTHER_CURRENT": empty,
        "CNT_DRAWINGS_POS_CURRENT": purchase_count + empty,
        "CNT_INSTALMENT_MATURE_CUM": matured,
        "SK_DPD": month.days_past_due,
        "SK_DPD_DEF": np.where(rng.random(n) < _COUNTED, month.days_past_due, 0.0),
    }


def _leftover(rng: np.random.Generator, card: Codes) -> Floats:
    """The small amount some cards report as payment in months without payment."""
    cards = int(card.max(initial=-1)) + 1
    amount = cents(_LEFTOVER_MEDIAN * rng.lognormal(0, 1.2, cards))
    return np.asarray(np.where(rng.random(cards) < _LEFTOVER, amount, 0.0)[card])


def _payments(
    rng: np.random.Generator, columns: dict[str, np.ndarray], month: Month, months_ago: Codes
) -> pl.DataFrame:
    """Instalment rows of card payments: one to a few a month, version 0."""
    paid_rows = np.flatnonzero(month.paid > 0)
    row, part = repeat(1 + rng.poisson(1.1, len(paid_rows)))
    parts = np.bincount(row, minlength=len(paid_rows))[row]
    source = paid_rows[row]
    amount = cents(month.paid[source] / parts)
    due = np.floor(-months_ago[source] * MONTH_DAYS + 8 + 18 * part / np.maximum(parts, 1))
    due = np.minimum(due, -1)
    early = np.round(rng.exponential(4, len(row)) * (rng.random(len(row)) < 0.7))
    order = np.lexsort((part, -months_ago[source], columns["SK_ID_PREV"][source]))
    number = _running_number(columns["SK_ID_PREV"][source][order])
    data = {
        "SK_ID_PREV": ("id", columns["SK_ID_PREV"][source]),
        "SK_ID_CURR": ("id", columns["SK_ID_CURR"][source]),
        "NUM_INSTALMENT_VERSION": ("number", np.zeros(len(row))),
        "NUM_INSTALMENT_NUMBER": ("integer", np.empty(0)),
        "DAYS_INSTALMENT": ("number", due),
        "DAYS_ENTRY_PAYMENT": ("number", due - early),
        "AMT_INSTALMENT": ("number", amount),
        "AMT_PAYMENT": ("number", amount),
    }
    return pl.DataFrame(
        [
            as_kind(name, kind, number if name == "NUM_INSTALMENT_NUMBER" else values[order])
            for name, (kind, values) in data.items()
        ]
    )


def _running_number(cards: Codes) -> Codes:
    """1, 2, 3... within each run of equal ``cards``."""
    starts = np.flatnonzero(np.r_[True, cards[1:] != cards[:-1]]) if len(cards) else np.array([])
    counts = np.diff(np.r_[starts, len(cards)]).astype(np.int64)
    _, rank = repeat(counts)
    return rank + 1
