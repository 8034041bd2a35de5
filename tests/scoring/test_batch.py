"""A whole portfolio is assessed as each of its clients would be alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl
import pytest

from features.build import build
from features.catalogue import CATALOGUE
from scoring.assess import EXTERNAL_SCORES, assess
from scoring.batch import assess_frame
from scoring.contract import DecidedBy, ReferCause
from scoring.policy import policy
from scoring.scorecard import Scorecard
from tests import training_world as world
from tests.scoring import clients
from tests.scoring import small_scorecard as small

EVERY = 3
"""Each third client is assessed alone."""


@cache
def features() -> pl.DataFrame:
    """The feature table of the portfolio, without estimates."""
    return build(world.prepared())


@cache
def applications() -> pl.DataFrame:
    """The forms, in an order of their own."""
    return world.prepared().scan("applications").collect().sort("client_id", descending=True)


def _scores(card: Scorecard, frame: pl.DataFrame | None = None) -> pl.DataFrame:
    return assess_frame(card, policy(), features() if frame is None else frame, applications())


@pytest.mark.parametrize(
    "card",
    [
        world.scorecard,
        clients.whole,
        clients.estimating,
        small.scorecard,
        lambda: world.made().reference.scorecard,
    ],
    ids=["grid", "every item", "estimating", "small", "reference"],
)
def test_every_client_is_assessed_as_alone(card: Callable[[], Scorecard]) -> None:
    """Probability, verdict, what decided, rules, causes, points and band agree."""
    scorecard = card()
    together = {row["client_id"]: row for row in _scores(scorecard).to_dicts()}
    for form, past in list(zip(clients.forms(), clients.pasts(), strict=True))[::EVERY]:
        row, alone = together[form["client_id"]], assess(scorecard, policy(), form, past)
        assert row["default_probability"] == pytest.approx(alone.default_probability, abs=1e-9)
        assert (row["verdict"], row["decided_by"]) == (alone.verdict, alone.decided_by)
        assert tuple(row["rules"]) == alone.rules
        assert tuple(row["refer_causes"]) == alone.refer_causes
        assert (row["points"], row["risk_band"]) == (alone.points, alone.risk_band)


def test_the_portfolio_meets_every_verdict_and_both_ways_to_decide() -> None:
    """What is compared above is not all the same: rules, causes and verdicts are all in use."""
    scores = _scores(world.scorecard())
    assert set(scores["verdict"]) == {"GRANT", "REFER", "DECLINE"}
    assert set(scores["decided_by"]) == {one.value for one in DecidedBy}
    assert scores["rules"].list.len().max() > 0  # type: ignore[operator]
    assert scores["refer_causes"].list.len().max() > 1  # type: ignore[operator]


def test_nobody_is_left_out() -> None:
    """One row for each client of the feature table, in its order."""
    assert _scores(world.scorecard())["client_id"].to_list() == features()["client_id"].to_list()


def test_a_client_scores_the_same_in_any_company() -> None:
    """To the last bit: alone, in another order, or with the columns of the table in another."""
    for card in (world.scorecard(), clients.whole()):
        scores = _scores(card)
        turned = features().select(sorted(features().columns, reverse=True)).reverse()
        assert _scores(card, turned).reverse().equals(scores)
        for place in (0, 7, 400):
            assert _scores(card, features()[place]).equals(scores[place])


def test_an_application_without_external_score_is_never_granted() -> None:
    """The frame says why, as the single assessment does."""
    without = features().with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in EXTERNAL_SCORES
    )
    scores = _scores(clients.estimating(), without)
    assert set(scores["verdict"]) <= {"REFER", "DECLINE"}
    assert all(ReferCause.NO_EXTERNAL_SCORE in causes for causes in scores["refer_causes"])


def test_a_portfolio_without_histories_is_scored_with_caution() -> None:
    """Tables the scorecard knows and the portfolio lacks are missing: nobody is granted."""
    form = [one.name for one in CATALOGUE.of("applications") if one.name in features().columns]
    scores = _scores(world.scorecard(), features().select("client_id", *form))
    assert all(ReferCause.THIN_FILE in causes for causes in scores["refer_causes"])
    assert "GRANT" not in set(scores["verdict"])


def test_no_client_gives_no_row() -> None:
    """An empty portfolio is an empty answer of the same columns."""
    empty = _scores(clients.estimating(), features().head(0))
    assert empty.is_empty()
    assert empty.columns == _scores(clients.estimating()).columns
