"""One application in, one assessment out; and why, in words.

``assess`` computes; ``scoring.explain`` words it. Neither stores or prints anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from features.one import client_row
from scoring.assessment import Assessment, Row
from scoring.contract import ReferCause
from scoring.explain import Explanation, explain
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
    card = scorecard.metadata
    row = client_row(application, history, card.features)
    matrix = scorecard.encoder.row(row)
    raw = scorecard.raw_score(matrix)
    probability = float(scorecard.default_probability(raw)[0])
    beyond = _out_of_range(scorecard, row)
    causes = _causes(scorecard, application, history, beyond)
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
        row=row,
        matrix=matrix,
        out_of_range=beyond,
        unseen_categories=_unseen(scorecard, application),
    )


def _causes(
    scorecard: Scorecard,
    application: Mapping[str, object],
    history: Mapping[str, float | None] | None,
    beyond: tuple[str, ...],
) -> tuple[ReferCause, ...]:
    causes = []
    if scorecard.metadata.has_history and not _known(history):
        causes.append(ReferCause.THIN_FILE)
    if beyond:
        causes.append(ReferCause.OUT_OF_RANGE)
    if all(application.get(name) is None for name in EXTERNAL_SCORES):
        causes.append(ReferCause.NO_EXTERNAL_SCORE)
    return tuple(causes)


def _known(history: Mapping[str, float | None] | None) -> bool:
    """Tell whether anything but zero counts is known of the client's past."""
    return any(
        value is not None and value == value and value != 0 for value in (history or {}).values()
    )


def _out_of_range(scorecard: Scorecard, row: Row) -> tuple[str, ...]:
    beyond = []
    for name, (low, high) in scorecard.metadata.ranges.items():
        value = row.get(name)
        if isinstance(value, int | float) and not low <= value <= high:
            beyond.append(name)
    return tuple(beyond)


def _unseen(scorecard: Scorecard, application: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(
        name
        for name, known in scorecard.encoder.categories.items()
        if (value := application.get(name)) is not None and value not in known
    )
