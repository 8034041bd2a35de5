"""Simulation: the client's case before and after changes the client can make. No commitment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fastapi import Response

from api.assessor import Served
from api.clients import Subject
from api.context import RequestContext
from api.eligibility import must_be_received
from api.questions.assessment import recorded, worded
from api.worker import Worker
from scoring.assess import Assessment
from scoring.contract import Language, Moved, Side, SimulateRequest, SimulateResponse
from scoring.scorecard import Scorecard
from storage import times

LEAST_MOVE = 0.005
"""An item that moves the log-odds less than this did not move."""


async def simulate(worker: Worker, context: RequestContext, request: SimulateRequest) -> Response:
    """Answer ``POST /simulate``."""
    assessor, served, language = worker.assessor, worker.assessor.served, request.language
    held = (await worker.clients.get(request.client_id)).snapshot
    changes, currency = request.changes.model_dump(exclude_none=True), assessor.currency
    changed = {**held.application, **changes}
    must_be_received(served.policy, changed, changes, "/changes/{item}", language, currency)
    tried = held.with_application(changed)
    before = assessor.assess(Subject(request.client_id, held, is_stored=True), served)
    after = assessor.assess(Subject(request.client_id, tried, is_stored=False), served)
    content = recorded(served, after, route="simulate")
    entry = context.entry("simulation", content, request.client_id, snapshot=tried)
    response = SimulateResponse(
        simulation_id=entry.id,
        client_id=request.client_id,
        simulated_at=times.moment(entry.at),
        model_tag=served.tag,
        cut_off=after.cut_off,
        before=_side(served, before, held.application, language, currency),
        after=_side(served, after, changed, language, currency),
        moved=moved(served.scorecard, before, after, language, currency),
    )
    return await worker.recorder.answer(context, entry, response)


def _side(
    served: Served,
    assessment: Assessment,
    application: Mapping[str, Any],
    language: Language,
    currency: str,
) -> Side:
    annuity, income = application.get("annuity"), application.get("income_total")
    return Side(
        amount_credit=application.get("amount_credit"),
        annuity=annuity,
        effort_rate=annuity / income if annuity is not None and income else None,
        default_probability=assessment.default_probability,
        verdict=assessment.verdict,
        decided_by=assessment.decided_by,
        rules=list(assessment.rules),
        rule_sentences=list(
            worded(served.policy, assessment, application, language, currency).rules
        ),
        refer_causes=list(assessment.refer_causes),
        points=assessment.points,
        risk_band=assessment.risk_band,
    )


def moved(
    scorecard: Scorecard,
    before: Assessment,
    after: Assessment,
    language: Language,
    currency: str,
) -> list[Moved]:
    """Say which items moved, the most first, with their figures on both sides.

    Both assessments have their values. Only what moved is put in words.
    """
    assert before.values is not None
    assert after.values is not None
    was, now = scorecard.contributions(before.values), scorecard.contributions(after.values)
    old, new = scorecard.intake.row(before.values), scorecard.intake.row(after.values)
    sheet, move = scorecard.facts(language, currency), np.abs(now - was)
    lines = [
        (sheet.line(place, float(was[place]), old), sheet.line(place, float(now[place]), new))
        for place in np.lexsort((-np.abs(now), -move)).tolist()
        if move[place] >= LEAST_MOVE
    ]
    return [
        Moved(
            item=line.item,
            label=line.label,
            before=earlier.contribution,
            after=line.contribution,
            before_text=earlier.value_text,
            after_text=line.value_text,
        )
        for earlier, line in lines
    ]
