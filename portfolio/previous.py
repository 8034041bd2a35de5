"""Previous applications at the lender: what was offered, decided and agreed."""

from __future__ import annotations

import polars as pl

from portfolio.variables import Variable, category, number

OPEN_DAYS = 365243  # the archive's word for "never" in day columns


# offer = product combination ~ status; product = the first half of it
VARIABLES: tuple[Variable, ...] = (
    category("offer", trait="trait offer"),
    number("DAYS_DECISION", ("offer",), ("product",), trait="trait previous age", step=1, knots=18),
    number(
        "requested",
        ("offer",),
        ("product",),
        trait="trait previous amount",
        step=0.005,
        knots=20,
        atoms=0.015,
    ),
    number("granted", ("offer",), ("product",), step=0.005, complete=True),
    number("grant_ratio", ("offer",), ("product",), complete=True, knots=14, atoms=0.03),
    number("CNT_PAYMENT", ("offer", "requested/4"), ("offer",), ("product",), step=1, knots=20),
    category("NAME_YIELD_GROUP", ("offer",), ("product",)),
    number(
        "annuity_rate",
        ("NAME_YIELD_GROUP", "CNT_PAYMENT/6"),
        ("CNT_PAYMENT/6",),
        knots=12,
        atoms=0.03,
        complete=True,
    ),
    number("RATE_DOWN_PAYMENT", ("offer",), ("product",), knots=24),
    category("NAME_CASH_LOAN_PURPOSE", ("offer",), ("product",)),
    category("CODE_REJECT_REASON", ("offer",), ("status",)),
    category("NAME_PAYMENT_TYPE", ("offer",), ("product",)),
    category("NAME_TYPE_SUITE", ("product",)),
    category("NAME_GOODS_CATEGORY", ("product",)),
    category("NAME_SELLER_INDUSTRY", ("NAME_GOODS_CATEGORY", "product"), ("product",)),
    category("CHANNEL_TYPE", ("NAME_SELLER_INDUSTRY", "product"), ("product",)),
    number(
        "SELLERPLACE_AREA",
        ("CHANNEL_TYPE", "NAME_SELLER_INDUSTRY"),
        ("CHANNEL_TYPE",),
        step=1,
        knots=12,
    ),
    category("NAME_PORTFOLIO", ("offer",), ("product",)),
    category("NAME_PRODUCT_TYPE", ("offer",), ("product",)),
    category("NAME_CLIENT_TYPE", ("first", "product"), ("first",)),
    number("NFLAG_INSURED_ON_APPROVAL", ("product",), complete=True),
    category("WEEKDAY_APPR_PROCESS_START"),
    number("HOUR_APPR_PROCESS_START", ("CHANNEL_TYPE",), step=1),
    category("FLAG_LAST_APPL_PER_CONTRACT"),
    number("NFLAG_LAST_APPL_IN_DAY", step=1),
    number("first_due_delay", ("product",), step=1, knots=20, complete=True),
    category("ending", ("product", "CNT_PAYMENT/4"), ("product",)),
    number("ending_share", ("ending", "contract"), knots=24, complete=True),
    number("termination_lag", ("contract",), step=1, knots=16, complete=True),
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
