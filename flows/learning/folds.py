"""Who learns and who is judged: one untouched test split, and folds inside the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold, train_test_split

Rows = NDArray[np.intp]

TEST_SHARE = 0.2


def split(default: NDArray[np.float64], seed: int) -> tuple[Rows, Rows]:
    """Return the rows to learn from and the rows judged once, with the same share of defaults."""
    rows = np.arange(len(default))
    learn, test = train_test_split(
        rows, test_size=TEST_SHARE, stratify=default, random_state=seed, shuffle=True
    )
    return np.sort(learn), np.sort(test)


def stratified(default: NDArray[np.float64], folds: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Yield (learn, judge) rows of each fold, each with the same share of defaults."""
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    yield from splitter.split(np.zeros(len(default)), default)
