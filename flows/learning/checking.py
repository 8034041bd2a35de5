"""The checks of the raw tables and of the feature table, as steps of the training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from expectations import checks, report
from expectations.errors import ChecksFailed
from features.raw.prepare import Prepared, require_two_classes

__all__ = ["ChecksFailed", "check", "check_features"]

Say = Callable[[str], None]


def check(prepared: Prepared, folder: Path, say: Say) -> tuple[str, ...]:
    """Check every prepared table, write ``checks.html`` and ``checks.json``; return the warnings.

    Raises ``ChecksFailed`` or ``SingleClass``, once the reports are written.
    """
    results = checks.check(prepared, report=say)
    report.write(results, folder)
    checks.refuse_critical(results)
    require_two_classes(prepared)
    return checks.warnings_of(results)


def check_features(features: pl.DataFrame, folder: Path, say: Say) -> tuple[str, ...]:
    """Check the feature table likewise, into ``feature_checks.html`` and ``.json``."""
    results = [checks.check_features(features, report=say)]
    report.write(results, folder, name="feature_checks")
    checks.refuse_critical(results)
    return checks.warnings_of(results)
