"""What a flow says to the person who runs it."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Write a line to the terminal at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
