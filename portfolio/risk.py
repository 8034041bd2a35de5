"""The default of a client: an additive scorecard on the drivers, then one draw.

The drivers are the variables of the application, a few ratios lenders look at and the counts of
past credits; each acts by bands or categories. Latent traits of the client's histories add their
linear effect, so what the histories show is what the default answers to.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from portfolio.marginals import Codes, Floats
from portfolio.parameters import Parameters
from portfolio.variables import Known, Orders, band

COUNTS = ("bureau_count", "previous_count")
CATEGORIES = (
    "NAME_CONTRACT_TYPE",
    "load",
    "CODE_GENDER",
    "NAME_FAMILY_STATUS",
    "NAME_INCOME_TYPE",
    "NAME_EDUCATION_TYPE",
    "OCCUPATION_TYPE",
    "ORGANIZATION_TYPE",
    "NAME_HOUSING_TYPE",
    "FLAG_OWN_CAR",
    "FLAG_OWN_REALTY",
    "rating",
    "region_flags",
    "city_flags",
    "FLAG_WORK_PHONE",
    "FLAG_PHONE",
    "document",
    "employed",
    "WALLSMATERIAL_MODE",
    "FONDKAPREMONT_MODE",
)
NUMBERS = {
    "EXT_SOURCE_1": 10,
    "EXT_SOURCE_2": 12,
    "EXT_SOURCE_3": 12,
    "external mean": 20,
    "DAYS_BIRTH": 10,
    "DAYS_EMPLOYED": 10,
    "employed share": 8,
    "DAYS_REGISTRATION": 6,
    "DAYS_ID_PUBLISH": 8,
    "DAYS_LAST_PHONE_CHANGE": 8,
    "OWN_CAR_AGE": 6,
    "AMT_INCOME_TOTAL": 6,
    "AMT_GOODS_PRICE": 10,
    "annuity_rate": 12,
    "credit to income": 6,
    "annuity to income": 6,
    "CNT_CHILDREN": 3,
    "REGION_POPULATION_RELATIVE": 8,
    "DEF_30_CNT_SOCIAL_CIRCLE": 3,
    "HOUR_APPR_PROCESS_START": 5,
    "AMT_REQ_CREDIT_BUREAU_YEAR": 5,
    "AMT_REQ_CREDIT_BUREAU_QRT": 3,
    "TOTALAREA_MODE": 5,
    "FLOORSMAX_AVG": 4,
}


def credit_of(known: Known, orders: Orders) -> Floats:
    """Amount of the credit: the price of the goods times the loading, in the lender's steps."""
    loads = np.array([float(label) for label in orders["load"]])
    return np.asarray(np.round(known["AMT_GOODS_PRICE"] * loads[known["load"]] / 4.5) * 4.5)


def drivers(known: Known, orders: Orders) -> dict[str, np.ndarray]:
    """``known`` with the ratios of a scorecard: shapes unchanged, missing parts give NaN."""
    scores = np.stack([known[f"EXT_SOURCE_{i}"] for i in (1, 2, 3)])
    seen = ~np.isnan(scores)
    count = seen.sum(axis=0)
    total = np.where(seen, scores, 0.0).sum(axis=0)
    credit = credit_of(known, orders)
    return {
        **known,
        "external mean": np.where(count > 0, total / np.maximum(count, 1), np.nan),
        "employed share": known["DAYS_EMPLOYED"] / known["DAYS_BIRTH"],
        "credit to income": credit / known["AMT_INCOME_TOTAL"],
        "annuity to income": credit * known["annuity_rate"] / known["AMT_INCOME_TOTAL"],
    }


def log_odds(parameters: Parameters, known: Known, latents: Mapping[str, Floats]) -> Floats:
    """Default log-odds of each client."""
    full = drivers(known, parameters.orders["applications"])
    result = np.full(len(known["DAYS_BIRTH"]), parameters.intercept)
    for name, driver in parameters.drivers.items():
        values = full[name]
        codes: Codes = band(values, np.asarray(driver.edges)) if driver.edges else values
        result += np.asarray(driver.effects)[codes]
    for trait, effect in parameters.traits.items():
        result += effect * latents[trait]
    return result


def probability(log_odds_: Floats) -> Floats:
    """Probability of log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds_))
