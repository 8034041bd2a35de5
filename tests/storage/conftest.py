"""A store on each database the product runs on, both real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.settings import StorageSettings
from storage.store import Store
from tests.postgresql import PostgreSQL, postgresql

__all__ = ["postgresql"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, on each kind of server in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scoring.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


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
