"""What tests share: the hand-written world, prepared once, and the way to the genuine data."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from features.errors import DataError
from features.raw.prepare import Prepared, prepare
from tests.world import world, write_archive

ROOT = Path(__file__).resolve().parent.parent
CORE = "home-credit-core.zip"

Refuse = Callable[[Path], DataError]


@pytest.fixture(scope="session")
def genuine() -> Path:
    """The folder of the genuine archives; the test is skipped where it is absent."""
    folder = Path(os.environ.get("HOME_CREDIT_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / CORE).is_file():
        pytest.skip(f"no {CORE} in {folder}: set HOME_CREDIT_DATA to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def world_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of the six clients. Read it only: tests share it."""
    return write_archive(world(), tmp_path_factory.mktemp("world") / "world.zip")


@pytest.fixture(scope="session")
def prepared_world(world_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The six clients, prepared. Read it only: tests share it."""
    return prepare(world_archive, tmp_path_factory.mktemp("home"), report=lambda _line: None)


@pytest.fixture(scope="session")
def prepared_core(genuine: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The genuine core archive, prepared once for the session."""
    home = tmp_path_factory.mktemp("genuine")
    return prepare(genuine / CORE, home, report=lambda _line: None)


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    """Prepare an archive that must be refused, beside data that must stay as they were."""

    def prepare_and_fail(archive: Path) -> DataError:
        home = tmp_path / "home"
        kept = home / "prepared" / "earlier"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "manifest.json").write_text("{}")
        with pytest.raises(DataError) as refusal:
            prepare(archive, home, report=lambda _line: None)
        assert [path.name for path in (home / "prepared").iterdir()] == ["earlier"]
        assert refusal.value.remedy
        return refusal.value

    return prepare_and_fail
