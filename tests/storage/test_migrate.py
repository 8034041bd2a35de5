"""The migrations make the schema the code knows, from nothing or from any earlier one."""

from __future__ import annotations

import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, inspect, text

from storage import audit, records, snapshots
from storage.engine import open_engine, writing
from storage.migrate import SCRIPTS, migrate
from storage.records import Entry
from storage.schema import (
    ANSWERS,
    CLIENTS,
    KEYS,
    METADATA,
    PORTFOLIO_RUNS,
    PORTFOLIO_SCORES,
    RECTIFICATIONS,
    USERS,
)
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store

ROOT = Path(__file__).resolve().parents[2]


def configuration() -> Config:
    """Return Alembic's configuration."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    return made


REVISIONS = [one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()]


def up_to(engine: Engine, revision: str) -> None:
    """Bring the database to a revision."""
    made = configuration()
    with engine.connect() as connection:
        made.attributes["connection"] = connection
        command.upgrade(made, revision)


def differences(engine: Engine) -> list[object]:
    """Return what the database and the code's tables disagree on, indexes left out."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, METADATA)
    return [one for one in found if "index" not in str(one[0]) and "constraint" not in str(one[0])]


@pytest.mark.parametrize("earlier", REVISIONS)
def test_the_schema_is_the_one_the_code_knows(settings: StorageSettings, earlier: str) -> None:
    """From each revision on, on both databases; again changes nothing."""
    engine = open_engine(settings.url, 5.0)
    up_to(engine, earlier)
    migrate(engine)
    migrate(engine)
    assert differences(engine) == []
    assert {"rectifications", "records"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_the_indexes_of_searches_are_there(settings: StorageSettings) -> None:
    """Requests by place; portfolio scores by verdict and band."""
    engine = open_engine(settings.url, 5.0)
    migrate(engine)
    looked = inspect(engine)
    names = {
        index["name"]
        for table in ("records", "portfolio_scores")
        for index in looked.get_indexes(table)
    }
    wanted = {"records_requests", "portfolio_scores_by_verdict", "portfolio_scores_by_risk_band"}
    assert wanted <= names
    engine.dispose()


def test_what_stood_unchained_is_chained_from_the_migration_on(settings: StorageSettings) -> None:
    """A database of before holds after it; what is changed from then on is found."""
    engine = open_engine(settings.url, 5.0)
    up_to(engine, "0004")
    snapshot = Snapshot.of({"income_total": 1.0})
    run = {"run_id": "run-1", "scored_at": "2026", "model_tag": "scorecard:a", "clients": 1}
    score = {"run_id": "run-1", "client_id": 1, "default_probability": 0.1, "verdict": "GRANT"}
    made = {"created_at": "2026", "role": "risk"}
    fix = {"record_id": "rqa_1", "client_id": 1, "source": "s", "item": "i", "value": "2.0"}
    answer = {"key": "k", "request": "r", "status": 200, "body": b"{}", "at": "2026"}
    with writing(engine) as connection:
        records.append(connection, [Entry("assessment", {}, "key_1", "api", 1, id="asm_1")])
        records.append(connection, [Entry("request_accepted", {}, "key_1", "api", 1, id="rqa_1")])
        snapshots.keep(connection, [snapshot])
        for table, row in (
            (
                CLIENTS,
                {"client_id": 1, "snapshot": snapshot.hash, "source": "s", "received_at": "2"},
            ),
            (KEYS, {"id": "key_1", "hash": "h", "label": "l", **made}),
            (USERS, {"name": "marie", "password": "argon", "failures": 0, **made}),
            (RECTIFICATIONS, fix),
            (PORTFOLIO_RUNS, run),
            (PORTFOLIO_SCORES, {**score, "points": 600, "risk_band": "E"}),
            (ANSWERS, {**answer, "record_id": "asm_1"}),
        ):
            connection.execute(insert(table).values(row))
    engine.dispose()
    with closing(Store.open(settings)) as store:
        found = audit.verify(store)
        assert (found.broken, found.records, found.told.uncovered) == ([], 3, {"first answers": 1})
        with writing(store.engine) as connection:
            for table in ("api_keys", "users"):
                connection.execute(text(f"UPDATE {table} SET role = 'admin'"))
            connection.execute(text("UPDATE clients SET source = 'elsewhere'"))
            connection.execute(text("DELETE FROM portfolio_scores"))
            connection.execute(text("DELETE FROM rectifications"))
        assert len(audit.verify(store).broken) == 5


def test_an_empty_database_begins_without_a_record(settings: StorageSettings) -> None:
    """There is nothing to say of before."""
    with closing(Store.open(settings)) as store:
        assert list(store.records()) == []


def test_processes_that_start_together_migrate_once(settings: StorageSettings) -> None:
    """Four at the same time: each ends well."""
    code = (
        "import sys; from storage.engine import open_engine; from storage.migrate import migrate; "
        "migrate(open_engine(sys.argv[1], 20.0))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, settings.url], cwd=ROOT) for _ in range(4)
    ]
    assert [process.wait(60) for process in started] == [0] * 4


def test_the_database_file_is_its_owners(tmp_path: Path) -> None:
    """It holds personal data: nobody else may read it, its log included."""
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'scoring.db'}", 5.0)
    migrate(engine)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        files = sorted((tmp_path / "new").glob("scoring.db*"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    del modes["scoring.db.migrating"]
    assert "scoring.db" in modes
    assert set(modes.values()) == {0o600}
    engine.dispose()
