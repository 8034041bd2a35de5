"""Score and explain: an assessment, recorded before it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.asked import Answer, Asked
from gateway.desk import Desk, Served, Subject
from gateway.received import must_be_received
from scoring.assess import Assessment, Explanation
from scoring.cautions import cautions
from scoring.contract import ExplainRequest, Language, ScoreRequest
from scoring.policy import Policy
from storage.records import Entry


async def score(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /score``."""
    request: ScoreRequest = asked.body
    served = desk.served
    subject = await _subject(desk, served, request)
    assessment = desk.score(subject, served)
    entry = entry_of(asked, subject, recorded(served, assessment, route="score"))
    answer = heading(entry, served, subject, assessment, request.language, desk.settings.currency)
    return await desk.give(asked, entry, orjson.dumps(answer))


async def explained(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /explain``."""
    request: ExplainRequest = asked.body
    served = desk.served
    subject = await _subject(desk, served, request)
    assessment = desk.assess(subject, served)
    why = desk.explain(served, assessment, request.language)
    given = reasons(why)
    content = recorded(served, assessment, route="explain", language=request.language) | given
    entry = entry_of(asked, subject, content)
    items = [vars(line) for line in why.items] if request.detail == "items" else None
    answer = (
        heading(entry, served, subject, assessment, request.language, desk.settings.currency)
        | given
    )
    answer |= {"language": request.language, "raw_score": why.raw_score, "items": items}
    return await desk.give(asked, entry, orjson.dumps(answer))


async def _subject(desk: Desk, served: Served, request: ScoreRequest) -> Subject:
    """Return who is asked about. ``Refused`` 422 for an application not to be received."""
    if request.application is None:
        return await desk.subject(request.client_id, None)
    application = request.application.model_dump(exclude_none=True)
    must_be_received(
        served.policy,
        application,
        application,
        "application.{item}",
        request.language,
        desk.settings.currency,
    )
    return await desk.subject(request.client_id, application)


def entry_of(asked: Asked, subject: Subject, content: dict[str, Any], at: str = "") -> Entry:
    """Return the record of an assessment, with its id and time (now, unless said)."""
    return asked.entry(
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
