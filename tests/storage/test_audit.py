"""Every way of tampering with the records is found, on both databases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from storage import audit, records
from storage.engine import writing
from storage.records import Entry, Record
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store


def entries(count: int) -> list[Entry]:
    """Assessments of a few clients, each with its own snapshot."""
    return [
        Entry(
            kind="assessment",
            content={"default_probability": number / 100, "verdict": "GRANT"},
            actor="key_1",
            role="api",
            client_id=number % 3 + 1,
            snapshot=Snapshot.of({"annuity": float(number)}, {"late_share": 0.5}),
        )
        for number in range(count)
    ]


@pytest.fixture
def written(store: Store) -> Store:
    """A store with five records, the last one anchored."""
    store.record_now(entries(3))
    store.record_now(entries(5)[3:])
    audit.anchor_now(store)
    return store


def tamper(store: Store, statements: Sequence[str]) -> None:
    """Act as somebody with full access to the database, triggers switched off and on again."""
    sqlite = store.engine.dialect.name == "sqlite"
    with writing(store.engine) as connection:
        if sqlite:
            query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = connection.execute(query).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE records DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))
        if sqlite:
            for _, sql in triggers:
                connection.exec_driver_sql(sql)
        else:
            connection.execute(text("ALTER TABLE records ENABLE TRIGGER ALL"))


def test_untouched_records_hold(written: Store) -> None:
    """Everything is read and nothing is found."""
    findings = audit.verify(written)
    assert findings.broken == []
    assert (findings.records, findings.snapshots) == (5, 5)
    assert findings.anchors >= 1


COPY = (
    "INSERT INTO records SELECT {sequence}, 'asm_x', kind, at, client_id, about, actor, role, "
    "snapshot, content, content_hash, hash FROM records WHERE sequence = 2"
)
TAMPERINGS = {
    "column edited": ["UPDATE records SET actor = 'nobody' WHERE sequence = 3"],
    "client edited": ["UPDATE records SET client_id = 99 WHERE sequence = 3"],
    "content edited": ["UPDATE records SET content = '{}' WHERE sequence = 3"],
    "content and its hash edited": [
        "UPDATE records SET content = '{}', content_hash = "
        "'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' WHERE sequence = 3"
    ],
    "content emptied": ["UPDATE records SET content = NULL WHERE sequence = 3"],
    "deleted": ["DELETE FROM records WHERE sequence = 3"],
    "deleted and renumbered": [
        "DELETE FROM records WHERE sequence = 3",
        "UPDATE records SET sequence = 3 WHERE sequence = 4",
        "UPDATE records SET sequence = 4 WHERE sequence = 5",
        "UPDATE records_head SET sequence = 4",
    ],
    "inserted": [COPY.format(sequence=6)],
    "reordered": [
        "UPDATE records SET sequence = -1 WHERE sequence = 2",
        "UPDATE records SET sequence = 2 WHERE sequence = 3",
        "UPDATE records SET sequence = 3 WHERE sequence = -1",
    ],
    "tail cut": ["DELETE FROM records WHERE sequence > 3"],
    "tail cut and head moved": [
        "DELETE FROM records WHERE sequence > 3",
        "UPDATE records_head SET sequence = 3, "
        "hash = (SELECT hash FROM records WHERE sequence = 3)",
    ],
    "snapshot edited": ["UPDATE snapshots SET application = '{}'"],
    "snapshot deleted": ["DELETE FROM snapshots"],
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(written: Store, name: str) -> None:
    """Whoever changes the database, even with the triggers off, is found out."""
    tamper(written, TAMPERINGS[name])
    assert audit.verify(written).broken


def test_a_book_written_anew_is_found_by_the_anchor(written: Store) -> None:
    """A whole new chain, consistent in itself, does not agree with the anchor file."""
    head = f"UPDATE records_head SET sequence = 0, hash = '{records.ZERO}'"
    tamper(written, ["DELETE FROM records", head])
    written.record_now(entries(5))
    broken = audit.verify(written).broken
    assert broken
    assert all("anchored" in finding for finding in broken)


def test_dropped_triggers_are_found(written: Store) -> None:
    """The guard of the table is part of what is verified."""
    on = "" if written.engine.dialect.name == "sqlite" else " ON records"
    with writing(written.engine) as connection:
        connection.execute(text(f"DROP TRIGGER records_no_update{on}"))
    assert audit.verify(written).broken == ["the trigger records_no_update is gone"]


def test_the_command_says_what_it_found(
    written: Store,
    settings: StorageSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 and a sentence when all hold; 1 and each finding when not."""
    monkeypatch.setenv("SCORING_DATABASE_URL", settings.url)
    monkeypatch.setenv("SCORING_ANCHOR", str(settings.anchor))
    assert audit.main(["verify"]) == 0
    assert "5 records" in capsys.readouterr().out
    tamper(written, TAMPERINGS["deleted"])
    assert audit.main(["verify"]) == 1
    assert "record 3 is missing" in capsys.readouterr().err


def test_the_chain_is_what_is_stored(written: Store) -> None:
    """The records read back are linked by the hash they hold."""
    last = records.ZERO
    for record in written.records():
        assert isinstance(record, Record)
        assert records.link(record, last) == record.hash
        last = record.hash
