"""How long things are kept, and the purge of what is past its time.

    python -m storage.retention plan      what a purge would empty now
    python -m storage.retention purge     empty it; the purge is itself recorded

A purged record keeps its place, its hashes and its columns; its content is gone, so the chain still
holds and ``storage.audit verify`` counts it as purged. Snapshots nobody needs any more are deleted.
On SQLite the freed bytes are overwritten. Backups made earlier still hold what they held.

The periods are declared in ``storage.periods``; each is a setting, in days:
``SCORING_KEEP_ASSESSMENTS_DAYS=1825`` and so on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, Table, delete, func, select, update

from storage import clients, records, sums, times
from storage.engine import reading, writing
from storage.errors import StorageError
from storage.periods import OF_RECORDS, Conditions, Schedule, old_records, others
from storage.records import Entry
from storage.schema import (
    ANSWERS,
    CLIENTS,
    PORTFOLIO_RUNS,
    PORTFOLIO_SCORES,
    RECORDS,
    RECTIFICATIONS,
    SNAPSHOTS,
)
from storage.settings import StorageSettings
from storage.store import Store

CHUNK = 500
SCORES_AT_ONCE = 5_000
SNAPSHOTS_AT_ONCE = 100_000
"""Names of snapshots held in memory together."""
LONGEST_REQUEST_S = 15.0
"""No request lives longer: what nobody named for that long, nobody is about to name."""


def plan(engine: Engine, schedule: Schedule, now: datetime) -> dict[str, int]:
    """Return how many things of each kind are past their time."""
    with reading(engine) as connection:
        counts = {
            name: sum(
                _count(connection, RECORDS, old_records(kind, schedule.limit(name, now)))
                for kind in kinds
            )
            for name, kinds in OF_RECORDS.items()
        }
        for name, (table, condition) in others(connection, schedule, now).items():
            counts[name] = _count(connection, table, condition)
    return counts


def purge(store: Store, schedule: Schedule, now: datetime, pause_s: float) -> dict[str, int]:
    """Empty what is past its time, in short transactions; return how many things of each kind.

    Each transaction records what it empties; ``pause_s`` is how long a request may live. Raises
    ``StoreUnavailable``; what was emptied by then is recorded, and a purge started again goes on.
    """
    done = dict.fromkeys((field.name for field in fields(Schedule)), 0)
    for name, kinds in OF_RECORDS.items():
        limit = schedule.limit(name, now)
        done[name] = sum(_empty_records(store.engine, name, kind, limit) for kind in kinds)
    with reading(store.engine) as connection:
        outside = others(connection, schedule, now)
    for name, (table, conditions) in outside.items():
        delete_old = _delete_runs if table is PORTFOLIO_RUNS else _delete
        done[name] = delete_old(store.engine, name, table, conditions, schedule.limit(name, now))
    done["snapshots"] = _drop_unused_snapshots(store.engine, pause_s)
    store.anchor_tail()
    _forget_freed_pages(store.engine)
    return done


def _count(connection: Connection, table: Table, conditions: Conditions) -> int:
    statement = select(func.count()).select_from(table).where(*conditions)
    return int(connection.execute(statement).scalar_one())


def _empty_records(engine: Engine, name: str, kind: str, limit: str) -> int:
    """Empty the records of a kind chunk by chunk, oldest first, and record it; return how many."""
    done, since = 0, ""
    record = RECORDS.c
    while True:
        with _erasing(engine) as connection:
            wanted = select(record.sequence, record.id, record.at).where(
                *old_records(kind, limit), record.at >= since
            )
            found = connection.execute(wanted.order_by(record.at).limit(CHUNK)).all()
            if not found:
                return done
            ids = [row.id for row in found]
            records.append(connection, [_entry(name, limit, {"ids": ids})])
            places = [row.sequence for row in found]
            connection.execute(
                update(RECORDS).where(record.sequence.in_(places)).values(content=None)
            )
            connection.execute(delete(ANSWERS).where(ANSWERS.c.record_id.in_(ids)))
        done, since = done + len(ids), found[-1].at


def _delete(engine: Engine, name: str, table: Table, conditions: Conditions, limit: str) -> int:
    """Delete rows chunk by chunk in the order of their key, what hangs on them included.

    What was looked at once is not looked at again: the whole takes one walk through the table.
    """
    (key,) = table.primary_key.columns
    done, after = 0, conditions
    while True:
        with _erasing(engine) as connection:
            wanted = select(key).where(*after).order_by(key).limit(CHUNK)
            keys = list(connection.execute(wanted).scalars())
            if not keys:
                return done
            change = _forget_clients(connection, keys) if table is CLIENTS else {}
            said = {"count": len(keys), **change}
            connection.execute(delete(table).where(key.in_(keys)))
            records.append(connection, [_entry(name, limit, said)])
        done, after = done + len(keys), (*conditions, key > keys[-1])


def _forget_clients(connection: Connection, ids: list[int]) -> dict[str, object]:
    """Delete what hangs on clients; return by how much their table's and the runs' sums go down."""
    mine = PORTFOLIO_SCORES.c.client_id.in_(ids)
    scores: dict[str, int] = defaultdict(int)
    for row in connection.execute(select(PORTFOLIO_SCORES).where(mine)):
        scores[row.run_id] = sums.plus(scores[row.run_id], sums.of([row]))
    connection.execute(delete(PORTFOLIO_SCORES).where(mine))
    connection.execute(delete(RECTIFICATIONS).where(RECTIFICATIONS.c.client_id.in_(ids)))
    runs = {run_id: sums.written(total) for run_id, total in scores.items()}
    return {"sum": sums.written(clients.held_sum(connection, ids)), "runs": runs}


def _delete_runs(
    engine: Engine, name: str, table: Table, conditions: Conditions, limit: str
) -> int:
    """Delete portfolio runs: each counts no more at once, its scores go chunk by chunk after it."""
    run = table.c.run_id
    with reading(engine) as connection:
        runs = list(connection.execute(select(run).where(*conditions)).scalars())
    for run_id in runs:
        with _erasing(engine) as connection:
            connection.execute(delete(table).where(run == run_id))
            records.append(connection, [_entry(name, limit, {"count": 1}, about=run_id)])
    for run_id in _runs_deleted(engine):
        while _delete_scores(engine, run_id):
            pass
    return len(runs)


def _runs_deleted(engine: Engine) -> list[str]:
    """Return the runs that were deleted and have scores left, by this purge or one cut short."""
    run = PORTFOLIO_SCORES.c.run_id
    found: list[str] = []
    last = ""
    with reading(engine) as connection:
        while last := connection.execute(select(func.min(run)).where(run > last)).scalar() or "":
            is_kept = select(PORTFOLIO_RUNS.c.run_id).where(PORTFOLIO_RUNS.c.run_id == last)
            is_gone = connection.execute(is_kept).first() is None
            if is_gone and records.about(connection, last, "purge"):
                found.append(last)
    return found


def _delete_scores(engine: Engine, run_id: str) -> int:
    """Delete one chunk of a run's scores; return how many there were."""
    score = PORTFOLIO_SCORES.c
    some = select(score.client_id).where(score.run_id == run_id).limit(SCORES_AT_ONCE)
    with _erasing(engine) as connection:
        ids = list(connection.execute(some).scalars())
        chosen = (score.run_id == run_id, score.client_id.in_(ids))
        connection.execute(delete(PORTFOLIO_SCORES).where(*chosen))
    return len(ids)


def _entry(name: str, limit: str, said: Mapping[str, object], about: str | None = None) -> Entry:
    content = {"what": name, "before": limit, **said}
    return Entry("purge", content, actor="storage.retention", role="system", about=about)


def _drop_unused_snapshots(engine: Engine, pause_s: float) -> int:
    """Delete the snapshots that no client and no record with content names.

    They are looked for once, then again among what was written during ``pause_s``: a request that
    had read a client when that client's snapshot changed has ended by then.
    """
    dropped = 0
    last = ""
    while True:
        with reading(engine) as connection:
            before = connection.execute(select(func.max(RECORDS.c.sequence))).scalar() or 0
            unused = list(connection.execute(unused_snapshots(last)).scalars())
        if unused:
            time.sleep(pause_s)
        for start in range(0, len(unused), CHUNK):
            dropped += _drop(engine, unused[start : start + CHUNK], before)
        if len(unused) < SNAPSHOTS_AT_ONCE:
            return dropped
        last = unused[-1]


def _drop(engine: Engine, names: list[str], before: int) -> int:
    """Delete snapshots, those named meanwhile excepted; return how many."""
    with _erasing(engine) as connection:
        records.head(connection)  # nobody is recording what names one of them
        newer = (RECORDS.c.sequence > before, RECORDS.c.snapshot.in_(names))
        named = set(connection.execute(select(RECORDS.c.snapshot).where(*newer)).scalars())
        held = select(CLIENTS.c.snapshot).where(CLIENTS.c.snapshot.in_(names))
        named |= set(connection.execute(held).scalars())
        gone = [name for name in names if name not in named]
        connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.hash.in_(gone)))
    return len(gone)


def unused_snapshots(after: str) -> Select[tuple[str]]:
    """Select snapshots that nothing names, in order.

    Two outer joins whose right side is missing: PostgreSQL reads each table once and hashes it,
    SQLite makes an index for the occasion. ``NOT IN`` compares row with row on PostgreSQL, and a
    lasting index would have to be fed by every record.
    """
    named_by_records = RECORDS.c.content.is_not(None) & (RECORDS.c.snapshot == SNAPSHOTS.c.hash)
    joined = SNAPSHOTS.outerjoin(RECORDS, named_by_records).outerjoin(
        CLIENTS, CLIENTS.c.snapshot == SNAPSHOTS.c.hash
    )
    by_nobody = (RECORDS.c.sequence.is_(None), CLIENTS.c.client_id.is_(None))
    unused = select(SNAPSHOTS.c.hash).select_from(joined).where(*by_nobody)
    in_order = unused.where(SNAPSHOTS.c.hash > after).order_by(SNAPSHOTS.c.hash)
    return in_order.limit(SNAPSHOTS_AT_ONCE)


@contextmanager
def _erasing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes and overwrites what it frees, and receives no client."""
    with writing(engine) as connection:
        clients.alone(connection)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        yield connection


def _forget_freed_pages(engine: Engine) -> None:
    """Move SQLite's log of changes into its file, so that no copy of what was freed stays there."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 and a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m storage.retention",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["plan", "purge"])
    options = parser.parse_args(arguments)
    settings = replace(StorageSettings.from_environment(os.environ), wait_s=60.0)
    try:
        schedule = Schedule.from_environment(os.environ)
        with closing(Store.open(settings)) as store:
            if options.command == "plan":
                counts = plan(store.engine, schedule, times.now())
            else:
                counts = purge(store, schedule, times.now(), LONGEST_REQUEST_S)
    except (StorageError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_table(counts, schedule, options.command))
    return 0


def _table(counts: Mapping[str, int], schedule: Schedule, command: str) -> str:
    kept = asdict(schedule)
    verb = "past their time" if command == "plan" else "purged"
    return "".join(
        f"{name:12} {count:>9,} {verb}"
        + (f"  (kept {kept[name]:,} days)\n" if name in kept else "  (named by nothing)\n")
        for name, count in counts.items()
    )


if __name__ == "__main__":
    sys.exit(main())
