"""What the service was asked is read back from its own records, as the scorecard saw it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from features.encode import Encoder
from flows.monitoring.received import received
from gateway.answers.assessments import recorded
from gateway.desk import Served
from scoring.assess import assess
from scoring.policy import policy
from scoring.scorecard import Scorecard
from storage.records import Entry
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store
from tests.service.conftest import applications, make_scorecard

TAG = "scorecard:tested"


@pytest.fixture(scope="module")
def scorecard(tmp_path_factory: pytest.TempPathFactory) -> Scorecard:
    """A small real scorecard, estimates of external scores included."""
    folder = tmp_path_factory.mktemp("scorecard")
    make_scorecard(folder)
    return Scorecard.load(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    settings = StorageSettings(f"sqlite:///{tmp_path / 'scoring.db'}", tmp_path / "anchor")
    store = Store.open(settings)
    yield store
    store.close()


def assessed(scorecard: Scorecard, row: dict[str, object], tag: str, at: str) -> Entry:
    """Make the record the service makes of an assessment."""
    application = {name: value for name, value in row.items() if value is not None}
    assessment = assess(scorecard, policy(), application, None)
    return Entry(
        kind="assessment",
        content=recorded(Served(scorecard, tag, policy()), assessment, route="score"),
        actor="tester",
        role="api",
        snapshot=Snapshot.of(application, None),
        at=at,
    )


def test_nothing_received_is_an_empty_table(scorecard: Scorecard, store: Store) -> None:
    """The columns are there, and nobody in them."""
    nothing = received(store, scorecard, TAG, None)
    assert (nothing.assessments, nothing.features.height, nothing.first_at) == (0, 0, None)
    assert nothing.features.width == 1 + len(scorecard.items)


def test_features_are_those_the_scorecard_saw(scorecard: Scorecard, store: Store) -> None:
    """Probability and features agree with the assessment; the client's number is not kept."""
    rows = applications(3, seed=1).drop("client_id", "default").to_dicts()
    days = [f"2026-01-0{day}T00:00:00.000000Z" for day in (1, 2, 3)]
    store.record_now(
        [assessed(scorecard, row, TAG, at) for row, at in zip(rows, days, strict=True)]
    )
    found = received(store, scorecard, TAG, None)
    assert (found.first_at, found.last_at) == (days[0], days[2])
    assert "client_id" not in found.features.columns
    raw = scorecard.raw_score(Encoder.of(scorecard.items).matrix(found.features))
    again = pl.Series(scorecard.default_probability(raw))
    assert (found.features["default_probability"] - again).abs().max() < 1e-9


def test_an_input_assessed_twice_counts_once(scorecard: Scorecard, store: Store) -> None:
    """An advisor who scores then explains asked about one person."""
    (row,) = applications(1, seed=2).drop("client_id", "default").to_dicts()
    entry = assessed(scorecard, row, TAG, "2026-01-01T00:00:00.000000Z")
    store.record_now([entry, entry])
    found = received(store, scorecard, TAG, None)
    assert (found.assessments, found.features.height) == (2, 1)


def test_other_scorecards_and_older_days_are_left_out(scorecard: Scorecard, store: Store) -> None:
    """Each scorecard is compared with its own population, over the days asked for."""
    rows = applications(3, seed=3).drop("client_id", "default").to_dicts()
    store.record_now(
        [
            assessed(scorecard, rows[0], "scorecard:former", "2026-01-05T00:00:00.000000Z"),
            assessed(scorecard, rows[1], TAG, "2026-01-01T00:00:00.000000Z"),
            assessed(scorecard, rows[2], TAG, "2026-01-05T00:00:00.000000Z"),
        ]
    )
    found = received(store, scorecard, TAG, "2026-01-03T00:00:00.000000Z")
    assert (found.assessments, found.first_at) == (1, "2026-01-05T00:00:00.000000Z")
