"""Many callers for a long time while the scorecard is trained again: does anything give way?

    python -m benchmarks.soak [--callers 50] [--minutes 30] [--data ARCHIVE] [--no-training]

Needs a registered scorecard and a filled store under ``SCORING_HOME`` (``make demo`` leaves them).
Each caller asks, reads the answer and pauses as a program would; trainings follow one another, and
what they register is taken up under load. Held at the end: no error, 99 % of the answers within
500 ms, memory of the workers grown by less than 5 % after the first fifth, as many records stored
as answers returned, and a chain that verifies. The exit code is 1 when one of them does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from sqlalchemy import func, select

from benchmarks.service import OURS, WORKERS, running
from storage import audit
from storage.clients import ClientBook
from storage.engine import reading, writing
from storage.keys import revoke_key
from storage.roles import Role
from storage.schema import RECORDS
from storage.settings import StorageSettings
from storage.store import Store

CLIENTS = 2_000
PAUSE_S = 0.1
ROUTES = ("/score",) * 8 + ("/explain",) + ("/simulate",)
SAMPLE_EVERY_S = 5.0
LONGEST_P99_MS = 500.0
MOST_GROWTH = 0.05
SEED = 7


@dataclass
class Seen:
    """What the callers were told, and what the workers weighed."""

    answers: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    memory: list[float] = field(default_factory=list)

    def failed(self, what: str) -> None:
        """Count one request that got no good answer."""
        self.errors[what] = self.errors.get(what, 0) + 1

    @property
    def p99_ms(self) -> float:
        """Milliseconds within which 99 % of the answers came."""
        return statistics.quantiles(self.milliseconds, n=100)[98]

    @property
    def growth(self) -> float:
        """Growth of the workers' memory: the last tenth over the tenth after the first fifth."""
        tenth = max(1, len(self.memory) // 10)
        start = statistics.median(self.memory[2 * tenth : 3 * tenth] or self.memory)
        return statistics.median(self.memory[-tenth:]) / start - 1


async def call(url: str, key: str, ids: list[int], seed: int, until: float, seen: Seen) -> None:
    """Ask as one caller until the time is over."""
    draw = random.Random(seed)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=15) as client:
        while time.monotonic() < until:
            route = draw.choice(ROUTES)
            body: dict[str, object] = {"client_id": draw.choice(ids)}
            if route == "/simulate":
                body["changes"] = {"amount_credit": float(draw.randint(50_000, 500_000))}
            start = time.perf_counter()
            try:
                answer = await client.post(route, json=body)
            except httpx.TransportError as error:
                seen.failed(type(error).__name__)
                continue
            seen.milliseconds.append((time.perf_counter() - start) * 1000)
            if answer.status_code == 200:
                seen.answers += 1
                seen.tags.add(answer.json()["model_tag"])
            else:
                seen.failed(str(answer.status_code))
            await asyncio.sleep(draw.uniform(0, 2 * PAUSE_S))


async def watch(tree: psutil.Process, until: float, seen: Seen) -> None:
    """Weigh the workers now and then."""
    while time.monotonic() < until:
        workers = [p for p in tree.children(recursive=True) if _is_worker(p)]
        seen.memory.append(sum(worker.memory_info().rss for worker in workers) / 1e6)
        await asyncio.sleep(SAMPLE_EVERY_S)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "_bentoml_impl.worker.service" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@contextmanager
def training(data: Path | None, log: Path) -> Iterator[None]:
    """Train again and again until the block ends."""
    command = [sys.executable, "-m", "flows.train", *(("--data", str(data)) if data else ())]
    loop = "import subprocess, sys\nwhile subprocess.run(sys.argv[1:]).returncode == 0: pass"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-c", loop, *command], stdout=told, stderr=told, start_new_session=True
        )
    try:
        yield
    finally:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.terminate()
        process.terminate()
        process.wait(60)


async def load(
    url: str, key: str, ids: list[int], callers: int, seconds: float, tree: psutil.Process
) -> Seen:
    """Let every caller ask for so long; return what they saw."""
    seen, until = Seen(), time.monotonic() + seconds
    asking = [call(url, key, ids, SEED + number, until, seen) for number in range(callers)]
    await asyncio.gather(*asking, watch(tree, until, seen))
    return seen


def stored(store: Store, key_id: str) -> int:
    """Return how many records the callers' key left."""
    with reading(store.engine) as connection:
        mine = select(func.count()).select_from(RECORDS).where(RECORDS.c.actor == key_id)
        return int(connection.execute(mine).scalar_one())


def judged(seen: Seen, records: int, broken: list[str]) -> list[tuple[str, str, bool]]:
    """Return each thing to hold, what was seen, and whether it holds."""
    failed = sum(seen.errors.values())
    return [
        ("answers", f"{seen.answers:,} by {len(seen.tags)} scorecard(s)", seen.answers > 0),
        ("errors", f"{failed} {seen.errors or ''}".strip(), failed == 0),
        ("p99", f"{seen.p99_ms:.0f} ms", seen.p99_ms <= LONGEST_P99_MS),
        ("memory", f"{seen.memory[-1]:.0f} MB, {seen.growth:+.1%}", seen.growth < MOST_GROWTH),
        ("records stored", f"{records:,}", records == seen.answers),
        ("the chain", "; ".join(broken) or "holds", not broken),
    ]


def soak(options: argparse.Namespace) -> list[tuple[str, str, bool]]:
    """Run the whole thing; return what is judged."""
    settings = StorageSettings.from_environment(os.environ)
    with closing(Store.open(settings)) as store:
        with reading(store.engine) as connection:
            ids = [client.client_id for client in ClientBook().page(connection, 0, CLIENTS)]
        key_id, key = store.create_key(Role.API, "soak")
        environment = {**os.environ, "SCORING_WORKERS": str(WORKERS)}
        url = f"http://127.0.0.1:{options.port}"
        log = settings.anchor.with_name("soak-training.log")
        with running(OURS, options.port, environment) as form:
            asking = load(url, key, ids, options.callers, options.minutes * 60, form.tree)
            if options.no_training:
                seen = asyncio.run(asking)
            else:
                with training(options.data, log):
                    seen = asyncio.run(asking)
        records = stored(store, key_id)
        with writing(store.engine) as connection:
            revoke_key(connection, key_id)
        return judged(seen, records, audit.verify(store).broken)


def main() -> int:
    """Read the command line, run, say what held; 1 when something did not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--callers", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--port", type=int, default=3390)
    parser.add_argument("--data", type=Path, help="what is trained on; the demo's by default")
    parser.add_argument("--no-training", action="store_true", help="callers only")
    options = parser.parse_args()
    lines = soak(options)
    sys.stdout.write("| what | seen | holds |\n|---|---|---|\n")
    for name, what, holds in lines:
        sys.stdout.write(f"| {name} | {what} | {'yes' if holds else '**no**'} |\n")
    return 0 if all(holds for _, _, holds in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
