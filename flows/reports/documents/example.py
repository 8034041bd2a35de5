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
from features.raw.prepare import prepare
from features.raw.prepared import Prepared
from features.raw.tables import Language
from flows.operations.demo import synthetic_portfolio
from scoring import recourse_words
from scoring.assess import Assessment, assess, explain
from scoring.contract import Reason, Verdict
from scoring.errors import ModelRejected
from scoring.policy import Policy
from scoring.recourse import Recourse, recourse
from scoring.scorecard import Scorecard

LOOKED_AT = 400
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
    client_id, application, history, found = _case(scorecard, policy, prepared, moment)
    assessed = assess(scorecard, policy, application, history)
    return {
        "client_id": client_id,
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
) -> tuple[int, Application, History, Recourse]:
    """The case with most to show among the first: not granted by the grid, levers, both sides."""
    applications = (
        prepared.scan("applications").sort("client_id").head(LOOKED_AT).drop("default").collect()
    )
    history = history_features(prepared).join(applications.select("client_id"), on="client_id")
    past = {row.pop("client_id"): row for row in history.iter_rows(named=True)}
    best: tuple[tuple[float, ...], int, Application, History, Recourse] | None = None
    for row in applications.iter_rows(named=True):
        client_id = row.pop("client_id")
        known = past[client_id]
        assessed = assess(scorecard, policy, row, known)
        if assessed.verdict is Verdict.GRANT or assessed.rules:
            continue
        why = explain(scorecard, assessed, "fr")
        found = recourse(scorecard, policy, row, known, moment)
        told = min(len(why.weighs), 3) + min(len(why.favours), 2)
        above = assessed.default_probability > assessed.cut_off
        rank = (bool(found.levers), above, told, len(found.levers))
        if best is None or rank > best[0]:
            best = rank, client_id, row, known, found
    if best is None:
        raise ModelRejected("Every client looked at is granted: there is no case to explain.")
    return best[1:]


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
