"""Health, measurements, the served scorecard's card, the OpenAPI document, sessions."""

from __future__ import annotations

import asyncio

from gateway import gate, measurements
from gateway.asked import Answer, Asked
from gateway.desk import Desk, said
from gateway.errors import Refused
from scoring.contract import Ended, Health, ModelCard, SessionRequest, SessionResponse
from storage import keys, people, times
from storage.engine import writing

_TOGETHER = 8
"""Logins worked on or waiting at a time by a worker: each costs 20 ms of argon2 on purpose."""
_logins = 0


async def alive(_desk: Desk, _asked: Asked) -> Answer:
    """Answer ``GET /livez``."""
    return said(Health(status="ok"))


async def ready(desk: Desk, _asked: Asked) -> Answer:
    """Answer ``GET /readyz``: database reachable, scorecard verified, disk not full."""
    await desk.must_be_ready()
    warnings = await asyncio.to_thread(gate.warnings_about, desk.served.tag)
    return said(Health(status="ok", warnings=warnings))


async def metrics(desk: Desk, _asked: Asked) -> Answer:
    """Answer ``GET /metrics``."""
    measurements.WAITING.set(desk.store.waiting)
    written = await asyncio.to_thread(measurements.written)
    return Answer(written, media=b"text/plain; version=0.0.4; charset=utf-8")


async def model(desk: Desk, _asked: Asked) -> Answer:
    """Answer ``GET /model``."""
    served = desk.served
    card = served.scorecard.metadata
    verdict = await asyncio.to_thread(gate.gate_of, served.tag)
    return said(
        ModelCard(
            model_tag=served.tag,
            trained_at=card.trained_at,
            feature_version=card.feature_version,
            data_fingerprint=card.data_fingerprint,
            items=len(card.items),
            cut_off=card.cut_off.value,
            grey_zone=card.cut_off.grey_zone,
            metrics=card.metrics,
            files=served.scorecard.hashes,
            fairness_gate=verdict,
            warnings=gate.warnings_about(served.tag),
        )
    )


async def log_in(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /sessions``: a name and a password for a token that expires."""
    global _logins  # one number a worker, changed by its event loop alone
    request: SessionRequest = asked.body
    if _logins >= _TOGETHER:
        wait = ((b"retry-after", b"1"),)
        raise Refused(429, "too_many", "Too many logins at a time. Try again.", headers=wait)
    _logins += 1
    try:
        session = await asyncio.to_thread(
            people.log_in, desk.store.engine, request.name, request.password
        )
    finally:
        _logins -= 1
    expires_at = times.moment(session.expires_at)
    return said(
        SessionResponse(token=session.token, role=session.role.value, expires_at=expires_at)
    )


async def log_out(desk: Desk, asked: Asked) -> Answer:
    """Answer ``DELETE /sessions``: the token sent is worth nothing from now on."""

    def end() -> None:
        with writing(desk.store.engine) as connection:
            keys.end_session(connection, asked.by.token_hash)

    await asyncio.to_thread(end)
    return said(Ended())


async def docs(_desk: Desk, _asked: Asked) -> Answer:
    """Answer ``GET /docs.json``."""
    from gateway.openapi import written

    return Answer(written())
