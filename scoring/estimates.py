"""What an external score usually is in cases like this one, told from the rest of the form.

Each estimate is a grid of its own: a base and one curve for each item of the form it reads, added
up on the log-odds of the score, so it can be read, drawn and checked like the scorecard itself.
It is learnt from every application of an archive, repaid or not, decided or not: no outcome takes
part. Directions hold: a better known score, or a larger income, never lowers an estimate.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from features.build import with_estimates
from features.definitions.estimated import EXPECTED
from features.definitions.external_scores import NAMES
from features.encode import Encoder
from scoring.grid import Grid

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]


class Estimates(BaseModel):
    """One grid for each external score; immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grids: dict[str, Grid]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Features of the form that the estimates read, in the order of their matrix."""
        return tuple(sorted({item for grid in self.grids.values() for item in grid.items}))

    def expected(self, matrix: Matrix) -> Floats:
        """Return the expected scores (n, 3), in [0, 1], of a matrix (n, inputs)."""
        columns = [
            1.0 / (1.0 + np.exp(-self.grids[name].raw_score(matrix[:, self._places[name]])))
            for name in NAMES
        ]
        return np.stack(columns, axis=1)

    def added_to(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a feature table (n rows) with the expected scores and what is made from them."""
        expected = self.expected(Encoder.of(self.inputs).matrix(frame))
        return with_estimates(expected_columns(frame, expected))

    @cached_property
    def _places(self) -> dict[str, NDArray[np.intp]]:
        place = {name: number for number, name in enumerate(self.inputs)}
        return {
            name: np.array([place[item] for item in grid.items], dtype=np.intp)
            for name, grid in self.grids.items()
        }


def expected_columns(frame: pl.DataFrame, expected: Floats) -> pl.DataFrame:
    """Return the table with expected scores (n, 3) as its columns."""
    columns = zip(EXPECTED, expected.T, strict=True)
    return frame.with_columns(pl.Series(name, column) for name, column in columns)
