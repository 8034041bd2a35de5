"""The migrations make the schema the code knows, from nothing or from any earlier one."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from storage.engine import open_engine
from storage.migrate import SCRIPTS, migrate
from storage.schema import METADATA
from storage.settings import StorageSettings

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
