"""Formulas on arrays give, bit for bit, what the scalars give each row alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine.namespace import Expr, Namespace
from features.engine.scalars import Scalars
from features.engine.vectors import many
from tests.features.engine.test_scalars import FORMULAS, VALUES
from tests.features.engine.test_traced import COMPUTED, READ
from tests.features.test_client_row import NUMBERS

Row = dict[str, float | None]


def _columns(rows: list[Row]) -> dict[str, np.ndarray]:
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}


def _alone(formula: Callable[[Namespace], Expr], row: Row) -> float:
    value = formula(Scalars(row)).value  # type: ignore[arg-type]
    return math.nan if value is None else float(value)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_an_operation_gives_what_the_scalars_give(formula: Callable[[Namespace], Expr]) -> None:
    """Missing values, zeros, infinities and overflows, on every pair."""
    rows: list[Row] = [{"a": a, "b": b} for a in VALUES for b in VALUES]
    found = many([formula], _columns(rows), len(rows))[:, 0]
    np.testing.assert_array_equal(found, [_alone(formula, row) for row in rows])


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(READ, NUMBERS)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_whole_catalogue_gives_what_the_scalars_give(rows: list[Row]) -> None:
    """Every feature computed at request time, whatever the forms and the histories hold."""
    found = many([feature.formula for feature in COMPUTED], _columns(rows), len(rows))
    for place, feature in enumerate(COMPUTED):
        alone = [_alone(feature.formula, row) for row in rows]
        np.testing.assert_array_equal(found[:, place], alone, err_msg=feature.name)


def test_a_column_that_is_not_there_is_missing_everywhere() -> None:
    """What rests on nothing is missing, and that it is missing is known."""
    found = many([lambda x: x.col("a") + 1.0, lambda x: x.col("a").is_null()], {}, 2)
    np.testing.assert_array_equal(found, [[np.nan, 1.0], [np.nan, 1.0]])
