"""A copy of the whole database in one file, and a database made again from it.

    python -m storage.backup save FILE        while the service writes or not
    python -m storage.backup restore FILE     into an empty database only

The file is an SQLite database of the same tables, whatever the server is, so a backup can also be
verified in place and restored elsewhere. It is a consistent picture of one moment. It holds
personal data: it is readable by its owner alone, and belongs where the database's own disk is not.

The anchor file is not part of it. A restore compares the two: records that were anchored after the
backup are lost; that is said, recorded in the chain, and the old anchors are set aside, never
removed. Nor is the secret of clients' links: elsewhere, links given before open nothing.

Keys, people, sessions and links come back as they were: what was revoked since must be revoked
again, and what was purged since purged again. The command says so.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, make_url, select, text

from storage import audit
from storage.anchor import Anchor
from storage.engine import one_moment, open_engine, reading, writing
from storage.errors import BackupRefused, StorageError
from storage.migrate import migrate
from storage.records import Entry
from storage.schema import HEAD, METADATA, RECORDS
from storage.settings import StorageSettings
from storage.store import Store

CHUNK = 2_000
WAIT_S = 3_600.0
"""A long copy is no reason to give up; a lock is."""
PIECE_BYTES = 1 << 20
AS_THEN = (
    "Keys, people, sessions and links are as they were then: revoke again what was revoked since "
    "(python -m storage.access list), and purge again (python -m storage.retention purge).\n"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back and what was lost since the backup."""

    records: int
    lost: int
    """Records that were anchored after the backup was made; 0 when none is known."""
    anchors_kept_as: Path | None


def save(settings: StorageSettings, target: Path) -> int:
    """Copy the database into ``target``; return how many records it holds.

    Raises ``BackupRefused`` when the file is there already or the copy does not hold,
    ``StoreUnavailable`` when the database does not answer.
    """
    if target.exists():
        msg = f"{target} exists already: name another file"
        raise BackupRefused(msg)
    _must_be_there(settings.url)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    written.touch(0o600)
    try:
        with _opened(settings.url) as source, _opened(f"sqlite:///{written}") as copy:
            migrate(copy)
            _copy(source, copy)
            found = _verified(copy)
        target.hardlink_to(written)
    finally:
        for piece in written.parent.glob(f"{written.name}*"):
            piece.unlink()
    return found


def restore(settings: StorageSettings, source: Path) -> Restored:
    """Fill the empty database of ``settings`` from the backup ``source``.

    Raises ``BackupRefused`` when the database is not empty, the file is no backup or its chain
    does not hold.
    """
    if not source.is_file():
        msg = f"There is no file {source}."
        raise BackupRefused(msg)
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        copied = _copied(source, Path(folder) / "backup.db")
        with (
            _opened(f"sqlite:///{copied}") as copy,
            closing(Store.open(replace(settings, wait_s=WAIT_S))) as store,
        ):
            _must_be_empty(store.engine)
            _must_be_ours(copy, source)
            lost = _lost(copy, store.anchor)
            migrate(copy)  # an older backup gets the present schema, which may add a record
            held = _verified(copy)
            _copy(copy, store.engine)
            return _recorded(store, _digest(source), held, lost)


def _must_be_there(url: str) -> None:
    """Refuse to save what does not exist: to open an SQLite file is to make it."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).is_file():
        msg = (
            f"{address.database} does not exist: SCORING_DATABASE_URL or SCORING_HOME names another"
        )
        raise BackupRefused(msg)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url, WAIT_S)
    try:
        yield engine
    finally:
        engine.dispose()


def _copied(source: Path, target: Path) -> Path:
    """Copy a file piece by piece; a backup that is no SQLite file is refused by its first bytes."""
    with source.open("rb") as given, target.open("wb") as copy:
        piece = given.read(PIECE_BYTES)
        if not piece.startswith(b"SQLite format 3\0"):
            msg = f"{source} is no backup of this product."
            raise BackupRefused(msg)
        while piece:
            copy.write(piece)
            piece = given.read(PIECE_BYTES)
    return target


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Engine, target: Engine) -> None:
    """Copy every table, all read at one moment and written at once."""
    with one_moment(source) as given, writing(target) as taken:
        taken.execute(delete(HEAD))
        for table in METADATA.sorted_tables:
            rows = given.execute(select(table), execution_options={"yield_per": CHUNK})
            for part in rows.mappings().partitions(CHUNK):
                taken.execute(insert(table), [dict(row) for row in part])


def _must_be_ours(copy: Engine, source: Path) -> None:
    with reading(copy) as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master")).scalars()
        if not {RECORDS.name, HEAD.name} <= set(names):
            msg = f"{source} is no backup of this product."
            raise BackupRefused(msg)


def _verified(copy: Engine) -> int:
    """Return how many records a backup holds. Raises ``BackupRefused`` when one does not hold."""
    nowhere = Path(str(copy.url.database)).with_name("no anchors")
    found = audit.verify(Store(copy, StorageSettings(str(copy.url), nowhere)))
    if found.broken:
        msg = "The records of the backup do not hold:\n" + "\n".join(found.broken[:20])
        raise BackupRefused(msg)
    return found.records


def _must_be_empty(engine: Engine) -> None:
    """Raise ``BackupRefused`` when a restore would cover anything."""
    with reading(engine) as connection:
        full = [name for name in METADATA.tables if name != HEAD.name and _any(connection, name)]
    if full:
        msg = f"The database is not empty ({', '.join(full)}): restore into a new one."
        raise BackupRefused(msg)


def _any(connection: Connection, name: str) -> bool:
    table = METADATA.tables[name]
    return connection.execute(select(table).limit(1)).first() is not None


def _lost(copy: Engine, anchor: Anchor) -> int:
    """Return how many anchored records the backup lacks. Raises ``BackupRefused``.

    Where both speak of the same record they must agree, or the book is another one.
    """
    last = 0
    with reading(copy) as connection:
        held = connection.execute(select(HEAD.c.sequence)).scalar_one()
        for line, found in audit.anchored(connection, anchor, anchor.size()):
            if found not in (None, line.hash):
                msg = f"The backup is not of the book of records that {anchor.path} anchors."
                raise BackupRefused(msg)
            last = max(last, line.sequence or 0)
    return max(0, last - int(held))


def _recorded(store: Store, digest: str, held: int, lost: int) -> Restored:
    """Record the restore; anchors that are ahead of it are set aside and new ones begun."""
    aside = None
    if lost:
        aside = store.anchor.path.with_name(f"{store.anchor.path.name}.before-{digest[:12]}")
        store.anchor.path.rename(aside)
    content = {"backup": digest, "records": held, "lost": lost}
    store.record_now([Entry("restore", content, "storage.backup", "system")])
    audit.anchor_now(store)
    return Restored(held, lost, aside)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 and a sentence when it cannot be done, 2 when records were lost."""
    parser = argparse.ArgumentParser(
        prog="python -m storage.backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["save", "restore"])
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    settings = StorageSettings.from_environment(os.environ)
    try:
        if options.command == "save":
            found = save(settings, options.file)
            sys.stdout.write(f"{options.file}: {found} records, {_digest(options.file)}\n")
            return 0
        restored = restore(settings, options.file)
    except StorageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{restored.records} records are back and hold.\n{AS_THEN}")
    if restored.lost:
        sys.stderr.write(
            f"{restored.lost} records were written after this backup and are lost: the anchor "
            f"file knows them. It is kept as {restored.anchors_kept_as}; this is in the records.\n"
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
