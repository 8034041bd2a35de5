"""The service beside its peers, in one run, on the same machine.

    python -m benchmarks.service [--seconds 3] [--trees 1000] [--json OUT]

Needs a registered scorecard and a filled store under ``SCORING_HOME`` (``make demo`` leaves them)
and ``wrk``. Every form runs two workers and stays up; under each load the forms take turns, so
that what else the machine does falls on all of them. Ours computes features, reads a database and
commits a record before each answer. The peers keep no record, read no database, say no sentence,
and hold the items of the clients asked for in memory, computed beforehand.

*First asked*: clients no worker has met, each once. Otherwise 2,000 clients in turn, which our
workers have met: the score of an unchanged client by an unchanged scorecard is remembered, an
explanation or a simulation is not. The peers serve the grid as LightGBM trees, one an item;
``--trees`` has all forms serve so many boosted trees of 31 leaves, learnt for the occasion.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import httpx
import psutil

from api.questions.batch import ARROW
from benchmarks import given_to_peers
from benchmarks.load import ABOUT_ONE, BATCH, CHANGED, Figure, Form, asked, batched, script
from storage import keys
from storage.engine import writing
from storage.roles import Role
from storage.settings import StorageSettings
from storage.store import Store

WORKERS = 2
OURS = "ours (BentoML, recorded)"
CAREFUL = "careful FastAPI"
TYPICAL = "typical (DataFrame, sklearn, shap)"
PEERS = {
    "bare ASGI": "benchmarks.peers.bare_asgi:app",
    CAREFUL: "benchmarks.peers.careful_fastapi:app",
    TYPICAL: "benchmarks.peers.typical:app",
}
SHARED = (("/score", 1), ("/score", 16), ("/score", 64), ("/explain", 4))
"""Loads put on every form."""
JSON = "application/json"


@contextmanager
def running(name: str, port: int, environment: dict[str, str]) -> Iterator[Form]:
    """Run one form until the block ends; it answers when the block begins."""
    start = time.monotonic()
    process = subprocess.Popen(
        command(name, port), env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url + ("/readyz" if name == OURS else "/"), must_be_ready=name == OURS)
        yield Form(name, url, psutil.Process(process.pid), time.monotonic() - start)
    finally:
        os.killpg(process.pid, 15)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)


def command(name: str, port: int) -> list[str]:
    """Return the command that starts a form."""
    if name == OURS:
        return [sys.executable, "-m", "bentoml", "serve", "service.py:Scoring",
                "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
    return [sys.executable, "-m", "uvicorn", "--workers", str(WORKERS), "--port", str(port),
            "--log-level", "warning", "--no-access-log", PEERS[name]]  # fmt: skip


def _wait_for(url: str, *, must_be_ready: bool) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            if httpx.get(url, timeout=2).status_code == 200 or not must_be_ready:
                return
        time.sleep(0.05)
    msg = f"Nothing answers at {url}. Start it by hand to see why."
    raise TimeoutError(msg)


class Bench:
    """One run: the forms that are up, the clients to ask about, the figures so far."""

    def __init__(self, folder: Path, key: str, ids: Sequence[int], seconds: int) -> None:
        self.folder = folder
        self.key = key
        self.known, new = ids[: given_to_peers.CLIENTS], ids[given_to_peers.CLIENTS :]
        size = len(new) // 4
        self.new = [new[place * size : (place + 1) * size] for place in range(4)]
        self.seconds = seconds
        self.figures: list[Figure] = []

    def ask(
        self, form: Form, load: str, route: str, callers: int,
        ids: Sequence[int] | None = None, body: str = ABOUT_ONE,
    ) -> None:  # fmt: skip
        """Put one load on a form and keep its figures."""
        asking = script(self.folder / "ask.lua", ids or self.known, self.key, body)
        self.keep(asked(form, load, route, callers, self.seconds, asking))

    def keep(self, figure: Figure) -> None:
        """Keep and print one line."""
        self.figures.append(figure)
        sys.stdout.write(
            f"| {figure.form} | {figure.load} | {figure.callers} | {figure.per_second:,.0f} "
            f"| {figure.p50_ms:.1f} | {figure.p99_ms:.1f} | {figure.errors} "
            f"| {figure.cpu_us:,.0f} |\n"
        )
        sys.stdout.flush()

    def batch(self, form: Form, load: str, ids: Sequence[int], media: str) -> None:
        """Send clients in batches."""
        self.keep(batched(form, load, self.key, ids, media))

    def alone(self, ours: Form) -> None:
        """Put on our form the loads that no peer has an answer to."""
        self.ask(ours, "/score, first asked", "/score", 16, self.new[0])
        self.ask(ours, "/explain, first asked", "/explain", 4, self.new[3])
        self.ask(ours, "/simulate", "/simulate", 16, body=CHANGED)
        whole = len(self.new[1]) // BATCH * BATCH or len(self.new[1])
        self.batch(ours, "/score_batch Arrow, first asked", self.new[1][:whole], ARROW)
        for _ in range(4):  # so that each worker has most likely met them: not kept
            batched(ours, "warm-up", self.key, self.new[1][:whole], ARROW)
        self.batch(ours, "/score_batch Arrow", self.new[1][:whole], ARROW)
        self.batch(ours, "/score_batch JSON, first asked", self.new[2][:whole], JSON)
        with ThreadPoolExecutor(1) as pool:
            beside = pool.submit(self._batches_for, ours, self.seconds)
            self.ask(ours, "/score beside batches", "/score", 16)
            self.keep(beside.result())

    def _batches_for(self, ours: Form, seconds: int) -> Figure:
        end, figure = time.monotonic() + seconds, None
        while figure is None or time.monotonic() < end:
            figure = batched(
                ours, "/score_batch Arrow beside /score", self.key, self.new[1][:BATCH], ARROW
            )
        return figure


def run(seconds: int, port: int, trees: int | None) -> list[Figure]:
    """Measure every form under every load, and print the ratios."""
    store = Store.open(StorageSettings.from_environment(os.environ))
    key_id, key = store.create_key(Role.API, "benchmark")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        ids, settings = given_to_peers.prepare(folder, store, trees)
        environment = {
            **os.environ, **settings, "BENCH_PEER": str(folder),
            "SCORING_WORKERS": str(WORKERS), "SCORING_RATE_LIMIT": "1000000",
        }  # fmt: skip
        forms = {
            form: stack.enter_context(running(form, port + place, environment))
            for place, form in enumerate((OURS, *PEERS))
        }
        bench = Bench(folder, key, ids, seconds)
        for form in forms.values():  # caches fill, compilers finish: not kept
            asking = script(folder / "ask.lua", bench.known, key)
            asked(form, "warm-up", "/score", 64, seconds, asking)
            asked(form, "warm-up", "/explain", 16, seconds, asking)
        bench.alone(forms[OURS])
        for route, callers in SHARED:
            for form in forms.values():
                bench.ask(form, route, route, callers)
        _sum_up(forms, bench.figures)
    with writing(store.engine) as connection:
        keys.revoke_key(connection, key_id)
    store.close()
    return bench.figures


def _sum_up(forms: dict[str, Form], figures: Sequence[Figure]) -> None:
    """Print what each form takes, and our throughput as a multiple of each peer's."""
    out: Callable[[str], object] = sys.stdout.write
    out("\n| form | started in s | MB a worker |\n|---|---|---|\n")
    for form in forms.values():
        out(f"| {form.name} | {form.started_s:.1f} | {form.memory_mb:,.0f} |\n")
    rate = {(one.form, one.load, one.callers): one.per_second for one in figures}
    out(
        "\n| load | callers | times the careful peer | times the typical one |\n|---|---|---|---|\n"
    )
    first = (("/score, first asked", 16, "/score"), ("/explain, first asked", 4, "/explain"))
    for load, callers, beside in (*first, *((load, callers, load) for load, callers in SHARED)):
        ours = rate[OURS, load, callers]
        ratios = [ours / rate[peer, beside, callers] for peer in (CAREFUL, TYPICAL)]
        out(f"| {load} | {callers} | {ratios[0]:.2f} | {ratios[1]:.1f} |\n")


def main() -> int:
    """Read the command line, run, and write the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.service",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=int, default=3, help="length of each load")
    parser.add_argument("--port", type=int, default=3390, help="the first of four")
    parser.add_argument("--trees", type=int, help="serve so many trees of 31 leaves")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.stderr.write("The load generator wrk is missing: apt-get install wrk\n")
        return 1
    sys.stdout.write(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n")
    sys.stdout.write(
        "| form | load | callers | a second | p50 ms | p99 ms | errors | CPU us each |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    figures = run(options.seconds, options.port, options.trees)
    sys.stdout.write(f"\nload average after: {os.getloadavg()[0]:.1f}\n")
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
