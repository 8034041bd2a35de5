"""The inputs of a scorecard in one array, against the plain form: one dictionary, one encoder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from features.build import history_features
from features.one import client_row
from scoring.history import History
from tests import training_world as world


@pytest.fixture(scope="module")
def cases() -> list[tuple[dict[str, Any], dict[str, float | None]]]:
    """Sixty clients as received and stored, some with odd values."""
    applications = world.prepared().scan("applications").head(60).collect().to_dicts()
    held = {row.pop("client_id"): row for row in history_features(world.prepared()).to_dicts()}
    cases = [(application, held[application["client_id"]]) for application in applications]
    cases[0][0].update(income_total=0.0, amount_credit=1e300)
    cases[1][0].update(contract_type="Barter", external_score_2=None)
    cases[2] = (cases[2][0], dict.fromkeys(cases[2][1], float("inf")))
    cases[3] = (cases[3][0], {})
    return cases


def test_it_equals_the_plain_form(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """The same values by name and the same matrix, bit for bit; with no history at all too."""
    card = world.scorecard()
    names = card.metadata.features
    for application, history in cases:
        for known in (history, None):
            values = card.intake.values(application, known)
            plain = client_row(application, known, names)
            assert card.intake.row(values) == plain
            np.testing.assert_array_equal(card.intake.matrix(values), card.encoder.row(plain))


def test_many_at_once_are_the_same_as_each_alone(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """Bit for bit, clients without history and histories of several layouts among them."""
    card = world.scorecard()
    histories: list[dict[str, float | None] | None] = [history for _, history in cases]
    histories[7] = None
    histories[8] = dict(reversed(cases[8][1].items()))
    applications = [application for application, _ in cases]
    alone = [card.intake.values(a, h) for a, h in zip(applications, histories, strict=True)]
    np.testing.assert_array_equal(card.intake.many(applications, histories), np.array(alone))


def test_a_history_may_come_in_any_order_and_hold_more(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """Two layouts of the same past give the same inputs; what the scorecard ignores is ignored."""
    card = world.scorecard()
    application, history = cases[5]
    turned = {"never_declared": 4.0, **dict(reversed(history.items()))}
    one, other = (card.intake.values(application, History.of(h)) for h in (history, turned))
    np.testing.assert_array_equal(one, other)
