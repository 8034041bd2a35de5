"""Applications: the variables of a client's request, and the columns of the archive made of them.

Relations that hold for everybody are made by construction: someone without employment has no
occupation, no employer and no employer phone; the family is at least the children and the adults;
the credit is the price of the goods times a loading, the annuity the credit times a rate.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from features.tables import TABLES
from portfolio import risk
from portfolio.columns import as_kind, labels
from portfolio.marginals import Codes
from portfolio.people import People
from portfolio.variables import Known, Orders, Variable

NOT_EMPLOYED_DAYS = 365243
_UNPRICED = 0.009  # revolving loans whose goods have no price
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


def _category(name: str, *parents: tuple[str, ...], **options: object) -> Variable:
    return Variable(name, "category", parents, **options)  # type: ignore[arg-type]


def _number(name: str, *parents: tuple[str, ...], **options: object) -> Variable:
    return Variable(name, "number", parents, **options)  # type: ignore[arg-type]


VARIABLES: tuple[Variable, ...] = (
    _category("NAME_CONTRACT_TYPE"),
    _category("employed", ("NAME_CONTRACT_TYPE",), ordered=True),
    _category("CODE_GENDER", ("employed",)),
    _number("DAYS_BIRTH", ("employed", "CODE_GENDER"), step=1),
    _category("NAME_FAMILY_STATUS", ("CODE_GENDER", "DAYS_BIRTH/6")),
    _number("CNT_CHILDREN", ("NAME_FAMILY_STATUS", "DAYS_BIRTH/6"), ("DAYS_BIRTH/6",), step=1),
    _category("NAME_INCOME_TYPE", ("employed",)),
    _category("NAME_EDUCATION_TYPE", ("NAME_INCOME_TYPE", "CODE_GENDER"), ("NAME_INCOME_TYPE",)),
    _category(
        "OCCUPATION_TYPE",
        ("NAME_INCOME_TYPE", "CODE_GENDER", "NAME_EDUCATION_TYPE"),
        ("NAME_INCOME_TYPE", "CODE_GENDER"),
        ("NAME_INCOME_TYPE",),
    ),
    _category("ORGANIZATION_TYPE", ("NAME_INCOME_TYPE", "OCCUPATION_TYPE"), ("NAME_INCOME_TYPE",)),
    _number(
        "AMT_INCOME_TOTAL",
        ("NAME_INCOME_TYPE", "CODE_GENDER"),
        ("NAME_INCOME_TYPE",),
        step=0.01,
        atoms=0.002,
    ),
    _number("DAYS_EMPLOYED", ("DAYS_BIRTH/6",), given="employed", step=1),
    _number("DAYS_REGISTRATION", ("DAYS_BIRTH/6",), step=1),
    _number("DAYS_ID_PUBLISH", ("DAYS_BIRTH/6",), step=1),
    _number("DAYS_LAST_PHONE_CHANGE", step=1),
    _category("FLAG_OWN_CAR", ("CODE_GENDER",), ordered=True),
    _number("OWN_CAR_AGE", given="FLAG_OWN_CAR", step=1),
    _category("NAME_HOUSING_TYPE", ("DAYS_BIRTH/6",)),
    _category("FLAG_OWN_REALTY", ("NAME_HOUSING_TYPE",), ordered=True),
    _category("rating", ordered=True),
    _number("REGION_POPULATION_RELATIVE", ("rating",), atoms=0.0),
    _category("region_flags", ("employed",)),
    _category("city_flags", ("employed",)),
    _category("FLAG_WORK_PHONE", ("employed",), ordered=True),
    _category("FLAG_PHONE", ("employed",), ordered=True),
    _category("FLAG_EMAIL", ordered=True),
    _number(
        "AMT_GOODS_PRICE",
        ("NAME_CONTRACT_TYPE",),
        step=0.01,
        knots=60,
        atoms=0.0006,
        complete=True,
    ),
    _category("load", ("NAME_CONTRACT_TYPE", "AMT_GOODS_PRICE/8"), ("NAME_CONTRACT_TYPE",)),
    _number("annuity_rate", ("NAME_CONTRACT_TYPE", "load"), ("NAME_CONTRACT_TYPE",), knots=40),
    _category("NAME_TYPE_SUITE"),
    _category("document", ("NAME_CONTRACT_TYPE", "employed"), ("NAME_CONTRACT_TYPE",)),
    _number("HOUR_APPR_PROCESS_START", step=1),
    *(_category(f"has {name}", ordered=True) for name in SCORES),
    _number("EXT_SOURCE_1", given="has EXT_SOURCE_1"),
    _number("EXT_SOURCE_2", given="has EXT_SOURCE_2"),
    _number("EXT_SOURCE_3", given="has EXT_SOURCE_3", atoms=0.0),
    _category("has building", ordered=True),
    *(
        _category(f"has {name}", ("has building",), ordered=True)
        for name in (*MEASURES, "TOTALAREA")
    ),
    *(_number(f"{name}_AVG", given=f"has {name}", knots=24, step=0.0001) for name in MEASURES),
    _number("TOTALAREA_MODE", given="has TOTALAREA", knots=24, step=0.0001),
    *(_category(name, ("has building",)) for name in BUILDING_CATEGORIES),
    _category("has social circle", ordered=True),
    _number("OBS_30_CNT_SOCIAL_CIRCLE", given="has social circle", step=1),
    _number(
        "DEF_30_CNT_SOCIAL_CIRCLE",
        ("OBS_30_CNT_SOCIAL_CIRCLE/4",),
        given="has social circle",
        step=1,
    ),
    _number(
        "circle observed drop", ("OBS_30_CNT_SOCIAL_CIRCLE/4",), given="has social circle", step=1
    ),
    _number(
        "circle default drop", ("DEF_30_CNT_SOCIAL_CIRCLE/12",), given="has social circle", step=1
    ),
    _category("has requests", ordered=True),
    *(_number(name, given="has requests", step=1) for name in REQUESTS),
    *(_category(name, ordered=True) for name in RARE_FLAGS),
    _category("WEEKDAY_APPR_PROCESS_START", ordered=True),
)

MIRRORED: tuple[Variable, ...] = tuple(
    _number(f"{name}_{mirror}", given=f"has {name}", knots=16, atoms=0.01, step=0.0001)
    for name in MEASURES
    for mirror in MIRRORS
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
    return known


def table(people: People, known: Known, default: Codes | None) -> pl.DataFrame:
    """The applications in the archive's columns; ``default`` is absent for unlabelled clients."""
    orders = people.parameters.orders["applications"]
    made = _made(people, known, orders)
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
            columns.append(_flag(name, made.get(name, known.get(name)), orders))
        else:
            values = made.get(name, known.get(name))
            columns.append(as_kind(name, column.kind, values))
    return pl.DataFrame(columns)


def _flag(name: str, codes: np.ndarray, orders: Orders) -> pl.Series:
    yes = (
        codes == orders[name].index("yes")
        if name in orders and "yes" in orders[name]
        else (np.zeros(len(codes), dtype=bool) if name in orders else codes.astype(bool))
    )
    if name in ("FLAG_OWN_CAR", "FLAG_OWN_REALTY"):
        return pl.Series(name, yes).replace_strict({True: "Y", False: "N"}, return_dtype=pl.String)
    return pl.Series(name, yes.astype(np.int64))


def _made(people: People, known: Known, orders: Orders) -> dict[str, np.ndarray]:
    """Columns that follow from the variables."""
    employed = known["employed"] == orders["employed"].index("yes")
    credit = risk.credit_of(known, orders)
    couple = np.isin(
        known["NAME_FAMILY_STATUS"],
        [
            i
            for i, label in enumerate(orders["NAME_FAMILY_STATUS"])
            if label in ("Married", "Civil marriage")
        ],
    )
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
    documents = orders["document"]
    for number in MAIN_DOCUMENTS:
        made[f"FLAG_DOCUMENT_{number}"] = np.array([number in d for d in documents])[
            known["document"]
        ]
    observed, bad = known["OBS_30_CNT_SOCIAL_CIRCLE"], known["DEF_30_CNT_SOCIAL_CIRCLE"]
    later = np.maximum(observed - known["circle observed drop"], 0)
    made["OBS_60_CNT_SOCIAL_CIRCLE"] = later
    made["DEF_30_CNT_SOCIAL_CIRCLE"] = np.minimum(bad, observed)
    made["DEF_60_CNT_SOCIAL_CIRCLE"] = np.minimum(
        np.maximum(bad - known["circle default drop"], 0), later
    )
    return made


def _split(codes: Codes, order: tuple[str, ...], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    digits = np.array([[int(d) for d in label] for label in order])
    return {name: digits[codes, i] for i, name in enumerate(names)}
