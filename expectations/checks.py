"""The checks of the data: every suite on every table, before anything is learnt from it.

Large tables are checked on a sample of whole clients, always the same one, and the result says
so: Great Expectations takes seconds per kind of expectation and ten million rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from expectations.errors import ChecksFailed
from expectations.suites import FEATURES, Severity, Suite, load
from expectations.words import sentence
from features.raw.prepare import Prepared
from features.raw.tables import TABLES

FULL_ROWS = 1_000_000
SAMPLED_ROWS = 400_000
FEATURE_ROWS = 20_000
_GOLDEN = 2_654_435_761
"""Knuth's multiplicative hash: spreads consecutive client numbers evenly over 32 bits."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that is not met. ``share`` is of the rows checked, when rows are counted."""

    column: str
    expectation: str
    severity: Severity
    unexpected_count: int | None
    share: float | None
    message: str
    why: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks of one table found. ``checked_rows`` is below ``rows`` on a sample."""

    table: str
    rows: int
    checked_rows: int
    expectations: int
    failures: tuple[Failure, ...]
    seconds: float

    @property
    def success(self) -> bool:
        """Whether every critical expectation is met."""
        return not self.of("critical")

    @property
    def sampled(self) -> bool:
        """Whether only some clients were looked at."""
        return self.checked_rows < self.rows

    def of(self, severity: Severity) -> tuple[Failure, ...]:
        """Return the failures of one severity."""
        return tuple(failure for failure in self.failures if failure.severity == severity)


def check(prepared: Prepared, *, report: Report) -> list[CheckResult]:
    """Check every prepared table with its suite; never raises for what the data hold.

    ``report`` receives one line per table. Pass the results to ``refuse_critical``.
    """
    results = []
    for table in TABLES:
        if not prepared.has(table):
            continue
        suite = load(table)
        columns = tuple(dict.fromkeys(("client_id", *suite.columns)))
        rows = prepared.rows[table]
        scan = prepared.scan(table).select(columns)
        if rows > FULL_ROWS:
            scan = scan.filter(_sampled(SAMPLED_ROWS / rows))
        results.append(_checked(suite, scan.collect(), rows, report))
    return results


def check_features(frame: pl.DataFrame, *, report: Report) -> CheckResult:
    """Check the feature table (one row per client, as ``features.build`` makes it).

    Features of tables the archive did not hold are not expected.
    """
    suite = load(FEATURES).only(frozenset(frame.columns))
    rows = frame.select(list(dict.fromkeys(("client_id", *suite.columns))))
    if frame.height > FEATURE_ROWS:
        rows = rows.filter(_sampled(FEATURE_ROWS / frame.height))
    return _checked(suite, rows, frame.height, report)


def refuse_critical(results: Iterable[CheckResult]) -> None:
    """Raise ``ChecksFailed`` naming every critical expectation that is not met."""
    failed = [f"{r.table}: {f.message}" for r in results for f in r.of("critical")]
    if failed:
        raise ChecksFailed(failed)


def _sampled(share: float) -> pl.Expr:
    """Keep about ``share`` of the clients with all their rows; the same ones every time."""
    place = (pl.col("client_id") * _GOLDEN) % 2**32
    return place < int(share * 2**32)


def _checked(suite: Suite, frame: pl.DataFrame, rows: int, report: Report) -> CheckResult:
    from expectations.run import run  # Great Expectations takes seconds to import

    began = time.perf_counter()
    outcomes = run(suite, frame)
    failures = tuple(
        Failure(
            column=", ".join(outcome.expectation.columns),
            expectation=outcome.expectation.type,
            severity=outcome.expectation.severity,
            unexpected_count=outcome.unexpected,
            share=None if outcome.unexpected is None else outcome.unexpected / frame.height,
            message=_message(outcome.ran, sentence(outcome.expectation), outcome.unexpected),
            why=outcome.expectation.why,
        )
        for outcome in outcomes
        if not outcome.met
    )
    seconds = round(time.perf_counter() - began, 3)
    result = CheckResult(suite.name, rows, frame.height, len(outcomes), failures, seconds)
    report(_line(result))
    return result


def _message(ran: bool, expected: str, unexpected: int | None) -> str:
    if not ran:
        return f"{expected}: could not be checked"
    return expected if unexpected is None else f"{expected}: {unexpected:,} rows do not"


def _line(result: CheckResult) -> str:
    rows = f"{result.checked_rows:,} rows"
    if result.sampled:
        rows += f" (sample of {result.rows:,})"
    critical, warning = len(result.of("critical")), len(result.of("warning"))
    found = f"{critical} critical, {warning} warnings" if critical or warning else "all met"
    return (
        f"checks of {result.table}: {result.expectations} expectations on {rows}, {found}, "
        f"{result.seconds:.1f} s"
    )


def warnings_of(results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the sentences of every warning, table first."""
    return tuple(f"{r.table}: {f.message}" for r in results for f in r.of("warning"))
