"""Backups: whole, consistent while somebody writes, and restored without hiding what was lost."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select

from storage import audit, backup, clients, people, scores
from storage.engine import reading, writing
from storage.errors import BackupRefused
from storage.records import Entry, FirstAnswer
from storage.rectification import Rectification
from storage.roles import Role
from storage.schema import METADATA
from storage.scores import PortfolioScore
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store
from tests.postgresql import PostgreSQL

Elsewhere = Callable[[], StorageSettings]


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(
    request: pytest.FixtureRequest, tmp_path: Path, settings: StorageSettings
) -> Elsewhere:
    """Make settings of an empty database, on each kind of server, with the same anchor file."""

    def make() -> StorageSettings:
        if request.param == "sqlite":
            return StorageSettings(f"sqlite:///{tmp_path / 'restored.db'}", settings.anchor)
        server: PostgreSQL = request.getfixturevalue("postgresql")
        return StorageSettings(server.new_database(), settings.anchor)

    return make


def an_entry(number: int, **more: Any) -> Entry:
    """An assessment with an input of its own."""
    snapshot = Snapshot.of({"annuity": float(number)}, {"late_share": None, "loans": 2.0})
    return Entry("assessment", {"number": number}, "key_1", "api", 1, snapshot=snapshot, **more)


HELD = 8
"""Records of a filled store: two assessments and a correction, two receptions of clients, a
portfolio run, a key, a person."""


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with something in every table."""
    frame = pl.DataFrame({"client_id": [1, 2], "income_total": [1.0, 2.0]})
    history = pl.DataFrame({"client_id": [1], "late_share": [0.5]})
    clients.put_frame(store.engine, frame, history, "source-1")
    answer = FirstAnswer("key", "request", 200, b'{"bytes": true}')
    store.record_now([an_entry(1), an_entry(2, answer=answer)])
    store.rectify(an_entry(3), Rectification(1, "income_total", 5.5))
    scores.keep(store.engine, "run-1", "scorecard:a", [PortfolioScore(1, 0.1, "GRANT", 600, "E")])
    store.create_key(Role.API, "one")
    with writing(store.engine) as connection:
        people.create_user(connection, "marie", Role.ADVISOR, "correct horse battery")
    people.log_in(store.engine, "marie", "correct horse battery")
    audit.anchor_now(store)
    return store


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with reading(store.engine) as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in METADATA.tables.items()
        }


def test_what_is_restored_is_what_was_saved(
    filled: Store, settings: StorageSettings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Every row of every table, from each server to each; then one record: the restore."""
    before = content(filled)
    assert all(before.values())
    assert backup.save(settings, tmp_path / "kept" / "backup.db") == HELD
    into = elsewhere()
    done = backup.restore(into, tmp_path / "kept" / "backup.db")
    assert (done.records, done.lost, done.anchors_kept_as) == (HELD, 0, None)
    with closing(Store.open(into)) as restored:
        found = audit.verify(restored)
        assert (found.broken, found.records) == ([], HELD + 1)
        after = content(restored)
    for name in before.keys() - {"records", "records_head"}:
        assert after[name] == before[name]
    assert set(before["records"]) < set(after["records"])


@pytest.mark.usefixtures("filled")
def test_a_backup_is_its_owners_and_holds_in_place(
    settings: StorageSettings, tmp_path: Path
) -> None:
    """Mode 0600, one file, never written over; it is a database that can be verified."""
    target = tmp_path / "kept" / "backup.db"
    backup.save(settings, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]
    with pytest.raises(BackupRefused, match="exists already"):
        backup.save(settings, target)
    copy = StorageSettings(f"sqlite:///{target}", settings.anchor)
    with closing(Store.open(copy)) as opened:
        assert audit.verify(opened).broken == []


@pytest.mark.usefixtures("filled")
def test_a_backup_is_of_one_moment_while_somebody_writes(
    settings: StorageSettings, tmp_path: Path
) -> None:
    """Each of several backups holds by itself; nobody who writes meanwhile is refused."""
    ending, written = threading.Event(), []

    def write() -> None:
        with closing(Store.open(settings)) as other:
            while not ending.is_set():
                written.append(other.record_now([an_entry(len(written) + 10)]))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [backup.save(settings, tmp_path / f"backup-{n}.db") for n in range(3)]
    finally:
        ending.set()
        writer.join()
    assert found == sorted(found)
    assert HELD < found[-1] <= HELD + len(written)


def test_a_restore_covers_nothing(filled: Store, settings: StorageSettings, tmp_path: Path) -> None:
    """A database that holds anything is left as it is."""
    backup.save(settings, tmp_path / "backup.db")
    before = content(filled)
    with pytest.raises(BackupRefused, match="not empty"):
        backup.restore(settings, tmp_path / "backup.db")
    assert content(filled) == before


def test_a_restore_behind_the_anchor_is_said_and_recorded(
    filled: Store, settings: StorageSettings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Two records are lost: the command says so, the chain too; the old anchors are kept."""
    backup.save(settings, tmp_path / "backup.db")
    filled.record_now([an_entry(4), an_entry(5)])
    audit.anchor_now(filled)
    old = settings.anchor.read_bytes()
    into = elsewhere()
    done = backup.restore(into, tmp_path / "backup.db")
    assert (done.records, done.lost) == (HELD, 2)
    assert done.anchors_kept_as is not None
    assert done.anchors_kept_as.read_bytes() == old
    with closing(Store.open(into)) as restored:
        restored.record_now([an_entry(6)])
        found = audit.verify(restored)
        assert (found.broken, found.lost, found.records) == ([], 2, HELD + 2)
        (record,) = restored.records(kind="restore")
        assert record.body["lost"] == 2


def test_a_file_put_back_in_silence_is_found(
    filled: Store, settings: StorageSettings, tmp_path: Path
) -> None:
    """Without the command, the anchor file says what is missing."""
    backup.save(settings, tmp_path / "backup.db")
    filled.record_now([an_entry(4)])
    audit.anchor_now(filled)
    copy = StorageSettings(f"sqlite:///{tmp_path / 'backup.db'}", settings.anchor)
    with closing(Store.open(copy)) as opened:
        broken = audit.verify(opened).broken
    assert broken == [f"record {HELD + 1} is anchored and is not there: the end was cut off"]


@pytest.mark.usefixtures("filled")
def test_what_is_no_backup_is_refused(
    settings: StorageSettings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """A missing file, another file, another database, a tampered one, another book's one."""
    into = elsewhere()
    with pytest.raises(BackupRefused, match="no file"):
        backup.restore(into, tmp_path / "nothing.db")
    (tmp_path / "text.db").write_text("not a database")
    with pytest.raises(BackupRefused, match="no backup"):
        backup.restore(into, tmp_path / "text.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE clients (a)")
    with pytest.raises(BackupRefused, match="no backup"):
        backup.restore(into, tmp_path / "other.db")
    good = tmp_path / "good.db"
    backup.save(settings, good)
    bad = Path(shutil.copy(good, tmp_path / "bad.db"))
    with closing(sqlite3.connect(bad)) as tampered:
        tampered.execute("DROP TRIGGER snapshots_no_update")
        tampered.execute("UPDATE snapshots SET application = '{}'")
        tampered.commit()
    with pytest.raises(BackupRefused, match="do not hold"):
        backup.restore(into, bad)
    settings.anchor.write_text('{"sequence": 1, "hash": "another"}\n')
    with pytest.raises(BackupRefused, match="not of the book"):
        backup.restore(into, good)
    with closing(Store.open(into)) as store:
        assert list(store.records()) == []


def test_the_command_saves_and_restores(
    filled: Store,
    settings: StorageSettings,
    elsewhere: Elsewhere,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 when all is back, 2 when something was lost, 1 and why when it cannot be done."""
    monkeypatch.setenv("SCORING_ANCHOR", str(settings.anchor))
    monkeypatch.setenv("SCORING_DATABASE_URL", settings.url)
    file = str(tmp_path / "backup.db")
    assert backup.main(["save", file]) == 0
    assert f"{HELD} records" in capsys.readouterr().out
    assert backup.main(["save", file]) == 1
    assert backup.main(["restore", file]) == 1
    assert "not empty" in capsys.readouterr().err
    filled.record_now([an_entry(4)])
    audit.anchor_now(filled)
    monkeypatch.setenv("SCORING_DATABASE_URL", elsewhere().url)
    assert backup.main(["restore", file]) == 2
    said = capsys.readouterr()
    assert "1 records were written after this backup and are lost" in said.err
    assert "revoke again what was revoked since" in said.out


def test_a_database_that_does_not_exist_is_not_made_to_be_saved(tmp_path: Path) -> None:
    """A wrong address is refused by name, and no file is left behind."""
    missing, target = tmp_path / "elsewhere.db", tmp_path / "saved.db"
    settings = StorageSettings(f"sqlite:///{missing}", tmp_path / "anchor")
    with pytest.raises(BackupRefused, match=r"elsewhere\.db does not exist"):
        backup.save(settings, target)
    assert list(tmp_path.iterdir()) == []
