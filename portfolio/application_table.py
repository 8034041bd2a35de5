"""Applications drawn from their variables, in the archive's columns.

Relations that hold for everybody are made by construction: someone without employment has no
employer phone; the family is the children and the adults; the credit is the price of the goods
times a loading, the annuity the credit times a rate.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from features.raw.tables import TABLES
from portfolio import risk
from portfolio.applications import (
    CITY_FLAGS,
    MAIN_DOCUMENTS,
    MIRRORED,
    NOT_EMPLOYED_DAYS,
    REGION_FLAGS,
    VARIABLES,
    within_a_life,
)
from portfolio.columns import as_kind, labels
from portfolio.marginals import Codes
from portfolio.people import People
from portfolio.variables import Known, Orders

_UNPRICED = 0.009  # revolving loans whose goods have no price
_COUPLES = ("Married", "Civil marriage")
_SPELLED = ("FLAG_OWN_CAR", "FLAG_OWN_REALTY")  # flags written Y and N


def draw(people: People) -> dict[str, np.ndarray]:
    """Draw the variables of every client of ``people``, given their latents."""
    fitted = people.parameters.tables["applications"]
    orders = people.parameters.orders["applications"]
    rng = people.stream("applications")
    known: dict[str, np.ndarray] = {}
    for variable in (*VARIABLES, *MIRRORED):
        u = people.uniform(variable.name, rng)
        values = fitted[variable.name].draw(u, known, orders, rng)
        if variable.given:
            values[known[variable.given] != orders[variable.given].index("yes")] = np.nan
        known[variable.name] = values
    within_a_life(known)
    return known


def table(people: People, known: Known, default: Codes | None) -> pl.DataFrame:
    """The applications in the archive's columns; ``default`` is absent for unlabelled clients."""
    orders = people.parameters.orders["applications"]
    every = {**known, **_made(people, known, orders)}
    columns: list[pl.Series] = []
    for column in TABLES["applications"].columns:
        name = column.source
        if name == "SK_ID_CURR":
            columns.append(pl.Series(name, people.ids))
        elif name == "TARGET":
            if default is not None:
                columns.append(pl.Series(name, default))
        elif column.kind == "category":
            columns.append(labels(name, known[name], orders[name]))
        elif column.kind == "flag":
            columns.append(_flag(name, every[name], orders))
        else:
            columns.append(as_kind(name, column.kind, every[name]))
    return pl.DataFrame(columns)


def _flag(name: str, codes: np.ndarray, orders: Orders) -> pl.Series:
    yes = (
        codes == orders[name].index("yes")
        if name in orders and "yes" in orders[name]
        else (np.zeros(len(codes), dtype=bool) if name in orders else codes.astype(bool))
    )
    if name in _SPELLED:
        return pl.Series(name, yes).replace_strict({True: "Y", False: "N"}, return_dtype=pl.String)
    return pl.Series(name, yes.astype(np.int64))


def _made(people: People, known: Known, orders: Orders) -> dict[str, np.ndarray]:
    """Columns that follow from the variables."""
    employed = known["employed"] == orders["employed"].index("yes")
    credit = risk.credit_of(known, orders)
    couples = [i for i, label in enumerate(orders["NAME_FAMILY_STATUS"]) if label in _COUPLES]
    couple = np.isin(known["NAME_FAMILY_STATUS"], couples)
    revolving = known["NAME_CONTRACT_TYPE"] == orders["NAME_CONTRACT_TYPE"].index("Revolving loans")
    unpriced = revolving & (people.stream("unpriced").random(people.size) < _UNPRICED)
    made = {
        "AMT_CREDIT": credit,
        "AMT_GOODS_PRICE": np.where(unpriced, np.nan, known["AMT_GOODS_PRICE"]),
        "AMT_ANNUITY": np.round(credit * known["annuity_rate"] / 4.5) * 4.5,
        "DAYS_EMPLOYED": np.where(employed, known["DAYS_EMPLOYED"], NOT_EMPLOYED_DAYS),
        "FLAG_MOBIL": np.ones(len(credit)),
        "FLAG_EMP_PHONE": employed,
        "CNT_FAM_MEMBERS": known["CNT_CHILDREN"] + 1 + couple,
        **_split(
            known["rating"],
            orders["rating"],
            ("REGION_RATING_CLIENT", "REGION_RATING_CLIENT_W_CITY"),
        ),
        **_split(known["region_flags"], orders["region_flags"], REGION_FLAGS),
        **_split(known["city_flags"], orders["city_flags"], CITY_FLAGS),
    }
    for number in MAIN_DOCUMENTS:
        given = np.array([number in label for label in orders["document"]])
        made[f"FLAG_DOCUMENT_{number}"] = given[known["document"]]
    return made | _circle(known)


def _circle(known: Known) -> dict[str, np.ndarray]:
    """Counts of the social circle: at sixty days never more than at thirty."""
    observed, bad = known["OBS_30_CNT_SOCIAL_CIRCLE"], known["DEF_30_CNT_SOCIAL_CIRCLE"]
    later = np.maximum(observed - known["circle observed drop"], 0)
    return {
        "OBS_60_CNT_SOCIAL_CIRCLE": later,
        "DEF_30_CNT_SOCIAL_CIRCLE": np.minimum(bad, observed),
        "DEF_60_CNT_SOCIAL_CIRCLE": np.minimum(
            np.maximum(bad - known["circle default drop"], 0), later
        ),
    }


def _split(codes: Codes, order: tuple[str, ...], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    digits = np.array([[int(d) for d in label] for label in order])
    return {name: digits[codes, i] for i, name in enumerate(names)}
