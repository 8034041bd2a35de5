"""Formulas written out give, bit for bit, what the scalars give."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.catalogue import CATALOGUE
from features.engine.namespace import Expr, Namespace
from features.engine.scalars import Scalars
from features.engine.traced import straight
from tests.features.engine.test_scalars import FORMULAS, VALUES
from tests.features.test_client_row import NUMBERS

COMPUTED = [
    feature
    for feature in (*CATALOGUE.of("applications"), *CATALOGUE.of("client"))
    if not feature.raw
]
READ = sorted({name for feature in COMPUTED for name in feature.reads()})
ALL_AT_ONCE = straight([feature.formula for feature in COMPUTED])


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_an_operation_gives_what_the_scalars_give(formula: Callable[[Namespace], Expr]) -> None:
    """Missing values, zeros, infinities and overflows, on every pair."""
    compute = straight([formula])
    for a in VALUES:
        for b in VALUES:
            row = {"a": a, "b": b}
            (result,) = compute(row)
            assert _same(result, formula(Scalars(row)).value), row  # type: ignore[arg-type]


@given(st.fixed_dictionaries(dict.fromkeys(READ, NUMBERS)))
@settings(max_examples=200, deadline=None)
def test_the_whole_catalogue_gives_what_the_scalars_give(row: dict[str, float | None]) -> None:
    """Every feature computed at request time, whatever the form and the history hold."""
    x = Scalars(row)
    for feature, result in zip(COMPUTED, ALL_AT_ONCE(row), strict=True):
        assert _same(result, feature.formula(x).value), feature.name  # type: ignore[arg-type]


def test_a_column_that_is_not_there_is_missing() -> None:
    """In an empty row, what rests on nothing is missing and that it is missing is known."""
    missing = straight([lambda x: x.col("a") + 1.0, lambda x: x.col("a").is_null()])
    assert missing({}) == [None, True]


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
