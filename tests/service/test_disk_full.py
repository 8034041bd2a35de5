"""The disk of the database is full: 503 in time, never an unrecorded answer, and it heals."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

import httpx
import psutil
import pytest

from storage import audit, records
from storage.engine import reading
from storage.store import Store

DISK_MEGABYTES = 90
"""More than the service wants free (50 MB), little enough to fill at once."""


class Disk(Protocol):
    """Where the database is, and how it fills up."""

    folder: Path
    says_so: bool
    """Whether the system tells that it is full."""

    def fill(self, running: Any) -> None:
        """Leave no room."""

    def free(self, running: Any) -> None:
        """Give the room back."""


class SmallFileSystem:
    """A file system of its own, really full. Only root can mount one."""

    says_so = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        options = f"size={DISK_MEGABYTES}m"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self, running: Any) -> None:
        """Write until nothing more goes in."""
        del running
        with suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(64 * 1024))

    def free(self, running: Any) -> None:
        """Remove what filled it."""
        del running
        (self.folder / "ballast").unlink()


class SmallFiles:
    """A limit on how far the service's processes may write into any file: for those not root."""

    says_so = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, running: Any) -> None:
        """Let no file of the service grow beyond the database's log as it is."""
        self._limit(running, (self.folder / "scoring.db-wal").stat().st_size)

    def free(self, running: Any) -> None:
        """Lift the limit."""
        self._limit(running, resource.RLIM_INFINITY)

    def _limit(self, running: Any, most: int) -> None:
        parent = psutil.Process(running.process.pid)
        for process in (parent, *parent.children(recursive=True)):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.fixture(params=["a full file system", "a limit on files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk to fill; the first kind is skipped where it cannot be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "a limit on files":
        yield SmallFiles(folder)
        return
    try:
        yield SmallFileSystem(folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can mount a file system")
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_gives_503_in_time_and_heals(
    disk: Disk, tmp_path: Path, scorecard_folder: Path, service: Any
) -> None:
    """What was answered is recorded; the probe says it; it answers again once there is room."""
    own = sys.modules[type(service).__module__].a_service(
        tmp_path,
        scorecard_folder,
        SCORING_DATABASE_URL=f"sqlite:///{disk.folder / 'scoring.db'}",
        SCORING_ANCHOR=str(tmp_path / "anchors" / "records.anchor"),
    )
    acknowledged: list[str] = []

    def ask(api: httpx.Client) -> int:
        start = time.monotonic()
        answer = api.post("/score", json={"client_id": 1})
        assert time.monotonic() - start < 5
        if answer.status_code == 200:
            acknowledged.append(answer.json()["assessment_id"])
        else:
            assert answer.json()["code"] == "unavailable"
        return answer.status_code

    try:
        with own.client("api") as api:
            assert ask(api) == 200
            disk.fill(own)
            statuses = [ask(api) for _ in range(300)]
            assert set(statuses) <= {200, 503}
            assert set(statuses[-50:]) == {503}
            assert api.get("/livez").status_code == 200
            if disk.says_so:
                assert api.get("/readyz").status_code == 503
            disk.free(own)
            freed = time.monotonic()
            while ask(api) != 200:
                assert time.monotonic() - freed < 10
                time.sleep(0.1)
            assert api.get("/readyz").status_code == 200
        with closing(Store.open(own.settings)) as store:
            assert audit.verify(store).broken == []
            with reading(store.engine) as connection:
                held = [records.by_id(connection, one) is not None for one in acknowledged]
            assert all(held)
            assert len(list(store.records(kind="assessment"))) == len(held)
    finally:
        own.stop()
