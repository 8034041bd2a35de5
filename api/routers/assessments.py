"""Assessments read back, and computed again on their recorded input."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from api.assessor import Assessor
from api.dependencies import AWorker, RecordNumber
from api.errors import Refused
from api.routers.decisions import as_answer
from scoring.assess import Assessment, assess
from scoring.contract import AssessmentResponse, Numbers, ReferCause, ReplayResponse
from scoring.errors import ModelRejected
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from storage import records, snapshots, times
from storage.engine import reading
from storage.errors import UnknownRecord
from storage.records import Record
from storage.snapshots import Layouts, Snapshot
from storage.store import Store

routes = APIRouter(tags=["assessments"])


@routes.get("/assessments/{assessment_id}", operation_id="assessment")
def assessment(worker: AWorker, assessment_id: RecordNumber) -> AssessmentResponse:
    """An assessment as recorded, and the decisions on it."""
    record, snapshot = _read(worker.store, assessment_id)
    with reading(worker.store.engine) as connection:
        decisions = records.about(connection, assessment_id, "decision")
    return AssessmentResponse(
        assessment_id=record.id,
        sequence=record.sequence,
        hash=record.hash,
        assessed_at=times.moment(record.at),
        asked_by=record.actor,
        role=record.role,
        client_id=record.client_id,
        snapshot=record.snapshot,
        application=snapshot.application if snapshot else None,
        content=record.body or None,
        decisions=[as_answer(decision) for decision in decisions if decision.content],
    )


def _read(store: Store, assessment_id: str) -> tuple[Record, Snapshot | None]:
    with reading(store.engine) as connection:
        record = records.by_id(connection, assessment_id)
        if record is None or record.kind != "assessment":
            msg = "No assessment has this id."
            raise UnknownRecord(msg)
        named = [record.snapshot] if record.snapshot else []
        found = snapshots.find(connection, named, Layouts())
    return record, found.get(record.snapshot or "")


@routes.post("/assessments/{assessment_id}/replay", operation_id="replay")
def replay(worker: AWorker, assessment_id: RecordNumber) -> ReplayResponse:
    """An assessment computed again on its recorded input.

    The scorecard that made it is loaded from the store of models, and the policy of that day from
    the records, whatever is in force now; 409 when one of them or the input is no longer held.
    """
    record, snapshot = _read(worker.store, assessment_id)
    again = made_again(worker.assessor, record, snapshot)
    recorded = Numbers(**{name: record.body[name] for name in Numbers.model_fields})
    replayed = _numbers(again.assessment)
    return ReplayResponse(
        assessment_id=record.id,
        model_tag=record.body["model_tag"],
        recorded=recorded,
        replayed=replayed,
        identical=recorded == replayed,
    )


@dataclass(frozen=True, slots=True)
class Again:
    """A recorded assessment computed again, with the scorecard and the policy that made it."""

    scorecard: Scorecard
    policy: Policy
    assessment: Assessment


def made_again(assessor: Assessor, record: Record, snapshot: Snapshot | None) -> Again:
    """Assess the recorded input again as on its day, with its values.

    ``Refused`` 409 when the input, the scorecard or the policy is no longer held.
    """
    body = record.body
    if snapshot is None or not record.content:
        raise Refused(409, "conflict", "The input of this assessment was purged.")
    try:
        scorecard = assessor.scorecard(body["model_tag"])
    except ModelRejected as error:
        raise Refused(409, "conflict", str(error)) from None
    policy = assessor.policy(body.get("policy", ""))
    if policy is None:
        raise Refused(409, "conflict", "The policy of this assessment is no longer held.")
    assessment = assess(scorecard, policy, snapshot.application, snapshot.history)
    if ReferCause.STOPPED.value in body["refer_causes"]:
        assessment = assessment.referred(ReferCause.STOPPED)
    return Again(scorecard, policy, assessment)


def _numbers(again: Assessment) -> Numbers:
    return Numbers(**{name: getattr(again, name) for name in Numbers.model_fields})
