"""Fragments of tables are left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from features.raw.prepare import Prepared
from flows.learning.coverage import coverage, tables_to_use
from tests import training_world as world


@dataclass(frozen=True)
class Thinned(Prepared):
    """Prepared tables of which one keeps the rows of few clients."""

    def scan(self, table: str) -> pl.LazyFrame:
        """Return the table; one client in ten of ``instalments``."""
        rows = super().scan(table)
        return rows.filter(pl.col("client_id") % 10 == 0) if table == "instalments" else rows


def test_complete_tables_are_all_used() -> None:
    """A complete archive gives no warning."""
    tables, warnings = tables_to_use(world.prepared())
    assert set(tables) == world.prepared().tables
    assert warnings == ()


def test_a_fragment_is_left_out_with_a_warning() -> None:
    """A table that covers a tenth of the clients says so and is not learnt from."""
    thinned = Thinned(**vars(world.prepared()))
    assert coverage(thinned, "instalments") < 0.2
    tables, warnings = tables_to_use(thinned)
    assert "instalments" not in tables
    assert len(warnings) == 1
    assert "fragment" in warnings[0]


def test_tables_are_left_out_on_request() -> None:
    """The request is repeated in the warnings, so that a report shows it."""
    tables, warnings = tables_to_use(world.prepared(), without=("cards",))
    assert "cards" not in tables
    assert warnings == ("cards: left out on request.",)


def test_an_archive_of_applications_alone_is_enough() -> None:
    """Absent tables are no warning: they were never promised."""
    alone = replace(world.prepared(), tables=frozenset({"applications"}))
    assert tables_to_use(alone) == (("applications",), ())
