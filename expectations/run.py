"""Running a suite on a frame with Great Expectations, and keeping counts only.

Great Expectations reads pandas, and its results quote the values it did not expect. Both stay in
this module: what leaves it holds counts, shares and aggregates.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import great_expectations as gx
import polars as pl
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context import EphemeralDataContext

from expectations.suites import Expectation, Suite

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one expectation.

    ``unexpected`` counts the rows that do not meet it, ``None`` where it is about the whole
    column; ``observed`` is then the aggregate seen. ``ran`` is false when it could not be tried.
    """

    expectation: Expectation
    met: bool
    ran: bool
    unexpected: int | None
    observed: float | None


def run(suite: Suite, frame: pl.DataFrame) -> tuple[Outcome, ...]:
    """Run every expectation of ``suite`` on ``frame`` at once; outcomes in the suite's order."""
    if not suite.expectations:
        return ()
    source = _context().data_sources.add_or_update_pandas(suite.name)
    asset = source.add_dataframe_asset(suite.name)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch(
        {"dataframe": frame.to_pandas()}
    )
    numbered = gx.ExpectationSuite(
        name=suite.name,
        expectations=[
            {"type": e.type, "kwargs": e.kwargs, "severity": e.severity, "meta": {"place": place}}
            for place, e in enumerate(suite.expectations)
        ],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own deprecations, not of our data
        results = batch.validate(numbered, result_format=COUNTS_ONLY).results
    by_place = {result.expectation_config.meta["place"]: result for result in results}
    return tuple(_outcome(e, by_place[place]) for place, e in enumerate(suite.expectations))


@cache
def _context() -> EphemeralDataContext:
    """Return the context of this process: each one leaves a temporary folder behind."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _outcome(expectation: Expectation, result: ExpectationValidationResult) -> Outcome:
    values: dict[str, Any] = result.result or {}
    observed = values.get("observed_value")
    unexpected = values.get("unexpected_count")
    return Outcome(
        expectation=expectation,
        met=bool(result.success),
        ran=bool(values),
        unexpected=None if unexpected is None else int(unexpected),
        observed=float(observed) if isinstance(observed, int | float) else None,
    )
