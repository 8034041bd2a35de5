"""The command that chooses which scorecard serves, run as README writes it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage import promotions
from storage.engine import writing
from storage.settings import ROOT, StorageSettings
from storage.store import Store

REGISTER = """
import sys
import bentoml
from pathlib import Path
from tests.scoring import small_scorecard
for gate in sys.argv[1:]:
    with bentoml.models.create("scorecard", labels={"fairness_gate": gate}) as model:
        small_scorecard.write(Path(model.path))
    print(model.tag)
"""


class Home:
    """A home of the product, its commands run without anything that make exports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = {**kept, "HOME": str(folder / "owner"), "SCORING_HOME": str(folder)}
        self.settings = StorageSettings.from_environment({"SCORING_HOME": str(folder)})

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python on ``command``."""
        environment = {**self.environment, **more}
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, text=True, capture_output=True,
            check=False,
        )  # fmt: skip

    def promotion(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return self.run("-m", "api.promotion", *arguments)

    def serve(self, tag: str) -> None:
        """Do what a worker does when it begins to answer with ``tag``."""
        with closing(Store.open(self.settings)) as store, writing(store.engine) as connection:
            promotions.note_serving(connection, tag)

    def chosen(self) -> str:
        """Return the tag that ``scorecard:latest`` stands for."""
        return f"scorecard:{(self.folder / 'bentoml/models/scorecard/latest').read_text()}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home where nothing is registered."""
    return Home(tmp_path)


def test_without_a_scorecard_the_command_says_what_to_do(home: Home) -> None:
    """And makes no database."""
    listed = home.promotion("list")
    assert listed.returncode == 1
    assert "make train" in listed.stderr
    assert not (home.folder / "scoring.db").exists()


def test_going_back_skips_what_never_served(home: Home) -> None:
    """Found where training keeps them, whoever starts the command; each choice is recorded."""
    gates = ("passed", "passed", "blocked", "passed")
    registered = home.run("-c", REGISTER, *gates, BENTOML_HOME=str(home.folder / "bentoml"))
    assert registered.returncode == 0, registered.stderr
    first, second, blocked, last = tags = registered.stdout.split()
    for tag in (first, blocked, last):
        home.serve(tag)
    assert home.promotion("rollback").stdout == f"Back to {first}.\n"
    assert home.chosen() == first
    listed = home.promotion("list")
    assert (listed.returncode, listed.stderr) == (0, "")
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines] == tags
    assert "promoted, not served yet" in lines[0]
    assert "since 20" in lines[3]
    assert not (home.folder / "owner" / "bentoml").exists()
    home.serve(first)
    further = home.promotion("rollback")
    assert (further.returncode, further.stdout) == (1, "")
    assert home.promotion("promote", second).returncode == 0
    with closing(Store.open(home.settings)) as store:
        chosen = list(store.records(kind="promotion"))
    assert [
        (one.body["choice"], one.body["model_tag"], one.body["instead_of"]) for one in chosen
    ] == [
        ("rollback", first, last),
        ("promote", second, first),
    ]
    assert all(one.actor.startswith("operator ") for one in chosen)
