"""Previous applications at the lender: what was offered, decided and agreed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.tables import TABLES
from portfolio.columns import as_kind, labels
from portfolio.marginals import Codes, Floats
from portfolio.people import People
from portfolio.rows import Rows, cents, repeat
from portfolio.variables import Variable

FIRST_APPLICATION = 1_000_001
_INTEREST_SHOWN = 0.0042  # applications that state their interest rates
_NEVER_USED = 0.05  # approved loans the client never draws
_ELDEST_CARDS = 0.15  # cards that are as old as the archive
_OLDEST_DAY = -2922
_DUE_STEP = 30  # days between instalments

OPEN_DAYS = 365243  # the archive's word for "never" in day columns


def _category(name: str, *parents: tuple[str, ...], **options: object) -> Variable:
    return Variable(name, "category", parents, **options)  # type: ignore[arg-type]


def _number(name: str, *parents: tuple[str, ...], **options: object) -> Variable:
    return Variable(name, "number", parents, **options)  # type: ignore[arg-type]


# offer = product combination ~ status; product = the first half of it
VARIABLES: tuple[Variable, ...] = (
    _category("offer", trait="trait offer"),
    _number(
        "DAYS_DECISION", ("offer",), ("product",), trait="trait previous age", step=1, knots=18
    ),
    _number(
        "requested",
        ("offer",),
        ("product",),
        trait="trait previous amount",
        step=0.005,
        knots=20,
        atoms=0.015,
    ),
    _number("granted", ("offer",), ("product",), step=0.005, complete=True),
    _number("grant_ratio", ("offer",), ("product",), complete=True, knots=14, atoms=0.03),
    _number("CNT_PAYMENT", ("offer", "requested/4"), ("offer",), ("product",), step=1, knots=20),
    _category("NAME_YIELD_GROUP", ("offer",), ("product",)),
    _number(
        "annuity_rate",
        ("NAME_YIELD_GROUP", "CNT_PAYMENT/6"),
        ("CNT_PAYMENT/6",),
        knots=12,
        atoms=0.03,
        complete=True,
    ),
    _number("RATE_DOWN_PAYMENT", ("offer",), ("product",), knots=24),
    _category("NAME_CASH_LOAN_PURPOSE", ("offer",), ("product",)),
    _category("CODE_REJECT_REASON", ("offer",), ("status",)),
    _category("NAME_PAYMENT_TYPE", ("offer",), ("product",)),
    _category("NAME_TYPE_SUITE", ("product",)),
    _category("NAME_GOODS_CATEGORY", ("product",)),
    _category("NAME_SELLER_INDUSTRY", ("NAME_GOODS_CATEGORY", "product"), ("product",)),
    _category("CHANNEL_TYPE", ("NAME_SELLER_INDUSTRY", "product"), ("product",)),
    _number(
        "SELLERPLACE_AREA",
        ("CHANNEL_TYPE", "NAME_SELLER_INDUSTRY"),
        ("CHANNEL_TYPE",),
        step=1,
        knots=24,
    ),
    _category("NAME_PORTFOLIO", ("offer",), ("product",)),
    _category("NAME_PRODUCT_TYPE", ("offer",), ("product",)),
    _category("NAME_CLIENT_TYPE", ("first", "product"), ("first",)),
    _number("NFLAG_INSURED_ON_APPROVAL", ("product",), complete=True),
    _category("WEEKDAY_APPR_PROCESS_START"),
    _number("HOUR_APPR_PROCESS_START", ("CHANNEL_TYPE",), step=1),
    _category("FLAG_LAST_APPL_PER_CONTRACT"),
    _number("NFLAG_LAST_APPL_IN_DAY", step=1),
    _number("first_due_delay", ("product",), step=1, knots=20, complete=True),
    _category("ending", ("product", "CNT_PAYMENT/4"), ("product",)),
    _number("ending_share", ("ending", "contract"), knots=24, complete=True),
    _number("termination_lag", ("contract",), step=1, knots=16, complete=True),
)
OFFER_MARK = "~"
CUTS = ("product", "status", "contract", "first")  # parents that are no variables themselves


def columns_of_variables(frame: pl.DataFrame) -> pl.DataFrame:
    """The generator's view of raw previous applications, one row per application."""
    oldest = pl.col("DAYS_DECISION") == pl.col("DAYS_DECISION").min().over("SK_ID_CURR")
    due = pl.when(pl.col("DAYS_FIRST_DUE") < OPEN_DAYS).then(pl.col("DAYS_FIRST_DUE"))
    planned = pl.when(pl.col("DAYS_LAST_DUE_1ST_VERSION") < OPEN_DAYS).then(
        pl.col("DAYS_LAST_DUE_1ST_VERSION")
    )
    last = pl.when(pl.col("DAYS_LAST_DUE") < OPEN_DAYS).then(pl.col("DAYS_LAST_DUE"))
    ending = (
        pl.when(last.is_null() | due.is_null())
        .then(pl.lit("open"))
        .when(last < planned)
        .then(pl.lit("early"))
        .when(last > planned)
        .then(pl.lit("late"))
        .otherwise(pl.lit("plan"))
    )
    product = pl.col("PRODUCT_COMBINATION").fill_null("")
    texts = [v.name for v in VARIABLES if v.kind == "category" and v.name in frame.columns]
    return frame.with_columns(pl.col(texts).fill_null("")).with_columns(
        (product + OFFER_MARK + pl.col("NAME_CONTRACT_STATUS")).alias("offer"),
        product.alias("product"),
        pl.col("NAME_CONTRACT_STATUS").alias("status"),
        pl.col("NAME_CONTRACT_TYPE").alias("contract"),
        pl.when(oldest).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("first"),
        pl.col("AMT_APPLICATION").alias("requested"),
        pl.when(pl.col("AMT_APPLICATION") == 0).then(pl.col("AMT_CREDIT")).alias("granted"),
        pl.when(pl.col("AMT_APPLICATION") > 0)
        .then(pl.col("AMT_CREDIT") / pl.col("AMT_APPLICATION"))
        .round(3)
        .alias("grant_ratio"),
        pl.when(pl.col("AMT_CREDIT") > 0)
        .then(pl.col("AMT_ANNUITY") / pl.col("AMT_CREDIT"))
        .round(4)
        .alias("annuity_rate"),
        (due - pl.col("DAYS_DECISION")).alias("first_due_delay"),
        ending.alias("ending"),
        ((last - due) / (planned - due))
        .replace([float("inf"), float("-inf")], None)
        .alias("ending_share"),
        pl.when(pl.col("DAYS_TERMINATION") < OPEN_DAYS)
        .then(pl.col("DAYS_TERMINATION") - last)
        .alias("termination_lag"),
    )


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
    known = rows.known
    made = _amounts(rows)
    made |= _calendar(rows, made)
    columns = [
        labels(
            c.source,
            known.get(c.source, known.get(_ALIASES.get(c.source, ""))),
            _order(rows, c.source),
        )
        if (c.source in known and c.kind == "category") or c.source in _ALIASES
        else _flag_or_number(c.source, c.kind, rows, made)
        for c in TABLES["previous"].columns
    ]
    return pl.DataFrame(columns), _loans(rows, made)


_ALIASES = {
    "NAME_CONTRACT_TYPE": "contract",
    "NAME_CONTRACT_STATUS": "status",
    "PRODUCT_COMBINATION": "product",
}


def _order(rows: Rows, name: str) -> tuple[str, ...]:
    return rows.orders[_ALIASES.get(name, name)]


def _flag_or_number(name: str, kind: str, rows: Rows, made: dict[str, np.ndarray]) -> pl.Series:
    if name == "FLAG_LAST_APPL_PER_CONTRACT":
        return labels(name, rows.known[name], rows.orders[name])
    values = made[name] if name in made else rows.known[name]
    return as_kind(name, "number" if name == "NFLAG_INSURED_ON_APPROVAL" else kind, values)


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
    rows.draw("offer")
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
