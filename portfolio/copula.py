"""The Gaussian copula that ties a client's variables together.

Every variable is the image of a latent standard normal; the latents share one correlation matrix.
Discrete variables show their latent only through intervals, so the matrix is found by matching
observed correlations of interval means, expanded in Hermite polynomials (Mehler's formula; Olsson,
*Maximum likelihood estimation of the polychoric correlation coefficient*, 1979, treats the pair).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from portfolio.marginals import Codes, Floats

_TERMS = 24
_LIMIT = 0.985


@dataclass(frozen=True)
class Scores:
    """Interval means of the latent of each row (NaN: not seen) and their Hermite coefficients."""

    values: Floats
    hermite: Floats


def normal_scores(values: np.ndarray, cells: Codes) -> Scores:
    """Latent interval mean of each value given its rank inside its cell; NaN values stay NaN."""
    scores = np.full(len(values), np.nan)
    low, high = np.zeros(len(values)), np.ones(len(values))
    present = np.flatnonzero(~np.isnan(values.astype(float)))
    for cell in np.unique(cells[present]):
        rows = present[cells[present] == cell]
        _, inverse, counts = np.unique(values[rows], return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        low[rows] = ((ends - counts) / len(rows))[inverse]
        high[rows] = (ends / len(rows))[inverse]
    a, b = ndtri(low[present]), ndtri(high[present])
    width = high[present] - low[present]
    scores[present] = (_density(a) - _density(b)) / width
    return Scores(scores, _hermite(scores[present], a, b, width))


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * np.minimum(z * z, 700)) / np.sqrt(2 * np.pi))


def _hermite(scores: Floats, a: Floats, b: Floats, width: Floats) -> Floats:
    """Mean of score times the normalised Hermite polynomials 1.._TERMS of the latent."""
    edges = [np.where(np.isfinite(edge), edge, 0.0) for edge in (a, b)]
    density = [_density(edge) for edge in (a, b)]
    before = [np.zeros_like(a), np.zeros_like(a)]
    current = [np.ones_like(a), np.ones_like(a)]
    result = np.empty(_TERMS)
    for k in range(1, _TERMS + 1):
        inside = current[0] * density[0] - current[1] * density[1]
        result[k - 1] = np.mean(scores * inside / width) / np.sqrt(k)
        for side in (0, 1):  # normalised recurrence, stable at high order
            following = (edges[side] * current[side] - np.sqrt(k - 1) * before[side]) / np.sqrt(k)
            before[side], current[side] = current[side], following
    return result


def correlations(
    scores: Floats, hermite: Floats, fewest: int = 200, limit: float = _LIMIT
) -> Floats:
    """Latent correlations of the columns of ``scores`` (rows x columns, NaN: not seen).

    ``hermite`` has one row per column. A pair seen together fewer than ``fewest`` times is taken as
    independent.
    """
    seen = ~np.isnan(scores)
    filled = np.where(seen, scores, 0.0)
    together = seen.T.astype(float) @ seen.astype(float)
    observed = (filled.T @ filled) / np.maximum(together, 1.0)
    low = np.full_like(observed, -limit)
    high = np.full_like(observed, limit)
    for _ in range(30):
        middle = (low + high) / 2
        power, expected = np.ones_like(middle), np.zeros_like(middle)
        for k in range(hermite.shape[1]):
            power = power * middle
            expected += power * np.outer(hermite[:, k], hermite[:, k])
        above = expected > observed
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    result = np.where(together >= fewest, (low + high) / 2, 0.0)
    np.fill_diagonal(result, 1.0)
    return result


def nearest(matrix: Floats, floor: float = 1e-3) -> Floats:
    """The correlation matrix near ``matrix`` whose eigenvalues are at least about ``floor``."""
    result = (matrix + matrix.T) / 2
    for _ in range(20):
        values, vectors = np.linalg.eigh(result)
        if values[0] >= floor / 2:
            break
        result = (vectors * np.maximum(values, floor)) @ vectors.T
        scale = np.sqrt(np.diag(result))
        result = result / np.outer(scale, scale)
    return result


def factor(matrix: Floats) -> Floats:
    """Lower triangular factor that turns independent normals into correlated ones."""
    return np.asarray(np.linalg.cholesky(nearest(matrix)), dtype=float)
