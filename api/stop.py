"""The stop switch: while it is on, every proposal is "to be studied by a person".

    python -m api.stop show
    python -m api.stop on --motive "Figures of the bureau are wrong since this morning."
    python -m api.stop off --motive "Corrected and checked."

Each turn is a record of the book, with who turned it and why; the last one counts. Every worker of
every machine takes it up within half a second, without a restart.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing

from scoring.contract import StopState
from storage import records, times
from storage.engine import reading
from storage.errors import StorageError
from storage.records import Entry, Record
from storage.settings import StorageSettings
from storage.store import Store

KIND = "stop"
EVERY_S = 0.25
"""How often a worker reads it."""
TAKEN_UP_S = 2 * EVERY_S
"""After this long every worker has read what was recorded."""
NEVER_TURNED = StopState(stopped=False, motive=None, turned_at=None, turned_by=None, role=None)


class StopSwitch:
    """What one worker knows of the switch, read anew by a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._on = read(store).stopped
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="stop switch", daemon=True)
        self._thread.start()

    def is_on(self) -> bool:
        """Tell whether proposals are suspended now."""
        return self._on

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join(timeout=10)

    def _watch(self) -> None:
        while not self._ending.wait(EVERY_S):
            try:
                self._on = read(self._store).stopped
            except StorageError:
                continue  # nothing is answered without a record, so nothing goes by the old state


def read(store: Store) -> StopState:
    """Return how the switch stands, and who turned it last. Raises ``StoreUnavailable``."""
    with reading(store.engine) as connection:
        turns = records.about(connection, KIND, KIND)
    return as_answer(turns[-1]) if turns else NEVER_TURNED


def as_answer(turn: Entry | Record) -> StopState:
    """Write a turn of the switch as answered."""
    body = turn.body if isinstance(turn, Record) else turn.content
    return StopState(
        stopped=body["stopped"],
        motive=body["motive"],
        turned_at=times.moment(turn.at),
        turned_by=turn.actor,
        role=turn.role,
    )


def content_of(*, stopped: bool, motive: str) -> dict[str, object]:
    """Return what a turn of the switch says."""
    return {"stopped": stopped, "motive": motive}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 and a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m api.stop",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("show")
    for name in ("on", "off"):
        commands.add_parser(name).add_argument("--motive", required=True)
    options = parser.parse_args(arguments)
    try:
        with closing(Store.open(StorageSettings.from_environment(os.environ))) as store:
            if options.command != "show":
                _turn(store, stopped=options.command == "on", motive=options.motive)
            now = read(store)
    except StorageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    said = "on: every proposal is to be studied by a person" if now.stopped else "off"
    by = f" (by {now.turned_by}, {now.turned_at:%Y-%m-%d %H:%M} UTC)" if now.turned_at else ""
    sys.stdout.write(f"The stop switch is {said}{by}.\n")
    return 0


def _turn(store: Store, *, stopped: bool, motive: str) -> None:
    content = content_of(stopped=stopped, motive=motive)
    actor = f"{getpass.getuser()} (command line)"
    store.record_now([Entry(KIND, content, actor, "system", about=KIND)])
    time.sleep(TAKEN_UP_S)


if __name__ == "__main__":
    sys.exit(main())
