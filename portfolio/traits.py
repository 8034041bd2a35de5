"""Latent traits of clients, estimated from how alike the rows of one client are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from portfolio.copula import Scores
from portfolio.marginals import Floats


@dataclass(frozen=True)
class Trait:
    """A latent trait seen through the rows of clients: standardised means and their reliability."""

    loading: float
    means: Floats  # one per client of the reference list, NaN where no row shows it
    reliability: Floats  # correlation of each mean with the trait


def trait_of(scores: Scores, owners: np.ndarray, reference: np.ndarray) -> Trait:
    """Variance components of row scores by client; the loading is the root of the intraclass share.

    Discrete rows show an attenuated score: their spread is that of the score, not one.
    """
    frame = (
        pl.DataFrame({"client": owners, "score": scores.values})
        .filter(pl.col("score").is_not_nan())
        .group_by("client")
        .agg(n=pl.len(), total=pl.col("score").sum(), squares=(pl.col("score") ** 2).sum())
        .sort("client")
    )
    n, total, squares = (frame[c].to_numpy().astype(float) for c in ("n", "total", "squares"))
    several = n > 1
    pairs = (total**2 - squares)[several] / (n - 1)[several]
    shared = max(float(pairs.sum() / n[several].sum()), 1e-4)
    spread = float(squares.sum() / n.sum())
    intraclass = min(shared / spread, 0.95)
    latent = min(shared / spread**2, 0.9)  # both rows of a pair are attenuated by the spread
    reliability = np.sqrt(intraclass / (intraclass + (1 - intraclass) / n))
    means = total / n / np.sqrt(spread * (intraclass + (1 - intraclass) / n))
    position = np.searchsorted(reference, frame["client"].to_numpy())
    inside = (position < len(reference)) & (
        reference[np.minimum(position, len(reference) - 1)] == frame["client"].to_numpy()
    )
    all_means = np.full(len(reference), np.nan)
    all_reliability = np.full(len(reference), np.nan)
    all_means[position[inside]] = np.clip(means[inside], -3.5, 3.5)
    all_reliability[position[inside]] = reliability[inside]
    return Trait(float(np.sqrt(latent)), all_means, all_reliability)
