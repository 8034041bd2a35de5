"""One row scored, and its exact SHAP values, in a fraction of the time LightGBM takes for one row.

The score is LightGBM's to the last bit: the same leaves, added in the same order.

The SHAP values equal LightGBM's within 1e-9. Its ``pred_contrib`` walks each tree with a path that
grows and is unwound (TreeSHAP, Lundberg et al., 2018, algorithm 2). The same values come from an
integral. Let leaf l, of value v_l, be reached through m distinct features; for each such feature i
let

    o_i = 1 when the row takes the leaf's side at every split on i of the path, else 0
    z_i = product over these splits of (training rows of the child) / (of the parent)

The Shapley value of feature i in this tree is then the sum over the leaves reached through i of

    v_l (o_i - z_i)  Integral over t from 0 to 1 of  product over j != i of ((1-t) z_j + t o_j)

because the integral of t^k (1-t)^(m-1-k) is the Shapley weight k! (m-1-k)! / m!. The integrand is
a polynomial of degree m - 1: Gauss-Legendre quadrature on ceil(m / 2) points gives it exactly.

The tables of a booster are made once, in ``scoring.kernel_tables``; the code is compiled when the
first kernel is made, or read from numba's cache, never in a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import lightgbm
import numba
import numpy as np
from numpy.typing import NDArray

from scoring.kernel_tables import CATEGORY, NUMBER_OR_ZERO, Leaves, Splits, Trees, tables_of

Floats = NDArray[np.float64]

Function = TypeVar("Function", bound=Callable[..., Any])

_compiled: Callable[[Function], Function] = numba.njit(cache=True, nogil=True)

_ZERO = 1e-35
"""LightGBM's bound below which a number counts as zero."""


class Kernel:
    """One booster, one row at a time; immutable, safe for many threads."""

    def __init__(self, booster: lightgbm.Booster) -> None:
        self.features: int = booster.num_feature()
        self.base, self._trees, self._splits, self._leaves = tables_of(booster)
        nothing = np.full(self.features, np.nan)
        self.contributions(nothing)  # compiles
        self.raw_score(nothing)

    def raw_score(self, row: NDArray[Any]) -> float:
        """Raw score of one row (f,), log-odds."""
        row = np.ascontiguousarray(row, dtype=np.float64)
        return float(_raw_score(row, self._trees, self._splits))

    def contributions(self, row: NDArray[Any]) -> Floats:
        """SHAP values (f,) of one row (f,), log-odds; with ``base`` they sum to the raw score."""
        values = np.zeros(self.features)
        _add_contributions(
            np.ascontiguousarray(row, dtype=np.float64), self._splits, self._leaves, values
        )
        return values


@_compiled
def _is_in(value: float, bits: NDArray[np.uint32]) -> bool:  # pragma: no cover
    """Whether the category of code ``value`` has its bit set; one never seen has none."""
    code = -1 if np.isnan(value) else int(value)
    if code < 0 or code // 32 >= len(bits):
        return False
    return bool((bits[code // 32] >> np.uint32(code % 32)) & 1)


@_compiled
def _raw_score(row: Floats, trees: Trees, splits: Splits) -> float:  # pragma: no cover
    feature, threshold, kind = splits.feature, splits.threshold, splits.kind  # each once: reaching
    missing_left, starts = splits.missing_left, splits.bits_start  # into a tuple costs as much
    left, right, ends = trees.left, trees.right, trees.ends  # as deciding a split
    score = 0.0
    for place in trees.root:
        while place >= 0:
            value = row[feature[place]]
            if kind[place] == CATEGORY:
                goes_left = _is_in(value, splits.bits[starts[place] : starts[place + 1]])
            elif np.isnan(value) or (kind[place] == NUMBER_OR_ZERO and abs(value) <= _ZERO):
                goes_left = missing_left[place]
            else:
                goes_left = value <= threshold[place]
            place = left[place] if goes_left else right[place]
        score += ends[-1 - place]
    return score


@_compiled
def _go_left(row: Floats, splits: Splits) -> NDArray[np.bool_]:  # pragma: no cover
    """The side the row takes at every split."""
    feature, threshold, kind = splits.feature, splits.threshold, splits.kind
    missing_left, starts = splits.missing_left, splits.bits_start
    left = np.empty(len(feature), dtype=np.bool_)
    for s in range(len(feature)):
        value = row[feature[s]]
        if kind[s] == CATEGORY:
            left[s] = _is_in(value, splits.bits[starts[s] : starts[s + 1]])
        elif np.isnan(value) or (kind[s] == NUMBER_OR_ZERO and abs(value) <= _ZERO):
            left[s] = missing_left[s]
        else:
            left[s] = value <= threshold[s]
    return left


@_compiled
def _add_contributions(
    row: Floats, splits: Splits, leaves: Leaves, values: Floats
) -> None:  # pragma: no cover
    left = _go_left(row, splits)
    start, feature, zero, value = leaves.start, leaves.feature, leaves.zero, leaves.value
    test_start, test_split, test_left = leaves.test_start, leaves.test_split, leaves.test_left
    point_start, points, weights = leaves.point_start, leaves.point, leaves.weight
    taken = np.empty(leaves.deepest, dtype=np.float64)
    sums = np.empty(leaves.deepest, dtype=np.float64)
    factor = np.empty(leaves.deepest, dtype=np.float64)
    before = np.empty(leaves.deepest, dtype=np.float64)
    for leaf in range(len(value)):
        first = start[leaf]
        m = start[leaf + 1] - first
        for e in range(m):
            same = True
            for test in range(test_start[first + e], test_start[first + e + 1]):
                same &= left[test_split[test]] == test_left[test]
            taken[e] = 1.0 if same else 0.0
            sums[e] = 0.0
        for place in range(point_start[m], point_start[m + 1]):
            t = points[place]
            product = weights[place]
            for e in range(m):
                before[e] = product
                factor[e] = (1.0 - t) * zero[first + e] + t * taken[e]
                product *= factor[e]
            product = 1.0
            for e in range(m - 1, -1, -1):
                sums[e] += before[e] * product
                product *= factor[e]
        for e in range(m):
            values[feature[first + e]] += value[leaf] * (taken[e] - zero[first + e]) * sums[e]
