"""A store on each database the product runs on, both real."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from storage.settings import StorageSettings
from storage.store import Store


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


def _as_server_user(command: list[str]) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a real PostgreSQL server of this session, without a database name."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        _as_server_user([f"{binaries}/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=50"
        server = [f"{binaries}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
        _as_server_user([*server, "-o", options, "start"])
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        finally:
            _as_server_user([*server, "-m", "immediate", "stop"])


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, on each kind of server in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scoring.db'}"
    server = request.getfixturevalue("postgresql")
    name = f"scoring_{uuid.uuid4().hex[:12]}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return f"{server}/{name}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> StorageSettings:
    """Settings of the store under test, with its anchor file beside it."""
    return StorageSettings(url=database_url, anchor=tmp_path / "records.anchor", wait_s=2.0)


@pytest.fixture
def store(settings: StorageSettings) -> Iterator[Store]:
    """An empty store with the present schema."""
    opened = Store.open(settings)
    yield opened
    opened.close()
