"""Why: contributions summed by group of related features, and put in words.

At most four reasons on each side are worded; what they leave out is said as one figure. Base plus
all contributions is the raw score, whatever is shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from features.catalogue import CATALOGUE
from features.groups import GROUPS
from features.tables import Language
from scoring.assessment import Assessment
from scoring.cautions import cautions
from scoring.contract import FeatureContribution, GroupContribution, Reason
from scoring.scorecard import Scorecard

MOST_REASONS = 4
NEVER_A_REASON = frozenset({"age", "identity"})
"""Groups of protected attributes: counted in the contributions, never worded as a reason."""
LEAST_CONTRIBUTION = 0.005
"""A group that moves the log-odds less than this is not a reason."""


@dataclass(frozen=True)
class Explanation:
    """The part of an answer that explains it; each field is one of ``ExplainResponse``."""

    base: float
    raw_score: float
    weighs: tuple[Reason, ...]
    favours: tuple[Reason, ...]
    others: float
    by_group: tuple[GroupContribution, ...]
    by_feature: tuple[FeatureContribution, ...]
    cautions: tuple[str, ...]


def explain(scorecard: Scorecard, assessment: Assessment, language: Language) -> Explanation:
    """Explain an assessment made by this scorecard, in ``language``."""
    by_feature = _by_feature(scorecard, assessment, language)
    members: dict[str, list[FeatureContribution]] = defaultdict(list)
    for item in by_feature:
        members[item.group].append(item)
    by_group = _by_group(members, language)
    reasons = [
        _reason(group, members[group.group], language)
        for group in by_group
        if abs(group.contribution) >= LEAST_CONTRIBUTION and group.group not in NEVER_A_REASON
    ]
    weighs = tuple(reason for reason in reasons if reason.contribution > 0)[:MOST_REASONS]
    favours = tuple(reason for reason in reasons if reason.contribution < 0)[:MOST_REASONS]
    shown = {reason.group for reason in (*weighs, *favours)}
    return Explanation(
        base=scorecard.metadata.granted.base,
        raw_score=assessment.raw_score,
        weighs=weighs,
        favours=favours,
        others=sum(group.contribution for group in by_group if group.group not in shown),
        by_group=by_group,
        by_feature=by_feature,
        cautions=cautions(assessment, language),
    )


def _by_feature(
    scorecard: Scorecard, assessment: Assessment, language: Language
) -> tuple[FeatureContribution, ...]:
    """Every feature with its contribution, strongest first."""
    card = scorecard.metadata
    values = scorecard.contributions(assessment.matrix)[0]
    found = []
    for name, contribution in zip(card.features, values, strict=True):
        feature = CATALOGUE[name]
        found.append(
            FeatureContribution(
                feature=name,
                label=feature.label.in_(language),
                group=feature.group,
                contribution=float(contribution),
                value=assessment.row.get(name),
                reference=card.granted.medians.get(name),
                unit=feature.unit,
            )
        )
    return tuple(sorted(found, key=lambda item: (-abs(item.contribution), item.feature)))


def _by_group(
    members: dict[str, list[FeatureContribution]], language: Language
) -> tuple[GroupContribution, ...]:
    groups = (
        GroupContribution(
            group=name,
            label=GROUPS[name].label.in_(language),
            contribution=sum(item.contribution for item in items),
        )
        for name, items in members.items()
    )
    return tuple(sorted(groups, key=lambda group: (-abs(group.contribution), group.group)))


def _reason(
    group: GroupContribution, items: list[FeatureContribution], language: Language
) -> Reason:
    """Word a group; the item that leads it is the strongest one of the same sign."""
    weighs = group.contribution > 0
    lead = max(items, key=lambda item: item.contribution if weighs else -item.contribution)
    words = GROUPS[group.group]
    return Reason(
        group=group.group,
        label=group.label,
        sentence=(words.weighs if weighs else words.favours).in_(language),
        contribution=group.contribution,
        feature=lead.feature,
        feature_label=lead.label,
        value=lead.value,
        reference=lead.reference,
        unit=lead.unit,
    )
