"""Estimation shared by all tables: encoding a view, fitting its variables, a ridge logistic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from portfolio.copula import Scores, normal_scores
from portfolio.marginals import ANONYMITY, Codes, Floats, sorted_order
from portfolio.variables import Fitted, Variable, fit

_RATE_PRIOR = 100  # clients of average risk added to each category before ordering by default rate


@dataclass(frozen=True)
class Encoded:
    """A view as arrays: numbers as floats, categories as codes into ``orders``."""

    known: Mapping[str, np.ndarray]
    orders: Mapping[str, tuple[str, ...]]
    clients: Codes


def encode(
    view: pl.DataFrame,
    variables: Sequence[Variable],
    clients: Codes,
    default: Floats,
    orders: Mapping[str, tuple[str, ...]] | None = None,
) -> Encoded:
    """Encode ``view``; ``default`` (NaN: unknown) orders the categories by rising default rate."""
    known: dict[str, np.ndarray] = {}
    found: dict[str, tuple[str, ...]] = dict(orders or {})
    for variable in variables:
        column = view[variable.name]
        if variable.kind == "number":
            known[variable.name] = column.cast(pl.Float64).to_numpy()
            continue
        if variable.name not in found:
            found[variable.name] = _order(variable, column, clients, default)
        known[variable.name] = _codes(column, found[variable.name])
    for name in _banded(variables) - known.keys():
        known[name] = view[name].cast(pl.Float64).to_numpy()
    return Encoded(known, found, clients)


def _banded(variables: Sequence[Variable]) -> set[str]:
    """Numbers that cut cells by bands."""
    parents = {p for v in variables for parents in v.parents for p in parents}
    return {p.split("/")[0] for p in parents if "/" in p}


def _codes(column: pl.Series, order: tuple[str, ...]) -> Codes:
    """Codes of the labels; a label too rare to be kept counts as the most frequent one."""
    positions = {label: i for i, label in enumerate(order)}
    usual = column.filter(column.is_in(order)).mode().sort()[0]
    return column.replace_strict(
        positions, default=positions[usual], return_dtype=pl.Int64
    ).to_numpy()


def _order(
    variable: Variable, column: pl.Series, clients: Codes, default: Floats
) -> tuple[str, ...]:
    frame = pl.DataFrame({"label": column, "client": clients, "default": default}).with_columns(
        pl.col("default").fill_nan(None)
    )
    mean = float(np.nanmean(default)) if not np.isnan(default).all() else 0.0
    groups = (
        frame.group_by("label")
        .agg(
            clients=pl.col("client").n_unique(),
            bad=pl.col("default").sum(),
            n=pl.col("default").count(),
        )
        .filter(pl.col("clients") >= ANONYMITY)
        .sort("label")
    )
    labels = groups["label"].to_list()
    if variable.ordered:
        return tuple(labels)
    rates = {
        row["label"]: (row["bad"] + mean * _RATE_PRIOR) / (row["n"] + _RATE_PRIOR)
        for row in groups.to_dicts()
    }
    return sorted_order(labels, rates)


@dataclass(frozen=True)
class Sample:
    """A fitted table: its variables, the latent scores of its rows, and its encoded columns."""

    fitted: Mapping[str, Fitted]
    scores: Mapping[str, Scores]
    encoded: Encoded


def fit_table(encoded: Encoded, variables: Sequence[Variable]) -> Sample:
    """Fit every variable and score every row on its latent."""
    fitted: dict[str, Fitted] = {}
    scores: dict[str, Scores] = {}
    for variable in variables:
        fitted[variable.name] = fit(variable, encoded.known, encoded.orders, encoded.clients)
        scores[variable.name] = score(fitted[variable.name], encoded)
    return Sample(fitted, scores, encoded)


def score(fitted: Fitted, encoded: Encoded) -> Scores:
    """Latent scores of the rows of one variable, inside the cells it was fitted in."""
    variable = fitted.variable
    values = encoded.known[variable.name].astype(float)
    if variable.given:
        yes = encoded.orders[variable.given].index("yes")
        values = np.where(encoded.known[variable.given] == yes, values, np.nan)
    cells, _ = fitted.cells_of(len(values), encoded.known, encoded.orders)
    return normal_scores(values, cells)


def ridge_logistic(
    design: Floats, outcome: Floats, offset: Floats, penalty: float, free: int = 1
) -> Floats:
    """Coefficients of a logistic regression by iterated least squares.

    The first ``free`` columns of ``design`` are not penalised.
    """
    weights = np.full(design.shape[1], penalty)
    weights[:free] = 1e-6
    coefficients = np.zeros(design.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-(design @ coefficients + offset)))
        w = p * (1 - p)
        gradient = design.T @ (outcome - p) - weights * coefficients
        hessian = (design * w[:, None]).T @ design + np.diag(weights)
        step = np.linalg.solve(hessian, gradient)
        coefficients += step
        if np.abs(step).max() < 1e-5:
            break
    return coefficients
