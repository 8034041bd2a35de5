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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, Table, delete, func, select, update

from storage import records, times
from storage.engine import reading, writing
from storage.errors import StorageError
from storage.periods import OF_RECORDS, Conditions, Schedule, old_records, others
from storage.records import Entry
from storage.schema import (
    ANSWERS,
    CLIENTS,
    PORTFOLIO_SCORES,
    RECORDS,
    RECTIFICATIONS,
    SNAPSHOTS,
)
from storage.settings import StorageSettings
from storage.store import Store

CHUNK = 500
LONGEST_REQUEST_S = 15.0
"""No request lives longer: what nobody named for that long, nobody is about to name."""


def plan(engine: Engine, schedule: Schedule, now: datetime) -> dict[str, int]:
    """Return how many things of each kind are past their time."""
    with reading(engine) as connection:
        counts = {
            name: _count(connection, RECORDS, old_records(name, schedule.limit(name, now)))
            for name in OF_RECORDS
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
    for name in OF_RECORDS:
        limit = schedule.limit(name, now)
        while ids := _empty_records(store.engine, name, limit):
            done[name] += len(ids)
    with reading(store.engine) as connection:
        outside = others(connection, schedule, now)
    for name, (table, condition) in outside.items():
        done[name] = _delete(store.engine, name, table, condition, schedule.limit(name, now))
    done["snapshots"] = _drop_unused_snapshots(store.engine, pause_s)
    _forget_freed_pages(store.engine)
    return done


def _count(connection: Connection, table: Table, conditions: Conditions) -> int:
    statement = select(func.count()).select_from(table).where(*conditions)
    return int(connection.execute(statement).scalar_one())


def _empty_records(engine: Engine, name: str, limit: str) -> list[str]:
    """Empty one chunk of records and record it; return their ids."""
    with _erasing(engine) as connection:
        wanted = select(RECORDS.c.id).where(*old_records(name, limit))
        found = connection.execute(wanted.order_by(RECORDS.c.sequence).limit(CHUNK)).scalars()
        ids = list(found)
        if ids:
            records.append(connection, [_entry(name, limit, ids=ids)])
            connection.execute(update(RECORDS).where(RECORDS.c.id.in_(ids)).values(content=None))
            connection.execute(delete(ANSWERS).where(ANSWERS.c.record_id.in_(ids)))
    return ids


def _delete(
    engine: Engine,
    name: str,
    table: Table,
    conditions: Conditions,
    limit: str,
) -> int:
    """Delete rows chunk by chunk, what hangs on them included; record how many."""
    (key,) = table.primary_key.columns
    done = 0
    while True:
        with _erasing(engine) as connection:
            wanted = select(key).where(*conditions).limit(CHUNK)
            keys = list(connection.execute(wanted).scalars())
            if not keys:
                return done
            for hanging in _HANGING.get(name, ()):
                connection.execute(delete(hanging.table).where(hanging.in_(keys)))
            connection.execute(delete(table).where(key.in_(keys)))
            records.append(connection, [_entry(name, limit, count=len(keys))])
        done += len(keys)


_HANGING = {
    "scores": (PORTFOLIO_SCORES.c.run_id,),
    "clients": (PORTFOLIO_SCORES.c.client_id, RECTIFICATIONS.c.client_id),
}


def _entry(name: str, limit: str, **what: object) -> Entry:
    content = {"what": name, "before": limit, **what}
    return Entry(kind="purge", content=content, actor="storage.retention", role="system")


def _drop_unused_snapshots(engine: Engine, pause_s: float) -> int:
    """Delete the snapshots that no client and no record with content names.

    They are looked for once, then again among what was written during ``pause_s``: a request that
    had read a client when that client's snapshot changed has ended by then.
    """
    with reading(engine) as connection:
        before = connection.execute(select(func.max(RECORDS.c.sequence))).scalar() or 0
        unused = list(connection.execute(_unused_snapshots()).scalars())
    if unused:
        time.sleep(pause_s)
    dropped = 0
    for start in range(0, len(unused), CHUNK):
        names = unused[start : start + CHUNK]
        with _erasing(engine) as connection:
            newer = (RECORDS.c.sequence > before, RECORDS.c.snapshot.in_(names))
            named = set(connection.execute(select(RECORDS.c.snapshot).where(*newer)).scalars())
            held = select(CLIENTS.c.snapshot).where(CLIENTS.c.snapshot.in_(names))
            named |= set(connection.execute(held).scalars())
            gone = [name for name in names if name not in named]
            connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.hash.in_(gone)))
        dropped += len(gone)
    return dropped


def _unused_snapshots() -> Select[tuple[str]]:
    recorded = select(RECORDS.c.snapshot).where(
        RECORDS.c.content.is_not(None), RECORDS.c.snapshot.is_not(None)
    )
    return select(SNAPSHOTS.c.hash).where(
        SNAPSHOTS.c.hash.not_in(recorded), SNAPSHOTS.c.hash.not_in(select(CLIENTS.c.snapshot))
    )


@contextmanager
def _erasing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes and overwrites what it frees."""
    with writing(engine) as connection:
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
