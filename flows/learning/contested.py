"""Inputs the scorecard does not use, and their price: what it would rank better with each.

They are read here to be measured by the judge, and nowhere else: no scorecard that was made with
one of them is ever registered.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.raw.prepare import Prepared
from features.raw.tables import APPLICATIONS

AGE = "birth_days"
BESIDE_AGE = (
    *("employment_days", "registration_days", "identity_document_days", "phone_change_days"),
    *("car_age_years", "income_total", "annuity", "amount_credit"),
)
"""Items that tell the age once they are divided by it."""

SETS: dict[str, tuple[str, ...]] = {
    "gender": ("gender",),
    "family status": ("family_status",),
    "age": (AGE, *BESIDE_AGE),
    "third parties": (
        *("circle_observed_30_count", "circle_default_30_count"),
        *("circle_observed_60_count", "circle_default_60_count"),
    ),
    "region": ("region_rating", "region_city_rating", "region_population_share"),
    "building": tuple(
        column.name
        for column in APPLICATIONS.columns
        if column.group == "building" and not column.name.endswith(("_mode", "_median"))
    ),
}
"""Each contested input: the columns of the form it stands in."""


def contested(prepared: Prepared, client_ids: NDArray[np.int64]) -> dict[str, pl.DataFrame]:
    """Return the columns of each contested input for these clients, one row each, in their order.

    Age is followed by its ratios to what is declared beside it, since trees and curves would find
    the age again in these.
    """
    wanted = pl.DataFrame({"client_id": client_ids})
    form = wanted.join(
        prepared.scan("applications").collect(),
        on="client_id",
        how="left",
        maintain_order="left",
    )
    found = {name: form.select(columns) for name, columns in SETS.items()}
    ratios = [(pl.col(n) / pl.col(AGE)).alias(f"{n}_to_age") for n in BESIDE_AGE]
    found["age"] = form.select(pl.col(AGE).cast(pl.Float64), *ratios)
    return found
