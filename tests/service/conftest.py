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
import lightgbm
import numpy as np
import polars as pl
import pytest

from features.build import application_frame
from features.catalogue import CATALOGUE
from features.encode import Encoder
from features.one import client_row
from features.tables import APPLICATIONS
from scoring.calibration import Calibration
from scoring.cost import CostOfError
from scoring.cut_off import choose_cut_off
from scoring.metadata import Granted, Metadata
from scoring.population import population_of
from scoring.scorecard import save
from storage import clients, people, records, times
from storage.engine import writing
from storage.links import Link
from storage.records import Entry
from storage.roles import STAFF, Role
from storage.settings import StorageSettings
from storage.store import Store
from tests.postgresql import postgresql

__all__ = ["postgresql"]

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
UNKNOWN_CLIENT = 999_999
TABLES = ("applications", "bureau")

REGISTER = """
import shutil, sys
import bentoml
labels = dict(pair.split("=") for pair in sys.argv[3:])
with bentoml.models.create(sys.argv[1], labels=labels) as reference:
    shutil.copytree(sys.argv[2], reference.path, dirs_exist_ok=True)
print(reference.tag)
"""


def applications(count: int, seed: int) -> pl.DataFrame:
    """Make invented applications: the required items, the external scores and a few others."""
    draw = np.random.default_rng(seed)
    score = draw.uniform(0.05, 0.9, count)
    contract = np.where(draw.uniform(size=count) < 0.9, "Cash loans", "Revolving loans")
    frame = pl.DataFrame(
        {
            "client_id": np.arange(1, count + 1),
            "default": (draw.uniform(size=count) > score + 0.3).astype(np.int8),
            "contract_type": contract,
            "income_total": draw.uniform(50_000, 400_000, count).round(2),
            "amount_credit": draw.uniform(50_000, 900_000, count).round(2),
            "annuity": draw.uniform(5_000, 60_000, count).round(2),
            "goods_price": draw.uniform(50_000, 800_000, count).round(2),
            "birth_days": -draw.integers(8_000, 24_000, count),
            "employment_days": -draw.integers(100, 9_000, count),
            "external_score_2": score,
            "external_score_3": np.clip(score + draw.normal(0, 0.1, count), 0, 1),
            "owns_car": draw.integers(0, 2, count),
        }
    )  # fmt: skip
    absent = [
        pl.lit(None, column.dtype).alias(column.name)
        for column in APPLICATIONS.columns
        if column.name not in frame.columns
    ]
    return frame.with_columns(absent)


def histories(count: int, seed: int) -> pl.DataFrame:
    """Make invented history features of the bureau table; the last tenth has none."""
    draw = np.random.default_rng(seed)
    values = {
        feature.name: draw.uniform(0, 5, count)
        for feature in CATALOGUE.of("bureau")
    }  # fmt: skip
    frame = pl.DataFrame({"client_id": np.arange(1, count + 1), **values})
    return frame.head(count - count // 10)


def make_scorecard(folder: Path, seed: int = 7) -> None:
    """Train a small scorecard with the product's own parts and write it into ``folder``."""
    names = tuple(feature.name for feature in CATALOGUE.available(TABLES))
    frame, past = applications(600, seed), histories(600, seed)
    known = {row.pop("client_id"): row for row in past.to_dicts()}
    encoder = Encoder.of(names)
    rows = [client_row(row, known.get(row["client_id"]), names) for row in frame.to_dicts()]
    matrix = np.vstack([encoder.row(row) for row in rows])
    default = frame["default"].to_numpy().astype(float)
    learn, judge = slice(0, 400), slice(400, 600)
    data = lightgbm.Dataset(matrix[learn], default[learn], feature_name=list(names))
    parameters = {"objective": "binary", "num_leaves": 4, "min_data_in_leaf": 5, "verbose": -1,
                  "num_threads": 1, "seed": seed}  # fmt: skip
    booster = lightgbm.train(parameters, data, num_boost_round=40)
    raw = np.asarray(booster.predict(matrix[judge], raw_score=True))
    calibration = Calibration.fit(raw, default[judge])
    cut_off = choose_cut_off(default[judge], calibration.probability(raw), CostOfError())
    granted = booster.predict(matrix, pred_contrib=True)
    metadata = Metadata(
        trained_at=datetime.now(UTC),
        seed=seed,
        data_fingerprint="0" * 64,
        feature_version=CATALOGUE.version,
        tables=TABLES,
        features=names,
        clients=len(rows),
        cost=CostOfError(),
        cut_off=cut_off,
        metrics={"auc": 0.5},
        ranges={"income_total": (1.0, 1e7)},
        granted=Granted(
            clients=len(rows),
            base=float(granted.sum(axis=1).mean()),
            mean_contributions=tuple(granted[:, :-1].mean(axis=0)),
            medians=dict.fromkeys(names),
        ),
    )
    population = population_of(
        application_frame(frame), frame["external_score_2"] > 0.5, ["income_total", "annuity"]
    )
    save(folder, booster=booster, calibration=calibration, encoder=encoder, metadata=metadata,
         golden=matrix[:5], others={"population.json": population.model_dump_json()})  # fmt: skip


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
