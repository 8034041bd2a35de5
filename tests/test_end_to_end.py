"""The whole chain as its users meet it: archive, flow, service, app in a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import polars as pl
import pytest
from playwright.sync_api import Page, expect, sync_playwright

import portfolio
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 420
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Demo:
    """A running demo, read from what it prints to a person."""

    process: subprocess.Popen[bytes]
    home: Path
    data: Path
    log: Path
    service: str
    app: str
    name: str
    password: str
    key: str

    def post(self, route: str, **body: object) -> httpx.Response:
        """Call the service as another team would."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.post(f"{self.service}{route}", json=body, headers=headers, timeout=30)

    def run(self, *module_and_options: str) -> str:
        """Run another job of the product on the same home; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *module_and_options],
            cwd=ROOT,
            env=environment_of(self.home),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout


def environment_of(home: Path) -> dict[str, str]:
    """Return the environment of a product that keeps everything under ``home``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BENTOML", "PREFECT"))}
    return kept | {"SCORING_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def wait_for_announcement(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return what the demo printed once it is ready; fail with its log when it is not."""
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        text = log.read_text(encoding="utf-8", errors="replace")
        if "Ctrl-C" in text:
            return text
        time.sleep(0.5)
    pytest.fail(f"the demo is not ready:\n{log.read_text(errors='replace')[-4000:]}")


def run_demo(data: Path, home: Path) -> Iterator[Demo]:
    """Run ``python -m flows.demo`` on ``data`` and stop it with SIGTERM."""
    log = home / "demo.log"
    port, ui_port = free_port(), free_port()
    command = [sys.executable, "-m", "flows.demo", "--data", str(data)]
    command += ["--port", str(port), "--ui-port", str(ui_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment_of(home), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        text = wait_for_announcement(process, log)

        def printed(label: str) -> str:
            found = re.search(rf"^ *{label} +(\S+)", text, re.MULTILINE)
            assert found, f"{label} is not printed"
            return found.group(1)

        yield Demo(
            process,
            home,
            data,
            log,
            f"http://127.0.0.1:{port}",
            f"http://127.0.0.1:{ui_port}",
            printed("Login"),
            printed("Password"),
            printed("API key"),
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo on a tiny synthetic archive."""
    home = tmp_path_factory.mktemp("tiny")
    archive = home / "portfolio.zip"
    portfolio.write(archive, clients=1_500, seed=7, fmt="zip")
    yield from run_demo(archive, home)


@pytest.fixture(scope="module")
def on_genuine_data(genuine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo on genuine applications and histories."""
    yield from run_demo(genuine / "home-credit-core.zip", tmp_path_factory.mktemp("genuine"))


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        yield browser.new_page()
        browser.close()


def labelled_client(demo: Demo) -> int:
    """Return a case number the demo suggests."""
    found = re.search(r"Try cases +(\d+)", demo.log.read_text())
    assert found
    return int(found.group(1))


def check_explained(demo: Demo, client_id: int) -> None:
    """Score and explain a client in both languages and check that the explanation is true."""
    score = demo.post("/score", client_id=client_id)
    assert score.status_code == 200, score.text
    for language in ("fr", "en"):
        answer = demo.post("/explain", client_id=client_id, language=language, detail="items")
        assert answer.status_code == 200, answer.text
        explained = json.loads(answer.text)
        assert explained["default_probability"] == score.json()["default_probability"]
        total = explained["base"] + sum(line["contribution"] for line in explained["items"])
        assert total == pytest.approx(explained["raw_score"], abs=1e-9)
        reasons = explained["weighs"] + explained["favours"]
        assert len(reasons) >= 3
        assert all(len(reason["sentence"].split()) >= 4 for reason in reasons)


def check_on_screen(demo: Demo, page: Page, client_id: int) -> None:
    """Log in, open the client, and see the service's verdict in words."""
    page.goto(f"{demo.app}/fr")
    page.get_by_label("Nom").fill(demo.name)
    page.get_by_label("Mot de passe").fill(demo.password)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_label("Numéro de dossier").first.fill(str(client_id))
    page.keyboard.press("Enter")
    verdict = demo.post("/score", client_id=client_id).json()["verdict"]
    words = {"GRANT": "Accord", "REFER": "À étudier", "DECLINE": "Refus"}[verdict]
    expect(page.get_by_text(re.compile(words, re.IGNORECASE)).first).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Pourquoi").first).to_be_visible()


def test_other_teams_get_true_explanations(tiny: Demo) -> None:
    """A key printed by the demo scores and explains a client through the API."""
    check_explained(tiny, labelled_client(tiny))


def test_the_advisor_sees_the_same_client(tiny: Demo, page: Page) -> None:
    """The app shows the verdict that the service gives."""
    check_on_screen(tiny, page, labelled_client(tiny))


def test_the_flow_says_what_each_step_cost(tiny: Demo) -> None:
    """Time and peak memory of each step are printed."""
    text = tiny.log.read_text()
    assert re.search(r"features.+\d s.+\d MB", text.replace("\xa0", " "))


def test_a_portfolio_is_scored_beside_the_service(tiny: Demo) -> None:
    """Every client is scored, in a parquet file that agrees with the service's own answers."""
    printed = tiny.run("flows.score", "--data", str(tiny.data))
    assert re.search(r"clients scored: .*GRANT [\d,]+", printed)
    scores = pl.read_parquet(next(tiny.home.glob("runs/score-*/portfolio.parquet")))
    assert scores["client_id"].n_unique() == scores.height
    row = scores.row(scores.height // 2, named=True)
    answer = tiny.post("/score", client_id=row["client_id"]).json()
    assert row["default_probability"] == pytest.approx(answer["default_probability"], abs=1e-9)
    assert row["verdict"] == answer["verdict"]


def test_what_the_service_received_is_monitored(tiny: Demo) -> None:
    """Monitoring compares the scored applications with the training reference and reports."""
    ids = pl.read_parquet(next(tiny.home.glob("prepared/*/applications.parquet")))["client_id"]
    for client_id in ids.head(60):
        assert tiny.post("/score", client_id=client_id).status_code == 200
    tiny.run("flows.monitor")
    written = {path.name for path in tiny.home.glob("runs/*/monitoring/*")}
    assert {"monitoring.json"} < written
    assert any(name.endswith(".html") for name in written)


@pytest.mark.genuine
def test_a_genuine_client_is_explained(on_genuine_data: Demo, page: Page) -> None:
    """Client 100002 of the genuine data is scored, explained, and shown."""
    check_explained(on_genuine_data, 100002)
    check_on_screen(on_genuine_data, page, 100002)
