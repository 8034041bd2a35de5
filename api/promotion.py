"""Which registered scorecard serves: list them, promote one, go back to the one before.

    python -m api.promotion list
    python -m api.promotion promote scorecard:abc123
    python -m api.promotion rollback

A service that follows ``scorecard:latest`` takes the choice up within seconds, once the scorecard
has passed its trial; a scorecard that fails it is refused here already. So is one whose fairness
gate is blocked, unless a waiver is signed (``scoring.gate`` has the rule): a newly registered
scorecard that is blocked never takes the place of one that passed, and the first one serves, with a
warning.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import bentoml
from bentoml.exceptions import BentoMLException, NotFound

from api import fairness_gate, trial
from scoring.errors import ModelRejected
from scoring.gate import stopped

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
    return f"{NAME}:{files_of(tag).name}"


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


def promote(tag: str) -> None:
    """Make ``tag`` the one that ``scorecard:latest`` stands for. Raises ``ModelRejected``.

    The pointer is replaced in one move, so no reader ever sees half of it.
    """
    folder = files_of(tag)
    fairness_gate.must_be_open(tag)
    trial.must_pass(folder)
    pointer = folder.parent / "latest"
    written = pointer.with_suffix(f".{os.getpid()}.tmp")
    written.write_text(folder.name, encoding="utf-8")
    written.replace(pointer)


def rollback() -> str:
    """Promote the last scorecard before the one that serves that may serve; return its tag."""
    now = tag_in_full(f"{NAME}:latest")
    tags = [tag for tag, _ in registered()]
    for tag in reversed(tags[: tags.index(now)]):
        if not stopped(fairness_gate.gate_of(tag)) or fairness_gate.waiver() is not None:
            promote(tag)
            return tag
    msg = f"No scorecard registered before {now} may serve: there is none to go back to."
    raise ModelRejected(msg)


def _listed() -> str:
    now = tag_in_full(f"{NAME}:latest")
    return "\n".join(
        f"{tag}  {made:%Y-%m-%d %H:%M} UTC  fairness gate {fairness_gate.gate_of(tag)}"
        f"{'  serves' if tag == now else ''}"
        for tag, made in registered()
    )


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
    try:
        if options.command == "list":
            said = _listed()
        elif options.command == "promote":
            promote(options.tag)
            said = f"{options.tag} is promoted."
        else:
            said = f"Back to {rollback()}."
    except ModelRejected as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
