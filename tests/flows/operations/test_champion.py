"""Which scorecard the flows take for the one that serves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.operations.register import REFERENCE, register
from flows.settings import Settings
from tests import training_world as world
from tests.service.conftest import ROOT

LOADED = """
from flows import SETTINGS
from flows.operations.champion import load_champion
tag, scorecard = load_champion(SETTINGS.model_tag)
print(tag, scorecard.metadata.kind)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A product's home in which a grid and the reference beside it are registered."""
    home = tmp_path_factory.mktemp("home")
    register(world.made().grid, {}, store=home / "bentoml", gate="passed")
    register(world.made().reference, {}, store=home / "bentoml", gate="uncomputed", name=REFERENCE)
    return home


@pytest.mark.parametrize(("asked", "kind"), [("", "grid"), ("reference:latest", "reference")])
def test_flows_follow_what_the_service_serves(home: Path, asked: str, kind: str) -> None:
    """The grid, unless a lender has the service serve the reference."""
    environment = {
        **os.environ,
        "SCORING_HOME": str(home),
        "BENTOML_HOME": str(home / "bentoml"),
        "SCORING_MODEL_TAG": asked,
    }
    command = [sys.executable, "-c", LOADED]
    said = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    tag, loaded = said.stdout.split()
    assert loaded == kind
    assert tag.startswith("reference:" if kind == "reference" else "scorecard:")


def test_settings_take_the_grid_by_default() -> None:
    """No variable, or an empty one, is no request for another scorecard."""
    assert Settings.from_environment({}).model_tag == "scorecard:latest"
    assert Settings.from_environment({"SCORING_MODEL_TAG": ""}).model_tag == "scorecard:latest"
