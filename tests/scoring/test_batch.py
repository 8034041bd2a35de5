"""A whole portfolio is assessed as each of its clients would be alone."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from features.build import build, history_features
from features.catalogue import CATALOGUE
from scoring.assess import EXTERNAL_SCORES, assess
from scoring.batch import assess_frame
from scoring.contract import ReferCause
from scoring.policy import policy
from tests import training_world as world

CLIENTS = 200


@pytest.fixture(scope="module")
def scores() -> pl.DataFrame:
    """The portfolio's assessments."""
    return assess_frame(world.scorecard(), policy(), build(world.prepared()))


def test_every_client_is_assessed_as_alone(scores: pl.DataFrame) -> None:
    """Probability, verdict, causes, points and band agree with one application at a time."""
    applications = world.prepared().scan("applications").head(CLIENTS).collect().to_dicts()
    history = {row.pop("client_id"): row for row in history_features(world.prepared()).to_dicts()}
    together: dict[int, dict[str, Any]] = {row["client_id"]: row for row in scores.to_dicts()}
    for application in applications:
        client_id = application["client_id"]
        alone = assess(world.scorecard(), policy(), application, history[client_id])
        row = together[client_id]
        assert row["default_probability"] == pytest.approx(alone.default_probability, abs=1e-9)
        assert row["verdict"] == alone.verdict
        assert set(row["refer_causes"]) == set(alone.refer_causes)
        assert (row["points"], row["risk_band"]) == (alone.points, alone.risk_band)


def test_nobody_is_left_out(scores: pl.DataFrame) -> None:
    """One row per client of the portfolio, in its order, with every verdict in use."""
    ids = world.prepared().scan("applications").select("client_id").collect()["client_id"]
    assert scores["client_id"].to_list() == ids.to_list()
    assert set(scores["verdict"]) == {"GRANT", "REFER", "DECLINE"}


def test_an_application_without_external_score_goes_to_a_person() -> None:
    """The frame says so as the single assessment does."""
    frame = build(world.prepared()).head(20)
    without = frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in EXTERNAL_SCORES)
    scores = assess_frame(world.scorecard(), policy(), without)
    assert set(scores["verdict"]) == {"REFER"}
    assert all(ReferCause.NO_EXTERNAL_SCORE in causes for causes in scores["refer_causes"])


def test_a_portfolio_without_histories_is_scored_with_caution() -> None:
    """Tables the scorecard knows and the portfolio lacks are missing: a person looks."""
    frame = build(world.prepared()).head(20)
    alone = frame.select("client_id", "default", *[n for n in frame.columns if n in known(frame)])
    scores = assess_frame(world.scorecard(), policy(), alone)
    assert all(ReferCause.THIN_FILE in causes for causes in scores["refer_causes"])


def known(frame: pl.DataFrame) -> set[str]:
    """Return the columns of a feature table that come from the application alone."""
    return {f.name for f in CATALOGUE.of("applications") if f.name in frame.columns}


def test_no_client_gives_no_row() -> None:
    """An empty portfolio is an empty answer of the same columns."""
    empty = assess_frame(world.scorecard(), policy(), build(world.prepared()).head(0))
    assert empty.is_empty()
    assert "verdict" in empty.columns
