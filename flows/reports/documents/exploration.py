"""The exploratory analysis of an archive, as aggregates: what the page of the same name draws.

Rates and shares of groups of at least twenty clients, counts of rows, rank correlations: nothing
that is of one person. Bands are declared here, alike for every archive, so that archives compare.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.raw.prepare import Prepared
from features.raw.tables import APPLICATIONS, TABLES, Column
from flows.learning.training import feature_table
from flows.reports.documents.rates import banded_rates, group_rates, known_or_not, rate
from flows.reports.documents.strongest import correlations, strongest_by_group
from scoring.psi import stability

Values = dict[str, Any]

SEED = 2018
"""Of the crossed estimates of external scores."""
DAYS_A_YEAR = 365.25
SCORES = ("external_score_1", "external_score_2", "external_score_3")
BANDS: dict[str, tuple[float, ...]] = {
    "external_score_1": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    "external_score_2": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
    "external_score_3": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
    "age_years": (25, 30, 35, 40, 45, 50, 55, 60, 65),
    "employment_years": (0.5, 1, 2, 3, 5, 8, 12, 20),
    "income_total": (67_500, 90_000, 112_500, 135_000, 180_000, 225_000, 315_000),
    "amount_credit": (180_000, 270_000, 405_000, 540_000, 720_000, 900_000, 1_200_000),
    "instalment_to_income_percent": (8, 12, 16, 20, 25, 30, 40),
    "term_months": (9, 12, 15, 18, 21, 24, 30, 36),
    "phone_change_years": (0.25, 1, 2, 3, 4, 5),
}
"""Column or simple ratio -> the upper edges of its bands (years, amounts, percent, months)."""
DERIVED: dict[str, pl.Expr] = {
    "age_years": -pl.col("birth_days") / DAYS_A_YEAR,
    "employment_years": -pl.col("employment_days") / DAYS_A_YEAR,
    "instalment_to_income_percent": 100 * pl.col("annuity") / pl.col("income_total"),
    "term_months": pl.col("amount_credit") / pl.col("annuity"),
    "phone_change_years": -pl.col("phone_change_days") / DAYS_A_YEAR,
}
CATEGORIES = (
    *("contract_type", "income_type", "education", "housing_type", "occupation"),
    *("region_rating", "owns_car", "gender", "family_status"),
)
MISSING_SHOWN = 25
DRIFT_SHOWN = 15


def explore(prepared: Prepared, name: str, command: str) -> Values:
    """Return the aggregates of an archive; ``command`` is what gives them again."""
    applications = prepared.scan("applications").collect()
    labelled = applications.filter(pl.col("default").is_not_null())
    unlabelled = applications.filter(pl.col("default").is_null())
    default = labelled["default"]
    return {
        "name": name,
        "command": command,
        "fingerprint": prepared.fingerprint,
        "labelled": rate(int(default.sum()), len(default), len(default)),
        "unlabelled": unlabelled.height,
        "tables": [_table(prepared, table, labelled, unlabelled) for table in prepared.rows],
        "missing": _missing(labelled),
        "sentinels": _sentinels(prepared),
        "curves": _curves(labelled),
        "scores_known": _scores_known(labelled),
        "categories": {
            column: group_rates(labelled[column].cast(pl.String), default) for column in CATEGORIES
        },
        "drift": _drift(labelled, unlabelled),
        "monthly_history": _monthly_history(prepared, labelled, unlabelled),
        **_features(prepared),
    }


def _table(
    prepared: Prepared, table: str, labelled: pl.DataFrame, unlabelled: pl.DataFrame
) -> Values:
    """Rows, columns, and for a history: who has one, how long it is, and what it tells."""
    shape = {
        "table": table,
        "rows": prepared.rows[table],
        "columns": len(TABLES[table].columns),
        "cells_missing": _cells_missing(prepared, table),
    }
    if table == "applications":
        return shape
    lengths = prepared.scan(table).group_by("client_id").agg(rows=pl.len()).collect()
    known = labelled["client_id"].is_in(lengths["client_id"].to_list())
    return {
        **shape,
        "covered": _share(known),
        "covered_unlabelled": _share(unlabelled["client_id"].is_in(lengths["client_id"].to_list())),
        "median_rows": lengths["rows"].median(),
        "many_rows": lengths["rows"].quantile(0.95),
        **known_or_not(known, labelled["default"]),
    }


def _share(flags: pl.Series) -> float | None:
    known = flags.drop_nulls().to_numpy()
    return round(float(known.mean()), 5) if known.size else None


def _cells_missing(prepared: Prepared, table: str) -> float:
    described = [c.name for c in TABLES[table].columns if c.kind not in {"id", "target"}]
    shares = prepared.scan(table).select(pl.col(described).null_count() / pl.len()).collect()
    return round(float(np.mean(shares.row(0))), 5)


def _missing(labelled: pl.DataFrame) -> list[Values]:
    """The columns of the form that are missing most, and what their absence tells."""
    shares = {c: labelled[c].null_count() / labelled.height for c in _described(labelled)}
    most = sorted(shares, key=lambda name: (-shares[name], name))[:MISSING_SHOWN]
    return [
        {
            "column": name,
            "label": APPLICATIONS[name].label._asdict(),
            "share": round(shares[name], 5),
            **known_or_not(labelled[name].is_not_null(), labelled["default"]),
        }
        for name in most
    ]


def _described(labelled: pl.DataFrame) -> list[str]:
    kinds = {column.name: column.kind for column in APPLICATIONS.columns}
    return [name for name in labelled.columns if kinds[name] not in {"id", "target"}]


def _sentinels(prepared: Prepared) -> list[Values]:
    """Columns whose declared codes mean missing, and the share that is missing once read."""
    declared = [
        (table, column)
        for table in prepared.rows
        for column in TABLES[table].columns
        if column.missing_codes
    ]
    return [_sentinel(prepared, table, column) for table, column in declared]


def _sentinel(prepared: Prepared, table: str, column: Column) -> Values:
    missing = prepared.scan(table).select(pl.col(column.name).is_null().mean()).collect().item()
    return {
        "table": table,
        "column": column.source,
        "label": column.label._asdict(),
        "codes": list(column.missing_codes),
        "missing": round(float(missing), 5),
    }


def _curves(labelled: pl.DataFrame) -> dict[str, Values]:
    ready = labelled.with_columns(**DERIVED)
    return {
        name: {
            "edges": list(edges),
            "bands": banded_rates(ready[name], ready["default"], edges),
            "missing": known_or_not(ready[name].is_not_null(), ready["default"])["without"],
        }
        for name, edges in BANDS.items()
    }


def _scores_known(labelled: pl.DataFrame) -> list[Values]:
    """The default rate by how many of the three external scores are known."""
    known = labelled.select(pl.sum_horizontal(pl.col(name).is_not_null() for name in SCORES))
    return group_rates(known.to_series(), labelled["default"])


def _drift(labelled: pl.DataFrame, unlabelled: pl.DataFrame) -> list[Values]:
    """The columns of the form that moved most from the labelled clients to the others."""
    if not unlabelled.height:
        return []
    found: list[Values] = []
    for name in _described(labelled):
        category = APPLICATIONS[name].kind == "category"
        moved = stability(_numbers(labelled[name]), _numbers(unlabelled[name]), category=category)
        found.append(
            {
                "column": name,
                "label": APPLICATIONS[name].label._asdict(),
                "psi": round(moved.psi, 5),
                "level": moved.level.value,
                "missing_before": round(moved.missing_before, 5),
                "missing_now": round(moved.missing_now, 5),
            }
        )
    return sorted(found, key=lambda item: (-item["psi"], item["column"]))[:DRIFT_SHOWN]


def _numbers(values: pl.Series) -> NDArray[np.float64]:
    codes = values.to_physical() if isinstance(values.dtype, pl.Enum) else values
    return codes.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _monthly_history(
    prepared: Prepared, labelled: pl.DataFrame, unlabelled: pl.DataFrame
) -> Values | None:
    """Share of the credits at other lenders that have a monthly record, in both populations."""
    if not (prepared.has("bureau") and prepared.has("bureau_balance")):
        return None
    months = prepared.scan("bureau_balance").select("bureau_id").unique()
    credits = prepared.scan("bureau").select("client_id", "bureau_id")
    followed = credits.join(months.with_columns(followed=True), on="bureau_id", how="left")
    frame = followed.with_columns(pl.col("followed").fill_null(value=False)).collect()
    return {
        name: _share(
            frame.join(clients.select("client_id"), on="client_id", how="semi")["followed"]
        )
        for name, clients in (("labelled", labelled), ("unlabelled", unlabelled))
    }


def _features(prepared: Prepared) -> Values:
    """The strongest feature of each group of the catalogue, and how they move together."""
    table = feature_table(prepared, SEED)
    known = table.features.filter(pl.col("default").is_not_null())
    strongest = strongest_by_group(known, table.names)
    return {
        "strongest": strongest,
        "correlations": correlations(known, [item["feature"] for item in strongest]),
        "warnings": list(table.warnings),
    }
