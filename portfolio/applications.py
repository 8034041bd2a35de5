"""Applications: the variables of a client's request, and how they are read off genuine ones.

Columns that depend on each other become variables that do not: an amount becomes a ratio, flags
that go together become one category, a block that is missing together becomes one presence.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from features.raw.tables import TABLES
from portfolio.variables import Variable, category, number

NOT_EMPLOYED_DAYS = 365243
HIRED_FROM_DAYS = 17 * 366
"""Nobody in the archive was hired younger."""
SINCE_BIRTH = ("DAYS_REGISTRATION", "DAYS_ID_PUBLISH", "DAYS_LAST_PHONE_CHANGE")
MIRRORS = ("MODE", "MEDI")  # each building measure comes as average, mode and median
MEASURES = tuple(
    column.source.removesuffix("_AVG")
    for column in TABLES["applications"].columns
    if column.source.endswith("_AVG")
)
BUILDING_CATEGORIES = (
    "FONDKAPREMONT_MODE",
    "HOUSETYPE_MODE",
    "WALLSMATERIAL_MODE",
    "EMERGENCYSTATE_MODE",
)
SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
REQUESTS = tuple(
    c.source for c in TABLES["applications"].columns if c.source.startswith("AMT_REQ_CREDIT")
)
MAIN_DOCUMENTS = ("3", "5", "6", "8")
REGION_FLAGS = (
    "REG_REGION_NOT_LIVE_REGION",
    "REG_REGION_NOT_WORK_REGION",
    "LIVE_REGION_NOT_WORK_REGION",
)
CITY_FLAGS = ("REG_CITY_NOT_LIVE_CITY", "REG_CITY_NOT_WORK_CITY", "LIVE_CITY_NOT_WORK_CITY")
RARE_FLAGS = (
    "FLAG_CONT_MOBILE",
    *(
        c.source
        for c in TABLES["applications"].columns
        if c.source.startswith("FLAG_DOCUMENT_")
        and c.source.removeprefix("FLAG_DOCUMENT_") not in MAIN_DOCUMENTS
    ),
)
_INDEPENDENT = (
    *RARE_FLAGS,
    "WEEKDAY_APPR_PROCESS_START",
    "AMT_REQ_CREDIT_BUREAU_HOUR",
    "circle observed drop",
    "circle default drop",
)  # drawn apart: too rare or too plain for a place in the copula


def _measure(column: str, name: str, knots: int) -> Variable:
    """One of the three forms of a building measure; years come on a coarse lattice."""
    atoms = 0.001 if name.startswith("YEARS") else 0.008
    return number(column, given=f"has {name}", knots=knots, atoms=atoms, step=0.0001)


VARIABLES: tuple[Variable, ...] = (
    category("NAME_CONTRACT_TYPE"),
    category("employed", ("NAME_CONTRACT_TYPE",), ordered=True),
    category("CODE_GENDER", ("employed",)),
    number("DAYS_BIRTH", ("employed", "CODE_GENDER"), step=1),
    category("NAME_FAMILY_STATUS", ("CODE_GENDER", "DAYS_BIRTH/6")),
    number("CNT_CHILDREN", ("NAME_FAMILY_STATUS", "DAYS_BIRTH/6"), ("DAYS_BIRTH/6",), step=1),
    category("NAME_INCOME_TYPE", ("employed",)),
    category("NAME_EDUCATION_TYPE", ("NAME_INCOME_TYPE", "CODE_GENDER"), ("NAME_INCOME_TYPE",)),
    category(
        "OCCUPATION_TYPE",
        ("NAME_INCOME_TYPE", "CODE_GENDER", "NAME_EDUCATION_TYPE"),
        ("NAME_INCOME_TYPE", "CODE_GENDER"),
        ("NAME_INCOME_TYPE",),
    ),
    category("ORGANIZATION_TYPE", ("NAME_INCOME_TYPE", "OCCUPATION_TYPE"), ("NAME_INCOME_TYPE",)),
    number(
        "AMT_INCOME_TOTAL",
        ("NAME_INCOME_TYPE", "CODE_GENDER"),
        ("NAME_INCOME_TYPE",),
        step=0.01,
        atoms=0.003,
    ),
    number("DAYS_EMPLOYED", ("DAYS_BIRTH/6",), given="employed", step=1),
    number("DAYS_REGISTRATION", ("DAYS_BIRTH/6",), step=1, knots=24),
    number("DAYS_ID_PUBLISH", ("DAYS_BIRTH/6",), step=1, knots=24),
    number("DAYS_LAST_PHONE_CHANGE", step=1),
    category("FLAG_OWN_CAR", ("CODE_GENDER",), ordered=True),
    number("OWN_CAR_AGE", given="FLAG_OWN_CAR", step=1),
    category("NAME_HOUSING_TYPE", ("DAYS_BIRTH/6",)),
    category("FLAG_OWN_REALTY", ("NAME_HOUSING_TYPE",), ordered=True),
    category("rating", ordered=True),
    number("REGION_POPULATION_RELATIVE", ("rating",), atoms=0.0),
    category("region_flags", ("employed",)),
    category("city_flags", ("employed",)),
    category("FLAG_WORK_PHONE", ("employed",), ordered=True),
    category("FLAG_PHONE", ("employed",), ordered=True),
    category("FLAG_EMAIL", ordered=True),
    number(
        "AMT_GOODS_PRICE",
        ("NAME_CONTRACT_TYPE",),
        step=0.01,
        knots=60,
        atoms=0.0006,
        complete=True,
    ),
    category("load", ("NAME_CONTRACT_TYPE", "AMT_GOODS_PRICE/8"), ("NAME_CONTRACT_TYPE",)),
    number("annuity_rate", ("NAME_CONTRACT_TYPE", "load"), ("NAME_CONTRACT_TYPE",), knots=40),
    category("NAME_TYPE_SUITE"),
    category("document", ("NAME_CONTRACT_TYPE", "employed"), ("NAME_CONTRACT_TYPE",)),
    number("HOUR_APPR_PROCESS_START", step=1),
    *(category(f"has {name}", ordered=True) for name in SCORES),
    number("EXT_SOURCE_1", given="has EXT_SOURCE_1"),
    number("EXT_SOURCE_2", given="has EXT_SOURCE_2"),
    number("EXT_SOURCE_3", given="has EXT_SOURCE_3", atoms=0.0),
    category("has building", ordered=True),
    *(
        category(f"has {name}", ("has building",), ordered=True)
        for name in (*MEASURES, "TOTALAREA")
    ),
    *(_measure(f"{name}_AVG", name, 24) for name in MEASURES),
    number("TOTALAREA_MODE", given="has TOTALAREA", knots=24, step=0.0001),
    *(category(name, ("has building",)) for name in BUILDING_CATEGORIES),
    category("has social circle", ordered=True),
    number("OBS_30_CNT_SOCIAL_CIRCLE", given="has social circle", step=1),
    number(
        "DEF_30_CNT_SOCIAL_CIRCLE",
        ("OBS_30_CNT_SOCIAL_CIRCLE/4",),
        given="has social circle",
        step=1,
    ),
    number(
        "circle observed drop", ("OBS_30_CNT_SOCIAL_CIRCLE/4",), given="has social circle", step=1
    ),
    number(
        "circle default drop", ("DEF_30_CNT_SOCIAL_CIRCLE/12",), given="has social circle", step=1
    ),
    category("has requests", ordered=True),
    *(number(name, given="has requests", step=1) for name in REQUESTS),
    *(category(name, ordered=True) for name in RARE_FLAGS),
    category("WEEKDAY_APPR_PROCESS_START", ordered=True),
)

MIRRORED: tuple[Variable, ...] = tuple(
    _measure(f"{name}_{mirror}", name, 16) for name in MEASURES for mirror in MIRRORS
)

COUPLED: tuple[str, ...] = tuple(v.name for v in VARIABLES if v.name not in _INDEPENDENT)


def columns_of_variables(frame: pl.DataFrame) -> pl.DataFrame:
    """The generator's view of raw applications: one column per variable, labels as text."""

    def flag(expression: pl.Expr) -> pl.Expr:
        return pl.when(expression).then(pl.lit("yes")).otherwise(pl.lit("no"))

    def text(name: str) -> pl.Expr:
        return pl.col(name).fill_null("").alias(name)

    raw = {c.source: c for c in TABLES["applications"].columns}
    made = [
        flag(pl.col("DAYS_EMPLOYED") != NOT_EMPLOYED_DAYS).alias("employed"),
        pl.concat_str("REGION_RATING_CLIENT", "REGION_RATING_CLIENT_W_CITY").alias("rating"),
        pl.concat_str(REGION_FLAGS).alias("region_flags"),
        pl.concat_str(CITY_FLAGS).alias("city_flags"),
        (pl.col("OBS_30_CNT_SOCIAL_CIRCLE") - pl.col("OBS_60_CNT_SOCIAL_CIRCLE"))
        .cast(pl.Float64)
        .alias("circle observed drop"),
        (pl.col("DEF_30_CNT_SOCIAL_CIRCLE") - pl.col("DEF_60_CNT_SOCIAL_CIRCLE"))
        .cast(pl.Float64)
        .alias("circle default drop"),
        (pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE"))
        .round(4)
        .cast(pl.String)
        .fill_null("1.0")
        .alias("load"),
        (pl.col("AMT_ANNUITY") / pl.col("AMT_CREDIT")).round(5).alias("annuity_rate"),
        pl.concat_str(
            [
                pl.when(pl.col(f"FLAG_DOCUMENT_{n}") == 1).then(pl.lit(n)).otherwise(pl.lit(""))
                for n in MAIN_DOCUMENTS
            ]
        ).alias("document"),
        *(flag(pl.col(name).is_not_null()).alias(f"has {name}") for name in SCORES),
        flag(
            pl.any_horizontal(
                pl.col(n).is_not_null()
                for n in (
                    *(f"{measure}_AVG" for measure in MEASURES),
                    "TOTALAREA_MODE",
                    *BUILDING_CATEGORIES,
                )
            )
        ).alias("has building"),
        *(flag(pl.col(f"{n}_AVG").is_not_null()).alias(f"has {n}") for n in MEASURES),
        flag(pl.col("TOTALAREA_MODE").is_not_null()).alias("has TOTALAREA"),
        flag(pl.col("OBS_30_CNT_SOCIAL_CIRCLE").is_not_null()).alias("has social circle"),
        flag(pl.col(REQUESTS[0]).is_not_null()).alias("has requests"),
    ]
    made_names = {expression.meta.output_name() for expression in made}
    kept = []
    for variable in (*VARIABLES, *MIRRORED):
        name = variable.name
        if name in made_names:
            continue
        if raw[name].kind == "flag":
            kept.append(flag(pl.col(name).cast(pl.String).is_in(["Y", "1"])).alias(name))
        elif variable.kind == "category":
            kept.append(text(name))
        else:
            kept.append(pl.col(name).cast(pl.Float64))
    view = frame.select(*made, *kept)
    return view.with_columns(
        pl.when(pl.col("employed") == "yes").then("DAYS_EMPLOYED").alias("DAYS_EMPLOYED")
    )


def within_a_life(known: dict[str, np.ndarray]) -> None:
    """Bring the drawn dates (days before the application, all <= 0) inside the client's own life.

    Dates are drawn given the age, not bounded by it: a few would lie before birth.
    """
    born = known["DAYS_BIRTH"]
    for name in SINCE_BIRTH:
        known[name] = np.maximum(known[name], born)
    hired_from = np.minimum(born + HIRED_FROM_DAYS, -1)
    known["DAYS_EMPLOYED"] = np.maximum(known["DAYS_EMPLOYED"], hired_from)
