"""Recourse: about a hundred changed applications scored again, in a thread of their own."""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.asked import Answer, Asked
from gateway.desk import Desk, Served
from scoring.contract import Language, RecourseLever, RecourseRequest, RecourseResponse
from scoring.recourse import Recourse, recourse
from storage import times
from storage.clients import StoredClient
from storage.records import Entry


async def find(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /recourse``."""
    request: RecourseRequest = asked.body
    served = desk.served
    client = await desk.client(request.client_id)
    snapshot = client.snapshot
    found = await asyncio.to_thread(
        recourse, served.scorecard, snapshot.application, snapshot.history
    )
    entry = _entry(asked, client, _content(served, found))
    return await desk.give(asked, entry, _response(entry, served, found, request.language))


def _content(served: Served, found: Recourse) -> dict[str, Any]:
    return {
        "model_tag": served.tag,
        "verdict": found.verdict.value,
        "levers": [{"name": lever.name, "changes": lever.changes} for lever in found.levers],
        "largest_amount": found.largest_amount,
        "beyond_reach": [cause.value for cause in found.beyond_reach],
    }


def _entry(asked: Asked, client: StoredClient, content: dict[str, Any]) -> Entry:
    return asked.entry(
        "recourse", content, client.client_id, snapshot=client.snapshot, snapshot_is_stored=True
    )


def _response(
    entry: Entry, served: Served, found: Recourse, language: Language
) -> RecourseResponse:
    assert entry.client_id is not None, "recourse is about a client"
    return RecourseResponse(
        recourse_id=entry.id,
        client_id=entry.client_id,
        found_at=times.moment(entry.at),
        model_tag=served.tag,
        verdict=found.verdict,
        sentence=found.sentence(language),
        levers=[
            RecourseLever(
                name=lever.name,
                sentence=lever.sentence(language),
                changes=lever.changes,
                default_probability=lever.default_probability,
            )
            for lever in found.levers
        ],
        largest_amount=found.largest_amount,
        beyond_reach=list(found.beyond_reach),
        language=language,
    )
