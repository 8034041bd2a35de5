"""What is proposed, and what decided it, policy or scorecard. The decision is the advisor's.

Nothing implausible improves a verdict: a figure that nobody can have is refused where it is
received, and declined where it is held already; what the scorecard would decline stays declined,
whatever else is to be studied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.contract.base import DecidedBy, ReferCause, Verdict
from scoring.cut_off import CutOff
from scoring.policy import Effect, Rule


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verdict, what decided it, every cause for study by a person and every rule that is met.

    ``causes`` lists the grey zone first, then the policy; ``rules`` are codes. Both are complete,
    whatever the verdict.
    """

    verdict: Verdict
    decided_by: DecidedBy
    causes: tuple[ReferCause, ...]
    rules: tuple[str, ...]


def grey(default_probability: float, cut_off: CutOff) -> bool:
    """Tell whether the probability is too near the cut-off to propose an answer."""
    low, high = cut_off.grey_zone
    return low <= default_probability <= high and low < high


def propose(
    default_probability: float,
    cut_off: CutOff,
    causes: Sequence[ReferCause],
    hits: Sequence[Rule],
) -> Proposal:
    """Propose an answer, in this order.

    1. A rule that declines: DECLINE, by the policy. So does one that refuses the input, where an
       application came in another way (an archive) or before the rule was in force.
    2. A probability above the cut-off and outside the grey zone: DECLINE, by the scorecard.
    3. A rule that refers: REFER, by the policy.
    4. The grey zone or any other cause: REFER, by the scorecard.
    5. Else GRANT, by the scorecard.
    """
    near = grey(default_probability, cut_off)
    declined = any(rule.effect is not Effect.REFER for rule in hits)
    referred = any(rule.effect is Effect.REFER for rule in hits)
    everything = (
        *((ReferCause.GREY_ZONE,) if near else ()),
        *((ReferCause.POLICY,) if referred else ()),
        *causes,
    )
    by = DecidedBy.SCORECARD
    if declined:
        verdict, by = Verdict.DECLINE, DecidedBy.POLICY
    elif default_probability > cut_off.value and not near:
        verdict = Verdict.DECLINE
    elif referred:
        verdict, by = Verdict.REFER, DecidedBy.POLICY
    else:
        verdict = Verdict.REFER if everything else Verdict.GRANT
    return Proposal(verdict, by, everything, tuple(rule.code for rule in hits))
