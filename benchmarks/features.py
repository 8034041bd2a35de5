"""Feature building beside a pandas peer, at several sizes of a synthetic portfolio, in one run.

``python -m benchmarks.features --clients 15000 75000 300000`` makes (once) a portfolio of each
size, prepares it, then runs each form in a process of its own and prints its time, processor
time and peak memory, and the ratios. 300,000 clients are the full size: some 58 million rows.
``--prepared FOLDER`` measures data already prepared instead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from features.raw.prepared import Prepared, open_prepared

FORMS = {
    "catalogue": ("benchmarks.catalogue_features", "our whole catalogue, Polars"),
    "well known": ("benchmarks.polars_features", "the well-known aggregates, Polars"),
    "peer": ("benchmarks.peers.pandas_features", "the well-known aggregates, pandas"),
}
HOME = Path(os.environ.get("SCORING_HOME", "data")) / "benchmarks"


@dataclass(frozen=True)
class Cost:
    """What one run of one form took: seconds of clock and processor, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def measure(module: str, prepared: Prepared) -> Cost:
    """Run ``python -m module FOLDER`` in a fresh process. Raises when it fails."""
    command = [sys.executable, "-m", module, str(prepared.folder)]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def synthetic(clients: int) -> Prepared:
    """Return a prepared synthetic portfolio of ``clients`` labelled clients, made when missing."""
    home = HOME / str(clients)
    done = sorted(home.glob("prepared/*/manifest.json"))
    if not done:
        raw = home / "raw"
        arguments = ["--clients", str(clients), "--format", "parquet", "--out", str(raw)]
        _run("portfolio", *arguments, "--force")
        _run("features.raw.prepare", str(raw), "--home", str(home))
        done = sorted(home.glob("prepared/*/manifest.json"))
    return open_prepared(done[-1].parent)


def report(prepared: Prepared, names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one size: each form's cost, and the peer's as a multiple of ours."""
    yield f"\n{prepared.rows['applications']:,} clients, {sum(prepared.rows.values()):,} rows"
    costs = {}
    for name in names:
        module, words = FORMS[name]
        cost = costs[name] = measure(module, prepared)
        yield f"  {words:<36} {cost.wall:7.1f} s {cost.cpu:7.1f} s CPU {cost.memory:7,.0f} MB"
    if {"well known", "peer"} <= costs.keys():
        ours, peer = costs["well known"], costs["peer"]
        words = (("time", "wall"), ("CPU", "cpu"), ("memory", "memory"))
        ratios = [
            f"{getattr(peer, key) / getattr(ours, key):.1f} x the {word}" for word, key in words
        ]
        yield f"  pandas / ours: {', '.join(ratios)}"


def main() -> None:
    """Measure what the command line asks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, nargs="*", default=[15_000, 75_000, 300_000])
    parser.add_argument("--prepared", type=Path, nargs="*", default=[])
    parser.add_argument("--forms", nargs="*", default=list(FORMS), choices=list(FORMS))
    options = parser.parse_args()
    sizes = [open_prepared(folder) for folder in options.prepared]
    if not sizes:
        sizes = [synthetic(clients) for clients in options.clients]
    for prepared in sizes:
        for line in report(prepared, options.forms):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def _run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


if __name__ == "__main__":
    main()
