"""Bring the database to the present schema, one process at a time.

``python -m storage.migrate`` does it by hand; the service does it at start.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from storage.engine import open_engine, said_plainly
from storage.settings import StorageSettings

SCRIPTS = Path(__file__).with_name("migrations")
_ONE_THREAD = threading.Lock()
"""Alembic keeps the migration under way in globals."""
_LOCK_NUMBER = 7_402_118
"""PostgreSQL advisory lock of this product's migrations."""


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing; several processes may call it at once.

    Raises ``StoreUnavailable`` when the database does not answer.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with _ONE_THREAD, said_plainly(), _alone(engine), engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with Path(f"{engine.url.database}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        _advisory(connection, "SELECT pg_advisory_lock(:number)")
        try:
            yield
        finally:
            _advisory(connection, "SELECT pg_advisory_unlock(:number)")


def _advisory(connection: Connection, statement: str) -> None:
    connection.execute(text(statement), {"number": _LOCK_NUMBER})
    connection.commit()


def main() -> int:
    """Migrate the database that the environment names."""
    settings = StorageSettings.from_environment(os.environ)
    migrate(open_engine(settings.url, settings.wait_s))
    sys.stdout.write("The database has the present schema.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
