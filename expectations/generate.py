"""The feature table's suite, derived from the catalogue: ``python -m expectations.generate``.

One expectation a feature, because each costs as much as the reading of its column: the domain
where the unit gives one, otherwise that somebody has a value. (That numbers are finite needs no
check: a result that is not becomes missing where features are declared.)
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from expectations.suites import FEATURES, SUITES, Expectation, Suite, as_text
from features.catalogue import CATALOGUE
from features.engine.declare import Feature

BETWEEN = "expect_column_values_to_be_between"
KNOWN = "expect_column_values_to_not_be_null"
IN_SET = "expect_column_values_to_be_in_set"
DOMAINS = {"flag": (0.0, 1.0), "rating": (1.0, 3.0)}
RAW_DOMAINS = {"score": (0.0, 1.0), "count": (0.0, None), "hour": (0.0, 23.0)}
"""Domains of features that are a column as received: statistics of such a unit may leave it."""

KNOWN_SHARE = 0.0005


def feature_suite(features: Iterable[Feature]) -> Suite:
    """Return what the feature table must satisfy."""
    table = (
        Expectation(
            "expect_column_values_to_be_unique",
            {"column": "client_id"},
            "critical",
            "One row per client.",
        ),
        Expectation(KNOWN, {"column": "client_id"}, "critical", "Every row is somebody's."),
        Expectation(
            IN_SET,
            {"column": "default", "value_set": [0, 1]},
            "critical",
            "0 repaid, 1 defaulted; unknown is missing.",
        ),
    )
    return Suite(FEATURES, (*table, *map(_of, features)))


def _of(feature: Feature) -> Expectation:
    column = {"column": feature.name}
    if feature.categories:
        values = {"value_set": list(feature.categories)}
        return Expectation(IN_SET, column | values, "critical", "One of the declared categories.")
    domain = _domain(feature)
    if domain:
        low, high = domain
        bounds = {"min_value": low} | ({} if high is None else {"max_value": high})
        return Expectation(BETWEEN, column | bounds, "critical", f"The unit is {feature.unit}.")
    why = "A feature that nobody has is useless."
    return Expectation(KNOWN, column | {"mostly": KNOWN_SHARE}, "warning", why)


def _domain(feature: Feature) -> tuple[float, float | None] | None:
    """Lowest and highest value that the unit allows; ``None`` when it allows any."""
    if feature.unit in DOMAINS:
        return DOMAINS[feature.unit]
    return RAW_DOMAINS.get(feature.unit) if feature.raw else None


def main() -> int:
    """Write the suite beside the others."""
    path = SUITES / f"{FEATURES}.json"
    path.write_text(as_text(feature_suite(CATALOGUE)), encoding="utf-8")
    sys.stdout.write(f"{path.name}: {len(CATALOGUE)} features\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
