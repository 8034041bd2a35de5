"""What is proposed, and why a person must look first."""

from __future__ import annotations

import pytest

from scoring.contract import ReferCause, Verdict
from scoring.cut_off import CutOff
from scoring.verdict import propose

CUT_OFF = CutOff(value=0.09, interval=(0.08, 0.10), grey_zone=(0.085, 0.095))


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(0.02, Verdict.GRANT), (0.09, Verdict.REFER), (0.3, Verdict.DECLINE)],
)
def test_the_probability_alone_proposes(probability: float, verdict: Verdict) -> None:
    """Below, around and above the cut-off."""
    assert propose(probability, CUT_OFF, ())[0] is verdict


@pytest.mark.parametrize("probability", [0.02, 0.3])
def test_any_doubt_sends_the_case_to_a_person(probability: float) -> None:
    """Neither a grant nor a refusal is proposed on data the scorecard does not know."""
    verdict, causes = propose(probability, CUT_OFF, (ReferCause.THIN_FILE,))
    assert (verdict, causes) == (Verdict.REFER, (ReferCause.THIN_FILE,))


def test_an_empty_grey_zone_refers_nobody() -> None:
    """A zone shrunk to the cut-off itself does not catch the client who stands on it."""
    sure = CutOff(value=0.09, interval=(0.09, 0.09), grey_zone=(0.09, 0.09))
    assert propose(0.09, sure, ())[0] is Verdict.GRANT
