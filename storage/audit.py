"""Does the book of records still say what was written? ``verify`` reads all of it again.

    python -m storage.audit verify            0 and a sentence, or 1 and each finding
    python -m storage.audit anchor            write the last link to the anchor file now

Found: a record edited, deleted, inserted or moved (its link breaks), the tail cut off (the head or
an anchor is beyond the end), the whole book replaced (an anchor disagrees), a snapshot changed or
missing, content purged without a purge record, triggers that were dropped; and, of what stands
beside the records, a key, a person or a role, a client's present snapshot, a portfolio run's
scores, a first answer or a correction that is not what the records say (``audit_tables``, which
also says what is not covered).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, select, text

from storage import records
from storage.anchor import Anchor, AnchorLine
from storage.audit_tables import NOT_COVERED, Told, compare, uncovered
from storage.engine import one_moment
from storage.errors import RecordsBroken, StorageError
from storage.records import Record
from storage.schema import CLIENTS, HEAD, LAYOUTS, RECORDS, SNAPSHOTS
from storage.settings import StorageSettings
from storage.snapshots import Layouts, page
from storage.store import Store

TRIGGERS = {
    "records_no_update", "records_no_delete", "history_layouts_no_update", "snapshots_no_update",
    "answers_no_update", "rectifications_no_update", "portfolio_runs_no_update",
    "portfolio_scores_no_update",
}  # fmt: skip
AT_ONCE = 500
SAID_MOST = 1_000
"""Findings said one by one."""
WAIT_S = 600.0
"""How long one statement of the command may take."""


@dataclass
class Findings:
    """What does not hold, in the order found, and how much was read."""

    records: int = 0
    purged: int = 0
    lost: int = 0
    snapshots: int = 0
    anchors: int = 0
    torn: int = 0
    """Lines of the anchor file whose writing was cut short; they anchor nothing."""
    broken: list[str] = field(default_factory=list)
    unsaid: int = 0
    told: Told = field(default_factory=Told)

    def say(self, finding: str) -> None:
        """Add one finding; beyond ``SAID_MOST`` they are counted."""
        if len(self.broken) < SAID_MOST:
            self.broken.append(finding)
        else:
            self.unsaid += 1


def verify(store: Store) -> Findings:
    """Read every record, link, snapshot, anchor and what stands beside; empty when all hold."""
    findings = Findings()
    size = store.anchor.size()  # before the moment that is read
    with one_moment(store.engine) as connection:
        last = _chain(connection, findings)
        _head(connection, last, findings)
        _snapshots(connection, findings)
        compare(connection, findings.told, findings.say)
        for name in sorted(_triggers_gone(connection)):
            findings.say(f"the trigger {name} is gone")
        _anchors(connection, store.anchor, size, findings)
    return findings


def _chain(connection: Connection, findings: Findings) -> Record | None:
    """Walk the chain to its end; return the last record."""
    purged = _purged(connection)
    last: Record | None = None
    for record in records.every(connection):
        expected = last.sequence + 1 if last else 1
        if record.sequence != expected:
            findings.say(f"record {expected} is missing: the next is {record.sequence}")
        if record.hash != records.link(record, last.hash if last else records.ZERO):
            findings.say(f"record {record.sequence} is not linked to the one before it")
        _content(record, purged, findings)
        if record.kind == "restore":
            findings.lost += record.body.get("lost", 0)
        if record.content is not None:
            findings.told.take(record)
        findings.records += 1
        last = record
    return last


def _content(record: Record, purged: set[str], findings: Findings) -> None:
    if record.content is None:
        findings.purged += 1
        if record.id not in purged:
            findings.say(f"record {record.sequence} lost its content without a purge")
    elif hashlib.sha256(record.content.encode()).hexdigest() != record.content_hash:
        findings.say(f"record {record.sequence} has another content than was recorded")


def _purged(connection: Connection) -> set[str]:
    """Ids of the records whose content a purge was recorded for."""
    return {
        name
        for record in records.every(connection, kind="purge")
        for name in record.body.get("ids", ())
    }


def _head(connection: Connection, last: Record | None, findings: Findings) -> None:
    head = connection.execute(select(HEAD)).one()
    found = (last.sequence, last.hash) if last else (0, records.ZERO)
    if (head.sequence, head.hash) != found:
        findings.say(f"the book ends at record {found[0]}, its head says {head.sequence}")


def _snapshots(connection: Connection, findings: Findings) -> None:
    """Compare each snapshot with its hash; look for those named and not there, layouts first."""
    missing = list(_missing(connection, SNAPSHOTS.c.layout, LAYOUTS.c.hash))
    for name in missing:
        findings.say(f"the layout {name[:12]} is missing: its snapshots cannot be read")
    if not missing:
        _intact(connection, findings)
    of_records = _missing(connection, RECORDS.c.snapshot, SNAPSHOTS.c.hash, _HAS_CONTENT)
    for name in of_records:
        findings.say(f"the snapshot {name[:12]} of a record is missing")
    for name in _missing(connection, CLIENTS.c.snapshot, SNAPSHOTS.c.hash):
        findings.say(f"the snapshot {name[:12]} of a client is missing")


_HAS_CONTENT = RECORDS.c.content.is_not(None)


def _missing(
    connection: Connection, named: Column[Any], there: Column[Any], *conditions: ColumnElement[bool]
) -> Iterator[str]:
    """Yield the names in one table's column that another's does not have."""
    joined = named.table.outerjoin(there.table, there == named)
    wanted = (named.is_not(None), there.is_(None), *conditions)
    chosen = select(named).select_from(joined).where(*wanted).distinct()
    yield from connection.execute(chosen).scalars()


def _intact(connection: Connection, findings: Findings) -> None:
    layouts = Layouts()
    last = ""
    while found := page(connection, last, AT_ONCE, layouts):
        findings.snapshots += len(found)
        last = found[-1].hash
        for snapshot in found:
            if not snapshot.is_intact():
                findings.say(f"the snapshot {snapshot.hash[:12]} was changed")


def _anchors(connection: Connection, anchor: Anchor, size: int, findings: Findings) -> None:
    for line, found in anchored(connection, anchor, size):
        findings.anchors += found is not None
        if line.sequence is None and line.is_torn:
            findings.torn += 1
        elif line.sequence is None:
            findings.say(f"line {line.number} of the anchor file is no anchor")
        elif found is None:
            findings.say(
                f"record {line.sequence} is anchored and is not there: the end was cut off"
            )
        elif found != line.hash:
            findings.say(f"record {line.sequence} is not the one that was anchored")


def anchored(
    connection: Connection, anchor: Anchor, size: int
) -> Iterator[tuple[AnchorLine, str | None]]:
    """Yield each line of the anchor file and the hash of the record it names, if it is there."""
    lines = anchor.lines(size)
    place, link = RECORDS.c.sequence, RECORDS.c.hash
    while part := list(islice(lines, AT_ONCE)):
        named = [line.sequence for line in part if line.sequence is not None]
        rows = connection.execute(select(place, link).where(place.in_(named))).all()
        hashes = {row.sequence: row.hash for row in rows}
        yield from ((line, hashes.get(line.sequence)) for line in part)


def _triggers_gone(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    return TRIGGERS - set(connection.execute(text(statement)).scalars())


def must_hold(store: Store) -> Findings:
    """Return what was read. Raises ``RecordsBroken`` with every finding when something fails."""
    findings = verify(store)
    if findings.broken:
        more = [f"and {findings.unsaid} more"] if findings.unsaid else []
        raise RecordsBroken("\n".join([*findings.broken, *more]))
    return findings


def anchor_now(store: Store) -> str:
    """Write the last link to the anchor file at once; return what was written, in words."""
    record = store.anchor_tail()
    if record is None:
        return "No record yet: nothing to anchor."
    return f"Record {record.sequence} is anchored in {store.anchor.path}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 when the records do not hold or cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m storage.audit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["verify", "anchor"])
    options = parser.parse_args(arguments)
    settings = replace(StorageSettings.from_environment(os.environ), wait_s=WAIT_S)
    try:
        with closing(Store.open(settings)) as store:
            sys.stdout.write(_run(store, options.command) + "\n")
    except StorageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(store: Store, command: str) -> str:
    if command == "anchor":
        return anchor_now(store)
    found = must_hold(store)
    said = [
        f"All hold: {found.records} records ({found.purged} purged), "
        f"{found.snapshots} snapshots, {found.anchors} anchors of {store.anchor.path}; keys and "
        "people, clients' present snapshots, portfolio scores, first answers and corrections are "
        "what the records say."
    ]
    if found.lost:
        said.append(f"{found.lost} were lost in a restore and are in no book.")
    if found.torn:
        said.append(
            f"{found.torn} lines of the anchor file were torn by a crash: they say nothing."
        )
    return "\n".join([*said, *uncovered(found.told), NOT_COVERED])


if __name__ == "__main__":
    sys.exit(main())
