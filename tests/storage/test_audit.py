"""Every way of tampering with the records is found, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import polars as pl
import pytest
from sqlalchemy import text

from storage import audit, clients, keys, people, records, retention, scores, times
from storage.audit_tables import NOT_COVERED, uncovered
from storage.engine import writing
from storage.errors import StoreUnavailable
from storage.periods import Schedule
from storage.records import Entry, FirstAnswer, Record
from storage.rectification import Rectification
from storage.roles import Role
from storage.schema import METADATA
from storage.scores import PortfolioScore
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
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
        if sqlite:
            for _, sql in triggers:
                connection.exec_driver_sql(sql)


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


@pytest.fixture
def beside(store: Store) -> Store:
    """A store with something in every table that stands beside the records."""
    frame = pl.DataFrame({"client_id": [1, 2], "income_total": [1.0, 2.0]})
    clients.put_frame(store.engine, frame, frame.select("client_id"), "source-1")
    clients.put_frame(store.engine, frame[:1], frame.select("client_id"), "source-2")
    place = FirstAnswer("place", "request", 200, b"{}")
    store.record_now([Entry("decision", {}, "marie", "advisor", 1, answer=place, id="dec_1")])
    accepted = Entry("request_accepted", {}, "paul", "risk", 2, id="rqa_1")
    store.rectify(accepted, Rectification(2, "income_total", 5.5))
    for run_id in ("run-1", "run-2"):
        of_both = [PortfolioScore(client_id, 0.1, "GRANT", 600, "E") for client_id in (1, 2)]
        scores.keep(store.engine, run_id, "scorecard:a", of_both)
    with writing(store.engine) as connection:
        for name in ("marie", "paul"):
            people.create_user(connection, name, Role.ADVISOR, "correct horse battery")
            keys.create_key(connection, Role.API, name)
        people.disable_user(connection, "paul")
        keys.revoke_key(connection, keys.list_keys(connection)[1].id)
    people.log_in(store.engine, "marie", "correct horse battery")
    return store


def test_what_stands_beside_the_records_is_what_they_say(beside: Store) -> None:
    """Keys and people made, revoked and disabled, clients received twice, scores: all hold."""
    found = audit.verify(beside)
    assert found.broken == []
    assert list(uncovered(found.told)) == []


KEY = "INSERT INTO api_keys VALUES ('key_x', 'h', 'mine', 'admin', '2026', NULL)"
USER = "INSERT INTO users VALUES ('eve', 'admin', 'argon', '2026', NULL, 0, NULL)"
TAMPERINGS_BESIDE = {
    "key added": [KEY],
    "key removed": ["DELETE FROM api_keys WHERE label = 'paul'"],
    "key in force again": ["UPDATE api_keys SET revoked_at = NULL WHERE label = 'paul'"],
    "key's role raised": ["UPDATE api_keys SET role = 'admin'"],
    "person added": [USER],
    "person's role raised": ["UPDATE users SET role = 'admin' WHERE name = 'marie'"],
    "person back": ["UPDATE users SET disabled_at = NULL WHERE name = 'paul'"],
    "password exchanged": ["UPDATE users SET password = 'another' WHERE name = 'marie'"],
    "snapshot of another client": [
        "UPDATE clients SET snapshot = (SELECT snapshot FROM clients WHERE client_id = 1)"
    ],
    "client's source changed": ["UPDATE clients SET source = 'elsewhere'"],
    "client removed": ["DELETE FROM clients WHERE client_id = 2"],
    "score changed": ["UPDATE portfolio_scores SET points = 900 WHERE client_id = 2"],
    "score removed": ["DELETE FROM portfolio_scores WHERE client_id = 2 AND run_id = 'run-1'"],
    "run removed": ["DELETE FROM portfolio_runs WHERE run_id = 'run-1'"],
    "run added": ["INSERT INTO portfolio_runs VALUES ('run-3', '2026', 'scorecard:a', 0)"],
    "answer changed": ["UPDATE answers SET status = 201"],
    "answer removed": ["DELETE FROM answers"],
    "correction changed": ["UPDATE rectifications SET value = '9.0'"],
    "correction removed": ["DELETE FROM rectifications"],
    "correction added": [
        "INSERT INTO rectifications VALUES ('rqa_2', 1, 'source-2', 'income_total', '9.0')"
    ],
}


@pytest.mark.parametrize("name", TAMPERINGS_BESIDE)
def test_tampering_beside_the_records_is_found(beside: Store, name: str) -> None:
    """Who may come in, who is held, what was scored, answered and corrected is chained too."""
    tamper(beside, TAMPERINGS_BESIDE[name])
    assert audit.verify(beside).broken


@pytest.mark.parametrize("table", ["snapshots", "answers", "portfolio_scores", "rectifications"])
def test_what_is_never_changed_cannot_be_by_mistake(beside: Store, table: str) -> None:
    """The database refuses an update of what is only written once."""
    column = next(iter(METADATA.tables[table].columns)).name
    with pytest.raises(StoreUnavailable), writing(beside.engine) as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {column}"))


def test_a_purge_of_clients_and_runs_is_no_tampering(beside: Store) -> None:
    """What it takes away is in its records; what is left still holds, and is still watched."""
    later = times.now() + timedelta(days=2_500)
    done = retention.purge(beside, Schedule(), later, pause_s=0)
    assert (done["clients"], done["scores"], done["assessments"]) == (2, 1, 2)
    assert audit.verify(beside).broken == []
    tamper(beside, ["INSERT INTO portfolio_scores VALUES ('run-2', 9, 0.1, 'GRANT', 600, 'E')"])
    assert audit.verify(beside).broken == ["the scores of the portfolio run run-2 were changed"]


def test_those_who_receive_clients_at_the_same_time_do_not_break_the_sum(
    store: Store, settings: StorageSettings
) -> None:
    """Four load overlapping clients from different sources; every change is told from the last."""

    def load(number: int) -> None:
        ids = [number % 3, 1, 2, 3, number + 10]
        frame = pl.DataFrame({"client_id": sorted(set(ids)), "income_total": float(number)})
        with closing(Store.open(settings)) as mine:
            for turn in range(5):
                source = f"source-{number}-{turn}"
                clients.put_frame(mine.engine, frame, frame.select("client_id"), source)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(4)))
    found = audit.verify(store)
    assert (found.broken, found.records) == ([], 20)


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
    said = capsys.readouterr().out
    assert "5 records" in said
    assert NOT_COVERED in said
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
