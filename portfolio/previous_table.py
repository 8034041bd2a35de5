"""Previous applications drawn from their variables, and the loans that came of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.raw.tables import TABLES
from portfolio.columns import as_kind, labels
from portfolio.marginals import Codes, Floats
from portfolio.people import People
from portfolio.previous import OFFER_MARK, OPEN_DAYS, VARIABLES
from portfolio.rows import Rows, cents, repeat

FIRST_APPLICATION = 1_000_001
_INTEREST_SHOWN = 0.0042  # applications that state their interest rates
_SECOND_CHANCES = 5  # draws of a first offer before a client is left without any loan
_NEVER_USED = 0.05  # approved loans the client never draws
_ELDEST_CARDS = 0.15  # cards that are as old as the archive
_OLDEST_DAY = -2922
_DUE_STEP = 30  # days between instalments


@dataclass(frozen=True)
class Loans:
    """Approved and used previous loans of a block, as their repayment needs to know them.

    Arrays run over the loans. ``last_due`` is NaN while a loan runs.
    """

    ids: Codes
    owners: Codes
    is_card: np.ndarray
    decision: Floats
    first_due: Floats
    last_due_planned: Floats
    last_due: Floats
    term: Floats
    annuity: Floats
    credit: Floats


def draw(people: People) -> tuple[pl.DataFrame, Loans]:
    """Draw every previous application of ``people``, and the loans that came of them."""
    owners, _ = repeat(people.count("previous_count"))
    rows = Rows(people, "previous", owners, people.stream("previous"))
    _decide(rows)
    for variable in VARIABLES[2:]:
        rows.draw(variable.name)
    made = _amounts(rows)
    made |= _calendar(rows, made)
    columns = [_column(c.source, c.kind, rows, made) for c in TABLES["previous"].columns]
    return pl.DataFrame(columns), _loans(rows, made)


_ALIASES = {
    "NAME_CONTRACT_TYPE": "contract",
    "NAME_CONTRACT_STATUS": "status",
    "PRODUCT_COMBINATION": "product",
}
_GAPPED_FLAGS = ("NFLAG_INSURED_ON_APPROVAL",)  # missing where nothing was used: 1.0, not 1


def _column(name: str, kind: str, rows: Rows, made: dict[str, np.ndarray]) -> pl.Series:
    drawn = _ALIASES.get(name, name)
    if drawn in rows.orders:
        return labels(name, rows.known[drawn], rows.orders[drawn])
    values = made[name] if name in made else rows.known[name]
    return as_kind(name, "number" if name in _GAPPED_FLAGS else kind, values)


def contract_of(product: str) -> str:
    """Type of contract of a product combination."""
    for prefix, contract in (
        ("POS", "Consumer loans"),
        ("Card", "Revolving loans"),
        ("Cash", "Cash loans"),
    ):
        if product.startswith(prefix):
            return contract
    return "XNA"


def _decide(rows: Rows) -> None:
    """What was asked, what was answered, when, and whether it was the client's first request."""
    _draw_offers(rows)
    offers = rows.orders["offer"]
    rows.follow("product", "offer", {o: o.split(OFFER_MARK)[0] for o in offers})
    rows.follow("status", "offer", {o: o.split(OFFER_MARK)[1] for o in offers})
    rows.follow("contract", "product", {p: contract_of(p) for p in rows.orders["product"]})
    decision = np.minimum(rows.draw("DAYS_DECISION"), -2)
    card = rows.is_label("contract", "Revolving loans") & rows.is_label("status", "Approved")
    eldest = card & (rows.rng.random(len(rows)) < _ELDEST_CARDS)
    decision = np.where(eldest, rows.rng.integers(_OLDEST_DAY, -2_890, len(rows)), decision)
    rows.known["DAYS_DECISION"] = decision
    oldest = np.full(rows.people.size, 0.0)
    np.minimum.at(oldest, rows.owners, decision)
    rows.set_label("first", decision == oldest[rows.owners])


def _draw_offers(rows: Rows) -> None:
    """Draw the offers; who was never granted anything has the first one drawn again.

    A client of the reference was granted a loan once, or would hardly be one: 99.7 % of those with
    a previous application have an approved one, which independent draws leave at 90 %.
    """
    drawn = rows.draw("offer")
    granted = np.array([o.endswith(f"{OFFER_MARK}Approved") for o in rows.orders["offer"]])
    first = np.zeros(len(rows), dtype=bool)
    first[np.unique(rows.owners, return_index=True)[1]] = True
    for _ in range(_SECOND_CHANCES):
        satisfied = np.zeros(rows.people.size, dtype=bool)
        satisfied[rows.owners[granted[drawn]]] = True
        drawn = np.where(first & ~satisfied[rows.owners], rows.draw("offer"), drawn)
    rows.known["offer"] = drawn


def _amounts(rows: Rows) -> dict[str, np.ndarray]:
    known, n = rows.known, len(rows)
    asked = known["requested"]
    credit = np.where(
        asked > 0, np.round(asked * known["grant_ratio"] / 4.5) * 4.5, known["granted"]
    )
    credit = np.nan_to_num(credit)
    priced = ~np.isnan(known["CNT_PAYMENT"]) & (credit > 0)
    down_rate = known["RATE_DOWN_PAYMENT"]
    shown = rows.rng.random(n) < _INTEREST_SHOWN
    primary = np.where(shown, rows.rng.uniform(0.142, 0.2, n), np.nan)
    return {
        "SK_ID_PREV": rows.people.row_ids(FIRST_APPLICATION, n),
        "SK_ID_CURR": rows.people.ids[rows.owners],
        "AMT_ANNUITY": np.where(priced, cents(credit * known["annuity_rate"]), np.nan),
        "AMT_APPLICATION": asked,
        "AMT_CREDIT": credit,
        "AMT_DOWN_PAYMENT": np.where(asked > 0, cents(asked * down_rate), np.nan),
        "AMT_GOODS_PRICE": np.where(asked > 0, asked, np.nan),
        "RATE_DOWN_PAYMENT": np.where(asked > 0, down_rate, np.nan),
        "RATE_INTEREST_PRIMARY": primary,
        "RATE_INTEREST_PRIVILEGED": np.where(shown, rows.rng.uniform(0.63, 0.867, n), np.nan),
        "CNT_PAYMENT": known["CNT_PAYMENT"],
    }


def _calendar(rows: Rows, made: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Due dates of what was approved and used; 365243 where a date has not come or never will."""
    known, n = rows.known, len(rows)
    decision, term = known["DAYS_DECISION"], np.nan_to_num(made["CNT_PAYMENT"])
    card = rows.is_label("contract", "Revolving loans")
    used = rows.is_label("status", "Approved") & (card | (rows.rng.random(n) >= _NEVER_USED))
    used &= card | ((term > 0) & (made["AMT_CREDIT"] > 0) & ~np.isnan(made["AMT_ANNUITY"]))
    first = decision + np.nan_to_num(known["first_due_delay"], nan=30.0)
    used &= card | (first < 0)  # what is not due yet counts as not used yet
    planned = np.where(card, np.nan, first + _DUE_STEP * np.maximum(term - 1, 0))
    share = np.nan_to_num(known["ending_share"], nan=1.0)
    early = rows.is_label("ending", "early") & ~card
    closes = np.where(early, np.round(first + np.clip(share, 0, 1) * (planned - first)), planned)
    late = rows.is_label("ending", "late") & ~card
    closes = np.where(
        late, planned + np.round(np.clip(share - 1, 0, 1) * (planned - first)), closes
    )
    closes = np.where(card & early, np.round(decision * rows.rng.random(n)), closes)
    last = np.where(closes < 0, closes, np.nan)
    ended = last + np.maximum(np.nan_to_num(known["termination_lag"], nan=6.0), 0)
    drawing = np.where(
        card, np.minimum(decision + np.round(rows.rng.exponential(60, n)), -1), np.nan
    )

    def day(values: Floats) -> Floats:
        return np.where(used, np.where(np.isnan(values), OPEN_DAYS, values), np.nan)

    return {
        "DAYS_FIRST_DRAWING": day(drawing),
        "DAYS_FIRST_DUE": day(np.where(card & (first >= 0), np.nan, first)),
        "DAYS_LAST_DUE_1ST_VERSION": day(planned),
        "DAYS_LAST_DUE": day(last),
        "DAYS_TERMINATION": day(np.where(ended < 0, ended, np.nan)),
        "NFLAG_INSURED_ON_APPROVAL": np.where(
            used, np.nan_to_num(known["NFLAG_INSURED_ON_APPROVAL"]), np.nan
        ),
    }


def _loans(rows: Rows, made: dict[str, np.ndarray]) -> Loans:
    chosen = np.flatnonzero(~np.isnan(made["DAYS_FIRST_DUE"]))

    def dates(name: str) -> Floats:
        values = made[name][chosen]
        return np.where(values == OPEN_DAYS, np.nan, values)

    return Loans(
        ids=made["SK_ID_PREV"][chosen],
        owners=rows.owners[chosen],
        is_card=rows.is_label("contract", "Revolving loans")[chosen],
        decision=rows.known["DAYS_DECISION"][chosen],
        first_due=dates("DAYS_FIRST_DUE"),
        last_due_planned=dates("DAYS_LAST_DUE_1ST_VERSION"),
        last_due=dates("DAYS_LAST_DUE"),
        term=np.nan_to_num(made["CNT_PAYMENT"][chosen]),
        annuity=made["AMT_ANNUITY"][chosen],
        credit=made["AMT_CREDIT"][chosen],
    )
