"""The real service, started as users start it: `bentoml serve`, on a small real scorecard."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import polars as pl
import pytest

from features.build import application_frame
from features.catalogue import CATALOGUE
from features.definitions.external_scores import NAMES
from features.raw.tables import APPLICATIONS
from scoring import files
from scoring.calibration import Calibration
from scoring.estimates import Estimates
from scoring.grid import Grid
from scoring.population import population_of
from scoring.scorecard import Scorecard, save
from storage import clients, people, records, times
from storage.engine import writing
from storage.links import Link
from storage.records import Entry
from storage.roles import STAFF, Role
from storage.settings import StorageSettings
from storage.store import Store
from tests.postgresql import postgresql
from tests.scoring import small_scorecard as small

__all__ = ["postgresql"]

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
UNKNOWN_CLIENT = 999_999

REGISTER = """
import shutil, sys
import bentoml
labels = dict(pair.split("=") for pair in sys.argv[3:])
with bentoml.models.create(sys.argv[1], labels=labels) as reference:
    shutil.copytree(sys.argv[2], reference.path, dirs_exist_ok=True)
print(reference.tag)
"""


def applications(count: int, seed: int) -> pl.DataFrame:
    """Make invented applications around the client of the small scorecard, with outcomes."""
    draw = np.random.default_rng(seed)
    income = draw.uniform(60_000, 300_000, count).round(2)
    annuity = (income * draw.uniform(0.08, 0.4, count)).round(2)
    amount = (annuity * draw.uniform(11, 38, count)).round(2)
    score = draw.uniform(0.1, 0.95, count)
    drawn = {
        "client_id": np.arange(1, count + 1),
        "default": (draw.uniform(size=count) > score + 0.3).astype(np.int8),
        "contract_type": np.where(draw.uniform(size=count) < 0.9, "Cash loans", "Revolving loans"),
        "income_total": income,
        "amount_credit": amount,
        "annuity": annuity,
        "goods_price": (amount / draw.uniform(0.8, 1.25, count)).round(2),
        "birth_days": -draw.integers(9_000, 22_000, count),
        "employment_days": -draw.integers(100, 4_000, count),
        "external_score_1": np.where(draw.uniform(size=count) < 0.5, score, np.nan),
        "external_score_2": score,
        "income_type": draw.choice(["Working", "Commercial associate", "State servant"], count),
        "owns_car": draw.integers(0, 2, count),
        "owns_realty": draw.integers(0, 2, count),
    }  # fmt: skip
    frame = pl.DataFrame(drawn).with_columns(pl.col("external_score_1").fill_nan(None))
    kinds = {"integer": pl.Int64, "number": pl.Float64, "flag": pl.Int64, "category": pl.String}
    absent = [
        pl.lit(None, kinds[column.kind]).alias(column.name)
        for column in APPLICATIONS.columns
        if column.name not in frame.columns
    ]
    return frame.with_columns(absent)


def histories(count: int, seed: int) -> pl.DataFrame:
    """Make invented pasts, as far as the small scorecard reads them; the last tenth has none."""
    draw = np.random.default_rng(seed)
    due, late = draw.integers(6, 24, count), draw.integers(0, 3, count)
    known = {
        "bureau_credits_count": draw.integers(1, 6, count),
        "bureau_credits_open_count": draw.integers(0, 2, count),
        "bureau_debt_open_sum": draw.uniform(0, 150_000, count),
        "instalments_loans_count": draw.integers(1, 4, count),
        "instalments_fallen_due_365_days_count": due,
        "instalments_late_365_days_count": late,
        "instalments_late_365_days_share": late / due,
        "instalments_last_late_days": np.where(late > 0, -draw.uniform(10, 360, count), np.nan),
    }
    frame = pl.DataFrame({"client_id": np.arange(1, count + 1), **known})
    features = [*CATALOGUE.of("bureau"), *CATALOGUE.of("instalments")]
    values = [
        pl.col(one.name).cast(pl.Float64).fill_nan(None)
        if one.name in frame.columns
        else pl.lit(None, pl.Float64).alias(one.name)
        for one in features
    ]
    return frame.select("client_id", *values).head(count - count // 10)


FILLED = "external_score_filled_mean"
"""The item that the estimates of external scores are read for."""


def make_scorecard(folder: Path, harder: float = 0.0) -> None:
    """Write the small scorecard with estimates and a population; ``harder`` raises every risk."""
    curves = (*small.grid().curves, small.curve(FILLED, (0.4, 0.6), (0.1, 0.0, -0.1), 0.0))
    by_job = small.curve("employment_days", (-1_000.0,), (0.1, -0.1), 0.0)
    estimates = Estimates(grids={name: Grid(base=0.0, curves=(by_job,)) for name in NAMES})
    known = small.metadata()
    granted = known.granted.model_copy(
        update={
            "mean_effects": (*known.granted.mean_effects, 0.0),
            "typical": {**known.granted.typical, FILLED: 0.5},
        }
    )
    metadata = known.model_copy(update={"items": (*known.items, FILLED), "granted": granted})
    scorecard = Scorecard.of(
        Grid(base=small.BASE, curves=curves),
        Calibration(a=1.0, b=1.0, c=harder),
        metadata,
        estimates,
    )
    golden = np.hstack([small.golden(), np.linspace(0.2, 0.8, 8, dtype=np.float32)[:, None]])
    frame = applications(600, 7)
    population = population_of(
        application_frame(frame), frame["external_score_2"] > 0.5, ["income_total", "annuity"]
    )
    others = {files.POPULATION: population.model_dump_json()}
    save(folder, scorecard, golden=golden, others=others)


@dataclass
class Running:
    """One service process tree: where it listens, what it was given, and how to end it."""

    home: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Address of the service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything the process wrote."""
        return self.home / "service.log"

    @property
    def settings(self) -> StorageSettings:
        """Where its store is."""
        return StorageSettings.from_environment(self.environment)

    def start(self) -> None:
        """Start the service in a process group of its own."""
        command = [sys.executable, "-m", "bentoml", "serve", "service.py:Scoring",
                   "--host", "127.0.0.1", "--port", str(self.port)]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self, within_s: float = 150) -> None:
        """Return once the service answers that it is ready."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            time.sleep(0.1)
        pytest.fail(f"the service did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal to the whole group and wait for its end."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
        self.process = None

    def client(self, role: str = "api") -> httpx.Client:
        """Return a client that sends the key of ``role``."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=15)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a service that keeps everything under ``home``."""
    return {
        **os.environ,
        "SCORING_HOME": str(home),
        "BENTOML_HOME": str(home / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
        "SCORING_WORKERS": "1",
        "SCORING_SUCCESSION_S": "0.5",
        **more,
    }


def register(folder: Path, environment: dict[str, str], **labels: str) -> str:
    """Register a scorecard's files in the BentoML store of ``environment``; return its tag."""
    written = [f"{name}={value}" for name, value in labels.items()]
    command = [sys.executable, "-c", REGISTER, "scorecard", str(folder), *written]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def fill(running: Running, count: int = 60) -> None:
    """Store invented clients, one key a role, one person a role, and a link of client 1."""
    store = Store.open(running.settings)
    clients.put_frame(store.engine, applications(count, 7), histories(count, 7), "invented")
    for role in STAFF:
        running.keys[role.value] = store.create_key(role, role.value)[1]
        with writing(store.engine) as connection:
            people.create_user(connection, f"the {role.value}", role, PASSWORD)
    running.keys[Role.CLIENT] = a_link(store, client_id=1, days=7)
    store.close()


def a_link(store: Store, client_id: int, days: int) -> str:
    """Record a link of a client, as the service does; return its token."""
    ends = (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)
    link = Link(records.new_id("link"), client_id, ends)
    content = {"expires_at": times.text(ends)}
    store.record_now([Entry("link", content, "key_1", "advisor", client_id, id=link.id)])
    return store.token_of(link)


@pytest.fixture(scope="session")
def scorecard_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scorecard, on disk."""
    folder = tmp_path_factory.mktemp("scorecard")
    make_scorecard(folder)
    return folder


def a_service(home: Path, scorecard: Path, **more: str) -> Running:
    """Start a service of one's own under ``home`` and return it once it is ready."""
    running = Running(home, free_port(), environment_of(home, **more))
    register(scorecard, running.environment)
    fill(running)
    running.start()
    running.wait_until_ready()
    return running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path) -> Iterator[Running]:
    """A service that runs for the whole session, one worker, on SQLite."""
    home = tmp_path_factory.mktemp("service")
    running = a_service(home, scorecard_folder)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def api(service: Running) -> Iterator[httpx.Client]:
    """A caller with an ``api`` key."""
    with service.client("api") as client:
        yield client
