"""The fairness gate on the real service: what serves, what is refused, what is said."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scoring.gate import WAIVER, WARNING


@pytest.fixture(scope="module")
def tools(service: Any) -> Any:
    """What the other services of these tests are made with."""
    return sys.modules[type(service).__module__]


@pytest.fixture(scope="module")
def own(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, tools: Any
) -> Iterator[Any]:
    """A service whose only scorecard is blocked."""
    home = tmp_path_factory.mktemp("gate")
    running = tools.Running(home, tools.free_port(), tools.environment_of(home))
    tools.register(scorecard_folder, running.environment, fairness_gate="blocked")
    tools.fill(running)
    running.start()
    running.wait_until_ready()
    yield running
    running.stop()


def wait_for(condition: Callable[[], bool], what: str, within_s: float = 60) -> None:
    """Return once it is true; fail when it is not in time."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(f"not within {within_s} s: {what}")


def promotion(own: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the service's environment."""
    command = [sys.executable, "-m", "api.promotion", *arguments]
    return subprocess.run(command, env=own.environment, text=True, capture_output=True, check=False)


def serving(own: Any) -> dict[str, Any]:
    """Return the card of the scorecard that serves."""
    with own.client("api") as api:
        return dict(api.get("/model").json())


def test_the_first_scorecard_serves_with_a_warning(own: Any) -> None:
    """Blocked, nothing else serves: ready, and said in the probe, the card and the log."""
    ready = httpx.get(f"{own.url}/readyz")
    assert (ready.status_code, ready.json()["warnings"]) == (200, [WARNING])
    assert serving(own)["fairness_gate"] == "blocked"
    assert serving(own)["warnings"] == [WARNING]
    assert WARNING in own.log.read_text()


def test_a_blocked_scorecard_never_replaces_one_that_passed(
    own: Any, tools: Any, scorecard_folder: Path
) -> None:
    """Not as the latest, restart or not, not by promotion or going back; with a waiver it may."""
    passed = tools.register(scorecard_folder, own.environment, fairness_gate="passed")
    wait_for(lambda: serving(own)["model_tag"] == passed, "the one that passed serves")
    assert httpx.get(f"{own.url}/readyz").json()["warnings"] == []
    blocked = tools.register(scorecard_folder, own.environment, fairness_gate="blocked")
    wait_for(lambda: f"{blocked} may not serve" in own.log.read_text(), "the refusal")
    assert serving(own)["model_tag"] == passed
    own.stop()
    own.start()
    own.wait_until_ready()
    assert serving(own)["model_tag"] == passed
    assert promotion(own, "promote", passed).returncode == 0
    refused = promotion(own, "promote", blocked)
    assert refused.returncode == 1
    assert "signs" in refused.stderr
    assert promotion(own, "rollback").returncode == 1
    waiver = own.home / WAIVER
    signed = {"signed_by": "Risk committee", "reason": "Under study", "until": "2020-01-01"}
    waiver.write_text(json.dumps(signed))
    assert promotion(own, "promote", blocked).returncode == 1
    waiver.write_text("{}")
    assert "is no waiver" in promotion(own, "promote", blocked).stderr
    waiver.write_text(json.dumps({**signed, "until": "2999-12-31"}))
    assert promotion(own, "promote", blocked).returncode == 0
    wait_for(lambda: serving(own)["model_tag"] == blocked, "the one refused before, now waived")
    assert serving(own)["warnings"] == [WARNING]
