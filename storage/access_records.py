"""What was done to keys, people and roles, as records; and what the records say should be there.

Each record of kind ``access`` says what was done (``what``) and the values it left, a password only
by a hash of its hash. They are never purged: replayed from the first, they give the tables.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from storage import records
from storage.records import Entry, Record

Values = tuple[str | None, ...]


def keep(
    connection: Connection, what: str, at: str, by: str, said: Mapping[str, str | None]
) -> None:
    """Record what was done, in the transaction that does it."""
    content = {"what": what, **said}
    records.append(connection, [Entry("access", content, actor=by, role="system", at=at)])


def operator() -> str:
    """Return the account that runs this command, as records name it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        name = str(os.getuid())
    return f"operator {name}"[:120]


@dataclass
class KeysAndPeople:
    """Keys and people as the records read so far leave them."""

    keys: dict[str, Values] = field(default_factory=dict)
    """By id: hash, label, role, when made, when revoked."""
    users: dict[str, Values] = field(default_factory=dict)
    """By name: role, hash of the stored password, when added, when disabled."""

    def take(self, record: Record) -> None:
        """Follow one record of kind ``access``."""
        said = record.body
        match said.get("what"):
            case "key_created":
                key = (said["hash"], said["label"], said["role"], record.at, None)
                self.keys[said["id"]] = key
            case "key_revoked" if said["id"] in self.keys:
                self.keys[said["id"]] = (*self.keys[said["id"]][:4], record.at)
            case "user_set":
                _, _, added, _ = self.users.get(said["name"], (None, None, record.at, None))
                self.users[said["name"]] = (said["role"], said["password_hash"], added, None)
            case "user_disabled" if said["name"] in self.users:
                self.users[said["name"]] = (*self.users[said["name"]][:3], record.at)
