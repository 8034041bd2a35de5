"""What a client sees through a link: their own data and nobody else's. Each look is recorded.

The link's token says whose data it is; no address and no parameter names a client.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from features.raw.tables import Language
from gateway.answers.assessments import worded
from gateway.answers.clients import held
from gateway.answers.portfolio import written_export
from gateway.answers.replay import Again, made_again
from gateway.answers.requests import as_answer, filed
from gateway.asked import Answer, Asked
from gateway.desk import Desk
from gateway.errors import Refused
from scoring.assess import explain
from scoring.contract import (
    DecidedBy,
    ExportQuery,
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

MOST_REQUESTS = 200


@dataclass(frozen=True, slots=True)
class _Known:
    """What the book says of the client who looks."""

    link: Record | None
    assessment: Record | None
    input: Snapshot | None
    decision: Record | None
    requests: list[Followed]


async def view(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /view``."""
    query: LanguageQuery = asked.query
    client_id = _whose(asked)
    client = await desk.client(client_id)
    known = await asyncio.to_thread(_known, desk, asked, client_id)
    assessment = await asyncio.to_thread(_own, desk, known, query.language)
    assert known.link is not None, "the caller came through a link"
    response = ViewResponse(
        client=held(client, query.language),
        assessment=assessment,
        requests=[as_answer(one.request, one.closing, names=False) for one in known.requests],
        expires_at=times.moment(known.link.body["expires_at"]),
    )
    seen = known.assessment.id if known.assessment else None
    return await desk.give(asked, _look(asked, "page", seen), response)


async def export(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /view/export``."""
    query: ExportQuery = asked.query
    answer = await written_export(desk, _whose(asked), query)
    await desk.store.record(_look(asked, "export", None))
    return answer


async def file(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /view/requests``: filed by the client."""
    request: OwnRequest = asked.body
    return await filed(desk, asked, request, _whose(asked))


def _whose(asked: Asked) -> int:
    client_id = asked.by.client_id
    assert client_id is not None, "only a link has the role client"
    return client_id


def _look(asked: Asked, what: str, assessment_id: str | None) -> Entry:
    content = {"what": what, "seen": assessment_id}
    return asked.entry("view", content, _whose(asked), about=asked.by.name)


def _known(desk: Desk, asked: Asked, client_id: int) -> _Known:
    with reading(desk.store.engine) as connection:
        last = records.last_of(connection, client_id, "assessment")
        named = [last.snapshot] if last and last.snapshot else []
        decisions = records.about(connection, last.id, "decision") if last else []
        return _Known(
            link=records.by_id(connection, asked.by.name),
            assessment=last,
            input=next(iter(snapshots.find(connection, named, Layouts()).values()), None),
            decision=decisions[-1] if decisions else None,
            requests=requests.page(
                connection, after=0, limit=MOST_REQUESTS, client_id=client_id, state=None
            ),
        )


def _own(desk: Desk, known: _Known, language: Language) -> OwnAssessment | None:
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
        **_why(desk, known.assessment, known.input, language),
        decision=decided.body.get("decision") if decided else None,
        decided_at=times.moment(decided.at) if decided else None,
        motive=decided.body.get("motive") if decided else None,
    )


def _why(
    desk: Desk, record: Record, snapshot: Snapshot | None, language: Language
) -> dict[str, list[Any] | None]:
    """Say why, in the language, by computing the recorded input again; nothing when that fails."""
    try:
        again = made_again(desk, record, snapshot)
    except Refused:
        return dict.fromkeys(("rule_sentences", "cautions", "weighs", "favours"))
    assert snapshot is not None, "there was an input to compute again"
    currency = desk.settings.currency
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
