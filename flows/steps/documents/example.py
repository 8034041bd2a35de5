"""One client of the synthetic portfolio, explained: the case the slides show. Nobody real is in it.

On any other data there is no example: documents never show a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bentoml
from bentoml._internal.models.model import ModelStore
from bentoml.exceptions import NotFound

from features.build import history_features
from features.prepare import prepare
from features.prepared import Prepared
from flows.steps.demo import synthetic_portfolio
from scoring.assess import assess
from scoring.contract import Reason, Verdict
from scoring.errors import ModelRejected
from scoring.explain import explain
from scoring.recourse import Recourse, recourse
from scoring.scorecard import Scorecard

LOOKED_AT = 400
GROUPS_SHOWN = 8

Values = dict[str, Any]
Application = dict[str, Any]
History = dict[str, float | None]


def synthetic_example(
    home: Path, store: Path, run: Mapping[str, Any], prepared: Prepared
) -> Values | None:
    """Return the explained case; ``None`` unless the run learnt from the synthetic portfolio.

    ``store`` is the BentoML home the run registered its scorecard in. Raises ``ModelRejected``
    when the scorecard is no longer there.
    """
    portfolio = home / "portfolio"
    if not any(portfolio.glob("synthetic-*.zip")):
        return None
    demo = prepare(synthetic_portfolio(home), home, report=lambda _line: None)
    if demo.fingerprint != prepared.fingerprint:
        return None
    return example_of(_scorecard(store, run["model_tag"]), prepared)


def _scorecard(store: Path, tag: str) -> Scorecard:
    try:
        model = bentoml.models.get(tag, _model_store=ModelStore(store / "models"))
    except NotFound as error:
        msg = f"{tag} is no longer in {store}. Train again, then name that run."
        raise ModelRejected(msg) from error
    return Scorecard.load(Path(model.path))


def example_of(scorecard: Scorecard, prepared: Prepared) -> Values:
    """Return one case of these tables, explained. The tables must be of invented people."""
    return _described(scorecard, *_case(scorecard, prepared))


def _case(scorecard: Scorecard, prepared: Prepared) -> tuple[Application, History, Recourse]:
    """The refused or referred client with most levers among the first; else the first refused."""
    applications = (
        prepared.scan("applications").sort("client_id").head(LOOKED_AT).drop("default").collect()
    )
    history = history_features(prepared).join(applications.select("client_id"), on="client_id")
    past = {row.pop("client_id"): row for row in history.iter_rows(named=True)}
    cases = []
    for row in applications.iter_rows(named=True):
        known = past[row.pop("client_id")]
        verdict = assess(scorecard, row, known).verdict
        if verdict is not Verdict.GRANT:
            found = recourse(scorecard, row, known)
            rank = (len(found.levers), verdict is Verdict.DECLINE)
            cases.append((rank, (row, known, found)))
    return max(cases, key=lambda case: case[0])[1]


def _described(
    scorecard: Scorecard, application: Application, history: History, found: Recourse
) -> Values:
    assessed = assess(scorecard, application, history)
    why = explain(scorecard, assessed, "fr")
    shown = why.by_group[:GROUPS_SHOWN]
    return {
        "verdict": assessed.verdict.value,
        "default_probability": assessed.default_probability,
        "points": assessed.points,
        "risk_band": assessed.risk_band,
        "amount_credit": application["amount_credit"],
        "annuity": application["annuity"],
        "income_total": application["income_total"],
        "base": why.base,
        "raw_score": why.raw_score,
        "groups": [{"label": g.label, "contribution": g.contribution} for g in shown],
        "others": sum(g.contribution for g in why.by_group[GROUPS_SHOWN:]),
        "weighs": [_reason(reason) for reason in why.weighs],
        "favours": [_reason(reason) for reason in why.favours],
        "recourse": found.sentence("fr"),
        "levers": [
            {"sentence": lever.sentence("fr"), "default_probability": lever.default_probability}
            for lever in found.levers
        ],
        "largest_amount": found.largest_amount,
    }


def _reason(reason: Reason) -> Values:
    return {"sentence": reason.sentence, "contribution": reason.contribution}
