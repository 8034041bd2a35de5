"""Applications look like the archive's, and what must hold for everybody holds."""

from __future__ import annotations

import polars as pl
import pytest

from features.raw.tables import TABLES
from tests.portfolio.conftest import CLIENTS, Table


def test_train_and_test_have_the_archive_columns(table: Table) -> None:
    """Both files have the declared columns in order; only the first has the default."""
    declared = [c.source for c in TABLES["applications"].columns]
    assert table("application_train").columns == declared
    assert table("application_test").columns == [c for c in declared if c != "TARGET"]


def test_unlabelled_clients_are_sixteen_percent(table: Table) -> None:
    """As many unlabelled clients come with the labelled ones as in the archive."""
    assert table("application_train").height == CLIENTS
    assert table("application_test").height == round(CLIENTS * 48_744 / 307_511)


def test_client_identifiers_are_unique(table: Table) -> None:
    """No two clients share an identifier, labelled or not."""
    ids = pl.concat([table(f"application_{part}")["SK_ID_CURR"] for part in ("train", "test")])
    assert ids.n_unique() == len(ids)


@pytest.mark.parametrize(
    ("column", "share"),
    [("EXT_SOURCE_1", 0.56), ("EXT_SOURCE_2", 0.002), ("EXT_SOURCE_3", 0.20),
     ("OWN_CAR_AGE", 0.66), ("COMMONAREA_AVG", 0.70), ("AMT_REQ_CREDIT_BUREAU_YEAR", 0.135)],
)  # fmt: skip
def test_missing_values_come_as_often_as_in_the_archive(
    table: Table, column: str, share: float
) -> None:
    """Each column is missing about as often as published."""
    found = table("application_train")[column].null_count() / CLIENTS
    assert found == pytest.approx(share, abs=0.035)


def test_people_without_employment_have_no_work_columns(table: Table) -> None:
    """The sentinel of employment comes with no employer phone and no kind of employer."""
    people = table("application_train")
    idle = people.filter(pl.col("DAYS_EMPLOYED") == 365243)
    assert idle.height / people.height == pytest.approx(0.18, abs=0.03)
    assert idle["FLAG_EMP_PHONE"].sum() == 0
    assert (idle["ORGANIZATION_TYPE"] == "XNA").mean() > 0.98
    assert people.filter(pl.col("DAYS_EMPLOYED") != 365243)["DAYS_EMPLOYED"].max() <= 0


def test_credit_follows_from_goods_and_annuity_from_credit(table: Table) -> None:
    """Amounts belong together: a revolving credit's annuity is a twentieth, no annuity exceeds
    a fifth of its credit."""
    people = table("application_train")
    rate = people["AMT_ANNUITY"] / people["AMT_CREDIT"]
    revolving = people["NAME_CONTRACT_TYPE"] == "Revolving loans"
    assert (rate.filter(revolving) - 0.05).abs().max() < 1e-3
    assert rate.min() > 0.01
    assert rate.max() < 0.2


def test_housing_block_goes_missing_together(table: Table) -> None:
    """Somebody whose building is unknown has none of its measures."""
    people = table("application_train")
    unknown = people.filter(
        pl.col("TOTALAREA_MODE").is_null() & pl.col("EMERGENCYSTATE_MODE").is_null()
    )
    assert unknown["APARTMENTS_AVG"].null_count() / unknown.height > 0.95
    same = people["FLOORSMAX_AVG"].is_null() == people["FLOORSMAX_MEDI"].is_null()
    assert same.all()


def test_social_circle_counts_are_nested(table: Table) -> None:
    """No one has more defaults in their circle than observed people, at 30 or at 60 days."""
    people = table("application_train").drop_nulls("OBS_30_CNT_SOCIAL_CIRCLE")
    for days in (30, 60):
        observed, bad = (people[f"{k}_{days}_CNT_SOCIAL_CIRCLE"] for k in ("OBS", "DEF"))
        assert (bad <= observed).all()
    assert (people["OBS_60_CNT_SOCIAL_CIRCLE"] <= people["OBS_30_CNT_SOCIAL_CIRCLE"]).all()
