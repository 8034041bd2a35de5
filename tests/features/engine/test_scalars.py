"""Plain numbers obey the rules of Polars, operation by operation."""

import math
from collections.abc import Callable

import polars as pl
import pytest

from features.engine.namespace import POLARS, Expr, Namespace
from features.engine.scalars import Scalars

VALUES = (None, 0.0, -0.0, 1.5, -2.0, math.inf, -math.inf, 1e300, 800.0)
FORMULAS: dict[str, Callable[[Namespace], Expr]] = {
    "add": lambda x: x.col("a") + x.col("b"),
    "add to a constant": lambda x: 2.0 + x.col("a"),
    "subtract": lambda x: x.col("a") - x.col("b"),
    "subtract from a constant": lambda x: 1.0 - x.col("a"),
    "multiply": lambda x: x.col("a") * x.col("b"),
    "multiply a constant": lambda x: -3.0 * x.col("a"),
    "divide": lambda x: x.col("a") / x.col("b"),
    "divide a constant": lambda x: 5.0 / x.col("a"),
    "negate": lambda x: -x.col("a"),
    "compare": lambda x: (x.col("a") > x.col("b")).cast(x.Float64),
    "compare or equal": lambda x: (x.col("a") >= x.col("b")).cast(x.Float64),
    "compare below": lambda x: (x.col("a") < x.col("b")).cast(x.Float64),
    "compare below or equal": lambda x: (x.col("a") <= x.col("b")).cast(x.Float64),
    "not": lambda x: (~(x.col("a") > x.col("b"))).cast(x.Float64),
    "missing": lambda x: x.col("a").is_null().cast(x.Float64),
    "fill": lambda x: x.col("a").fill_null(7.0),
    "logarithm": lambda x: x.col("a").log(),
    "exponential": lambda x: x.col("a").exp(),
    "square root": lambda x: x.col("a").sqrt(),
    "condition": lambda x: x.when(x.col("a") > 0).then(x.col("b")),
    "condition with otherwise": lambda x: x.when(x.col("a") > 0).then(1.0).otherwise(x.col("b")),
    "sum across": lambda x: x.sum_horizontal(x.col("a"), x.col("b")),
    "mean across": lambda x: x.mean_horizontal(x.col("a"), x.col("b")),
    "smallest across": lambda x: x.min_horizontal(x.col("a"), x.col("b")),
    "largest across": lambda x: x.max_horizontal(x.col("a"), x.col("b")),
}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_an_operation_gives_what_polars_gives(formula: Callable[[Namespace], Expr]) -> None:
    """Missing values, zeros, infinities and overflows give the same result on every pair."""
    pairs = [(a, b) for a in VALUES for b in VALUES]
    frame = pl.DataFrame(pairs, schema={"a": pl.Float64, "b": pl.Float64}, orient="row")
    expected = frame.select(formula(POLARS).alias("result"))["result"].to_list()
    for (a, b), other in zip(pairs, expected, strict=True):
        result = formula(Scalars({"a": a, "b": b})).value  # type: ignore[arg-type]
        if other is not None:
            other = pytest.approx(other, rel=1e-12, nan_ok=True)
        assert result == other, (a, b)
