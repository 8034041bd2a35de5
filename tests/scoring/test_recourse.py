"""What would turn the proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from features.build import history_features
from scoring.assess import EXTERNAL_SCORES, assess
from scoring.contract import ReferCause, Verdict
from scoring.cut_off import CutOff
from scoring.recourse import (
    LARGEST_TIMES,
    SMALLEST_SHARE,
    commercial_step,
    largest_amount,
    recourse,
)
from scoring.scorecard import Scorecard
from tests import training_world as world

Case = tuple[dict[str, Any], dict[str, float | None]]
SAME_TERM = ("amount_credit", "annuity", "goods_price")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Forty clients: application and history features."""
    applications = world.prepared().scan("applications").head(40).collect().to_dicts()
    held = {row.pop("client_id"): row for row in history_features(world.prepared()).to_dicts()}
    return [(application, held[application["client_id"]]) for application in applications]


@pytest.fixture(scope="module")
def refused(cases: list[Case]) -> list[tuple[Scorecard, Case]]:
    """Clients refused by a hair: each with the scorecard, its cut-off just below the client."""
    card = world.scorecard()
    found = []
    for case in cases[:40]:
        assessment = assess(card, *case)
        if set(assessment.refer_causes) - {ReferCause.GREY_ZONE}:
            continue
        value = assessment.default_probability * 0.98
        cut_off = CutOff(value=value, interval=(value, value), grey_zone=(value, value))
        moved = card.metadata.model_copy(update={"cut_off": cut_off})
        found.append((replace(card, metadata=moved), case))
    return found[:12]


def test_every_lever_is_true(refused: list[tuple[Scorecard, Case]]) -> None:
    """Scoring the changed application again gives the promised verdict and risk."""
    proposed = 0
    for card, (application, history) in refused:
        for lever in recourse(card, application, history).levers:
            again = assess(card, {**application, **lever.changes}, history)
            assert again.verdict is Verdict.GRANT
            assert again.default_probability == pytest.approx(lever.default_probability)
            proposed += 1
    assert proposed > 0


def test_levers_move_only_what_a_client_can_change(refused: list[tuple[Scorecard, Case]]) -> None:
    """Amount, instalment and price of the goods; three levers at most, all different."""
    for card, (application, history) in refused:
        levers = recourse(card, application, history).levers
        assert len(levers) <= 3
        assert len({lever.name for lever in levers}) == len(levers)
        for lever in levers:
            assert set(lever.changes) <= {"amount_credit", "annuity", "goods_price"}


def test_no_lever_grants_more_than_the_largest_amount(
    refused: list[tuple[Scorecard, Case]],
) -> None:
    """What one line grants the next does not deny."""
    compared = 0
    for card, (application, history) in refused:
        found = recourse(card, application, history)
        for lever in found.levers:
            if lever.moves_the_amount:
                assert found.largest_amount is not None
                assert found.largest_amount >= lever.changes["amount_credit"]
                compared += 1
    assert compared


def _scaled(application: dict[str, Any], share: float, *names: str) -> dict[str, Any]:
    return application | {name: application[name] * share for name in names if application[name]}


def test_the_largest_amount_is_granted_and_so_is_every_smaller_one(
    refused: list[tuple[Scorecard, Case]],
) -> None:
    """Up to the amount found each is granted over the same term; the next step is not."""
    compared = 0
    for card, (application, history) in refused:
        largest = largest_amount(card, application, history)
        if largest is None:
            continue
        asked = application["amount_credit"]
        assert SMALLEST_SHARE * asked <= largest <= LARGEST_TIMES * asked
        next_one = largest + commercial_step(asked)
        for amount in (SMALLEST_SHARE * asked, (SMALLEST_SHARE * asked + largest) / 2, largest):
            smaller = _scaled(application, amount / asked, *SAME_TERM)
            assert assess(card, smaller, history).verdict is Verdict.GRANT
        beyond = _scaled(application, next_one / asked, *SAME_TERM)
        at_the_top = next_one > LARGEST_TIMES * asked
        assert at_the_top or assess(card, beyond, history).verdict is not Verdict.GRANT
        compared += 1
    assert compared


def test_what_no_lever_can_change_is_said(cases: list[Case]) -> None:
    """Without any external score nothing is promised, in both languages."""
    application, history = cases[0]
    found = recourse(world.scorecard(), application | dict.fromkeys(EXTERNAL_SCORES), history)
    assert found.beyond_reach == (ReferCause.NO_EXTERNAL_SCORE,)
    assert found.levers == ()
    assert found.sentence("fr") != found.sentence("en")


def test_a_granted_request_needs_no_lever(cases: list[Case]) -> None:
    """It is said, and the largest amount is at least near what was asked."""
    case = next(c for c in cases if assess(world.scorecard(), *c).verdict is Verdict.GRANT)
    found = recourse(world.scorecard(), *case)
    assert found.levers == ()
    assert "already" in found.sentence("en")


def test_a_hopeless_case_is_told_so(cases: list[Case]) -> None:
    """With the worst external scores no change of the request is promised to work."""
    application, history = cases[0]
    worst = application | dict.fromkeys(EXTERNAL_SCORES, 0.02)
    found = recourse(world.scorecard(), worst, history)
    assert found.verdict is Verdict.DECLINE
    assert found.levers == ()
    assert found.largest_amount is None
    assert "Aucun changement" in found.sentence("fr")


def test_sentences_write_amounts_as_a_person_would(refused: list[tuple[Scorecard, Case]]) -> None:
    """Rounded, with the separators of the language."""
    levers = [
        lever
        for card, (application, history) in refused
        for lever in recourse(card, application, history).levers
    ]
    for lever in levers:
        assert "." not in lever.sentence("fr").rstrip(".")
        assert "{" not in lever.sentence("en")


@pytest.mark.parametrize(("amount", "step"), [(406_597, 5_000), (24_700, 500), (980, 5)])
def test_steps_are_commercial(amount: float, step: float) -> None:
    """Two digits count, the second by fives."""
    assert commercial_step(amount) == step
