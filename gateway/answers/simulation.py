"""Simulation: the client's case before and after changes the client can make. No commitment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gateway.answers.assessments import recorded
from gateway.asked import Answer, Asked
from gateway.desk import Desk, Subject
from scoring.assess import Assessment
from scoring.contract import (
    Moved,
    Side,
    SimulateRequest,
    SimulateResponse,
)
from scoring.explain import Floats
from scoring.wording import Wording
from storage import times
from storage.records import Entry
from storage.snapshots import Snapshot

LEAST_MOVE = 0.005
"""A group that moves the log-odds less than this did not move."""


async def simulate(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /simulate``."""
    request: SimulateRequest = asked.body
    served = desk.served
    client = await desk.client(request.client_id)
    held = client.snapshot
    changed = {**held.application, **request.changes.model_dump(exclude_none=True)}
    tried = Snapshot.of(changed, held.history)
    before, old = desk.contributed(Subject(request.client_id, held, is_stored=True), served)
    after, new = desk.contributed(Subject(request.client_id, tried, is_stored=False), served)
    moved = _moved(served.scorecard.wordings[request.language], old, new)
    entry = _entry(asked, request.client_id, tried, recorded(served, after, route="simulate"))
    response = SimulateResponse(
        simulation_id=entry.id,
        client_id=request.client_id,
        simulated_at=times.moment(entry.at),
        model_tag=served.tag,
        cut_off=after.cut_off,
        before=_side(before, held.application),
        after=_side(after, changed),
        moved=moved,
    )
    return await desk.give(asked, entry, response)


def _entry(asked: Asked, client_id: int, tried: Snapshot, content: dict[str, Any]) -> Entry:
    return asked.entry("simulation", content, client_id, snapshot=tried)


def _side(assessment: Assessment, application: Mapping[str, Any]) -> Side:
    annuity, income = application.get("annuity"), application.get("income_total")
    return Side(
        amount_credit=application.get("amount_credit"),
        annuity=annuity,
        effort_rate=annuity / income if annuity is not None and income else None,
        default_probability=assessment.default_probability,
        verdict=assessment.verdict,
        refer_causes=list(assessment.refer_causes),
        points=assessment.points,
        risk_band=assessment.risk_band,
    )


def _moved(wording: Wording, before: Floats, after: Floats) -> list[Moved]:
    """Say which groups moved, from the contributions (f,) before and after."""
    old, new = wording.summed(before), wording.summed(after)
    strongest = np.argsort(-np.abs(new - old), kind="stable").tolist()
    return [
        Moved(
            group=wording.groups[place],
            label=wording.group_labels[place],
            before=float(old[place]),
            after=float(new[place]),
        )
        for place in strongest
        if abs(new[place] - old[place]) >= LEAST_MOVE
    ]
