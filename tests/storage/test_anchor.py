"""The anchor file: the tail too is anchored, a crash spoils one line at most."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import closing

import pytest
from sqlalchemy import text

from storage import access, audit, records
from storage.anchor import EVERY_S
from storage.engine import writing
from storage.records import Entry
from storage.settings import StorageSettings
from storage.store import Store
from tests.storage.test_audit import tamper

CUT = (
    "DELETE FROM records WHERE sequence > {last}",
    "UPDATE records_head SET sequence = {last}, "
    "hash = (SELECT hash FROM records WHERE sequence = {last})",
)


def an_entry() -> Entry:
    """An assessment."""
    return Entry("assessment", {"verdict": "GRANT"}, "key_1", "api", 1)


def cut_after(store: Store, last: int) -> None:
    """Cut the tail off, consistently."""
    tamper(store, [statement.format(last=last) for statement in CUT])


def test_a_record_cut_within_a_second_of_the_last_anchor_is_found(store: Store) -> None:
    """Nothing follows it: it is anchored all the same, a second later."""
    store.record_now([an_entry()])
    store.record_now([an_entry()])
    time.sleep(EVERY_S + 0.3)
    cut_after(store, 1)
    assert audit.verify(store).broken == [
        "record 2 is anchored and is not there: the end was cut off"
    ]


def test_closing_anchors_the_last_record(settings: StorageSettings) -> None:
    """Whoever cuts the tail right after a process ended is found."""
    with closing(Store.open(settings)) as store:
        for _ in range(3):
            store.record_now([an_entry()])
    with closing(Store.open(settings)) as store:
        assert audit.verify(store).anchors == 2
        cut_after(store, 1)
        assert len(audit.verify(store).broken) == 1


def test_a_torn_line_says_nothing_and_spoils_nothing(
    store: Store, settings: StorageSettings
) -> None:
    """The last line was cut short by a crash; the next one is written apart."""
    store.record_now([an_entry()])
    with settings.anchor.open("ab") as file:
        file.write(b'{"sequence":2,"ha')
    found = audit.verify(store)
    assert (found.broken, found.anchors, found.torn) == ([], 1, 1)
    store.record_now([an_entry()])
    audit.anchor_now(store)
    found = audit.verify(store)
    assert (found.broken, found.anchors, found.torn) == ([], 2, 1)


def test_a_line_that_no_crash_explains_is_said(store: Store, settings: StorageSettings) -> None:
    """Whoever spoils anchors without removing them is found."""
    store.record_now([an_entry()])
    with settings.anchor.open("ab") as file:
        file.write(b'nonsense\n{"sequence": null}\n')
    assert audit.verify(store).broken == [
        "line 2 of the anchor file is no anchor",
        "line 3 of the anchor file is no anchor",
    ]


def test_an_anchor_file_of_any_length_is_read_in_little_memory(
    store: Store, settings: StorageSettings
) -> None:
    """A hundred thousand anchors are compared in less than a tenth of their size."""
    store.record_now([an_entry()])
    line = settings.anchor.read_bytes()
    settings.anchor.write_bytes(line * 100_000)
    with writing(store.engine) as connection:
        connection.execute(text("SELECT 1"))
    tracemalloc.start()
    found = audit.verify(store)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.broken, found.anchors) == ([], 100_000)
    assert peak < len(line) * 10_000


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_several_processes_share_the_file(store: Store, order: tuple[int, int]) -> None:
    """Their lines may stand in another order than their records."""
    given = store.record_now([an_entry(), an_entry()])
    for place in order:
        record = given[place - 1]
        assert isinstance(record, records.Record)
        Store(store.engine, store.settings).anchor.write(record)
    assert audit.verify(store).broken == []


def test_what_a_command_records_is_anchored_when_it_ends(
    settings: StorageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key whose record is cut off, with the key, is missed."""
    monkeypatch.setenv("SCORING_DATABASE_URL", settings.url)
    monkeypatch.setenv("SCORING_ANCHOR", str(settings.anchor))
    with closing(Store.open(settings)) as store:
        store.record_now([an_entry()])
        assert access.main(["create-key", "--role", "api"]) == 0
        tamper(store, ["DELETE FROM api_keys", *(one.format(last=1) for one in CUT)])
        assert len(audit.verify(store).broken) == 1
