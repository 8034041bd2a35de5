"""The purge at one million records: how long it takes, and by which plans.

    python -m benchmarks.purge                                     SQLite, in a temporary folder
    python -m benchmarks.purge --url postgresql://...              an empty PostgreSQL database
    python -m benchmarks.purge --records 200000

Half of the records are past their time, each with an input of its own; a third of the rest name
the present snapshot of one of the clients. The figures are what this command printed, never
typed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.sql import ClauseElement

from storage import audit, clients, retention, times
from storage.engine import reading, writing
from storage.periods import Schedule, old_records
from storage.records import Entry, FirstAnswer
from storage.schema import ANSWERS, PORTFOLIO_SCORES, RECORDS
from storage.scores import PortfolioScore, keep
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from storage.store import Store

TOGETHER = 5_000
NOW = datetime.now(UTC)
OLD = times.text(NOW - timedelta(days=2_000))
RECENT = times.text(NOW - timedelta(days=10))


def fill(store: Store, count: int) -> None:
    """Write ``count`` records, a fifth as many clients, and the portfolio run of those."""
    held = count // 5
    snapshots = {number: Snapshot.of({"annuity": float(number)}) for number in range(held)}
    for start in range(0, held, TOGETHER):
        some = {number: snapshots[number] for number in range(start, min(start + TOGETHER, held))}
        with writing(store.engine) as connection:
            clients.put(connection, some, "benchmark")
    for start in range(0, count, TOGETHER):
        numbers = range(start, min(start + TOGETHER, count))
        store.record_now([_entry(number, snapshots) for number in numbers])
    scores = [PortfolioScore(number, 0.1, "GRANT", 600, "C") for number in range(held)]
    for run_id in ("run-1", "run-2"):
        keep(store.engine, run_id, "scorecard:a", scores)


def _entry(number: int, snapshots: dict[int, Snapshot]) -> Entry:
    """Return an assessment, old when its number is even, answered when it is a tenth one."""
    client_id = number % len(snapshots)
    own = number % 3 or number % 2 == 0
    answer = FirstAnswer(f"key {number}", "request", 200, b"{}") if number % 10 == 0 else None
    return Entry(
        kind="assessment",
        content={"default_probability": 0.1, "verdict": "GRANT", "said": "x" * 400},
        actor="key_1",
        role="api",
        client_id=client_id,
        snapshot=Snapshot.of({"annuity": number + 0.5}) if own else snapshots[client_id],
        snapshot_is_stored=not own,
        answer=answer,
        at=OLD if number % 2 == 0 else RECENT,
    )


def plans(engine: Engine) -> Iterator[str]:
    """Yield how the database does each statement of the purge."""
    limit = times.text(NOW - timedelta(days=1_825))
    record = RECORDS.c
    yield from _plan(
        engine,
        "records of a kind past their time",
        select(record.sequence)
        .where(*old_records("assessment", limit))
        .order_by(record.at)
        .limit(retention.CHUNK),
    )
    answers = select(ANSWERS.c.key).where(ANSWERS.c.record_id.in_(["asm_1", "asm_2"]))
    yield from _plan(engine, "answers of records", answers)
    scores = select(PORTFOLIO_SCORES.c.run_id).where(PORTFOLIO_SCORES.c.client_id.in_([1, 2]))
    yield from _plan(engine, "scores of clients", scores)
    yield from _plan(engine, "snapshots nobody names", retention.unused_snapshots(""))


def _plan(engine: Engine, what: str, statement: ClauseElement) -> Iterator[str]:
    words = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    written = statement.compile(engine, compile_kwargs={"literal_binds": True})
    yield f"  {what}:"
    with reading(engine) as connection:
        for row in connection.execute(text(f"{words} {written}")):
            yield f"    {row[-1]}"


def timed(what: str, began: float, **more: object) -> None:
    """Print how long something took since ``began``."""
    said = ", ".join(f"{name} {value}" for name, value in more.items())
    sys.stdout.write(f"{what:42} {time.monotonic() - began:8.1f} s  {said}\n")
    sys.stdout.flush()


def measure(store: Store, count: int) -> None:
    """Fill, purge and verify a store; print what each took."""
    began = time.monotonic()
    fill(store, count)
    timed(f"filled: {count:,} records", began)
    if store.engine.dialect.name == "postgresql":
        with writing(store.engine) as connection:
            connection.execute(text("ANALYZE"))
    sys.stdout.write("\n".join(plans(store.engine)) + "\n")
    began = time.monotonic()
    planned = retention.plan(store.engine, Schedule(), NOW)
    timed("plan", began, **{name: found for name, found in planned.items() if found})
    began = time.monotonic()
    done = retention.purge(store, Schedule(), NOW, pause_s=0.0)
    timed("purge", began, **{name: found for name, found in done.items() if found})
    began = time.monotonic()
    retention.purge(store, Schedule(), NOW, pause_s=0.0)
    timed("purge again, of nothing", began)
    began = time.monotonic()
    found = audit.verify(store)
    timed("audit", began, records=found.records, purged=found.purged, broken=len(found.broken))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"memory at most {peak_mb:,} MB\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one database."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.purge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--url", help="an empty database (default: a new SQLite file)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="purge-") as folder:
        url = options.url or f"sqlite:///{folder}/scoring.db"
        store = Store.open(StorageSettings(url, Path(folder) / "records.anchor", wait_s=60.0))
        try:
            measure(store, options.records)
        finally:
            store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
