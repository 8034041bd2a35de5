"""What breaks, breaks safely: real processes, really killed, locked out and lied to."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from api import trial
from scoring import files
from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard
from storage import audit, records
from storage.engine import reading
from storage.store import Store
from tests.postgresql import PostgreSQL

Start = Callable[..., Any]


@dataclass
class Load:
    """Callers that never stop asking, and what they were told."""

    url: str
    key: str
    statuses: list[int] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    lost: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    def ask(self, number: int) -> None:
        """Ask until told to end. A connection that breaks is counted and opened again."""
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=8) as client:
            while not self.ending.is_set():
                try:
                    answer = client.post("/score", json={"client_id": number})
                except httpx.TransportError:
                    self.lost += 1
                    time.sleep(0.05)
                    continue
                self.statuses.append(answer.status_code)
                if answer.status_code == 200:
                    self.acknowledged.append(answer.json()["assessment_id"])
                    self.tags.add(answer.json()["model_tag"])


@contextmanager
def under_load(running: Any, callers: int = 4) -> Iterator[Load]:
    """Keep ``callers`` asking while the block runs."""
    load = Load(running.url, running.keys["api"])
    threads = [threading.Thread(target=load.ask, args=(n + 1,)) for n in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.ending.set()
        for thread in threads:
            thread.join(20)


def wait_for(condition: Callable[[], bool], within_s: float, what: str) -> float:
    """Return how long it took; fail when it did not come true in time."""
    start = time.monotonic()
    while time.monotonic() - start < within_s:
        if condition():
            return time.monotonic() - start
        time.sleep(0.1)
    pytest.fail(f"not within {within_s} s: {what}")


def is_ready(running: Any) -> bool:
    """Tell whether the service says it is ready."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{running.url}/readyz", timeout=6).status_code == 200
    return False


def nothing_acknowledged_is_lost(running: Any, load: Load) -> None:
    """Each answer given has its record, once, and the chain holds."""
    with closing(Store.open(running.settings)) as store:
        assert load.acknowledged
        with reading(store.engine) as connection:
            for assessment_id in load.acknowledged:
                assert records.by_id(connection, assessment_id) is not None
        assert audit.verify(store).broken == []


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, service: Any
) -> Iterator[Any]:
    """A service of this module's own, to be mistreated."""
    start = sys.modules[type(service).__module__].a_service
    own = start(tmp_path_factory.mktemp("faults"), scorecard_folder)
    yield own
    own.stop()


def test_a_locked_database_gives_503_in_time_and_heals(running: Any) -> None:
    """No answer without its record; liveness does not suffer; recovery is immediate."""
    with closing(sqlite3.connect(running.home / "scoring.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with running.client("api") as api:
            start = time.monotonic()
            answer = api.post("/score", json={"client_id": 1})
            waited = time.monotonic() - start
            assert answer.status_code == 503
            assert answer.json()["code"] == "unavailable"
            assert waited < 6
            assert api.get("/livez").elapsed.total_seconds() < 1
        other.execute("ROLLBACK")
    with running.client("api") as api:
        wait_for(lambda: api.post("/score", json={"client_id": 1}).status_code == 200, 10, "heals")


def test_a_new_scorecard_takes_over_under_load(running: Any, service: Any, tmp_path: Path) -> None:
    """The promoted one answers within seconds, without one error; the old one still replays."""
    tools = sys.modules[type(service).__module__]
    tools.make_scorecard(tmp_path / "newcomer", harder=0.5)
    with running.client("auditor") as auditor, under_load(running) as load:
        wait_for(lambda: bool(load.acknowledged), 10, "answers")
        before = load.acknowledged[0]
        newcomer = tools.register(tmp_path / "newcomer", running.environment)
        wait_for(lambda: newcomer in load.tags, 60, "the newcomer answers")
        replayed = auditor.post(f"/assessments/{before}/replay").json()
    assert set(load.statuses) == {200}
    assert load.lost == 0
    assert replayed["identical"]
    assert replayed["model_tag"] != newcomer


def one_digit_more(file: Path, after: str) -> None:
    """Change the first digit behind ``after`` that is not the last of its number."""
    text = file.read_text()
    found = re.compile(re.escape(after) + r"[^0-9]*(?:0\.)?([0-9])").search(text)
    assert found is not None, f"{file.name} has no number behind {after}"
    place = found.start(1)
    file.write_text(f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}")


def swap(one: Path, other: Path) -> None:
    """Give each file the other's content."""
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def signed_again(folder: Path) -> None:
    """Write the manifest anew, as whoever changes a curve on purpose would."""
    names = [file.name for file in folder.iterdir() if file.name != files.MANIFEST]
    files.write(folder, {name: (folder / name).read_text() for name in names})


def half(file: Path) -> None:
    """Cut a file in two."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a booster cut off": lambda folder: half(folder / files.BOOSTER),
    "a booster missing": lambda folder: (folder / files.BOOSTER).unlink(),
    "a leaf changed": lambda folder: one_digit_more(folder / files.BOOSTER, "leaf_value="),
    "curves cut off": lambda folder: half(folder / files.GRID),
    "a curve changed": lambda folder: one_digit_more(folder / files.GRID, '"effects"'),
    "estimates changed": lambda folder: one_digit_more(folder / files.ESTIMATES, '"effects"'),
    "estimates missing": lambda folder: (folder / files.ESTIMATES).unlink(),
    "two files swapped": lambda folder: swap(folder / files.GRID, folder / files.ESTIMATES),
}


def copied(scorecard: Path, folder: Path) -> Path:
    """Return a copy of a scorecard's files that may be damaged."""
    folder.mkdir()
    for file in scorecard.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_scorecard_is_not_loaded(
    scorecard_folder: Path, tmp_path: Path, damage: str
) -> None:
    """Refused before LightGBM sees it, with what to do: whatever file it is, whatever happened."""
    folder = copied(scorecard_folder, tmp_path / "damaged")
    DAMAGES[damage](folder)
    with pytest.raises(ModelRejected, match=r"Restore|[Tt]rain again"):
        Scorecard.load(folder)


def test_a_curve_changed_on_purpose_fails_its_trial(scorecard_folder: Path, tmp_path: Path) -> None:
    """With a manifest to match: the golden rows no longer score as they did."""
    folder = copied(scorecard_folder, tmp_path / "forged")
    one_digit_more(folder / files.GRID, '"effects"')
    signed_again(folder)
    with pytest.raises(ModelRejected, match="golden rows"):
        trial.must_pass(folder)


def test_the_old_scorecard_serves_when_the_new_one_is_damaged(
    running: Any, scorecard_folder: Path, service: Any, tmp_path: Path
) -> None:
    """Said once in the log; the served tag does not change."""
    folder = copied(scorecard_folder, tmp_path / "damaged")
    one_digit_more(folder / files.GRID, '"effects"')
    with running.client("api") as api:
        served = api.get("/model").json()["model_tag"]
        tag = sys.modules[type(service).__module__].register(folder, running.environment)
        wait_for(lambda: f"{tag} may not serve" in running.log.read_text(), 60, "the refusal")
        assert api.get("/model").json()["model_tag"] == served
        assert api.post("/score", json={"client_id": 1}).json()["model_tag"] == served


def test_one_command_goes_back_to_an_earlier_scorecard(running: Any) -> None:
    """`promote` repoints what serves; a damaged one cannot be promoted."""
    command = [sys.executable, "-m", "api.promotion"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *arguments], env=running.environment, text=True,
                              capture_output=True, check=False)  # fmt: skip

    tags = [line.split()[0] for line in run("list").stdout.splitlines()]
    assert run("promote", tags[-1]).returncode == 1
    assert run("promote", tags[0]).returncode == 0
    with running.client("api") as api:
        wait_for(lambda: api.get("/model").json()["model_tag"] == tags[0], 60, "the first serves")


def test_a_killed_worker_comes_back_and_loses_nothing(running: Any) -> None:
    """SIGKILL in the middle of the load: ready again, every acknowledged record is there."""
    assert running.process is not None
    with under_load(running) as load:
        wait_for(lambda: len(load.acknowledged) > 20, 15, "answers")
        for worker in psutil.Process(running.process.pid).children(recursive=True):
            if "_bentoml_impl.worker.service" in worker.cmdline():
                worker.kill()
        time.sleep(1)
        wait_for(lambda: is_ready(running), 60, "ready again")
    assert set(load.statuses) <= {200, 429, 503}
    nothing_acknowledged_is_lost(running, load)


def test_sigterm_under_load_loses_nothing(running: Any) -> None:
    """Stopped while answering: what was acknowledged is recorded, the rest was not answered."""
    with under_load(running) as load:
        wait_for(lambda: len(load.acknowledged) > 20, 30, "answers")
        running.stop(signal.SIGTERM)
    assert set(load.statuses) <= {200, 429, 503}
    nothing_acknowledged_is_lost(running, load)


def test_without_a_scorecard_it_says_so_and_does_not_start(tmp_path: Path, service: Any) -> None:
    """One sentence and an exit code, instead of a crash loop."""
    tools = sys.modules[type(service).__module__]
    own = tools.Running(tmp_path, tools.free_port(), tools.environment_of(tmp_path))
    own.start()
    assert own.process is not None
    assert own.process.wait(60) != 0
    assert "No scorecard scorecard:latest is registered" in own.log.read_text()


def test_on_postgresql_an_outage_gives_503_and_heals(
    postgresql: PostgreSQL, tmp_path: Path, scorecard_folder: Path, service: Any
) -> None:
    """The whole service on PostgreSQL: answers, survives the server's crash, and recovers."""
    start = sys.modules[type(service).__module__].a_service
    own = start(tmp_path, scorecard_folder, SCORING_DATABASE_URL=postgresql.new_database())
    try:
        with own.client("api") as api:
            first = api.post("/score", json={"client_id": 1})
            assert first.status_code == 200
            postgresql.stop()
            down = time.monotonic()
            assert api.post("/score", json={"client_id": 1}).status_code == 503
            assert time.monotonic() - down < 6
            assert api.get("/livez").status_code == 200
            assert httpx.get(f"{own.url}/readyz", timeout=8).status_code == 503
            postgresql.start()
            healed = wait_for(
                lambda: api.post("/score", json={"client_id": 1}).status_code == 200, 10, "heals"
            )
            assert healed < 10
            assert api.get(f"/assessments/{first.json()['assessment_id']}").status_code == 200
        with closing(Store.open(own.settings)) as store:
            assert audit.verify(store).broken == []
    finally:
        own.stop()


def test_nothing_of_the_tests_is_left_running(running: Any) -> None:
    """The service's processes end with it."""
    running.stop()
    assert not [
        process
        for process in psutil.process_iter(["pid", "cmdline"])
        if str(running.port) in (process.info["cmdline"] or []) and process.pid != os.getpid()
    ]
