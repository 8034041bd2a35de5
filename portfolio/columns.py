"""From drawn arrays to the archive's columns."""

from __future__ import annotations

import numpy as np
import polars as pl

from portfolio.marginals import Codes


def labels(name: str, codes: Codes, order: tuple[str, ...]) -> pl.Series:
    """A text column of category ``codes``; the empty label is a missing value."""
    words = pl.Series([label or None for label in order], dtype=pl.String)
    return words.gather(pl.Series(codes, dtype=pl.UInt32)).alias(name)


def as_kind(name: str, kind: str, values: np.ndarray) -> pl.Series:
    """A numeric column: whole numbers for identifiers and integers, missing values for NaN."""
    if values.dtype.kind in "bi":
        return pl.Series(name, values.astype(np.int64))
    series = pl.Series(name, values).fill_nan(None)
    return series.cast(pl.Int64) if kind in ("id", "integer", "flag") else series
