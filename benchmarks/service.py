"""The service beside its peers, in one run, on the same machine.

    python -m benchmarks.service [--seconds 5] [--json OUT]

Needs a registered scorecard and a filled store under ``SCORING_HOME`` (``make demo`` leaves them)
and ``wrk``. Each form runs two workers; callers ask for clients in turn, each id seldom twice in a
row. Ours commits a record before each answer; peers keep none. Figures: requests a second,
median and 99th percentile, errors, CPU per call of all the form's processes, memory of a worker.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil

from features.one import client_row
from gateway.promotion import files_of, tag_in_full
from scoring.files import BOOSTER
from scoring.scorecard import Scorecard
from storage import keys
from storage.clients import ClientBook
from storage.engine import reading, writing
from storage.roles import Role
from storage.settings import StorageSettings
from storage.store import Store

CLIENTS = 2_000
WORKERS = 2
PEERS = {
    "bare ASGI": "benchmarks.peers.bare_asgi:app",
    "careful FastAPI": "benchmarks.peers.careful_fastapi:app",
    "typical (DataFrame, sklearn, shap)": "benchmarks.peers.typical:app",
}
OURS = "ours (BentoML, recorded)"
WARM_UP = ("/score", 15)
"""A first load whose figures are not kept: caches fill, and compilers finish."""
ROUNDS = (("/score", 1), ("/score", 16), ("/score", 64), ("/explain", 4))


@dataclass(frozen=True)
class Figure:
    """One form under one load."""

    form: str
    route: str
    callers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu_us: float
    memory_mb: float


def prepare(folder: Path, store: Store) -> list[int]:
    """Write what the peers are given; return the clients asked for."""
    served = files_of(tag_in_full("scorecard:latest"))
    scorecard = Scorecard.load(served)
    with reading(store.engine) as connection:
        clients = ClientBook().page(connection, 0, CLIENTS)
    names = scorecard.metadata.features
    snapshots = [client.snapshot for client in clients]
    rows = [
        scorecard.encoder.row(client_row(one.application, one.history, names)) for one in snapshots
    ]
    np.save(folder / "rows.npy", np.vstack(rows))
    np.save(folder / "ids.npy", np.array([client.client_id for client in clients]))
    (folder / "names.json").write_text(json.dumps(names))
    (folder / "booster.txt").write_bytes((served / BOOSTER).read_bytes())
    return [client.client_id for client in clients]


def script(folder: Path, ids: list[int], key: str) -> Path:
    """Write the load generator's script: each request asks for the next client."""
    path = folder / "ask.lua"
    path.write_text(
        f"local ids = {{{','.join(map(str, ids))}}}\n"
        "local place = math.random(#ids)\n"
        'local headers = {["Content-Type"]="application/json", '
        f'["Authorization"]="Bearer {key}"}}\n'
        "request = function()\n"
        "  place = place % #ids + 1\n"
        '  return wrk.format("POST", nil, headers, \'{"client_id": \' .. ids[place] .. "}")\n'
        "end\n"
    )
    return path


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[psutil.Process]:
    """Run one form until the block ends; it answers when the block begins."""
    process = subprocess.Popen(
        command, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + 180
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2)
                break
            time.sleep(0.2)
        yield psutil.Process(process.pid)
    finally:
        os.killpg(process.pid, 15)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)


def measure(tree: psutil.Process, form: str, route: str, callers: int, load: list[str]) -> Figure:
    """Put one load on one form, after a second of warming up, and read the figures."""
    subprocess.run([*load, "-d1s", f"-c{callers}"], capture_output=True, check=True)
    before = _cpu_s(tree)
    done = subprocess.run([*load, f"-c{callers}"], capture_output=True, text=True, check=True)
    spent = _cpu_s(tree) - before
    said = done.stdout
    calls = int(_found(r"(\d+) requests in", said))
    failed = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    failed += sum(int(n) for line in re.findall(r"Socket errors: (.*)", said)
                  for n in re.findall(r"\d+", line))  # fmt: skip
    return Figure(
        form, route, callers, float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        _ms(_found(r"\n\s+50%\s+([\d.]+\w+)", said)), _ms(_found(r"\n\s+99%\s+([\d.]+\w+)", said)),
        failed, spent / max(1, calls) * 1e6, _memory_mb(tree),
    )  # fmt: skip


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    return found.group(1) if found else "0"


def _ms(written: str) -> float:
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    unit = next(unit for unit in units if written.endswith(unit)) if written != "0" else "ms"
    return float(written.removesuffix(unit)) * units[unit]


def _cpu_s(tree: psutil.Process) -> float:
    times = [process.cpu_times() for process in (tree, *tree.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def _memory_mb(tree: psutil.Process) -> float:
    return max(p.memory_info().rss for p in (tree, *tree.children(recursive=True))) / 1e6


def forms(port: int) -> dict[str, list[str]]:
    """Return the command that starts each form."""
    ours = [sys.executable, "-m", "bentoml", "serve", "service.py:Scoring",
            "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
    uvicorn = [sys.executable, "-m", "uvicorn", "--workers", str(WORKERS), "--port", str(port),
               "--log-level", "warning", "--no-access-log"]  # fmt: skip
    return {OURS: ours, **{form: [*uvicorn, app] for form, app in PEERS.items()}}


def run(seconds: int, port: int) -> list[Figure]:
    """Measure every form under every load; those without a route are left out."""
    store = Store.open(StorageSettings.from_environment(os.environ))
    key_id, key = store.create_key(Role.API, "benchmark")
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids = prepare(folder, store)
        asking = script(folder, ids, key)
        environment = {
            **os.environ,
            "BENCH_PEER": str(folder),
            "SCORING_WORKERS": str(WORKERS),
            "SCORING_RATE_LIMIT": "1000000",
        }
        for form, command in forms(port).items():
            with running(command, port, environment) as tree:
                for route, callers in (WARM_UP, *ROUNDS):
                    load = ["wrk", "-t1", f"-d{seconds}s", "--latency", "-s", str(asking),
                            f"http://127.0.0.1:{port}{route}"]  # fmt: skip
                    figure = measure(tree, form, route, callers, load)
                    if (route, callers) == WARM_UP:
                        continue
                    figures.append(figure)
                    sys.stdout.write(_line(figure) + "\n")
                    sys.stdout.flush()
    _revoke(store, key_id)
    return figures


def _revoke(store: Store, key_id: str) -> None:
    with writing(store.engine) as connection:
        keys.revoke_key(connection, key_id)
    store.close()


def _line(figure: Figure) -> str:
    return (
        f"| {figure.form} | {figure.route} | {figure.callers} | {figure.per_second:,.0f} "
        f"| {figure.p50_ms:.1f} | {figure.p99_ms:.1f} | {figure.errors} "
        f"| {figure.cpu_us:,.0f} | {figure.memory_mb:,.0f} |"
    )


def main() -> int:
    """Read the command line, run, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="length of each load")
    parser.add_argument("--port", type=int, default=3390)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.stderr.write("The load generator wrk is missing: apt-get install wrk\n")
        return 1
    sys.stdout.write(
        "| form | route | callers | requests/s | p50 ms | p99 ms | errors | CPU us/call | MB |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    figures = run(options.seconds, options.port)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
