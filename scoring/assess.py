"""One application in, one assessment out; and why, in words.

``assess`` computes; ``scoring.explain`` words it. Neither stores or prints anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.assessment import Assessment
from scoring.contract import ReferCause
from scoring.explain import Explanation, explain
from scoring.history import History
from scoring.points import points, risk_band
from scoring.scorecard import Scorecard
from scoring.verdict import propose

__all__ = ["Assessment", "Explanation", "assess", "explain"]

EXTERNAL_SCORES = ("external_score_1", "external_score_2", "external_score_3")


def assess(
    scorecard: Scorecard,
    application: Mapping[str, object],
    history: Mapping[str, float | None] | None,
) -> Assessment:
    """Assess an application (plain names) with the client's history features, if any are held.

    Features of tables the scorecard was not trained on are ignored; those it knows and that are
    not given are missing.
    """
    card, intake = scorecard.metadata, scorecard.intake
    known = None if history is None else History.of(history)
    values = intake.values(application, known)
    raw = scorecard.raw_score(intake.matrix(values))
    probability = float(scorecard.default_probability(raw)[0])
    beyond = intake.out_of_range(values)
    causes = _causes(scorecard, application, known, beyond)
    verdict, all_causes = propose(probability, card.cut_off, causes)
    return Assessment(
        raw_score=float(raw[0]),
        default_probability=probability,
        cut_off=card.cut_off.value,
        grey_zone=card.cut_off.grey_zone,
        verdict=verdict,
        refer_causes=all_causes,
        points=points(probability),
        risk_band=risk_band(probability),
        values=values,
        out_of_range=beyond,
        unseen_categories=intake.unseen(application),
    )


def _causes(
    scorecard: Scorecard,
    application: Mapping[str, object],
    history: History | None,
    beyond: tuple[str, ...],
) -> tuple[ReferCause, ...]:
    causes = []
    says_something = history is not None and history.says_something
    if scorecard.metadata.has_history and not says_something:
        causes.append(ReferCause.THIN_FILE)
    if beyond:
        causes.append(ReferCause.OUT_OF_RANGE)
    if all(application.get(name) is None for name in EXTERNAL_SCORES):
        causes.append(ReferCause.NO_EXTERNAL_SCORE)
    return tuple(causes)
