"""One application in, one assessment and its reasons out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from features.policy import policy as inputs
from scoring.assess import EXTERNAL_SCORES, Assessment, assess, assess_many, explain
from scoring.contract import DecidedBy, ReferCause, Verdict
from scoring.facts import FACTS
from scoring.history import COUNTED
from scoring.points import points, risk_band
from scoring.policy import policy
from scoring.scorecard import Scorecard
from tests import training_world as world
from tests.scoring import clients
from tests.scoring import small_scorecard as small

EVERY = 7
"""Each seventh client is explained."""
TOLERANCE = 1e-9
SAFE: dict[str, Any] = small.CLIENT | {
    "external_score_1": 0.85,
    "external_score_2": 0.85,
    "annuity": 20_000.0,
    "amount_credit": 300_000.0,
    "goods_price": 300_000.0,
}
"""An application that the small scorecard grants."""


def _found(
    form: Mapping[str, object], past: Mapping[str, float | None] | None = small.PAST
) -> Assessment:
    return assess(small.scorecard(), policy(), form, past)


@pytest.mark.parametrize(
    "card",
    [world.scorecard, clients.whole, clients.estimating, lambda: world.made().reference.scorecard],
    ids=["grid", "every item", "estimating", "reference"],
)
def test_many_are_assessed_as_each_alone(card: Callable[[], Scorecard]) -> None:
    """The same verdicts, causes and figures to the last bit; nobody is nothing."""
    cases = list(zip(clients.forms(), clients.pasts(), strict=True))[::EVERY]
    odd = [({**cases[0][0], "amount_credit": 9e8}, {}), ({"contract_type": "Barter"}, None)]
    forms, pasts = zip(*cases, *odd, strict=True)
    alone = [
        replace(assess(card(), policy(), form, past), values=None) for form, past in (*cases, *odd)
    ]
    assert assess_many(card(), policy(), forms, pasts) == alone
    assert assess_many(card(), policy(), [], []) == []


def test_an_assessment_is_that_of_its_scorecard() -> None:
    """Raw score, probability, points, band, cut-off and grey zone are read off the same card."""
    card, found = small.scorecard(), _found(small.CLIENT)
    assert found.values is not None
    raw = card.raw_score(card.matrix(found.values))
    assert found.raw_score == raw[0]
    assert found.default_probability == card.default_probability(raw)[0]
    assert found.points == points(found.default_probability)
    assert found.risk_band == risk_band(found.default_probability)
    cut_off = card.metadata.cut_off
    assert (found.cut_off, found.grey_zone) == (cut_off.value, cut_off.grey_zone)


def test_a_safe_client_is_granted_by_the_scorecard() -> None:
    """Without rule, doubt or risk, nothing stands between the client and a grant."""
    found = _found(SAFE)
    assert (found.verdict, found.decided_by) == (Verdict.GRANT, DecidedBy.SCORECARD)
    assert (found.rules, found.refer_causes) == ((), ())


def test_the_policy_declines_a_client_whom_the_scorecard_would_grant() -> None:
    """A rule that declines is named, and its score is still said."""
    found = _found(SAFE | {"amount_credit": 4_100_000.0, "annuity": 80_000.0})
    assert (found.verdict, found.decided_by) == (Verdict.DECLINE, DecidedBy.POLICY)
    assert "AMOUNT_MAXIMUM" in found.rules


@pytest.mark.parametrize("past", [None, {}, dict.fromkeys(COUNTED), {"bureau_debt_open_sum": 0.0}])
def test_nothing_known_of_the_past_is_a_thin_file(past: dict[str, float | None] | None) -> None:
    """No record in any table: who would be granted goes to a person, and it is said why."""
    found = _found(SAFE, past)
    assert found.verdict is Verdict.REFER
    assert found.refer_causes == (ReferCause.THIN_FILE,)


@pytest.mark.parametrize("name", COUNTED)
def test_one_record_is_no_thin_file(name: str) -> None:
    """A single record in any of the tables is a past, though none of its values is an item."""
    assert _found(SAFE, {name: 1.0}).refer_causes == ()


def test_without_any_external_score_a_person_looks() -> None:
    """One score of the three is enough to be scored, none is not."""
    without = SAFE | dict.fromkeys(EXTERNAL_SCORES)
    assert ReferCause.NO_EXTERNAL_SCORE in _found(without).refer_causes
    for name in EXTERNAL_SCORES:
        causes = _found(without | {name: 0.85}).refer_causes
        assert ReferCause.NO_EXTERNAL_SCORE not in causes


def test_an_estimate_does_not_stand_for_a_score_nobody_gave() -> None:
    """A scorecard that estimates the missing scores still asks a person when all three are."""
    without = SAFE | dict.fromkeys(EXTERNAL_SCORES)
    found = assess(clients.estimating(), policy(), without, small.PAST)
    assert ReferCause.NO_EXTERNAL_SCORE in found.refer_causes
    assert found.verdict is not Verdict.GRANT


def test_a_value_beyond_training_is_said_by_name() -> None:
    """An income far beyond the largest known is named as such."""
    card = clients.whole()
    found = assess(card, policy(), clients.forms()[0] | {"income_total": 9e8}, clients.pasts()[0])
    assert ReferCause.OUT_OF_RANGE in found.refer_causes
    assert found.out_of_range == ("income_total",)


def test_a_category_never_declared_counts_as_missing_and_is_said() -> None:
    """The score is that of a missing answer, and the item is named."""
    odd, missing = (_found(small.CLIENT | {"income_type": word}) for word in ("Cosmonaut", None))
    assert odd.raw_score == missing.raw_score
    assert (odd.unseen_categories, missing.unseen_categories) == (("income_type",), ())


@pytest.mark.parametrize(
    "card", [world.scorecard, clients.whole, lambda: world.made().reference.scorecard],
    ids=["grid", "every item", "reference"],
)  # fmt: skip
def test_explanations_add_up(card: Callable[[], Scorecard]) -> None:
    """Base and all items are the raw score; so are base, the reasons told and the others."""
    scorecard = card()
    for form, past in list(zip(clients.forms(), clients.pasts(), strict=True))[::EVERY]:
        found = assess(scorecard, policy(), form, past)
        why = explain(scorecard, found, "en")
        assert why.base + why.contributions.sum() == pytest.approx(found.raw_score, abs=TOLERANCE)
        told = sum(reason.contribution for reason in (*why.weighs, *why.favours))
        assert why.base + told + why.others == pytest.approx(found.raw_score, abs=TOLERANCE)
        assert all(reason.contribution > 0 for reason in why.weighs)
        assert all(reason.contribution < 0 for reason in why.favours)
        assert 0 <= why.others_share <= 1


def test_what_a_grid_tells_is_what_moves_the_score() -> None:
    """Nearly every client of the portfolio is told something, on one side at least."""
    told = [
        bool(why.weighs or why.favours)
        for why in (
            explain(world.scorecard(), assess(world.scorecard(), policy(), form, past), "fr")
            for form, past in list(zip(clients.forms(), clients.pasts(), strict=True))[::EVERY]
        )
    ]
    assert np.mean(told) > 0.95


def test_words_change_with_the_language_and_figures_do_not() -> None:
    """French and English say the same reasons."""
    found = _found(small.CLIENT)
    french, english = (explain(small.scorecard(), found, language) for language in ("fr", "en"))
    told = [[*why.weighs, *why.favours] for why in (french, english)]
    assert [(r.item, r.contribution) for r in told[0]] == [
        (r.item, r.contribution) for r in told[1]
    ]
    assert told[0]
    assert all(a.sentence != b.sentence for a, b in zip(*told, strict=True))


def test_a_protected_attribute_is_never_an_item_with_words() -> None:
    """No item that a grid may read, and so no reason, is one that the policy on inputs denies."""
    assert not set(FACTS) & set(inputs().denied)
    assert not set(world.scorecard().items) & set(inputs().denied)


def test_an_assessment_kept_without_its_values_is_not_explained() -> None:
    """Rather than explain on other values, it says what is missing."""
    kept = replace(_found(small.CLIENT), values=None)
    with pytest.raises(AssertionError, match="without its values"):
        explain(small.scorecard(), kept, "en")


def test_a_stopped_scorecard_refers_everybody() -> None:
    """The stop switch adds its cause once."""
    stopped = _found(SAFE).referred(ReferCause.STOPPED).referred(ReferCause.STOPPED)
    assert (stopped.verdict, stopped.refer_causes) == (Verdict.REFER, (ReferCause.STOPPED,))
