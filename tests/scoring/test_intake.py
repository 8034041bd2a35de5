"""The inputs of a scorecard in one array, against the plain form: one dictionary, one encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from features.catalogue import CATALOGUE
from features.client_row import client_row
from features.definitions.estimated import EXPECTED
from features.definitions.estimated import TABLE as ESTIMATES
from features.definitions.external_scores import NAMES
from scoring.history import History
from scoring.scorecard import Scorecard
from tests import training_world as world
from tests.scoring import clients
from tests.scoring import small_scorecard as small
from tests.scoring.clients import Form

Case = tuple[Form, Mapping[str, "float | None"] | None]

every_scorecard = pytest.mark.parametrize(
    "card", [world.scorecard, clients.whole, clients.estimating],
    ids=["grid", "every item", "estimating"],
)  # fmt: skip


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Three hundred clients as received and stored, some with odd values."""
    cases: list[Case] = list(zip(clients.forms(), clients.pasts(), strict=True))[:300]
    odd: list[dict[str, Any]] = [
        {"income_total": 0.0, "amount_credit": 1e300},
        {"contract_type": "Barter", "external_score_2": None},
        {"annuity": 0.0, "goods_price": None},
        dict.fromkeys(NAMES),
    ]
    for place, change in enumerate(odd):
        cases[place] = (cases[place][0] | change, cases[place][1])
    cases[4] = (cases[4][0], dict.fromkeys(clients.pasts()[4], float("inf")))
    cases[5], cases[6] = (cases[5][0], {}), (cases[6][0], None)
    cases[7] = (cases[7][0], dict(reversed(clients.pasts()[7].items())))
    cases[8] = ({}, None)
    return cases


@every_scorecard
def test_many_at_once_are_the_same_as_each_alone(
    cases: list[Case], card: Callable[[], Scorecard]
) -> None:
    """Bit for bit, estimates included, with no history and histories of several layouts."""
    intake = card().intake
    forms, pasts = zip(*cases, strict=True)
    alone = [intake.values(form, past) for form, past in cases]
    np.testing.assert_array_equal(intake.many(forms, pasts), np.array(alone))


@every_scorecard
def test_it_equals_the_plain_form(cases: list[Case], card: Callable[[], Scorecard]) -> None:
    """The same values by name and the same matrix, bit for bit, as feature by feature."""
    scorecard = card()
    names = scorecard.encoder.names
    known = [name for name in names if CATALOGUE[name].table != ESTIMATES]
    places = [names.index(name) for name in known]
    for form, past in cases:
        values = scorecard.intake.values(form, past)
        plain = client_row(form, past, known)
        row = scorecard.intake.row(values)
        assert {name: row[name] for name in known} == plain
        np.testing.assert_array_equal(
            scorecard.intake.matrix(values)[:, places], scorecard.encoder.row(plain)[:, places]
        )


def test_a_filled_score_is_the_clients_own_or_what_is_expected(cases: list[Case]) -> None:
    """Known, it is untouched; not known, it is the estimate; the mean is of the three filled."""
    card = clients.whole()
    absent = 0
    for form, past in cases:
        row = card.intake.row(card.intake.values(form, past))
        filled = [row[f"{name}_filled"] for name in NAMES]
        for name, expected, value in zip(NAMES, EXPECTED, filled, strict=True):
            assert value == (row[expected] if row[name] is None else row[name])
            absent += row[name] is None
        assert row["external_score_filled_mean"] == pytest.approx(np.mean(np.array(filled, float)))
    assert absent > 100


def test_a_history_may_come_in_any_order_and_hold_more(cases: list[Case]) -> None:
    """Two layouts of the same past give the same inputs; what the scorecard ignores is ignored."""
    card = clients.whole()
    form, past = cases[9]
    assert past is not None
    turned = {"never_declared": 4.0, **dict(reversed(past.items()))}
    one, other = (card.intake.values(form, History.of(known)) for known in (past, turned))
    np.testing.assert_array_equal(one, other)


def test_what_is_stored_of_the_form_does_not_override_what_is_sent() -> None:
    """A simulated income moves every item made from it; a stored figure of that name is ignored."""
    intake = small.scorecard().intake
    sent = small.CLIENT | {"income_total": 300_000.0}
    row = intake.row(intake.values(sent, {**small.PAST, "instalment_to_income": 9.0}))
    assert row["instalment_to_income"] == small.CLIENT["annuity"] / 300_000.0  # type: ignore[operator]


def test_values_beyond_training_are_named() -> None:
    """Only items of the form have a range, and each is told by name, alone as among many."""
    intake = clients.whole().intake
    form, past = clients.forms()[0], clients.pasts()[0]
    rich = form | {"income_total": 9e8}
    asked = [form, rich, rich | {"employment_days": -1e6}]
    values = intake.many(asked, [past] * 3)
    assert [intake.out_of_range(one) for one in values] == [
        (),
        ("income_total",),
        ("income_total", "employment_days"),
    ]
    assert intake.any_out_of_range(values) == [False, True, True]


def test_a_word_never_declared_is_missing_and_named() -> None:
    """It scores as a missing answer does."""
    intake = small.scorecard().intake
    odd, none = (small.CLIENT | {"income_type": word} for word in ("Cosmonaut", None))
    np.testing.assert_array_equal(intake.values(odd, None), intake.values(none, None))
    assert (intake.unseen(odd), intake.unseen(none)) == (("income_type",), ())
