"""From named features to the matrix a booster reads, and nothing else in between.

A booster knows columns by position only: the encoder keeps their names, their order and the
declared categories, and is stored with the scorecard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from features.catalogue import CATALOGUE

Matrix = npt.NDArray[np.float32]

COLUMNS_AT_ONCE = 64
"""Columns encoded together: many at once is fast, all at once holds a wide table twice."""


@dataclass(frozen=True)
class Encoder:
    """The order of a scorecard's inputs and the codes of their categories.

    Numbers become 32-bit floats, a category its position in the declared list. What is missing,
    infinite or never declared becomes NaN. Lives as long as the scorecard it belongs to.
    """

    names: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, names: Sequence[str]) -> Encoder:
        """Return the encoder of catalogue features ``names``, with their declared categories."""
        categories = {n: CATALOGUE[n].categories for n in names if CATALOGUE[n].categories}
        return cls(tuple(names), categories)

    def matrix(self, frame: pl.DataFrame, rows: pl.Series | None = None) -> Matrix:
        """Return the ``(rows, features)`` matrix of ``frame``, C-ordered.

        ``rows`` are the numbers of the rows wanted, in their order; all when not given.
        ``polars.exceptions.ColumnNotFoundError`` when a feature is absent.
        """
        height = frame.height if rows is None else len(rows)
        matrix = np.empty((height, len(self.names)), dtype=np.float32)
        for start in range(0, len(self.names), COLUMNS_AT_ONCE):
            names = self.names[start : start + COLUMNS_AT_ONCE]
            columns = frame.select(self._column(name) for name in names)
            for place, column in enumerate(columns, start):
                values = (column if rows is None else column.gather(rows)).to_numpy()
                matrix[:, place] = np.where(np.isfinite(values), values, np.nan)
        return matrix

    def row(self, values: Mapping[str, float | str | None]) -> Matrix:
        """Return the ``(1, features)`` matrix of one client; an absent name is missing."""
        coded = [self._code(name, values.get(name)) for name in self.names]
        matrix = np.array([coded], dtype=np.float64)
        matrix[~np.isfinite(matrix)] = np.nan
        with np.errstate(over="ignore"):
            narrow = matrix.astype(np.float32)
        narrow[~np.isfinite(narrow)] = np.nan
        return narrow

    def to_json(self) -> str:
        """Return the encoder as JSON text."""
        return json.dumps({"names": self.names, "categories": self.categories}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Encoder:
        """Return the encoder that ``to_json`` wrote."""
        held = json.loads(text)
        categories = {name: tuple(values) for name, values in held["categories"].items()}
        return cls(tuple(held["names"]), categories)

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return {n: {v: i for i, v in enumerate(values)} for n, values in self.categories.items()}

    def _code(self, name: str, value: float | str | None) -> float:
        if value is None:
            return np.nan
        if name in self._codes:
            return float(self._codes[name].get(str(value), np.nan))
        return float(value)

    def _column(self, name: str) -> pl.Expr:
        if name not in self._codes:
            return pl.col(name).cast(pl.Float32)
        codes = self._codes[name]
        return (
            pl.col(name)
            .cast(pl.String)
            .replace_strict(list(codes), list(codes.values()), default=None)
            .cast(pl.Float32)
        )
