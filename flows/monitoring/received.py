"""What the service was asked about, read back from the book of records."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from scoring.scorecard import Scorecard
from storage import snapshots
from storage.engine import reading
from storage.snapshots import Layouts
from storage.store import Store

PROBABILITY = "default_probability"
MOST_SUBJECTS = 20_000
"""Subjects compared, the latest ones: at about 1 ms each, half a minute at most."""
_BLOCK = 500


@dataclass(frozen=True)
class Received:
    """The assessments one scorecard gave, and the features of those assessed.

    ``features`` has one row per subject (an input assessed several times counts once): columns
    ``default_probability``, then the scorecard's features; no identifier. Times are ISO UTC text.
    """

    assessments: int
    first_at: str | None
    last_at: str | None
    features: pl.DataFrame


def received(store: Store, scorecard: Scorecard, model_tag: str, since: str | None) -> Received:
    """Read what the scorecard ``model_tag`` was asked since ``since`` (all, by default)."""
    latest: dict[str, float] = {}
    times = []
    for record in store.records(kind="assessment", since=since):
        body = record.body
        if body.get("model_tag") != model_tag or record.snapshot is None:
            continue
        times.append(record.at)
        latest.pop(record.snapshot, None)  # so that the order is that of the last time
        latest[record.snapshot] = body[PROBABILITY]
    kept = dict(list(latest.items())[-MOST_SUBJECTS:])
    return Received(
        assessments=len(times),
        first_at=times[0] if times else None,
        last_at=times[-1] if times else None,
        features=_features(store, scorecard, kept),
    )


def _features(store: Store, scorecard: Scorecard, probabilities: dict[str, float]) -> pl.DataFrame:
    names = scorecard.items
    categories = scorecard.encoder.categories
    schema: dict[str, pl.DataType] = {PROBABILITY: pl.Float64()}
    schema |= {n: pl.Enum(categories[n]) if n in categories else pl.Float64() for n in names}
    rows = []
    hashes = list(probabilities)
    layouts = Layouts()
    with reading(store.engine) as connection:
        for start in range(0, len(hashes), _BLOCK):
            block = hashes[start : start + _BLOCK]
            for key, found in snapshots.find(connection, block, layouts).items():
                values = scorecard.intake.values(found.application, found.history)
                row = scorecard.intake.row(values)
                rows.append({PROBABILITY: probabilities[key], **{n: row[n] for n in names}})
    return pl.DataFrame(rows, schema=schema)
