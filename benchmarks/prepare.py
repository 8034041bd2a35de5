"""The prepare step at several sizes of a synthetic archive: time, peak memory, rows a second.

``python -m benchmarks.prepare --clients 15000 75000 300000`` makes (once) a zip of each size and
prepares it in a process of its own; 300,000 labelled clients are the full size.
``--archive FILE`` measures archives you have instead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from features.raw.prepared import open_prepared

HOME = Path(os.environ.get("SCORING_HOME", "data")) / "benchmarks"


@dataclass(frozen=True)
class Cost:
    """What preparing one archive took; memory in MB is the peak of its process."""

    rows: int
    wall: float
    cpu: float
    memory: float


def synthetic(clients: int) -> Path:
    """Return the zip of a synthetic portfolio of ``clients`` labelled clients, made if missing."""
    archive = HOME / f"{clients}.zip"
    if not archive.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        arguments = ["--clients", str(clients), "--out", str(archive)]
        subprocess.run([sys.executable, "-m", "portfolio", *arguments], check=True)
    return archive


def measure(archive: Path) -> Cost:
    """Prepare ``archive`` from nothing in a fresh process. Raises when it fails."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "features.raw.prepare", str(archive), "--home", home]
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        (folder,) = Path(home).glob("prepared/*")
        rows = sum(open_prepared(folder).rows.values())
    return Cost(rows, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def line(archive: Path, cost: Cost) -> str:
    """Return the measurement as one line of text."""
    return (
        f"{archive.name:20} {archive.stat().st_size / 1e6:7.0f} MB zipped {cost.rows:12,} rows "
        f"{cost.wall:7.1f} s {cost.cpu:7.1f} s of processor {cost.memory:7.0f} MB at most "
        f"{cost.rows / cost.wall:10,.0f} rows/s"
    )


def main() -> int:
    """Measure each size or archive, and print a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prepare", description=__doc__)
    parser.add_argument("--clients", type=int, nargs="*", default=[15_000, 75_000, 300_000])
    parser.add_argument("--archive", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    for archive in options.archive or map(synthetic, options.clients):
        sys.stdout.write(line(archive, measure(archive)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
