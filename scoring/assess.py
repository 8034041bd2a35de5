"""One application in, one assessment out: what the scorecard says, and the policy beside it.

``explain`` says why, in facts. Nothing here is stored or printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from features.raw.tables import Language
from scoring.assessment import Assessment
from scoring.contract import ReferCause
from scoring.history import History
from scoring.points import points, risk_band
from scoring.policy import Policy
from scoring.reasons import Explanation
from scoring.scorecard import Scorecard
from scoring.verdict import propose

__all__ = ["Assessment", "Explanation", "assess", "assess_many", "explain"]

EXTERNAL_SCORES = ("external_score_1", "external_score_2", "external_score_3")


def assess(
    scorecard: Scorecard,
    policy: Policy,
    application: Mapping[str, object],
    history: Mapping[str, float | None] | None,
) -> Assessment:
    """Assess an application (plain names) with the client's history features, if any are held.

    Features of tables the scorecard was not trained on are ignored; those it knows and that are
    not given are missing.
    """
    known = None if history is None else History.of(history)
    values = scorecard.intake.values(application, known)
    raw = scorecard.raw_score(scorecard.matrix(values))
    probability = float(scorecard.default_probability(raw)[0])
    beyond = scorecard.intake.out_of_range(values)
    answer = _answer(scorecard, policy, application, known, float(raw[0]), probability, beyond)
    return replace(answer, values=values)


def assess_many(
    scorecard: Scorecard,
    policy: Policy,
    applications: Sequence[Mapping[str, object]],
    histories: Sequence[Mapping[str, float | None] | None],
) -> list[Assessment]:
    """Assess many applications in columns: each as ``assess`` would alone, to the last digit.

    Their values are not kept.
    """
    if not applications:
        return []
    known = [None if history is None else History.of(history) for history in histories]
    values = scorecard.intake.many(applications, known)
    raw = scorecard.raw_score(scorecard.matrix(values))
    probabilities = scorecard.default_probability(raw).tolist()
    beyond = [
        scorecard.intake.out_of_range(row) if any_beyond else ()
        for row, any_beyond in zip(values, scorecard.intake.any_out_of_range(values), strict=True)
    ]
    return [
        _answer(scorecard, policy, *one)
        for one in zip(applications, known, raw.tolist(), probabilities, beyond, strict=True)
    ]


def explain(
    scorecard: Scorecard, assessment: Assessment, language: Language, currency: str = ""
) -> Explanation:
    """Explain an assessment made by this scorecard, in ``language``."""
    values = assessment.values
    assert values is not None, "an assessment kept without its values cannot be explained"
    contributions = scorecard.contributions(values)
    row = scorecard.intake.row(values)
    return scorecard.facts(language, currency).explain(row, contributions, assessment.raw_score)


def _answer(
    scorecard: Scorecard,
    policy: Policy,
    application: Mapping[str, object],
    history: History | None,
    raw_score: float,
    probability: float,
    beyond: tuple[str, ...],
) -> Assessment:
    cut_off = scorecard.metadata.cut_off
    causes = _causes(scorecard, application, history, beyond)
    proposal = propose(probability, cut_off, causes, policy.hits(application))
    return Assessment(
        raw_score=raw_score,
        default_probability=probability,
        cut_off=cut_off.value,
        grey_zone=cut_off.grey_zone,
        verdict=proposal.verdict,
        decided_by=proposal.decided_by,
        rules=proposal.rules,
        refer_causes=proposal.causes,
        points=points(probability),
        risk_band=risk_band(probability),
        values=None,
        out_of_range=beyond,
        unseen_categories=scorecard.intake.unseen(application),
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
