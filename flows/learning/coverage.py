"""Which history tables are complete enough to learn from.

An archive may hold a fragment of a table. Its features would say "no history" of clients who have
one, and would change meaning the day the table is complete. So a table is left out, with a
warning, when it covers less than half of the share of clients that the complete public archive
covers (sizes published by the archive's owner; monthly bureau history from its 817,395 credits).
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from features.raw.prepare import Prepared

USUAL_COVERAGE = {
    "bureau": 0.86,
    "bureau_balance": 0.38,
    "previous": 0.95,
    "pos": 0.95,
    "instalments": 0.95,
    "cards": 0.29,
}
"""Share of the clients that have at least one row in the complete archive."""

FRAGMENT_BELOW = 0.5


def coverage(prepared: Prepared, table: str) -> float:
    """Return the share of the labelled clients with at least one row in ``table``."""
    clients = prepared.scan("applications").filter(pl.col("default").is_not_null())
    ids = clients.select("client_id")
    covered = ids.join(
        prepared.scan(table).select("client_id").unique(), on="client_id", how="semi"
    )
    counts = pl.collect_all([ids.select(pl.len()), covered.select(pl.len())])
    return float(counts[1].item() / max(1, counts[0].item()))


def tables_to_use(
    prepared: Prepared, without: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables to learn from, and a warning for each one left out.

    ``without`` names tables left out on request.
    """
    used, warnings = ["applications"], []
    for table, usual in USUAL_COVERAGE.items():
        if not prepared.has(table):
            continue
        share = coverage(prepared, table)
        if table in without:
            warnings.append(f"{table}: left out on request.")
        elif share < FRAGMENT_BELOW * usual:
            warnings.append(
                f"{table}: only {share:.0%} of the labelled clients have a row in it, against "
                f"{usual:.0%} in a complete archive. It is a fragment and is left out."
            )
        else:
            used.append(table)
    return tuple(used), tuple(warnings)
