"""What the scorecard proposes, and why a person must look first. The decision is the advisor's."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.contract import ReferCause, Verdict
from scoring.cut_off import CutOff


def grey(default_probability: float, cut_off: CutOff) -> bool:
    """Tell whether the probability is too near the cut-off to propose an answer."""
    low, high = cut_off.grey_zone
    return low <= default_probability <= high and low < high


def propose(
    default_probability: float, cut_off: CutOff, causes: Sequence[ReferCause]
) -> tuple[Verdict, tuple[ReferCause, ...]]:
    """Return the verdict and every cause for study by a person, the grey zone first.

    Any cause makes the verdict REFER; otherwise a probability above the cut-off is DECLINE.
    """
    near = (ReferCause.GREY_ZONE,) if grey(default_probability, cut_off) else ()
    everything = (*near, *causes)
    if everything:
        return Verdict.REFER, everything
    declined = default_probability > cut_off.value
    return (Verdict.DECLINE if declined else Verdict.GRANT), ()
