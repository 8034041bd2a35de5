"""Score and explain: an assessment, recorded before it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import Response

from api.assessor import Served
from api.clients import Subject
from api.context import RequestContext
from api.eligibility import must_be_received
from api.worker import Worker
from scoring.assess import Assessment, Explanation
from scoring.cautions import cautions
from scoring.contract import ExplainRequest, Language, ScoreRequest
from scoring.policy import Policy
from storage.records import Entry


async def score(worker: Worker, context: RequestContext, request: ScoreRequest) -> Response:
    """Answer ``POST /score``."""
    assessor, served = worker.assessor, worker.assessor.served
    subject = await subject_of(worker, served, request)
    assessment = assessor.score(subject, served)
    entry = entry_of(context, subject, recorded(served, assessment, route="score"))
    answer = heading(entry, served, subject, assessment, request.language, assessor.currency)
    return await worker.recorder.answer(context, entry, orjson.dumps(answer))


async def explain(worker: Worker, context: RequestContext, request: ExplainRequest) -> Response:
    """Answer ``POST /explain``."""
    assessor, served, language = worker.assessor, worker.assessor.served, request.language
    subject = await subject_of(worker, served, request)
    assessment = assessor.assess(subject, served)
    why = assessor.explain(served, assessment, language)
    given = reasons(why)
    content = recorded(served, assessment, route="explain", language=language) | given
    entry = entry_of(context, subject, content)
    answer = heading(entry, served, subject, assessment, language, assessor.currency) | given
    answer |= {"language": language, "raw_score": why.raw_score}
    if request.detail == "items":
        answer["items"] = [vars(line) for line in why.items]
    return await worker.recorder.answer(context, entry, orjson.dumps(answer))


async def subject_of(worker: Worker, served: Served, request: ScoreRequest) -> Subject:
    """Return who is asked about. ``Refused`` 422 for an application not to be received."""
    if request.application is None:
        return await worker.clients.subject(request.client_id, None)
    application = request.application.model_dump(exclude_none=True)
    must_be_received(
        served.policy,
        application,
        application,
        "/application/{item}",
        request.language,
        worker.assessor.currency,
    )
    return await worker.clients.subject(request.client_id, application)


def entry_of(
    context: RequestContext, subject: Subject, content: dict[str, Any], at: str = ""
) -> Entry:
    """Return the record of an assessment, with its id and time (now, unless said)."""
    return context.entry(
        "assessment",
        content,
        subject.client_id,
        snapshot=subject.snapshot,
        snapshot_is_stored=subject.is_stored,
        at=at,
    )


def recorded(served: Served, assessment: Assessment, **more: str) -> dict[str, Any]:
    """Return what a record of this assessment says: all it takes to replay it and compare."""
    card = served.scorecard.metadata
    return {
        "model_tag": served.tag,
        "scorecard_hash": served.scorecard.scorecard_hash,
        "feature_version": card.feature_version,
        "policy": served.policy.identity,
        "raw_score": assessment.raw_score,
        "default_probability": assessment.default_probability,
        "cut_off": assessment.cut_off,
        "grey_zone": assessment.grey_zone,
        "verdict": assessment.verdict.value,
        "decided_by": assessment.decided_by.value,
        "rules": list(assessment.rules),
        "refer_causes": [cause.value for cause in assessment.refer_causes],
        "points": assessment.points,
        "risk_band": assessment.risk_band,
        **more,
    }


def reasons(why: Explanation) -> dict[str, Any]:
    """Return the reasons given, as recorded and as answered."""
    return {
        "base": why.base,
        "weighs": [vars(reason) for reason in why.weighs],
        "favours": [vars(reason) for reason in why.favours],
        "others": why.others,
        "others_share": why.others_share,
    }


def heading(
    entry: Entry,
    served: Served,
    subject: Subject,
    assessment: Assessment,
    language: Language,
    currency: str,
) -> dict[str, Any]:
    """Return the fields that every answer with an assessment has, as in ``ScoreResponse``.

    They are plain values of our own making, written as they are: a model would check them again.
    """
    said = worded(served.policy, assessment, subject.snapshot.application, language, currency)
    return {
        "assessment_id": entry.id,
        "client_id": entry.client_id,
        "assessed_at": entry.at,
        "model_tag": served.tag,
        "policy": served.policy.identity,
        "default_probability": assessment.default_probability,
        "cut_off": assessment.cut_off,
        "verdict": assessment.verdict,
        "decided_by": assessment.decided_by,
        "rules": assessment.rules,
        "rule_sentences": said.rules,
        "refer_causes": assessment.refer_causes,
        "grey_zone": assessment.grey_zone,
        "points": assessment.points,
        "risk_band": assessment.risk_band,
        "cautions": said.cautions,
    }


@dataclass(frozen=True, slots=True)
class Worded:
    """What is said beside an assessment: what the policy's rules found, and other cautions."""

    rules: tuple[str, ...]
    cautions: tuple[str, ...]


def worded(
    policy: Policy,
    assessment: Assessment,
    application: Mapping[str, object],
    language: Language,
    currency: str,
) -> Worded:
    """Say what the rules found and what else lowers confidence, each the gravest first."""
    return Worded(
        policy.sentences(assessment.rules, application, language, currency),
        cautions(assessment, application, language),
    )
