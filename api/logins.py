"""Logging in: a name and a password for a token that expires; guesses are slowed, nobody is locked.

Failures are counted by the name that was sent, whether anybody has it or not, from each address,
and by address alone. A right password is never counted. Who guesses waits some seconds between
tries; who merely shares the name or the address of a guesser waits for seconds, not minutes.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from sqlalchemy import Engine

from api.errors import Refused
from api.pace import Pace
from storage import people
from storage.people import Session

AT_A_TIME = 8
"""Logins worked on or waiting at a time by a worker: each costs 20 ms of argon2 on purpose."""
BY_NAME_AND_ADDRESS = (5, 0.1)
"""Failures at once, and then a second: one every ten seconds."""
BY_ADDRESS = (50, 1.0)
BY_NAME = (50, 1.0)
"""Of one name from everywhere: many addresses guess one password a second together."""


class Logins:
    """Lets people in; lives as long as the worker, and shares its counts with the others."""

    def __init__(self, engine: Engine, file: Path) -> None:
        self._engine = engine
        self._now = 0
        self._paces = [
            Pace(per_second, file.with_name(f"{file.name}.{kind}"), at_once)
            for kind, (at_once, per_second) in (
                ("both", BY_NAME_AND_ADDRESS), ("address", BY_ADDRESS), ("name", BY_NAME)
            )
        ]  # fmt: skip

    def close(self) -> None:
        """Let go of the files."""
        for pace in self._paces:
            pace.close()

    async def log_in(self, name: str, password: str, address: str) -> Session:
        """Check a person's password and open a session.

        Raises ``NotAllowed`` for a wrong name or password (same words, same time), ``Refused`` 429
        when too many failed before, or when too many are tried at a time.
        """
        if self._now >= AT_A_TIME:
            raise _slow_down(1)
        keys = [_hashed(name, address), _hashed(address), _hashed(name)]
        for pace, key in zip(self._paces, keys, strict=True):
            wait_s = pace.take(key).wait_s
            if wait_s:  # what is refused here does not count against the others of this name
                raise _slow_down(wait_s)
        self._now += 1
        try:
            session = await asyncio.to_thread(people.log_in, self._engine, name, password)
        finally:
            self._now -= 1
        for pace, key in zip(self._paces, keys, strict=True):
            pace.give_back(key)
        return session


def _slow_down(wait_s: int) -> Refused:
    detail = f"Too many logins that failed. Try again in {wait_s} s."
    return Refused(429, "slow_down", detail, headers={"retry-after": str(wait_s)})


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
