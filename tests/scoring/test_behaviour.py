"""What a trained scorecard must never do: invariances and directions (behavioural tests)."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from features.build import history_features
from features.catalogue import CATALOGUE
from scoring.assess import EXTERNAL_SCORES, assess
from scoring.policy import policy
from tests import training_world as world

Case = tuple[dict[str, Any], dict[str, float | None]]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Sixty clients: application and history features."""
    applications = world.prepared().scan("applications").head(60).collect().to_dicts()
    held = {row.pop("client_id"): row for row in history_features(world.prepared()).to_dicts()}
    return [(application, held[application["client_id"]]) for application in applications]


@pytest.mark.parametrize(
    ("item", "value"),
    [("gender", "F"), ("gender", "M"), ("family_status", "Widow"), ("client_id", 1),
     ("application_weekday", "SUNDAY"), ("accompanied_by", "Family")],
)  # fmt: skip
def test_what_the_policy_denies_never_moves_the_score(
    cases: list[Case], item: str, value: object
) -> None:
    """Another gender, family status, weekday or number: exactly the same score."""
    for application, history in cases[:10]:
        as_is = assess(world.scorecard(), policy(), application, history)
        changed = assess(world.scorecard(), policy(), {**application, item: value}, history)
        assert changed.raw_score == as_is.raw_score


@pytest.mark.parametrize("name", EXTERNAL_SCORES)
def test_a_better_external_score_never_raises_the_risk(cases: list[Case], name: str) -> None:
    """Raised alone, step by step up to one, it lowers the risk of some and raises nobody's."""
    moves = []
    for application, history in cases:
        if application[name] is None:
            continue
        better = [
            application | {name: value} for value in np.linspace(application[name], 1.0, 6).tolist()
        ]
        moves.append(
            np.diff([assess(world.scorecard(), policy(), a, history).raw_score for a in better])
        )
    assert np.mean(moves) < 0
    assert np.max(moves) <= 1e-9


@pytest.mark.parametrize(
    "proportion",
    [("amount_credit", "annuity", "goods_price"), ("amount_credit", "annuity")],
    ids=["same term", "same term and goods"],
)
def test_asking_for_more_never_lowers_the_risk(
    cases: list[Case], proportion: tuple[str, ...]
) -> None:
    """From a quarter of the amount asked to twice as much, over the same term."""
    moves = []
    for application, history in cases:
        scores = []
        for share in np.linspace(0.25, 2.0, 15).tolist():
            asked = {name: application[name] * share for name in proportion if application[name]}
            scores.append(
                assess(world.scorecard(), policy(), application | asked, history).raw_score
            )
        moves.append(np.diff(scores))
    assert np.mean(moves) > 0
    assert np.min(moves) >= -1e-9


def test_each_declared_direction_holds_in_the_booster() -> None:
    """Every feature of declared direction, moved alone over its range, moves the risk that way."""
    card = world.scorecard()
    rows = world.parts()[1].only(card.metadata.features).matrix[:20]
    used = np.flatnonzero(card.booster.feature_importance("split"))
    directed = [place for place in used if CATALOGUE[card.metadata.features[place]].direction]
    assert directed
    for place in directed:
        direction = CATALOGUE[card.metadata.features[place]].direction
        known = rows[:, place][~np.isnan(rows[:, place])]
        if known.size < 2:
            continue
        values = np.quantile(known.astype(np.float64), np.linspace(0, 1, 9))
        moved = np.repeat(rows, len(values), axis=0)
        moved[:, place] = np.tile(values, len(rows))
        scores = card.raw_score(moved).reshape(len(rows), len(values))
        assert (direction * np.diff(scores, axis=1) >= -1e-9).all(), card.metadata.features[place]


def test_the_order_of_columns_in_the_table_does_not_matter() -> None:
    """The encoder finds its features by name."""
    card = world.scorecard()
    frame = world.table().features.head(50)
    shuffled = frame.select(sorted(frame.columns, reverse=True))
    assert isinstance(shuffled, pl.DataFrame)
    np.testing.assert_array_equal(card.encoder.matrix(frame), card.encoder.matrix(shuffled))
