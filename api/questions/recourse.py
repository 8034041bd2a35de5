"""Recourse: several hundred changed applications assessed at once, in a thread of their own."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from fastapi import Response

from api.assessor import Served
from api.context import RequestContext
from api.worker import Worker
from scoring import recourse_words as words
from scoring.contract import Language, RecourseLever, RecourseRequest, RecourseResponse
from scoring.contract.recourse import (
    RecourseEasing,
    RecourseEvenIf,
    RecourseLargest,
    RecourseOffer,
    RecourseWithTime,
)
from scoring.contract.simulation import Changes
from scoring.recourse import End, Range, Recourse, WithTime
from scoring.recourse import recourse as search
from storage import times
from storage.snapshots import Snapshot

ITEMS = {
    "larger_credit": "amount_credit",
    "shorter_term": "annuity",
    "lower_income": "income_total",
}
"""The item that moves in each range of a granted request."""


async def recourse(worker: Worker, context: RequestContext, request: RecourseRequest) -> Response:
    """Answer ``POST /recourse``."""
    served, currency = worker.assessor.served, worker.assessor.currency
    client = await worker.clients.get(request.client_id)
    now = times.now()
    found = await asyncio.to_thread(_found, served, client.snapshot, now)
    if worker.stop.is_on():
        found = found.stopped()
    entry = context.entry(
        "recourse",
        _content(served, found),
        client.client_id,
        snapshot=client.snapshot,
        snapshot_is_stored=True,
        at=times.text(now),
    )
    response = RecourseResponse(
        recourse_id=entry.id,
        client_id=client.client_id,
        found_at=now,
        model_tag=served.tag,
        policy=served.policy.identity,
        **_said(found, client.snapshot, request.language, currency),
    )
    return await worker.recorder.answer(context, entry, response)


def _found(served: Served, snapshot: Snapshot, now: datetime) -> Recourse:
    return search(served.scorecard, served.policy, snapshot.application, snapshot.history, now)


def _content(served: Served, found: Recourse) -> dict[str, Any]:
    """Return what is recorded: everything that is offered, and on what it rests."""
    return {
        "model_tag": served.tag,
        "policy": served.policy.identity,
        "verdict": found.verdict.value,
        "levers": [_recorded(one) for one in found.levers],
        "largest": found.largest and found.largest.end.offer.changes,
        "even_if": [_recorded(one) for one in found.even_if],
        "holds_until": found.holds_until and found.holds_until.isoformat(),
        "granted_in_months": found.with_time and found.with_time.granted_in_months,
        "beyond_reach": [cause.value for cause in found.beyond_reach],
        "rules_beyond_reach": list(found.rules_beyond_reach),
    }


def _recorded(one: Range) -> dict[str, Any]:
    return {
        "name": one.lever,
        "first": one.first.offer.changes,
        "last": one.last.offer.changes,
        "steps": one.steps,
        "capped": one.capped,
    }


def _said(found: Recourse, snapshot: Snapshot, language: Language, currency: str) -> dict[str, Any]:
    """Return the fields of ``RecourseResponse`` that say what was found, in ``language``."""
    largest = found.largest
    return {
        "verdict": found.verdict,
        "decided_by": found.decided_by,
        "sentence": words.whole(found, language),
        "levers": [_lever(one, language, currency) for one in found.levers],
        "largest": largest
        and RecourseLargest(
            sentence=words.largest(largest, language, currency),
            offer=_offer(largest.end),
            capped=largest.capped,
        ),
        "even_if": [_even_if(one, snapshot, language, currency) for one in found.even_if],
        "holds_until": found.holds_until,
        "with_time": found.with_time and _with_time(found.with_time, language),
        "beyond_reach": list(found.beyond_reach),
        "rules_beyond_reach": list(found.rules_beyond_reach),
        "language": language,
    }


def _lever(one: Range, language: Language, currency: str) -> RecourseLever:
    return RecourseLever(
        name=one.lever,
        sentence=words.lever(one, language, currency),
        first=_offer(one.first),
        last=_offer(one.last),
        steps=one.steps,
        capped=one.capped,
    )


def _offer(end: End) -> RecourseOffer:
    return RecourseOffer(
        changes=Changes(**end.offer.changes),
        term_months=end.offer.term_months,
        down_payment=end.offer.down_payment,
        default_probability=end.default_probability,
    )


def _even_if(one: Range, snapshot: Snapshot, language: Language, currency: str) -> RecourseEvenIf:
    item, changes = ITEMS[one.lever], one.last.offer.changes
    return RecourseEvenIf(
        item=item,
        sentence=words.even_if(one, language, currency),
        held=snapshot.application[item],
        until=changes[item],
        changes=Changes(**changes),
        default_probability=one.last.default_probability,
        capped=one.capped,
    )


def _with_time(found: WithTime, language: Language) -> RecourseWithTime:
    return RecourseWithTime(
        granted_in_months=found.granted_in_months,
        sentence=words.with_time(found, language),
        easing=[
            RecourseEasing(
                item=one.item,
                label=words.label(one.item, language),
                sentence=words.easing(one, language),
                months=one.months,
            )
            for one in found.easing
        ],
    )
