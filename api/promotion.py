"""Which registered scorecard serves: list them, promote one, go back to the one before.

    python -m api.promotion list
    python -m api.promotion promote scorecard:abc123
    python -m api.promotion rollback

A service that follows ``scorecard:latest`` takes the choice up within seconds, once the scorecard
has passed its trial; a scorecard that fails it is refused here already. So is one whose fairness
gate is blocked, unless a waiver is signed (``scoring.gate`` has the rule): a newly registered
scorecard that is blocked never takes the place of one that passed, and the first one serves, with a
warning.

Each choice is a record, and so is each scorecard that began to serve: ``rollback`` goes to the one
that served before, whatever was registered or promoted since and never served.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import MutableMapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import bentoml
from bentoml.exceptions import BentoMLException, NotFound

from api import fairness_gate, trial
from scoring.errors import ModelRejected
from scoring.gate import stopped
from storage import promotions
from storage.access_records import operator
from storage.engine import reading, writing
from storage.errors import StorageError
from storage.promotions import Choice
from storage.settings import StorageSettings, home_of
from storage.store import Store

NAME = "scorecard"


def files_of(tag: str) -> Path:
    """Return where a scorecard's files are. Raises ``ModelRejected`` when it is not held."""
    try:
        return Path(bentoml.models.get(tag).path)
    except (NotFound, BentoMLException):
        msg = f"No scorecard {tag} is registered. Train one: make train"
        raise ModelRejected(msg) from None


def tag_in_full(tag: str) -> str:
    """Return what a tag like ``scorecard:latest`` stands for now. Raises ``ModelRejected``."""
    return f"{tag.partition(':')[0]}:{files_of(tag).name}"


def registered() -> list[tuple[str, datetime]]:
    """Return every scorecard's tag and when it was made, oldest first."""
    models = bentoml.models.list(NAME)
    return sorted(((str(m.tag), m.creation_time) for m in models), key=lambda one: one[1])


def first_to_serve(tag: str) -> str:
    """Return the full tag of the scorecard that a starting service answers with.

    It is what ``tag`` stands for, unless the gate stops that one and an earlier one may serve:
    registered by other means than training, it became the latest unasked.
    """
    wanted = tag_in_full(tag)
    if (
        tag != f"{NAME}:latest"
        or not stopped(fairness_gate.gate_of(wanted))
        or fairness_gate.signed() is not None
    ):
        return wanted
    earlier = takewhile(lambda one: one != wanted, (one for one, _ in registered()))
    return next(
        (one for one in reversed(list(earlier)) if not stopped(fairness_gate.gate_of(one))), wanted
    )


def use_our_store(environment: MutableMapping[str, str]) -> None:
    """Let BentoML look where the product keeps its scorecards, whoever started this process.

    BentoML reads the place once, when it is first asked for a model.
    """
    environment.setdefault("BENTOML_HOME", str(home_of(environment) / "bentoml"))
    environment.setdefault("BENTOML_DO_NOT_TRACK", "True")


def promote(store: Store, tag: str, choice: Choice = Choice.PROMOTE) -> None:
    """Make ``tag`` the one that ``scorecard:latest`` stands for; recorded before it is.

    The pointer is replaced in one move, so no reader ever sees half of it. Raises
    ``ModelRejected``, ``StoreUnavailable``.
    """
    folder = files_of(tag)
    fairness_gate.must_be_open(tag)
    trial.must_pass(folder)
    said = {
        "instead_of": tag_in_full(f"{NAME}:latest"),
        "fairness_gate": fairness_gate.gate_of(tag),
    }
    with writing(store.engine) as connection:
        waived = {"waiver": waiver} if (waiver := fairness_gate.waiver()) else {}
        promotions.keep(connection, tag, choice, operator(), {**said, **waived})
    store.anchor_tail()
    pointer = folder.parent / "latest"
    written = pointer.with_suffix(f".{os.getpid()}.tmp")
    written.write_text(folder.name, encoding="utf-8")
    written.replace(pointer)


def rollback(store: Store) -> str:
    """Promote the last scorecard that served before and may serve; return its tag.

    Raises ``ModelRejected`` when there is none, ``StoreUnavailable``.
    """
    now = tag_in_full(f"{NAME}:latest")
    held = {tag for tag, _ in registered()}
    with reading(store.engine) as connection:
        served = [tag for tag, _ in promotions.served(connection)]
    for tag in reversed(served):
        may_serve = tag in held and (
            not stopped(fairness_gate.gate_of(tag)) or fairness_gate.waiver() is not None
        )
        if tag != now and may_serve:
            promote(store, tag, Choice.ROLLBACK)
            return tag
    msg = f"No scorecard that served before {now} may serve: there is none to go back to."
    raise ModelRejected(msg)


def _listed(store: Store) -> str:
    now = tag_in_full(f"{NAME}:latest")
    with reading(store.engine) as connection:
        served = promotions.served(connection)
    since = dict(served)
    serving = served[-1][0] if served else None
    lines = []
    for tag, made in registered():
        said = [tag, f"{made:%Y-%m-%d %H:%M} UTC", f"fairness gate {fairness_gate.gate_of(tag)}"]
        if tag == now:
            said.append("serves" if tag == serving else "promoted, not served yet")
        if tag in since:
            said.append(f"since {since[tag][:16]}" if tag == serving else f"from {since[tag][:16]}")
        lines.append("  ".join(said))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 1 and a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m api.promotion",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    commands.add_parser("promote").add_argument("tag")
    commands.add_parser("rollback")
    options = parser.parse_args(arguments)
    use_our_store(os.environ)
    try:
        files_of(f"{NAME}:latest")  # without any, no database is made either
        with closing(Store.open(StorageSettings.from_environment(os.environ))) as store:
            said = _done(store, options)
    except (ModelRejected, StorageError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(said + "\n")
    return 0


def _done(store: Store, options: argparse.Namespace) -> str:
    if options.command == "list":
        return _listed(store)
    if options.command == "promote":
        promote(store, options.tag)
        return f"{options.tag} is promoted."
    return f"Back to {rollback(store)}."


if __name__ == "__main__":
    sys.exit(main())
