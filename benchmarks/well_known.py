"""The aggregates every public kernel on this data computes, as one declaration for both engines.

Per table: some statistics of its numeric columns, over all rows and over a few slices, and the
share of rows in each category. The pandas form (``peers/pandas_features.py``) and ours
(``polars_features.py``) read this and must give the same numbers: a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from features.raw.tables import TABLES

Stats = tuple[str, ...]

SPREAD: Stats = ("min", "max", "mean", "sum", "var")
EDGES: Stats = ("min", "max", "mean")
TOP: Stats = ("max", "mean", "sum")


@dataclass(frozen=True)
class Aggregates:
    """What is computed from one table, by client."""

    table: str
    numbers: dict[str, Stats]
    shares: tuple[str, ...]
    slices: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The columns read."""
        sliced = [column for column, _ in self.slices.values()]
        return list(dict.fromkeys(["client_id", *self.numbers, *self.shares, *sliced]))


def _numbers(table: str, stats: Stats, *but: str) -> dict[str, Stats]:
    return {
        column.name: stats
        for column in TABLES[table].columns
        if column.kind in {"integer", "number"} and column.name not in but
    }


def _categories(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in TABLES[table].columns if column.kind == "category")


WELL_KNOWN = (
    Aggregates(
        "bureau",
        _numbers("bureau", SPREAD),
        _categories("bureau"),
        {"active": ("status", "Active"), "closed": ("status", "Closed")},
    ),
    Aggregates("bureau_balance", {"month": ("min", "max", "count")}, ("status",)),
    Aggregates(
        "previous",
        _numbers("previous", EDGES, "first_drawing_days", "interest_primary"),
        _categories("previous"),
        {"approved": ("status", "Approved"), "refused": ("status", "Refused")},
    ),
    Aggregates("pos", _numbers("pos", TOP), _categories("pos")),
    Aggregates("instalments", _numbers("instalments", SPREAD), ()),
    Aggregates("cards", _numbers("cards", SPREAD), _categories("cards")),
)
