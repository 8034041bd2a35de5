"""The grain of a table: what a person counts as one, where raw rows hold parts of it.

An instalment paid in two parts stands on two rows and is one instalment: the parts are put
together before anything is said of it, for a whole portfolio and for one client's rows alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from features.engine.namespace import POLARS, Formula


@dataclass(frozen=True)
class Grain:
    """Rows that share ``keys`` are one; ``columns`` says what becomes of each other column.

    The formulas of ``columns`` are aggregates over those rows that give a lone row back as it is:
    nearly all are alone, and are left as they are. A column named in neither is not there for
    derived columns and features.
    """

    keys: tuple[str, ...]
    columns: Mapping[str, Formula]

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return one row for each combination of the keys, those of several rows last."""
        rows = rows.select(*self.keys, *self.columns)
        repeated = rows.select(pl.struct(self.keys).is_duplicated()).to_series()
        parts = [formula(POLARS).alias(name) for name, formula in self.columns.items()]
        together = rows.filter(repeated).group_by(self.keys, maintain_order=True).agg(parts)
        return pl.concat([rows.filter(~repeated), together])
