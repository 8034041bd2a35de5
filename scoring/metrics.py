"""How good a scorecard is: ranking, calibration, and what each figure is drawn from.

Arrays are (n,): ``default`` of 0/1, ``probability`` of default. Figures that need both outcomes
are NaN when only one is present (a fold without defaults, say).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from scoring.cost import CostOfError

Array = NDArray[np.float64]


def auc(default: Array, probability: Array) -> float:
    """Chance that a defaulted client ranks above a good one (Mann-Whitney U over n1 n0)."""
    bad = np.asarray(default, dtype=bool)
    bads, goods = int(bad.sum()), int((~bad).sum())
    if not bads or not goods:
        return float("nan")
    ranks = rankdata(probability)
    return float((ranks[bad].sum() - bads * (bads + 1) / 2) / (bads * goods))


def gini(default: Array, probability: Array) -> float:
    """Accuracy ratio, 2 AUC - 1."""
    return 2 * auc(default, probability) - 1


def roc(default: Array, probability: Array) -> tuple[Array, Array]:
    """Points of the ROC curve: share of good clients, then of defaults, above each probability."""
    order = np.argsort(-np.asarray(probability), kind="stable")
    p, bad = np.asarray(probability)[order], np.asarray(default, dtype=np.float64)[order]
    last = np.concatenate((p[1:] < p[:-1], [True]))
    true_positive, false_positive = np.cumsum(bad)[last], np.cumsum(1 - bad)[last]
    if not true_positive[-1] or not false_positive[-1]:
        return np.full(2, np.nan), np.full(2, np.nan)
    zero = np.zeros(1)
    return (
        np.concatenate((zero, false_positive / false_positive[-1])),
        np.concatenate((zero, true_positive / true_positive[-1])),
    )


def ks(default: Array, probability: Array) -> float:
    """Kolmogorov-Smirnov: largest gap between the two cumulative shares."""
    false_positive, true_positive = roc(default, probability)
    return float(np.max(true_positive - false_positive))


@dataclass(frozen=True, slots=True)
class Bin:
    """Clients of neighbouring probability: how many, what was said, what happened."""

    clients: int
    said: float
    happened: float


def calibration_bins(default: Array, probability: Array, bins: int = 10) -> tuple[Bin, ...]:
    """Cut the clients into ``bins`` groups of equal size, from the lowest probability up."""
    order = np.argsort(probability, kind="stable")
    parts = (part for part in np.array_split(order, bins) if len(part))
    p, bad = np.asarray(probability), np.asarray(default, dtype=np.float64)
    return tuple(Bin(len(i), float(p[i].mean()), float(bad[i].mean())) for i in parts)


def calibration_error(default: Array, probability: Array, bins: int = 10) -> float:
    """Mean absolute gap between said and happened over ``bins`` groups of equal size."""
    groups = calibration_bins(default, probability, bins)
    return float(np.mean([abs(group.said - group.happened) for group in groups]))


def log_loss(default: Array, probability: Array) -> float:
    """Mean negative log-likelihood, probabilities kept 1e-12 away from 0 and 1."""
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    bad = np.asarray(default, dtype=np.float64)
    return float(-np.mean(bad * np.log(p) + (1 - bad) * np.log1p(-p)))


def brier(default: Array, probability: Array) -> float:
    """Mean squared error of the probability."""
    return float(np.mean((np.asarray(default, dtype=np.float64) - probability) ** 2))


def gain(default: Array, probability: Array, steps: int = 20) -> tuple[Array, Array]:
    """Share of all defaults found among the riskiest share of clients, at ``steps`` + 1 points."""
    order = np.argsort(-np.asarray(probability), kind="stable")
    found = np.concatenate(([0.0], np.cumsum(np.asarray(default, dtype=np.float64)[order])))
    share = np.linspace(0.0, 1.0, steps + 1)
    taken = np.round(share * len(order)).astype(int)
    return share, found[taken] / found[-1] if found[-1] else np.full(steps + 1, np.nan)


def auc_interval(
    default: Array, probability: Array, *, draws: int = 200, seed: int = 0, level: float = 0.95
) -> tuple[float, float]:
    """Bootstrap interval of the AUC; draws without both outcomes are left out."""
    bad, p = np.asarray(default), np.asarray(probability)
    random = np.random.default_rng(seed)
    values = [
        auc(bad[rows], p[rows])
        for rows in (random.integers(0, len(bad), len(bad)) for _ in range(draws))
    ]
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Difference:
    """How two models differ on the same clients, with bootstrap standard errors; second - first."""

    auc: float
    auc_error: float
    cost: float
    cost_error: float


def difference(
    default: Array,
    first: tuple[Array, Array | NDArray[np.bool_]],
    second: tuple[Array, Array | NDArray[np.bool_]],
    cost: CostOfError,
    *,
    draws: int = 200,
    seed: int = 0,
) -> Difference:
    """Compare two models by their scores (n,) and whom they refuse (n,), client by client.

    Every bootstrap sample is drawn once for both, so what both find hard cancels out.
    """
    bad, random = np.asarray(default), np.random.default_rng(seed)

    def gaps(rows: NDArray[np.intp]) -> tuple[float, float]:
        (one, out), (other, left_out) = first, second
        return (
            auc(bad[rows], other[rows]) - auc(bad[rows], one[rows]),
            cost.expected(bad[rows], left_out[rows]) - cost.expected(bad[rows], out[rows]),
        )

    drawn = np.array([gaps(random.integers(0, len(bad), len(bad))) for _ in range(draws)])
    of_auc, of_cost = gaps(np.arange(len(bad)))
    errors = np.nanstd(drawn, axis=0)
    return Difference(of_auc, float(errors[0]), of_cost, float(errors[1]))
