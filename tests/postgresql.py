"""A real PostgreSQL server for tests, from the system's own binaries."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text


@dataclass(frozen=True)
class PostgreSQL:
    """One server that belongs to the tests, on loopback."""

    binaries: Path
    folder: str
    port: int

    @property
    def _control(self) -> list[str]:
        log = f"{self.folder}/log"
        return [f"{self.binaries}/pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", log]

    def make(self) -> None:
        """Make an empty cluster."""
        data = f"{self.folder}/data"
        initdb = f"{self.binaries}/initdb"
        _as_server_user([initdb, "-D", data, "-A", "trust", "-U", "postgres", "-N"])

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=50"
        )
        _as_server_user([*self._control, "-o", options, "start"])

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        _as_server_user([*self._control, "-m", "immediate", "stop"])

    def new_database(self) -> str:
        """Make an empty database; return its address."""
        server = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}"
        name = f"scoring_{uuid.uuid4().hex[:12]}"
        engine = create_engine(
            f"{server}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return f"{server}/{name}"


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
def postgresql() -> Iterator[PostgreSQL]:
    """A server that runs for the whole session; the test is skipped where there is none."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = PostgreSQL(binaries, folder, port)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
