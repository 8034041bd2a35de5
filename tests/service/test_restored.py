"""A backup made under load, restored elsewhere: the service goes on from there."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage import audit, backup
from storage.settings import StorageSettings
from storage.store import Store


def ask(service: Any, ending: threading.Event, statuses: list[int]) -> None:
    """Ask for scores until told to end."""
    with service.client("api") as caller:
        while not ending.is_set():
            statuses.append(caller.post("/score", json={"client_id": 45}).status_code)


@pytest.fixture(scope="module")
def saved(service: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A backup made while callers ask; an assessment from before it and one from after."""
    file = tmp_path_factory.mktemp("backup") / "scoring.db"
    ending, statuses = threading.Event(), list[int]()
    callers = [threading.Thread(target=ask, args=(service, ending, statuses)) for _ in range(3)]
    with service.client("api") as api:
        before = api.post("/score", json={"client_id": 46}).json()["assessment_id"]
        for caller in callers:
            caller.start()
        try:
            backup.save(service.settings, file)
        finally:
            ending.set()
            for caller in callers:
                caller.join()
        after = api.post("/score", json={"client_id": 46}).json()["assessment_id"]
    assert set(statuses) == {200}
    return file, before, after


def test_the_service_goes_on_from_a_backup(
    saved: tuple[Path, str, str], service: Any, scorecard_folder: Path, tmp_path: Path
) -> None:
    """Keys, clients and records are back; what came after the backup is lost, said and recorded."""
    file, before, after = saved
    tools = sys.modules[type(service).__module__]
    time.sleep(1.1)  # an anchor is written at most once a second
    with closing(Store.open(service.settings)) as store:
        audit.anchor_now(store)
    own = tools.Running(
        tmp_path, tools.free_port(), tools.environment_of(tmp_path), keys=service.keys
    )
    tools.register(scorecard_folder, own.environment)
    (tmp_path / "records.anchor").write_bytes(service.settings.anchor.read_bytes())
    done = backup.restore(own.settings, file)
    assert done.lost >= 1
    own.start()
    try:
        own.wait_until_ready()
        with own.client("api") as api:
            assert api.get(f"/assessments/{before}").status_code == 200
            assert api.get(f"/assessments/{after}").status_code == 404
            assert api.post("/score", json={"client_id": 46}).status_code == 200
        with closing(Store.open(own.settings)) as store:
            found = audit.verify(store)
        assert (found.broken, found.lost) == ([], done.lost)
    finally:
        own.stop()


def test_a_database_put_back_behind_the_anchor_is_found(
    saved: tuple[Path, str, str], service: Any
) -> None:
    """Whoever copies the file back without the command leaves a book whose end is missing."""
    settings = StorageSettings(f"sqlite:///{saved[0]}", service.settings.anchor)
    with closing(Store.open(settings)) as store:
        assert any("the end was cut off" in finding for finding in audit.verify(store).broken)
    assert httpx.get(f"{service.url}/readyz").status_code == 200
