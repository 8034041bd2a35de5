"""Monitoring as a person or the scheduler starts it: real store, real scorecard, real Prefect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.encode import Encoder
from flows.operations import run_folder
from flows.operations.run_folder import population_file
from gateway.answers.assessments import recorded
from gateway.desk import Served
from scoring.assess import assess
from scoring.policy import policy
from scoring.scorecard import Scorecard, save
from storage.records import Entry
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store
from tests import training_world as world
from tests.service.conftest import FILLED, REGISTER, ROOT, applications, make_scorecard


class Installed:
    """A product's home with one registered scorecard that serves, as its files are in ``home``."""

    def __init__(self, home: Path, name: str = "scorecard") -> None:
        self.home = home
        self.environment = {
            **os.environ,
            "SCORING_HOME": str(home),
            "BENTOML_HOME": str(home / "bentoml"),
            "PREFECT_HOME": str(home / "prefect"),
            "SCORING_MODEL_TAG": f"{name}:latest",
        }
        self.environment.pop("SCORING_DATABASE_URL", None)
        self.scorecard = Scorecard.load(home / name)
        self.tag = self._run("-c", REGISTER, name, str(home / name)).split()[-1]
        self.run = home / "runs" / "20260101T000000Z-abcdef"
        self.run.mkdir(parents=True)

    def monitor(self) -> str:
        """Run the command and return what it printed."""
        return self._run("-m", "flows.monitor")

    def record(self, people: pl.DataFrame) -> None:
        """Record an assessment of each application, as the service does."""
        store = Store.open(StorageSettings.from_environment(self.environment))
        served = Served(self.scorecard, self.tag, policy())
        for row in people.drop("client_id", "default").to_dicts():
            application = {name: value for name, value in row.items() if value is not None}
            content = recorded(
                served, assess(self.scorecard, policy(), application, None), route="score"
            )
            snapshot = Snapshot.of(application, None)
            store.record_now(
                [Entry("assessment", content, actor="tester", role="api", snapshot=snapshot)]
            )
        store.close()

    def _run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def leave_population(self) -> None:
        """Leave invented people as those the scorecard learnt from."""
        names = self.scorecard.items
        intake = self.scorecard.intake
        rows = [intake.row(intake.values(row, None)) for row in applications(600, 7).to_dicts()]
        features = pl.DataFrame(rows, infer_schema_length=None).select(names)
        raw = self.scorecard.raw_score(Encoder.of(names).matrix(features))
        probability = np.asarray(self.scorecard.default_probability(raw))
        population = features.with_columns(default_probability=probability)
        population.write_parquet(self.run / population_file(self.tag))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """One home for the tests of this file, in their order."""
    home = tmp_path_factory.mktemp("home")
    make_scorecard(home / "scorecard")
    installed = Installed(home)
    installed.leave_population()
    return installed


def test_nothing_received_is_no_failure(installed: Installed) -> None:
    """A service nobody asked yet has nothing to compare; the message says what to do."""
    printed = installed.monitor()
    assert "Nothing to compare" in printed
    assert "POST /score" in printed
    assert not list(installed.home.glob("runs/monitor-*"))


def test_applicants_of_another_kind_raise_an_alert(installed: Installed) -> None:
    """External scores cut by half: the items are named, and three reports are left."""
    people = applications(300, seed=11)
    installed.record(people.with_columns(pl.col("external_score_2") / 2))
    assert "alert" in installed.monitor()
    (folder,) = installed.home.glob("runs/monitor-*/monitoring")
    assert {file.name for file in folder.iterdir()} == {
        "monitoring.json",
        "monitoring.html",
        "evidently.html",
    }
    values = json.loads((folder / "monitoring.json").read_text(encoding="utf-8"))
    assert (values["level"], values["subjects"]) == ("alert", 300)
    moved = {f["item"] for f in values["items"] if f["level"] == "alert"}
    assert moved == {"external_score_2", FILLED}, "the score, and what is made from it"


def test_the_reference_is_monitored_where_it_serves(tmp_path: Path) -> None:
    """It is compared with the clients it learnt from, by every feature that it reads."""
    reference = world.made().reference
    save(tmp_path / "reference", reference.scorecard, golden=reference.golden)
    installed = Installed(tmp_path, "reference")
    run_folder.write_population(
        installed.run, installed.tag, world.reference(), world.parts()[0], world.table().features
    )
    installed.record(world.prepared().scan("applications").collect().head(60))
    assert "60 inputs" in installed.monitor()
    (folder,) = installed.home.glob("runs/monitor-*/monitoring")
    values = json.loads((folder / "monitoring.json").read_text(encoding="utf-8"))
    assert values["model_tag"] == installed.tag
    assert len(values["items"]) == len(reference.scorecard.items)
