"""Latent correlations are recovered from what discrete and partly missing columns show."""

from __future__ import annotations

import numpy as np
import pytest

from portfolio.copula import correlations, nearest, normal_scores

ROWS = 20_000


def _matrix(rho: float, cut_first: float, cut_second: float | None) -> float:
    rng = np.random.default_rng(1)
    z = rng.standard_normal((ROWS, 2)) @ np.linalg.cholesky(np.array([[1, rho], [rho, 1]])).T
    first = (z[:, 0] > cut_first).astype(float)
    second = z[:, 1] if cut_second is None else (z[:, 1] > cut_second).astype(float)
    second[: ROWS // 4] = np.nan
    scored = [normal_scores(column, np.zeros(ROWS, dtype=int)) for column in (first, second)]
    values = np.stack([s.values for s in scored], axis=1)
    return float(correlations(values, np.stack([s.hermite for s in scored]))[0, 1])


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.3, 0.8])
@pytest.mark.parametrize("cuts", [(0.0, None), (1.0, None), (0.0, 0.7)])
def test_latent_correlation_is_recovered(rho: float, cuts: tuple[float, float | None]) -> None:
    """Cutting a latent into yes and no does not weaken the correlation that is found."""
    assert _matrix(rho, *cuts) == pytest.approx(rho, abs=0.05)


def test_nearest_matrix_is_a_correlation_matrix() -> None:
    """An impossible set of correlations becomes a possible one, close to it."""
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    repaired = nearest(impossible)
    assert np.linalg.eigvalsh(repaired)[0] > 0
    np.testing.assert_allclose(np.diag(repaired), 1.0)
    assert np.sign(repaired[0, 2]) == -1
