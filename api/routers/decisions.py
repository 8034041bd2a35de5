"""What people sign and what became of it: decisions of advisors, outcomes of loans."""

from __future__ import annotations

import asyncio
import hashlib

from fastapi import APIRouter, Response

from api.dependencies import AContext, AWorker
from api.errors import Refused
from scoring.contract import (
    DecisionRequest,
    DecisionResponse,
    OutcomeRequest,
    OutcomeResponse,
    ProblemItem,
    Verdict,
)
from storage import records, times
from storage.engine import reading
from storage.errors import UnknownRecord
from storage.records import Entry, Record
from storage.store import Store

FOLLOWS = {Verdict.GRANT: "GRANT", Verdict.DECLINE: "DECLINE"}
"""The decision that follows each verdict. After REFER every decision is the person's own."""

routes = APIRouter(tags=["decisions"])


@routes.post("/decisions", operation_id="decide", response_model=DecisionResponse)
async def decide(worker: AWorker, context: AContext, request: DecisionRequest) -> Response:
    """The advisor's decision on an assessment.

    One decision stands for an assessment: sending the same again gives the first answer, another
    is refused (409) unless it names the decision it revises.
    """
    assessment, standing = await asyncio.to_thread(_read, worker.store, request.assessment_id)
    verdict = Verdict(assessment.body["verdict"])
    overrides = request.decision != FOLLOWS.get(verdict, request.decision)
    if overrides and request.motive is None:
        message = "It is required: the decision is not the verdict."
        errors = [ProblemItem(pointer="/motive", code="required", message=message)]
        raise Refused(422, "invalid", "Say why the decision departs.", errors=errors)
    _must_revise_the_standing_one(request, standing)
    content = {
        "decision": request.decision,
        "verdict": verdict.value,
        "is_override": overrides,
        "motive": request.motive,
        "revises": request.revises,
    }
    entry = context.entry("decision", content, assessment.client_id, about=assessment.id)
    return await worker.recorder.answer(context, entry, as_answer(entry), only=_slot(request))


def _read(store: Store, assessment_id: str) -> tuple[Record, Record | None]:
    with reading(store.engine) as connection:
        assessment = records.by_id(connection, assessment_id)
        if assessment is None or assessment.kind != "assessment" or not assessment.content:
            msg = "No assessment has this id."
            raise UnknownRecord(msg)
        decisions = records.about(connection, assessment_id, "decision")
    return assessment, decisions[-1] if decisions else None


def _must_revise_the_standing_one(request: DecisionRequest, standing: Record | None) -> None:
    """Refuse to revise anything but the decision that stands. (A second first decision is
    refused where it is recorded, so that two at the same time cannot both pass.)"""
    if request.revises is not None and (standing is None or standing.id != request.revises):
        message = "The decision it revises is not the one that stands for this assessment."
        raise Refused(409, "conflict", message)


def _slot(request: DecisionRequest) -> str:
    """Return the place that only one decision can take."""
    place = f"decision\0{request.assessment_id}\0{request.revises or ''}"
    return hashlib.sha256(place.encode()).hexdigest()


def as_answer(entry: Entry | Record) -> DecisionResponse:
    """Write a decision as answered, from its entry or its record."""
    body = entry.body if isinstance(entry, Record) else entry.content
    assert entry.about is not None, "a decision is about an assessment"
    return DecisionResponse(
        decision_id=entry.id,
        assessment_id=entry.about,
        client_id=entry.client_id,
        decided_at=times.moment(entry.at),
        decided_by=entry.actor,
        role=entry.role,
        decision=body["decision"],
        verdict=body["verdict"],
        is_override=body["is_override"],
        motive=body["motive"],
        revises=body["revises"],
    )


@routes.post("/outcomes", operation_id="outcome", response_model=OutcomeResponse)
async def outcome(worker: AWorker, context: AContext, request: OutcomeRequest) -> Response:
    """What became of a loan."""
    if request.assessment_id is not None:
        assessment, _ = await asyncio.to_thread(_read, worker.store, request.assessment_id)
        if assessment.client_id != request.client_id:
            raise Refused(409, "conflict", "The assessment is about another client.")
    else:
        await worker.clients.get(request.client_id)
    content = {"outcome": request.outcome, "observed_on": request.observed_on.isoformat()}
    entry = context.entry("outcome", content, request.client_id, about=request.assessment_id)
    response = OutcomeResponse(
        outcome_id=entry.id,
        client_id=request.client_id,
        recorded_at=times.moment(entry.at),
    )
    return await worker.recorder.answer(context, entry, response)
