"""The log is moved into the file beside those who commit."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from storage import clients
from storage.checkpoints import Checkpoints
from storage.engine import open_engine, writing
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store on SQLite."""
    return Store.open(StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor"))


def _size(store: Store) -> int:
    return Path(str(store.engine.url.database)).stat().st_size


def test_the_file_grows_while_others_write(store: Store) -> None:
    """What was committed reaches the file within moments, though a writer holds its lock."""
    checkpoints = Checkpoints(store.engine, every_s=0.05)
    before = _size(store)
    snapshots = {number: Snapshot.of({"income_total": number / 7}) for number in range(1, 3_000)}
    with writing(store.engine) as connection:
        clients.put(connection, snapshots, "test")
    with writing(store.engine):
        end = time.monotonic() + 10
        while _size(store) == before and time.monotonic() < end:
            time.sleep(0.02)
    checkpoints.close()
    assert _size(store) > before


def test_another_database_is_left_alone() -> None:
    """PostgreSQL looks after its own log: no thread, and nothing to end."""
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none", wait_s=1)
    Checkpoints(engine, every_s=0.01).close()
    engine.dispose()
