"""The schedules, on a real Prefect server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from flows.settings import ROOT
from tests.ports import free_port

READY_WITHIN_S = 300


def wait_for(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> re.Match[str]:
    """Return the first match of ``pattern`` in a growing log."""
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found
        time.sleep(0.5)
    pytest.fail(f"{pattern} is not printed:\n{log.read_text(errors='replace')[-3000:]}")


def test_three_jobs_wait_for_their_time_behind_a_password(
    tmp_path: Path, world_archive: Path
) -> None:
    """Training, portfolio and monitoring are deployed with their cron; strangers are refused."""
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "flows.schedule", "--data", str(world_archive)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "BENTOML"))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=ROOT,
            env={**clean, "SCORING_HOME": str(tmp_path / "home")},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        login = wait_for(log, r"login (admin):(\S+)", process)
        wait_for(log, r"deployments are being served", process)
        address = f"http://127.0.0.1:{port}/api/deployments/filter"
        assert httpx.post(address, json={}, timeout=10).status_code in {401, 403}
        with httpx.Client(auth=(login[1], login[2]), timeout=10) as client:
            token = client.get(
                f"http://127.0.0.1:{port}/api/csrf-token", params={"client": "test"}
            ).json()["token"]
            headers = {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}
            deployments = client.post(address, json={}, headers=headers).json()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    crons = {d["name"]: d["schedules"][0]["schedule"]["cron"] for d in deployments}
    assert crons == {
        "training": "0 1 1 * *",
        "portfolio": "0 3 * * 1",
        "monitoring": "0 5 * * *",
    }
