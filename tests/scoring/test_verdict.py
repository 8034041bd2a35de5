"""What is proposed, what decided it, and why a person must look first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.contract.base import DecidedBy, ReferCause, Verdict
from scoring.cut_off import CutOff
from scoring.policy import Effect, Rule, policy
from scoring.verdict import propose

CUT_OFF = CutOff(value=0.09, interval=(0.08, 0.10), grey_zone=(0.085, 0.095))
ORDER = (Verdict.GRANT, Verdict.REFER, Verdict.DECLINE)
RULES = policy().rules
DECLINES = next(rule for rule in RULES if rule.effect is Effect.DECLINE)
REFERS = next(rule for rule in RULES if rule.effect is Effect.REFER)
REFUSES = next(rule for rule in RULES if rule.effect is Effect.REFUSE_INPUT)
CAUSES = [ReferCause.THIN_FILE, ReferCause.OUT_OF_RANGE, ReferCause.NO_EXTERNAL_SCORE]

probabilities = st.floats(0, 1) | st.sampled_from([0.085, 0.09, 0.095])
some_causes = st.lists(st.sampled_from(CAUSES), unique=True, max_size=3)
some_hits = st.lists(st.sampled_from(RULES), unique_by=lambda rule: rule.code, max_size=4)


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(0.02, Verdict.GRANT), (0.09, Verdict.REFER), (0.3, Verdict.DECLINE)],
)
def test_the_probability_alone_proposes(probability: float, verdict: Verdict) -> None:
    """Below, around and above the cut-off."""
    found = propose(probability, CUT_OFF, (), ())
    assert (found.verdict, found.decided_by) == (verdict, DecidedBy.SCORECARD)


def test_a_doubt_sends_a_grant_to_a_person() -> None:
    """No grant is proposed on data the scorecard does not know."""
    found = propose(0.02, CUT_OFF, (ReferCause.THIN_FILE,), ())
    assert (found.verdict, found.causes) == (Verdict.REFER, (ReferCause.THIN_FILE,))
    assert found.decided_by is DecidedBy.SCORECARD


def test_a_doubt_does_not_launder_a_refusal() -> None:
    """What the scorecard would decline stays declined, and every doubt about it stays listed."""
    found = propose(0.3, CUT_OFF, (ReferCause.OUT_OF_RANGE,), (REFERS,))
    assert (found.verdict, found.decided_by) == (Verdict.DECLINE, DecidedBy.SCORECARD)
    assert found.causes == (ReferCause.POLICY, ReferCause.OUT_OF_RANGE)
    assert found.rules == (REFERS.code,)


@pytest.mark.parametrize("rule", [DECLINES, REFUSES])
@pytest.mark.parametrize("probability", [0.001, 0.09, 0.9])
def test_a_rule_that_declines_decides_alone(rule: Rule, probability: float) -> None:
    """No probability, however low, outweighs what the lender signed."""
    found = propose(probability, CUT_OFF, (), (rule,))
    assert (found.verdict, found.decided_by) == (Verdict.DECLINE, DecidedBy.POLICY)
    assert found.rules == (rule.code,)


def test_a_rule_that_refers_is_named_as_what_decided() -> None:
    """A person who studies the case knows that the policy asks for it, grey zone or not."""
    sure, near = (propose(p, CUT_OFF, (), (REFERS,)) for p in (0.02, 0.09))
    assert (sure.verdict, sure.decided_by) == (Verdict.REFER, DecidedBy.POLICY)
    assert sure.causes == (ReferCause.POLICY,)
    assert (near.verdict, near.decided_by) == (Verdict.REFER, DecidedBy.POLICY)
    assert near.causes == (ReferCause.GREY_ZONE, ReferCause.POLICY)


def test_an_empty_grey_zone_refers_nobody() -> None:
    """A zone shrunk to the cut-off itself does not catch the client who stands on it."""
    sure = CutOff(value=0.09, interval=(0.09, 0.09), grey_zone=(0.09, 0.09))
    assert propose(0.09, sure, (), ()).verdict is Verdict.GRANT


@given(probabilities, some_causes, st.sampled_from(CAUSES), some_hits)
def test_one_more_cause_never_improves_a_verdict(
    probability: float, causes: list[ReferCause], more: ReferCause, hits: list[Rule]
) -> None:
    """From GRANT to REFER to DECLINE, a doubt moves a case forward or not at all."""
    before = propose(probability, CUT_OFF, causes, hits)
    after = propose(probability, CUT_OFF, [*causes, more], hits)
    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)


@given(probabilities, some_causes, some_hits, st.sampled_from(RULES))
def test_one_more_rule_never_improves_a_verdict(
    probability: float, causes: list[ReferCause], hits: list[Rule], more: Rule
) -> None:
    """Nothing implausible that a client declares turns a refusal into a study or a grant."""
    before = propose(probability, CUT_OFF, causes, hits)
    after = propose(probability, CUT_OFF, causes, [*hits, more])
    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)


@given(st.tuples(probabilities, probabilities), some_causes, some_hits)
def test_a_higher_risk_never_improves_a_verdict(
    risks: tuple[float, float], causes: list[ReferCause], hits: list[Rule]
) -> None:
    """Of two clients who differ in risk alone, the riskier is not proposed the better answer."""
    low, high = sorted(risks)
    better = propose(low, CUT_OFF, causes, hits)
    worse = propose(high, CUT_OFF, causes, hits)
    assert ORDER.index(worse.verdict) >= ORDER.index(better.verdict)
