"""Retention: what is past its time is emptied, the rest stays, and the chain still holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import func, insert, select, text

from storage import audit, clients, retention, scores, times
from storage.engine import open_engine, reading, writing
from storage.errors import StoreUnavailable
from storage.periods import Schedule
from storage.records import Entry, FirstAnswer
from storage.schema import ANSWERS, CLIENTS, PORTFOLIO_SCORES, SESSIONS, SNAPSHOTS
from storage.scores import PortfolioScore
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store

NOW = datetime(2031, 1, 1, tzinfo=UTC)
CANARY = "CANARY-OF-A-CLIENT"
SCHEDULE = Schedule(clients=36_500, sessions=36_500, scores=36_500, answers=36_500)


def days_ago(days: int) -> str:
    """Return a time, as stored."""
    return times.text(NOW - timedelta(days=days))


def an_entry(kind: str, days: int, name: str, **more: Any) -> Entry:
    """A record of client 7 whose content and input hold the canary."""
    content = {"said": f"{CANARY}-{name}"}
    return Entry(kind, content, "key_1", "api", 7, id=name, at=days_ago(days), **more)


@pytest.fixture
def written(store: Store) -> Store:
    """Old and recent records; the second assessment's input is also the recent one's."""
    shared = Snapshot.of({"contract_type": "shared"})
    store.record_now(
        [
            an_entry("assessment", 2000, "asm_old", snapshot=Snapshot.of({"word": CANARY})),
            an_entry("assessment", 1900, "asm_too", snapshot=shared),
            an_entry("assessment", 10, "asm_new", snapshot=shared),
            an_entry("simulation", 400, "sim_old", snapshot=Snapshot.of({"word": CANARY + "2"})),
            an_entry("request", 2000, "req_open"),
            an_entry("request", 2000, "req_closed"),
            an_entry("request_refused", 1999, "rqr_1", about="req_closed"),
        ]
    )
    audit.anchor_now(store)
    return store


def test_a_purge_empties_what_is_past_its_time_and_nothing_else(written: Store) -> None:
    """An open request waits; inputs that a kept record names stay; the plan said as much."""
    planned = retention.plan(written.engine, SCHEDULE, NOW)
    assert (planned["assessments"], planned["trials"], planned["looks"]) == (4, 1, 0)
    done = retention.purge(written, SCHEDULE, NOW, pause_s=0)
    assert {name: done[name] for name in planned} == planned
    assert done["snapshots"] == 2
    kept = {record.id: record.content is not None for record in written.records()}
    assert [name for name, has_content in kept.items() if has_content and name[:3] != "pur"] == [
        "asm_new",
        "req_open",
    ]
    assert sum(retention.plan(written.engine, SCHEDULE, NOW).values()) == 0
    again = retention.purge(written, SCHEDULE, NOW, pause_s=0)
    assert sum(again.values()) == 0


def test_the_chain_still_holds_and_says_purged(
    written: Store,
    settings: StorageSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Verification passes and counts what was purged; emptying without a purge is still found."""
    retention.purge(written, SCHEDULE, NOW, pause_s=0)
    found = audit.verify(written)
    assert (found.broken, found.purged, found.snapshots) == ([], 5, 1)
    monkeypatch.setenv("SCORING_DATABASE_URL", settings.url)
    monkeypatch.setenv("SCORING_ANCHOR", str(settings.anchor))
    assert audit.main(["verify"]) == 0
    assert "(5 purged)" in capsys.readouterr().out
    with writing(written.engine) as connection:
        connection.execute(text("UPDATE records SET content = NULL WHERE id = 'asm_new'"))
    assert audit.verify(written).broken == ["record 3 lost its content without a purge"]


def test_an_emptied_purge_record_is_found(written: Store) -> None:
    """Whoever hides what was purged is found out, without a crash."""
    retention.purge(written, SCHEDULE, NOW, pause_s=0)
    with writing(written.engine) as connection:
        connection.execute(text("UPDATE records SET content = NULL WHERE kind = 'purge'"))
    assert len(audit.verify(written).broken) >= 5


def test_nothing_of_the_client_is_left_in_the_file(
    written: Store, settings: StorageSettings, tmp_path: Path
) -> None:
    """On SQLite the freed bytes are overwritten, in the file and in its log."""
    if not settings.url.startswith("sqlite"):
        pytest.skip("PostgreSQL frees pages by VACUUM")
    names = ("asm_old", "sim_old", "req_closed")
    everything = b"".join(file.read_bytes() for file in tmp_path.glob("scoring.db*"))
    assert all(f"{CANARY}-{name}".encode() in everything for name in names)
    retention.purge(written, SCHEDULE, NOW, pause_s=0)
    everything = b"".join(file.read_bytes() for file in tmp_path.glob("scoring.db*"))
    assert not [name for name in names if f"{CANARY}-{name}".encode() in everything]
    assert f"{CANARY}-req_open".encode() in everything


def test_first_answers_are_forgotten_but_places_stay_taken(store: Store) -> None:
    """A repeat after a month is a new request; a decision's place is kept with the decision."""
    kept = {
        name: FirstAnswer(f"key-{name}", "request", 200, CANARY.encode())
        for name in ("asm_1", "dec_1", "rqa_1")
    }
    kinds = {"asm_1": "assessment", "dec_1": "decision", "rqa_1": "request_accepted"}
    store.record_now([an_entry(kinds[name], 40, name, answer=kept[name]) for name in kept])
    retention.purge(store, Schedule(), NOW, pause_s=0)
    with reading(store.engine) as connection:
        left = set(connection.execute(select(ANSWERS.c.record_id)).scalars())
    assert left == {"dec_1", "rqa_1"}
    retention.purge(store, Schedule(), NOW + timedelta(days=1825), pause_s=0)
    with reading(store.engine) as connection:
        assert connection.execute(select(func.count()).select_from(ANSWERS)).scalar_one() == 0


def test_clients_scores_and_sessions_have_their_time_too(store: Store) -> None:
    """A client without any record that has content goes, the snapshot too; the last run stays."""
    frame = pl.DataFrame({"client_id": [7, 8], "income_total": [1.0, 2.0]})
    clients.put_frame(store.engine, frame, frame.select("client_id"), "source-1")
    for run_id in ("run-1", "run-2"):
        scores.keep(
            store.engine, run_id, "scorecard:a", [PortfolioScore(8, 0.1, "GRANT", 600, "E")]
        )
    later = times.now() + timedelta(days=2000)
    at = times.text(later - timedelta(days=1))
    store.record_now([Entry("assessment", {}, "key_1", "api", 7, at=at)])
    row = {"hash": "h", "user_name": "u", "created_at": "2020", "expires_at": "2020"}
    with writing(store.engine) as connection:
        connection.execute(insert(SESSIONS).values(row))
    done = retention.purge(store, Schedule(), later, pause_s=0)
    assert (done["clients"], done["scores"], done["sessions"], done["snapshots"]) == (1, 1, 1, 1)
    with reading(store.engine) as connection:
        assert list(connection.execute(select(CLIENTS.c.client_id)).scalars()) == [7]
        assert connection.execute(select(func.count()).select_from(SNAPSHOTS)).scalar_one() == 1
    assert scores.count(store.engine, "run-1") == {}
    assert audit.verify(store).broken == []


def test_more_than_a_chunk_is_purged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each chunk is a transaction of its own, with its own record."""
    monkeypatch.setattr(retention, "CHUNK", 3)
    store.record_now([an_entry("simulation", 400, f"sim_{n}") for n in range(8)])
    assert retention.purge(store, Schedule(), NOW, pause_s=0)["trials"] == 8
    purges = [len(record.body["ids"]) for record in store.records(kind="purge")]
    assert purges == [3, 3, 2]
    assert audit.verify(store).broken == []


def test_periods_are_settings() -> None:
    """Whole days, by name; anything else is refused with the name."""
    assert Schedule.from_environment({}) == Schedule()
    assert Schedule.from_environment({"SCORING_KEEP_TRIALS_DAYS": "7"}).trials == 7
    for wrong in ("0", "-1", "a year", "1.5", "1000000"):
        with pytest.raises(ValueError, match="SCORING_KEEP_TRIALS_DAYS"):
            Schedule.from_environment({"SCORING_KEEP_TRIALS_DAYS": wrong})


@pytest.mark.usefixtures("written")
def test_the_command_plans_and_purges(
    settings: StorageSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By the clock and the settings; a setting that is no number stops it before anything."""
    monkeypatch.setenv("SCORING_DATABASE_URL", settings.url)
    monkeypatch.setenv("SCORING_ANCHOR", str(settings.anchor))
    monkeypatch.setattr(retention, "LONGEST_REQUEST_S", 0.0)
    monkeypatch.setenv("SCORING_KEEP_ASSESSMENTS_DAYS", "never")
    assert retention.main(["purge"]) == 1
    assert "SCORING_KEEP_ASSESSMENTS_DAYS" in capsys.readouterr().err
    monkeypatch.setenv("SCORING_KEEP_ASSESSMENTS_DAYS", "1")
    for command, words in (("plan", "past their time"), ("purge", "purged")):
        assert retention.main([command]) == 0
        line = next(s for s in capsys.readouterr().out.splitlines() if s.startswith("assessments"))
        assert f"{words}  (kept 1 days)" in line
        assert int(line.split()[1]) >= 3
    assert retention.main(["plan"]) == 0
    assert "assessments          0" in capsys.readouterr().out


def test_a_purge_does_not_compare_row_with_row(settings: StorageSettings) -> None:
    """Ten thousand unused inputs among as many used ones are found within a statement's time.

    Even by a PostgreSQL server that may hold next to nothing in memory.
    """
    if settings.url.startswith("postgresql"):
        engine = open_engine(settings.url, 5.0)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET work_mem = '64kB'"))
        engine.dispose()
    store = Store.open(settings)
    for start in range(0, 20_000, 4_000):
        store.record_now(
            [
                an_entry(
                    "assessment",
                    2_000 if number % 2 else 10,
                    f"asm_{number}",
                    snapshot=Snapshot.of({"annuity": float(number)}),
                )
                for number in range(start, start + 4_000)
            ]
        )
    done = retention.purge(store, SCHEDULE, NOW, pause_s=0)
    assert (done["assessments"], done["snapshots"]) == (10_000, 10_000)
    assert audit.verify(store).broken == []
    store.close()


def test_a_run_deleted_halfway_is_deleted_by_the_next_purge(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is past its time counts no more at once; scores left by a purge cut short go."""
    monkeypatch.setattr(retention, "SCORES_AT_ONCE", 2)
    three = [PortfolioScore(number, 0.1, "GRANT", 600, "E") for number in (7, 8, 9)]
    for run_id in ("run-1", "run-2"):
        scores.keep(store.engine, run_id, "scorecard:a", three)
    later = times.now() + timedelta(days=400)

    def cut_short(*_: object) -> int:
        raise StoreUnavailable("the power is gone")

    with monkeypatch.context() as power:
        power.setattr(retention, "_delete_scores", cut_short)
        with pytest.raises(StoreUnavailable):
            retention.purge(store, Schedule(), later, pause_s=0)
    assert scores.count(store.engine, "run-1") == {}
    retention.purge(store, Schedule(), later, pause_s=0)
    with reading(store.engine) as connection:
        left = connection.execute(select(PORTFOLIO_SCORES.c.run_id).distinct()).scalars()
        assert list(left) == ["run-2"]
    assert scores.count(store.engine, "run-2") == {"GRANT": 3}
