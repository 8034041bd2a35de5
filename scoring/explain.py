"""Why: contributions summed by group of related features, and put in words.

At most four reasons on each side are worded; what they leave out is said as one figure. Base plus
all contributions is the raw score, whatever is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.groups import GROUPS
from features.tables import Language
from scoring.assessment import Assessment
from scoring.cautions import cautions
from scoring.contract import FeatureContribution, GroupContribution, Reason
from scoring.scorecard import Scorecard
from scoring.wording import Wording

MOST_REASONS = 4
NEVER_A_REASON = frozenset({"age", "identity"})
"""Groups of protected attributes: counted in the contributions, never worded as a reason."""
LEAST_CONTRIBUTION = 0.005
"""A group that moves the log-odds less than this is not a reason."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Explanation:
    """The part of an answer that explains it.

    ``contributions`` and ``values`` are (f,), in the scorecard's order; ``sums`` (g,) are the
    contributions of the groups, in the wording's order.
    """

    base: float
    raw_score: float
    weighs: tuple[Reason, ...]
    favours: tuple[Reason, ...]
    others: float
    cautions: tuple[str, ...]
    contributions: Floats
    values: Floats
    sums: Floats
    wording: Wording

    @cached_property
    def by_group(self) -> tuple[GroupContribution, ...]:
        """Every group with its contribution, strongest first."""
        return tuple(GroupContribution(**line) for line in self.wording.group_lines(self.sums))

    @cached_property
    def by_feature(self) -> tuple[FeatureContribution, ...]:
        """Every feature that contributes, strongest first."""
        return tuple(
            self.wording.feature(place, float(self.contributions[place]), self.values)
            for place in self.wording.by_strength(self.contributions).tolist()
        )

    def by_feature_written(self) -> list[bytes]:
        """Return ``by_feature`` as JSON, in pieces to join, without making its lines one by one."""
        order = self.wording.by_strength(self.contributions)
        return self.wording.lines(order, self.contributions, self.values)

    def brief(self) -> dict[str, Any]:
        """Return everything but ``by_feature`` as plain values, by its name in the contract."""
        return {
            "base": self.base,
            "raw_score": self.raw_score,
            "weighs": [vars(reason) for reason in self.weighs],
            "favours": [vars(reason) for reason in self.favours],
            "others": self.others,
            "by_group": self.wording.group_lines(self.sums),
            "cautions": self.cautions,
        }


def explain(
    scorecard: Scorecard,
    assessment: Assessment,
    language: Language,
    contributions: Floats | None = None,
) -> Explanation:
    """Explain an assessment made by this scorecard, in ``language``.

    ``contributions`` (f,) are the assessment's own, when they are known already.
    """
    values = assessment.values
    assert values is not None, "an assessment kept without its values cannot be explained"
    if contributions is None:
        contributions = contributed(scorecard, assessment)
    wording = scorecard.wordings[language]
    sums = wording.summed(contributions)
    order = wording.groups_by_strength(sums)
    told = [place for place in order if _is_a_reason(wording.groups[place], sums[place])]
    weighs = [place for place in told if sums[place] > 0][:MOST_REASONS]
    favours = [place for place in told if sums[place] < 0][:MOST_REASONS]
    shown = {*weighs, *favours}
    return Explanation(
        base=scorecard.metadata.granted.base,
        raw_score=assessment.raw_score,
        weighs=tuple(_reason(wording, place, sums, contributions, values) for place in weighs),
        favours=tuple(_reason(wording, place, sums, contributions, values) for place in favours),
        others=float(sum(sums[place] for place in order if place not in shown)),
        cautions=cautions(assessment, language),
        contributions=contributions,
        values=values,
        sums=sums,
        wording=wording,
    )


def contributed(scorecard: Scorecard, assessment: Assessment) -> Floats:
    """Return the contributions (f,) of an assessment's values, log-odds."""
    assert assessment.values is not None, "an assessment kept without its values has none"
    contributions: Floats = scorecard.contributions(scorecard.intake.matrix(assessment.values))[0]
    return contributions


def _is_a_reason(group: str, contribution: float) -> bool:
    return abs(contribution) >= LEAST_CONTRIBUTION and group not in NEVER_A_REASON


def _reason(
    wording: Wording, place: int, sums: Floats, contributions: Floats, values: Floats
) -> Reason:
    """Word a group and the item that leads it."""
    weighs = sums[place] > 0
    lead = _lead(wording, place, contributions if weighs else -contributions, values)
    words = GROUPS[wording.groups[place]]
    return Reason(
        group=words.name,
        label=wording.group_labels[place],
        sentence=(words.weighs if weighs else words.favours).in_(wording.language),
        contribution=float(sums[place]),
        feature=wording.features[lead],
        feature_label=wording.labels[lead],
        value=wording.value(lead, values),
        reference=wording.references[lead],
        unit=wording.units[lead],
    )


def _lead(wording: Wording, group: int, pushing: Floats, values: Floats) -> int:
    """Return the place of the item that pushes most; rather one that differs from the reference.

    In trees a typical value may push too, beside others of the client; shown with its reference,
    it would explain nothing.
    """
    members = wording.members[group]
    ordered: list[int] = members[np.argsort(-pushing[members], kind="stable")].tolist()
    return next(
        (
            place
            for place in ordered
            if pushing[place] > 0 and wording.value(place, values) != wording.references[place]
        ),
        ordered[0],
    )
