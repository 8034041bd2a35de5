"""One client of the synthetic portfolio, explained: the case the documents show.

Nobody real is in it. On any other data there is no example: documents never show a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import bentoml
from bentoml._internal.models.model import ModelStore
from bentoml.exceptions import NotFound

from features.build import history_features
from features.prepare import prepare
from features.prepared import Prepared
from features.tables import Language
from flows.steps.demo import synthetic_portfolio
from scoring import recourse_words
from scoring.assess import Assessment, assess, explain
from scoring.contract import Reason, Verdict
from scoring.errors import ModelRejected
from scoring.policy import Policy
from scoring.recourse import Recourse, recourse
from scoring.scorecard import Scorecard

LOOKED_AT = 400
FOLLOWED = 12
"""Cases, the best told among those looked at, whose recourse is searched."""
LANGUAGES: tuple[Language, ...] = ("fr", "en")

Values = dict[str, Any]
Application = dict[str, Any]
History = dict[str, float | None]


def synthetic_example(
    home: Path, store: Path, run: Mapping[str, Any], prepared: Prepared
) -> Values | None:
    """Return the explained case; ``None`` unless the run learnt from the synthetic portfolio.

    ``store`` is the BentoML home the run registered its scorecard in; the policy is the run's own.
    Raises ``ModelRejected`` when the scorecard is no longer there.
    """
    portfolio = home / "portfolio"
    if not any(portfolio.glob("synthetic-*.zip")):
        return None
    demo = prepare(synthetic_portfolio(home), home, report=lambda _line: None)
    if demo.fingerprint != prepared.fingerprint:
        return None
    signed = {key: value for key, value in run["policy"].items() if key != "identity"}
    moment = datetime.fromisoformat(run["trained_at"])
    return example_of(
        _scorecard(store, run["model_tag"]), Policy.model_validate(signed), prepared, moment
    )


def _scorecard(store: Path, tag: str) -> Scorecard:
    try:
        model = bentoml.models.get(tag, _model_store=ModelStore(store / "models"))
    except NotFound as error:
        msg = f"{tag} is no longer in {store}. Train again, then name that run."
        raise ModelRejected(msg) from error
    return Scorecard.load(Path(model.path))


def example_of(
    scorecard: Scorecard, policy: Policy, prepared: Prepared, moment: datetime
) -> Values:
    """Return one case of these tables, explained as of ``moment``, which is aware.

    The tables must be of invented people.
    """
    application, history, found = _case(scorecard, policy, prepared, moment)
    assessed = assess(scorecard, policy, application, history)
    return {
        "verdict": assessed.verdict.value,
        "decided_by": assessed.decided_by.value,
        "default_probability": assessed.default_probability,
        "cut_off": assessed.cut_off,
        "points": assessed.points,
        "risk_band": assessed.risk_band,
        "amount_credit": application["amount_credit"],
        "annuity": application["annuity"],
        "income_total": application["income_total"],
        "raw_score": assessed.raw_score,
        "words": {language: _said(scorecard, assessed, found, language) for language in LANGUAGES},
    }


def _case(
    scorecard: Scorecard, policy: Policy, prepared: Prepared, moment: datetime
) -> tuple[Application, History, Recourse]:
    """The case with most to show among the first: refused by the scorecard, levers, both sides."""
    applications = (
        prepared.scan("applications").sort("client_id").head(LOOKED_AT).drop("default").collect()
    )
    history = history_features(prepared).join(applications.select("client_id"), on="client_id")
    past = {row.pop("client_id"): row for row in history.iter_rows(named=True)}
    told: list[tuple[tuple[float, ...], Application, History]] = []
    for row in applications.iter_rows(named=True):
        known = past[row.pop("client_id")]
        assessed = assess(scorecard, policy, row, known)
        if assessed.verdict is not Verdict.GRANT:
            why = explain(scorecard, assessed, "fr")
            reasons = min(len(why.weighs), 3) + min(len(why.favours), 2)
            by_scorecard = not assessed.rules and assessed.verdict is Verdict.DECLINE
            near = -assessed.default_probability
            told.append(((by_scorecard, reasons, near), row, known))
    if not told:
        raise ModelRejected("Every client looked at is granted: there is no case to explain.")
    told.sort(key=lambda case: case[0], reverse=True)
    found = [
        (recourse(scorecard, policy, row, known, moment), row, known)
        for _, row, known in told[:FOLLOWED]
    ]
    best, row, known = max(found, key=lambda case: len(case[0].levers))
    return row, known, best


def _said(
    scorecard: Scorecard, assessed: Assessment, found: Recourse, language: Language
) -> Values:
    """Return all that is told of the case in one language; contributions are log-odds."""
    why = explain(scorecard, assessed, language)
    return {
        "base": why.base,
        "weighs": [_reason(reason) for reason in why.weighs],
        "favours": [_reason(reason) for reason in why.favours],
        "others": why.others,
        "others_share": why.others_share,
        "recourse": recourse_words.whole(found, language),
        "levers": [
            {
                "sentence": recourse_words.lever(lever, language),
                "default_probability": lever.first.default_probability,
            }
            for lever in found.levers
        ],
        "largest": recourse_words.largest(found.largest, language) if found.largest else None,
    }


def _reason(reason: Reason) -> Values:
    return {
        "subject": reason.subject_label,
        "sentence": reason.sentence,
        "comparison": reason.comparison,
        "contribution": reason.contribution,
    }
