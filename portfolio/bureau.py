"""Credits the bureau knows of, and their monthly status."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr

from features.raw.tables import TABLES
from portfolio.columns import as_kind, labels
from portfolio.people import People
from portfolio.rows import Rows, cents, repeat
from portfolio.variables import Variable

FIRST_CREDIT = 5_000_001
MONTH_DAYS = 30.44
_MOST_MONTHS = 97
_OVERDUE_SHARE = 0.02  # of the debt, the usual size of what is overdue when something is
_WATCHED_LABELLED = 0.354  # clients whose credits come with a monthly status
_WATCHED_UNLABELLED = 0.999
_CUT_SHORT = 0.4  # labelled clients' statuses that stop before the present
_UNKNOWN_LOW, _UNKNOWN_HIGH = 0.35, 0.55  # Beta shape of a credit's share of unknown months
_LATE_MONTHS = 0.022

VARIABLES: tuple[Variable, ...] = (
    Variable("CREDIT_TYPE", "category", trait="trait bureau type"),
    Variable("DAYS_CREDIT", "number", (("CREDIT_TYPE",),), trait="trait bureau age", step=1),
    Variable(
        "CREDIT_ACTIVE",
        "category",
        (("CREDIT_TYPE", "DAYS_CREDIT/8"), ("CREDIT_TYPE",)),
        trait="trait bureau status",
    ),
    Variable(
        "planned_days",
        "number",
        (
            ("CREDIT_TYPE", "CREDIT_ACTIVE", "DAYS_CREDIT/8"),
            ("CREDIT_TYPE", "CREDIT_ACTIVE"),
            ("CREDIT_ACTIVE",),
        ),
        step=1,
        knots=18,
        atoms=0.015,
    ),
    Variable(
        "closed_share",
        "number",
        (("CREDIT_TYPE", "DAYS_CREDIT/4"), ("CREDIT_TYPE",)),
        knots=24,
        given="is closed",
        complete=True,
    ),
    Variable(
        "AMT_CREDIT_SUM",
        "number",
        (
            ("CREDIT_TYPE", "CREDIT_ACTIVE", "DAYS_CREDIT/4"),
            ("CREDIT_TYPE", "CREDIT_ACTIVE"),
            ("CREDIT_TYPE",),
        ),
        trait="trait bureau amount",
        step=0.01,
        knots=20,
        atoms=0.012,
    ),
    Variable(
        "debt_share",
        "number",
        (
            ("CREDIT_TYPE", "CREDIT_ACTIVE", "DAYS_CREDIT/4"),
            ("CREDIT_TYPE", "CREDIT_ACTIVE"),
            ("CREDIT_ACTIVE",),
        ),
        trait="trait bureau debt",
        knots=24,
    ),
    Variable(
        "AMT_CREDIT_SUM_LIMIT",
        "number",
        (("CREDIT_TYPE", "CREDIT_ACTIVE"), ("CREDIT_TYPE",)),
        step=0.01,
        knots=20,
    ),
    Variable(
        "AMT_CREDIT_MAX_OVERDUE",
        "number",
        (("CREDIT_TYPE", "CREDIT_ACTIVE"), ("CREDIT_ACTIVE",)),
        trait="trait bureau overdue",
        step=0.005,
        knots=24,
    ),
    Variable(
        "update_lag",
        "number",
        (("CREDIT_ACTIVE", "DAYS_CREDIT/4"), ("CREDIT_ACTIVE",)),
        step=1,
        knots=30,
    ),
    Variable(
        "AMT_ANNUITY",
        "number",
        (("labelled", "CREDIT_TYPE", "CREDIT_ACTIVE"), ("labelled",)),
        step=0.005,
        knots=24,
    ),
    Variable("CNT_CREDIT_PROLONG", "number", (("CREDIT_TYPE",),), step=1),
    Variable("CREDIT_DAY_OVERDUE", "number", (("CREDIT_ACTIVE",),), step=1),
    Variable("CREDIT_CURRENCY", "category"),
)


def columns_of_variables(frame: pl.DataFrame) -> pl.DataFrame:
    """The generator's view of raw bureau credits, one row per credit."""
    opened = pl.col("DAYS_CREDIT")
    planned = pl.col("DAYS_CREDIT_ENDDATE") - opened
    until = pl.min_horizontal(pl.lit(0), pl.col("DAYS_CREDIT_ENDDATE").fill_null(0)) - opened
    closed = (pl.col("DAYS_ENDDATE_FACT") - opened) / until
    sane = planned.is_between(0, 36_000)
    return frame.with_columns(
        pl.when(pl.col("DAYS_ENDDATE_FACT").is_not_null())
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("is closed"),
        planned_days=pl.when(sane | planned.is_null()).then(planned),
        closed_share=pl.when((until > 0) & closed.is_between(0, 8)).then(closed),
        debt_share=pl.when(pl.col("AMT_CREDIT_SUM") > 0)
        .then(pl.col("AMT_CREDIT_SUM_DEBT") / pl.col("AMT_CREDIT_SUM"))
        .otherwise(pl.when(pl.col("AMT_CREDIT_SUM_DEBT") == 0).then(0.0)),
        update_lag=pl.col("DAYS_CREDIT_UPDATE") - pl.col("DAYS_ENDDATE_FACT").fill_null(0),
        AMT_CREDIT_MAX_OVERDUE=pl.col("AMT_CREDIT_MAX_OVERDUE"),
    )


@dataclass(frozen=True)
class Credits:
    """The bureau credits of a block and what their monthly status needs to know."""

    table: pl.DataFrame
    owners: np.ndarray
    opened_month: np.ndarray  # months ago
    closed_month: np.ndarray  # months ago, -1 while open


def draw(people: People) -> Credits:
    """Draw the bureau credits of every client of ``people``."""
    owners, _ = repeat(people.count("bureau_count"))
    rows = Rows(people, "bureau", owners, people.stream("bureau"))
    for name in ("CREDIT_TYPE", "DAYS_CREDIT", "CREDIT_ACTIVE"):
        rows.draw(name)
    opened = np.minimum(rows.known["DAYS_CREDIT"], -2)
    rows.known["DAYS_CREDIT"] = opened
    rows.set_label("labelled", np.full(len(rows), people.labelled))
    rows.set_label("is closed", rows.is_label("CREDIT_ACTIVE", "Closed"))
    for variable in VARIABLES[3:]:
        rows.draw(variable.name)
    made = _made(rows)
    columns = [
        labels(c.source, rows.known[c.source], rows.orders[c.source])
        if c.kind == "category"
        else as_kind(c.source, c.kind, made[c.source])
        for c in TABLES["bureau"].columns
    ]
    closed = made["DAYS_ENDDATE_FACT"]
    return Credits(
        pl.DataFrame(columns),
        owners,
        np.floor(-opened / MONTH_DAYS).astype(np.int64),
        np.where(np.isnan(closed), -1, np.floor(-np.nan_to_num(closed) / MONTH_DAYS)).astype(int),
    )


def _made(rows: Rows) -> dict[str, np.ndarray]:
    known, rng, n = rows.known, rows.rng, len(rows)
    opened = known["DAYS_CREDIT"]
    end = opened + known["planned_days"]
    until = np.maximum(np.fmin(np.nan_to_num(end, nan=0.0), 0.0) - opened, 1.0)
    closed = np.clip(np.round(opened + known["closed_share"] * until), opened, 0.0)
    amount = known["AMT_CREDIT_SUM"]
    debt = cents(known["debt_share"] * amount)
    is_open = rows.is_label("CREDIT_ACTIVE", "Active", "Sold")
    overdue_days = np.where(is_open, np.nan_to_num(known["CREDIT_DAY_OVERDUE"]), 0.0)
    share = _OVERDUE_SHARE * rng.lognormal(0, 1, n)
    overdue = np.where(
        overdue_days > 0, cents(np.maximum(np.fmax(debt, 4_500.0) * np.fmin(share, 1.0), 4.5)), 0.0
    )
    worst = known["AMT_CREDIT_MAX_OVERDUE"]
    return {
        "SK_ID_CURR": rows.people.ids[rows.owners],
        "SK_ID_BUREAU": rows.people.row_ids(FIRST_CREDIT, n),
        "DAYS_CREDIT": opened,
        "CREDIT_DAY_OVERDUE": overdue_days,
        "DAYS_CREDIT_ENDDATE": end,
        "DAYS_ENDDATE_FACT": closed,
        "AMT_CREDIT_MAX_OVERDUE": np.where(overdue > 0, np.fmax(worst, overdue), worst),
        "CNT_CREDIT_PROLONG": np.nan_to_num(known["CNT_CREDIT_PROLONG"]),
        "AMT_CREDIT_SUM": amount,
        "AMT_CREDIT_SUM_DEBT": debt,
        "AMT_CREDIT_SUM_LIMIT": known["AMT_CREDIT_SUM_LIMIT"],
        "AMT_CREDIT_SUM_OVERDUE": overdue,
        "DAYS_CREDIT_UPDATE": np.clip(
            np.nan_to_num(closed, nan=0.0) + known["update_lag"], opened, 0.0
        ),
        "AMT_ANNUITY": known["AMT_ANNUITY"],
    }


def monthly_status(people: People, credits: Credits) -> pl.DataFrame:
    """The monthly status of the credits the bureau watches: one row per credit and month.

    A credit is unknown (X), paid in time (0), late (1 to 5) while it runs, and C once closed.
    """
    rng = people.stream("bureau_balance")
    watched_share = _WATCHED_LABELLED if people.labelled else _WATCHED_UNLABELLED
    watched = (rng.random(people.size) < watched_share)[credits.owners]
    chosen = np.flatnonzero(watched)
    first = np.minimum(credits.opened_month[chosen], _MOST_MONTHS - 1)
    cut_short = people.labelled & (rng.random(len(chosen)) < _CUT_SHORT)
    last = np.where(cut_short, np.floor(first * rng.random(len(chosen)) ** 1.3), 0).astype(int)
    owner, age = repeat(first - last + 1)
    credit = chosen[owner]
    months_ago = first[owner] - age
    closed_month = credits.closed_month[credit]
    unknown = rng.beta(_UNKNOWN_LOW, _UNKNOWN_HIGH, len(chosen))
    trait = people.latents["trait bureau overdue"][credits.owners[chosen]]
    lateness = _lateness(rng, trait)
    draw_ = rng.random(len(owner))
    status = np.where(draw_ < unknown[owner], 6, 0)  # 6 stands for X, 7 for C
    late = (draw_ > 1 - lateness[owner]) & (age > 1)
    status[late] = _severity(rng, int(late.sum()))
    status[(closed_month >= 0) & (months_ago <= closed_month)] = 7
    words = pl.Series(["0", "1", "2", "3", "4", "5", "X", "C"])
    return pl.DataFrame(
        [
            credits.table["SK_ID_BUREAU"].gather(credit),
            pl.Series("MONTHS_BALANCE", -months_ago.astype(np.int64)),
            words.gather(status).alias("STATUS"),
        ]
    )


def _lateness(rng: np.random.Generator, trait: np.ndarray) -> np.ndarray:
    """Share of late months of each credit: most have none, a few have many."""
    pull = 0.55 * trait + np.sqrt(1 - 0.55**2) * rng.standard_normal(len(trait))
    return np.where(ndtr(pull) > 0.85, _LATE_MONTHS / 0.15 * rng.exponential(1, len(trait)), 0.0)


def _severity(rng: np.random.Generator, n: int) -> np.ndarray:
    """Status 1 to 5 of late months; most are under thirty days."""
    return 1 + np.searchsorted([0.80, 0.86, 0.89, 0.91], rng.random(n), side="right")
