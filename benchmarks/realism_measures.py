"""How real a synthetic table looks: measures between a genuine and a synthetic frame.

Every measure returns aggregates only.
"""

from __future__ import annotations

from collections.abc import Sequence

import lightgbm as lgb
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import NearestNeighbors

Matrix = NDArray[np.float64]
Labelled = tuple[Matrix, NDArray[np.int64]]  # features of clients, and their defaults

_TINY = 1e-4  # share given to an empty bin
MODEL = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 8,
    "feature_fraction": 0.15,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 50.0,
    "min_data_in_leaf": 40,
    "verbose": -1,
    "seed": 7,
    "num_threads": 1,
}
_ROUNDS = 450


def psi(genuine: pl.Series, synthetic: pl.Series, bins: int = 10) -> float:
    """Population stability index; numbers in bins of the genuine quantiles, missing values apart.

    Source: Siddiqi, *Credit Risk Scorecards* (2006); empty bins count as a share of 1e-4.
    """
    if genuine.dtype == pl.String:
        both = pl.concat([genuine, synthetic]).fill_null("").cast(pl.Categorical).to_physical()
        codes = both.to_numpy()
        first, second = codes[: len(genuine)], codes[len(genuine) :]
        size = int(codes.max()) + 1
    else:
        left = genuine.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        right = synthetic.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        known = left[~np.isnan(left)]
        edges = (
            np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))
            if len(known)
            else known
        )
        size = len(edges) + 2
        first, second = (
            np.where(np.isnan(v), size - 1, np.searchsorted(edges, v, side="left"))
            for v in (left, right)
        )
    p, q = (
        np.maximum(np.bincount(codes, minlength=size) / len(codes), _TINY)
        for codes in (first, second)
    )
    return float(((p - q) * np.log(p / q)).sum())


def psi_of_table(genuine: pl.DataFrame, synthetic: pl.DataFrame) -> dict[str, float]:
    """PSI of every column that is no identifier."""
    return {
        name: psi(genuine[name], synthetic[name])
        for name in genuine.columns
        if not name.startswith("SK_ID") and name in synthetic.columns
    }


def correlation_gap(
    genuine: pl.DataFrame, synthetic: pl.DataFrame, columns: Sequence[str]
) -> tuple[float, float]:
    """Mean and largest absolute gap between the Spearman correlations of ``columns``."""
    gaps = np.abs(_spearman(genuine, columns) - _spearman(synthetic, columns))
    upper = gaps[np.triu_indices(len(columns), 1)]
    return float(upper.mean()), float(upper.max())


def _spearman(frame: pl.DataFrame, columns: Sequence[str]) -> Matrix:
    data = frame.select(pl.col(c).cast(pl.Float64).fill_null(float("nan")) for c in columns)
    values = data.to_numpy()
    result = np.eye(len(columns))
    for i in range(len(columns)):
        for j in range(i):
            both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
            ranks = rankdata(values[both][:, [i, j]], axis=0)
            result[i, j] = result[j, i] = np.corrcoef(ranks.T)[0, 1]
    return result


def curve_gap(genuine: pl.DataFrame, synthetic: pl.DataFrame, column: str, bins: int = 10) -> float:
    """Mean absolute gap of the default rate by decile (or category), weighted by clients."""
    left, right = (
        _curve_codes(frame, genuine[column], column, bins) for frame in (genuine, synthetic)
    )
    size = int(max(left.max(), right.max())) + 1
    rates = []
    for frame, codes in ((genuine, left), (synthetic, right)):
        bad = np.bincount(codes, frame["TARGET"].to_numpy(), minlength=size)
        rates.append(bad / np.maximum(np.bincount(codes, minlength=size), 1))
    counts = np.minimum(np.bincount(left, minlength=size), np.bincount(right, minlength=size))
    return float((np.abs(rates[0] - rates[1]) * counts).sum() / counts.sum())


def _curve_codes(
    frame: pl.DataFrame, reference: pl.Series, column: str, bins: int
) -> NDArray[np.int64]:
    if reference.dtype == pl.String:
        labels = sorted(reference.fill_null("").unique().to_list())
        lookup = {label: i for i, label in enumerate(labels)}
        return (
            frame[column].fill_null("").replace_strict(lookup, default=0, return_dtype=pl.Int64)
        ).to_numpy()
    known = reference.drop_nulls().cast(pl.Float64).to_numpy()
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))
    values = frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="left"))


def numbers_of(frame: pl.DataFrame, reference: pl.DataFrame) -> Matrix:
    """Columns as numbers for a tree model: labels by their rank among the reference's labels.

    Numbers keep five significant digits: the archive spells some with float noise (0.00354099...),
    and a measure that answers to the sixteenth digit says nothing of people.
    """
    columns = []
    for name in reference.columns:
        if reference[name].dtype == pl.String:
            labels = sorted(reference[name].drop_nulls().unique().to_list())
            lookup = {label: float(i) for i, label in enumerate(labels)}
            coded = frame[name].replace_strict(lookup, default=None, return_dtype=pl.Float64)
        else:
            coded = frame[name].cast(pl.Float64).round_sig_figs(5)
        columns.append(coded.fill_null(float("nan")).to_numpy())
    return np.stack(columns, axis=1)


def train(features: Matrix, default: NDArray[np.int64]) -> lgb.Booster:
    """The model of every measure: small trees, strongly regularised, a fixed number of rounds."""
    return lgb.train(MODEL, lgb.Dataset(features, default), _ROUNDS)


def rank_shares(scores: Matrix) -> Matrix:
    """Scores as ranks between 0 and 1, so that those of two models can stand side by side."""
    return np.asarray(rankdata(scores) / len(scores))


def transfer_auc(synthetic: Labelled, genuine: Labelled) -> float:
    """AUC on genuine clients of a model that saw synthetic ones only."""
    return float(roc_auc_score(genuine[1], train(*synthetic).predict(genuine[0])))


def own_auc(genuine: Labelled) -> float:
    """Cross-validated AUC of the same model trained on genuine clients (5 stratified folds)."""
    features, default = genuine
    scores = np.zeros(len(default))
    folds = StratifiedKFold(5, shuffle=True, random_state=1001)
    for inside, outside in folds.split(features, default):
        scores[outside] = train(features[inside], default[inside]).predict(features[outside])
    return float(roc_auc_score(default, scores))


def discriminator_auc(genuine: pl.DataFrame, synthetic: pl.DataFrame) -> float:
    """AUC of a classifier telling synthetic from genuine rows, on rows it has not seen."""
    n = min(genuine.height, synthetic.height)
    both = np.concatenate([numbers_of(f.head(n), genuine) for f in (genuine, synthetic)])
    origin = np.repeat([0, 1], n)
    order = np.random.default_rng(0).permutation(2 * n)
    inside, outside = order[: int(1.4 * n)], order[int(1.4 * n) :]
    settings = {
        **MODEL,
        "num_leaves": 16,
        "learning_rate": 0.1,
        "feature_fraction": 0.5,
        "lambda_l2": 1.0,
    }
    model = lgb.train(settings, lgb.Dataset(both[inside], origin[inside]), 150)
    return float(roc_auc_score(origin[outside], model.predict(both[outside])))


def privacy(
    genuine: pl.DataFrame, synthetic: pl.DataFrame, columns: Sequence[str]
) -> tuple[float, float]:
    """First percentiles of the distance to the nearest genuine client: synthetic, then genuine.

    Distances are Euclidean between rank-normalised ``columns``, missing values at the middle. The
    first should not be below the second: no synthetic client is closer to somebody than people
    are to each other.
    """
    left, right = (_positions(frame, genuine, columns) for frame in (genuine, synthetic))
    search = NearestNeighbors(n_neighbors=2).fit(left)
    among = search.kneighbors(left)[0][:, 1]
    nearest = search.kneighbors(right[: len(left)])[0][:, 0]
    return float(np.quantile(nearest, 0.01)), float(np.quantile(among, 0.01))


def _positions(frame: pl.DataFrame, reference: pl.DataFrame, columns: Sequence[str]) -> Matrix:
    positions = []
    for name in columns:
        known = np.sort(reference[name].drop_nulls().cast(pl.Float64).to_numpy())
        values = frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        low, high = (np.searchsorted(known, values, side=s) for s in ("left", "right"))
        share = (low + high) / 2 / max(len(known), 1)
        positions.append(np.where(np.isnan(values), 0.5, share))
    return np.stack(positions, axis=1)
