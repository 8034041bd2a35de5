"""Look-ups on the caller's own thread."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage import clients, keys
from storage.direct import Direct, Elsewhere
from storage.engine import writing
from storage.roles import Role
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store on SQLite."""
    return Store.open(StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor"))


def _put(store: Store, income: float, history: dict[str, float | None] | None = None) -> None:
    with writing(store.engine) as connection:
        clients.put(connection, {1: Snapshot.of({"income_total": income}, history)}, "test")


def test_what_is_committed_is_read_at_once(store: Store) -> None:
    """A changed client and a revoked key are seen by the very next look-up."""
    direct = Direct(store.engine)
    assert direct.client(1) is None
    for income, history in ((1.0, None), (2.0, {"late_share": 0.1}), (3.0, {"late_share": 0.2})):
        _put(store, income, history)
        found = direct.client(1)
        assert found is not None
        assert found.snapshot.application == {"income_total": income}
        assert found.snapshot.history == history
    key_id, token = store.create_key(Role.API, "test")
    caller = direct.caller(token)
    assert caller is not None
    assert caller.role is Role.API
    with writing(store.engine) as connection:
        keys.revoke_key(connection, key_id)
    assert direct.caller(token) is None
    direct.close()


def test_a_writer_holds_nobody_up(store: Store) -> None:
    """While another process holds the write lock, reading goes on."""
    _put(store, 1.0)
    direct = Direct(store.engine)
    other = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert direct.client(1) is not None
    other.execute("ROLLBACK")
    other.close()
    direct.close()


def test_what_cannot_be_read_at_once_is_asked_elsewhere(store: Store) -> None:
    """A database that fails, or one let go of, is left to those who can wait."""
    _put(store, 1.0)
    direct = Direct(store.engine)
    with writing(store.engine) as connection:
        connection.exec_driver_sql("ALTER TABLE clients RENAME TO elsewhere")
    with pytest.raises(Elsewhere):
        direct.client(1)
    direct.close()
    with pytest.raises(Elsewhere):
        direct.client(1)


def test_a_look_up_that_failed_leaves_no_moment_open(store: Store) -> None:
    """What is committed after it is what the next look-up sees."""
    _put(store, 1.0)
    with writing(store.engine) as connection:
        broken = Snapshot.of({"income_total": 5.0}, {"late_share": 0.1})
        clients.put(connection, {2: broken}, "test")
        connection.exec_driver_sql("DELETE FROM history_layouts")
    direct = Direct(store.engine)
    with pytest.raises(Elsewhere):
        direct.client(2)
    _put(store, 3.0)
    found = direct.client(1)
    assert found is not None
    assert found.snapshot.application == {"income_total": 3.0}
    direct.close()
