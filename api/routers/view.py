"""What a client sees through a link: their own data and nobody else's. Each look is recorded.

The link's token says whose data it is; no address and no parameter names a client.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.assessor import Assessor
from api.context import RequestContext
from api.dependencies import AContext, AWorker
from api.errors import Refused
from api.held import held
from api.questions.assessment import worded
from api.routers.assessments import Again, made_again
from api.routers.clients import FILE, written_export
from api.routers.requests import as_answer, filed
from features.raw.tables import Language
from scoring.assess import explain
from scoring.contract import (
    DecidedBy,
    ExportQuery,
    FiledRequest,
    LanguageQuery,
    OwnAssessment,
    OwnRequest,
    ViewResponse,
)
from storage import records, requests, snapshots, times
from storage.engine import reading
from storage.records import Entry, Record
from storage.requests import Followed
from storage.snapshots import Layouts, Snapshot
from storage.store import Store

MOST_REQUESTS = 200

routes = APIRouter(tags=["the client's own view"])


@dataclass(frozen=True, slots=True)
class _Known:
    """What the book says of the client who looks."""

    link: Record | None
    assessment: Record | None
    input: Snapshot | None
    decision: Record | None
    requests: list[Followed]


@routes.get("/view", operation_id="view", response_model=ViewResponse)
async def view(
    worker: AWorker, context: AContext, query: Annotated[LanguageQuery, Query()]
) -> Response:
    """The client's own data, last assessment with its reasons, and requests."""
    client_id = _whose(context)
    client = await worker.clients.get(client_id)
    known = await asyncio.to_thread(_known, worker.store, context, client_id)
    assessment = await asyncio.to_thread(_own, worker.assessor, known, query.language)
    assert known.link is not None, "the caller came through a link"
    response = ViewResponse(
        client=held(client, query.language),
        assessment=assessment,
        requests=[as_answer(one.request, one.closing, names=False) for one in known.requests],
        expires_at=times.moment(known.link.body["expires_at"]),
    )
    seen = known.assessment.id if known.assessment else None
    return await worker.recorder.answer(context, _look(context, "page", seen), response)


@routes.get("/view/export", operation_id="view_export", responses=FILE)
async def export(
    worker: AWorker, context: AContext, query: Annotated[ExportQuery, Query()]
) -> Response:
    """The client's own data and records, as JSON or CSV."""
    answer = await written_export(worker, _whose(context), query)
    await worker.recorder.note(_look(context, "export", None))
    return answer


@routes.post("/view/requests", operation_id="view_file_request", response_model=FiledRequest)
async def file(worker: AWorker, context: AContext, request: OwnRequest) -> Response:
    """A request filed by the client."""
    return await filed(worker, context, request, _whose(context))


def _whose(context: RequestContext) -> int:
    client_id = context.by.client_id
    assert client_id is not None, "only a link has the role client"
    return client_id


def _look(context: RequestContext, what: str, assessment_id: str | None) -> Entry:
    content = {"what": what, "seen": assessment_id}
    return context.entry("view", content, _whose(context), about=context.by.name)


def _known(store: Store, context: RequestContext, client_id: int) -> _Known:
    with reading(store.engine) as connection:
        last = records.last_of(connection, client_id, "assessment")
        named = [last.snapshot] if last and last.snapshot else []
        decisions = records.about(connection, last.id, "decision") if last else []
        return _Known(
            link=records.by_id(connection, context.by.name),
            assessment=last,
            input=next(iter(snapshots.find(connection, named, Layouts()).values()), None),
            decision=decisions[-1] if decisions else None,
            requests=requests.page(
                connection, after=0, limit=MOST_REQUESTS, client_id=client_id, state=None
            ),
        )


def _own(assessor: Assessor, known: _Known, language: Language) -> OwnAssessment | None:
    if known.assessment is None:
        return None
    body, decided = known.assessment.body, known.decision
    return OwnAssessment(
        assessment_id=known.assessment.id,
        assessed_at=times.moment(known.assessment.at),
        verdict=body["verdict"],
        decided_by=body.get("decided_by", DecidedBy.SCORECARD),
        default_probability=body["default_probability"],
        cut_off=body["cut_off"],
        points=body["points"],
        risk_band=body["risk_band"],
        **_why(assessor, known.assessment, known.input, language),
        decision=decided.body.get("decision") if decided else None,
        decided_at=times.moment(decided.at) if decided else None,
        motive=decided.body.get("motive") if decided else None,
    )


def _why(
    assessor: Assessor, record: Record, snapshot: Snapshot | None, language: Language
) -> dict[str, list[Any] | None]:
    """Say why, in the language, by computing the recorded input again; nothing when that fails."""
    try:
        again = made_again(assessor, record, snapshot)
    except Refused:
        return dict.fromkeys(("rule_sentences", "cautions", "weighs", "favours"))
    assert snapshot is not None, "there was an input to compute again"
    currency = assessor.currency
    told = replace(again.assessment, rules=_told(again))
    said = worded(again.policy, told, snapshot.application, language, currency)
    why = explain(again.scorecard, again.assessment, language, currency)
    return {
        "rule_sentences": list(said.rules),
        "cautions": list(said.cautions),
        "weighs": list(why.weighs),
        "favours": list(why.favours),
    }


def _told(again: Again) -> tuple[str, ...]:
    """Return the rules met, without those that tell how old the client is."""
    of_age = {
        rule.code
        for rule in again.policy.rules
        if any(measure.tells_age for measure in rule.measures)
    }
    return tuple(code for code in again.assessment.rules if code not in of_age)
