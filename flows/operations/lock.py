"""One run of a kind at a time on one machine: the second is told so and changes nothing."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another run of the same kind holds the lock."""


@contextmanager
def alone(home: Path, name: str) -> Iterator[None]:
    """Hold ``home/<name>.lock`` inside; ``AlreadyRunning`` when another process does.

    The system frees the lock of a process that ends, however it ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{name}.lock"
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"Another {name} is running under {home}. Wait for it to end, then start again."
            raise AlreadyRunning(msg) from error
        yield
