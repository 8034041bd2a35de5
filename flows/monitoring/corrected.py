"""Clients whose application was corrected at their request: scored on what is held of them.

The archive still says what it said; the store holds the correction, and the service scores on it.
"""

from __future__ import annotations

import os

import polars as pl

from features.build import KEY
from scoring.assess import assess
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from storage import rectification
from storage.clients import ClientBook, StoredClient
from storage.engine import reading
from storage.settings import StorageSettings
from storage.store import Store


def on_what_is_held(
    scores: pl.DataFrame, scorecard: Scorecard, policy: Policy, source: str
) -> pl.DataFrame:
    """Return the scores of ``scoring.batch`` with those of corrected clients made anew.

    ``source`` is the fingerprint of the data that was scored.
    """
    held = _corrected_clients(source)
    if not held:
        return scores
    anew = pl.DataFrame(
        [_score(scorecard, policy, client) for client in held], schema=scores.schema
    )
    others = scores.filter(~pl.col(KEY).is_in([client.client_id for client in held]))
    return pl.concat([others, anew]).sort(KEY)


def _corrected_clients(source: str) -> list[StoredClient]:
    store = Store.open(StorageSettings.from_environment(os.environ))
    try:
        with reading(store.engine) as connection:
            ids = rectification.corrected_clients(connection, source)
            return [client for client in ClientBook().find(connection, ids) if client]
    finally:
        store.close()


def _score(scorecard: Scorecard, policy: Policy, client: StoredClient) -> dict[str, object]:
    found = assess(scorecard, policy, client.snapshot.application, client.snapshot.history)
    return {
        KEY: client.client_id,
        "default_probability": found.default_probability,
        "verdict": found.verdict.value,
        "decided_by": found.decided_by.value,
        "rules": list(found.rules),
        "refer_causes": [cause.value for cause in found.refer_causes],
        "points": found.points,
        "risk_band": found.risk_band,
    }
