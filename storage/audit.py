"""Does the book of records still say what was written? ``verify`` reads all of it again.

    python -m storage.audit verify            0 and a sentence, or 1 and each finding
    python -m storage.audit anchor            write the last link to the anchor file now

Found: a record edited, deleted, inserted or moved (its link breaks), the tail cut off (the head or
an anchor is beyond the end), the whole book replaced (an anchor disagrees), a snapshot changed or
missing, content purged without a purge record, and triggers that were dropped.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, text

from storage import records
from storage.engine import reading
from storage.errors import RecordsBroken, StorageError
from storage.records import Record
from storage.schema import HEAD, RECORDS
from storage.settings import StorageSettings
from storage.snapshots import Layouts, find
from storage.store import Store

TRIGGERS = {"records_no_update", "records_no_delete"}
SNAPSHOTS_AT_ONCE = 500


@dataclass
class Findings:
    """What does not hold, in the order found, and how much was read."""

    records: int = 0
    purged: int = 0
    lost: int = 0
    snapshots: int = 0
    anchors: int = 0
    broken: list[str] = field(default_factory=list)

    def say(self, finding: str) -> None:
        """Add one finding."""
        self.broken.append(finding)


def verify(store: Store) -> Findings:
    """Read every record, link, snapshot and anchor again; findings are empty when all hold."""
    findings = Findings()
    anchors = dict(store.anchor.links())
    with reading(store.engine) as connection:
        last = _chain(connection, anchors, findings)
        _head(connection, last, findings)
        _snapshots(connection, findings)
        findings.broken += [f"the trigger {name} is gone" for name in _triggers_gone(connection)]
    for sequence in sorted(anchors):
        findings.say(f"record {sequence} is anchored and is not there: the end was cut off")
    return findings


def _chain(connection: Connection, anchors: dict[int, str], findings: Findings) -> Record | None:
    """Walk the chain; remove from ``anchors`` those that were met."""
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
        anchored = anchors.pop(record.sequence, None)
        if anchored is not None:
            findings.anchors += 1
            if anchored != record.hash:
                findings.say(f"record {record.sequence} is not the one that was anchored")
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
    named = RECORDS.c.snapshot
    wanted = select(named).where(named.is_not(None), RECORDS.c.content.is_not(None)).distinct()
    layouts = Layouts()
    for hashes in _in_parts(list(connection.execute(wanted).scalars())):
        found = find(connection, hashes, layouts)
        findings.snapshots += len(hashes)
        for name in hashes:
            if name not in found:
                findings.say(f"the snapshot {name[:12]} of a record is missing")
            elif not found[name].is_intact():
                findings.say(f"the snapshot {name[:12]} of a record was changed")


def _in_parts(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(hashes), SNAPSHOTS_AT_ONCE):
        yield hashes[start : start + SNAPSHOTS_AT_ONCE]


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
        raise RecordsBroken("\n".join(findings.broken))
    return findings


def anchor_now(store: Store) -> str:
    """Write the last link to the anchor file at once; return what was written, in words."""
    with reading(store.engine) as connection:
        head = connection.execute(select(HEAD)).one()
        row = connection.execute(
            select(RECORDS).where(RECORDS.c.sequence == head.sequence)
        ).one_or_none()
    if row is None:
        return "No record yet: nothing to anchor."
    store.anchor.drop(records.read(row), at_once=True)
    return f"Record {head.sequence} is anchored in {store.anchor.path}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 when the records do not hold or cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m storage.audit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["verify", "anchor"])
    options = parser.parse_args(arguments)
    settings = StorageSettings.from_environment(os.environ)
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
    lost = f" {found.lost} were lost in a restore and are in no book." if found.lost else ""
    return (
        f"All hold: {found.records} records ({found.purged} purged), "
        f"{found.snapshots} snapshots, {found.anchors} anchors of {store.anchor.path}.{lost}"
    )


if __name__ == "__main__":
    sys.exit(main())
