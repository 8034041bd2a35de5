"""Assessments read back, and computed again on their recorded input."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gateway.answers.decisions import as_answer
from gateway.asked import Answer, Asked
from gateway.desk import Desk, said
from gateway.errors import Refused
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


async def assessment(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /assessments/{assessment_id}``."""
    return said(await asyncio.to_thread(_shown, desk, asked.path["assessment_id"]))


def _shown(desk: Desk, assessment_id: str) -> AssessmentResponse:
    record, snapshot = _read(desk, assessment_id)
    with reading(desk.store.engine) as connection:
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


def _read(desk: Desk, assessment_id: str) -> tuple[Record, Snapshot | None]:
    with reading(desk.store.engine) as connection:
        record = records.by_id(connection, assessment_id)
        if record is None or record.kind != "assessment":
            msg = "No assessment has this id."
            raise UnknownRecord(msg)
        named = [record.snapshot] if record.snapshot else []
        found = snapshots.find(connection, named, Layouts())
    return record, found.get(record.snapshot or "")


async def replay(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /assessments/{assessment_id}/replay``.

    The scorecard that made the assessment is loaded from the store of models, and the policy of
    that day from the records, whatever is in force now; 409 when one of them or the input is no
    longer held.
    """
    return said(await asyncio.to_thread(_replayed, desk, asked.path["assessment_id"]))


def _replayed(desk: Desk, assessment_id: str) -> ReplayResponse:
    record, snapshot = _read(desk, assessment_id)
    again = made_again(desk, record, snapshot)
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


def made_again(desk: Desk, record: Record, snapshot: Snapshot | None) -> Again:
    """Assess the recorded input again as on its day, with its values.

    ``Refused`` 409 when the input, the scorecard or the policy is no longer held.
    """
    body = record.body
    if snapshot is None or not record.content:
        raise Refused(409, "conflict", "The input of this assessment was purged.")
    try:
        scorecard = desk.scorecard(body["model_tag"])
    except ModelRejected as error:
        raise Refused(409, "conflict", str(error)) from None
    policy = desk.policy(body.get("policy", ""))
    if policy is None:
        raise Refused(409, "conflict", "The policy of this assessment is no longer held.")
    assessment = assess(scorecard, policy, snapshot.application, snapshot.history)
    if ReferCause.STOPPED.value in body["refer_causes"]:
        assessment = assessment.referred(ReferCause.STOPPED)
    return Again(scorecard, policy, assessment)


def _numbers(again: Assessment) -> Numbers:
    return Numbers(**{name: getattr(again, name) for name in Numbers.model_fields})
