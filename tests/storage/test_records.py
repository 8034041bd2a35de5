"""The book of records, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import records
from storage.engine import reading, writing
from storage.errors import StoreUnavailable
from storage.records import Entry, FirstAnswer, Record
from storage.snapshots import Snapshot
from storage.store import Store


def an_entry(**changes: object) -> Entry:
    """An assessment of client 7 asked by a key."""
    snapshot = Snapshot.of({"income_total": 1000.5, "amount_credit": 9000.0}, {"late_share": None})
    values = {
        "kind": "assessment",
        "content": {"default_probability": 0.25, "verdict": "DECLINE"},
        "actor": "key_1",
        "role": "api",
        "client_id": 7,
        "snapshot": snapshot,
    }
    return Entry(**{**values, **changes})  # type: ignore[arg-type]


def test_a_record_comes_back_as_it_was_given(store: Store) -> None:
    """Content, snapshot, actor and time are read back equal, in the order of recording."""
    entries = [an_entry(), an_entry(client_id=None, content={"verdict": "GRANT"})]
    receipts = store.record_now(entries)
    stored = list(store.records())
    assert stored == receipts
    assert [record.sequence for record in stored] == [1, 2]
    assert [record.body for record in stored] == [entry.content for entry in entries]
    assert [record.at for record in stored] == [entry.at for entry in entries]
    assert stored[0].snapshot == entries[0].snapshot.hash  # type: ignore[union-attr]


def test_each_record_is_chained_to_the_one_before(store: Store) -> None:
    """The chain holds across transactions: each hash is that of the record and its predecessor."""
    store.record_now([an_entry(), an_entry()])
    store.record_now([an_entry()])
    last = records.ZERO
    for record in store.records():
        assert record.hash == records.link(record, last)
        last = record.hash


def test_a_repeat_gets_the_first_answer_and_records_nothing(store: Store) -> None:
    """The same Idempotency-Key twice, in one batch or two, leaves one record."""
    answer = FirstAnswer("key-hash", "request-hash", 200, b'{"first": true}')
    other = FirstAnswer("key-hash", "request-hash", 200, b'{"second": true}')
    first, second = store.record_now([an_entry(answer=answer), an_entry(answer=other)])
    (third,) = store.record_now([an_entry(answer=other)])
    assert isinstance(first, Record)
    assert second == third == answer
    assert len(list(store.records())) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET actor = 'somebody else'",
        "UPDATE records SET content = '{}'",
        "DELETE FROM records",
    ],
)
def test_records_can_only_be_added(store: Store, statement: str) -> None:
    """The database itself refuses to change or remove a record."""
    store.record_now([an_entry()])
    with pytest.raises(StoreUnavailable), writing(store.engine) as connection:
        connection.execute(text(statement))
    assert len(list(store.records())) == 1


def test_records_are_found_by_kind_time_client_and_subject(store: Store) -> None:
    """Each way of looking finds what it should and nothing else."""
    (assessment,) = store.record_now([an_entry(at="2026-01-01T00:00:00.000000Z")])
    assert isinstance(assessment, Record)
    decision = an_entry(kind="decision", about=assessment.id, at="2026-02-01T00:00:00.000000Z")
    store.record_now([decision])
    assert [r.kind for r in store.records(kind="decision")] == ["decision"]
    assert [r.kind for r in store.records(until="2026-02-01")] == ["assessment"]
    assert [r.kind for r in store.records(since="2026-02-01")] == ["decision"]
    with reading(store.engine) as connection:
        assert records.by_id(connection, assessment.id) == assessment
        assert records.by_id(connection, "asm_unknown") is None
        assert [r.kind for r in records.about(connection, assessment.id, "decision")] == [
            "decision"
        ]
        assert len(records.of_client(connection, 7)) == 2
        assert records.of_client(connection, 8) == []
