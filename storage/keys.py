"""Bearer tokens: keys of programs and sessions of people. Shown once, stored as SHA-256.

A token is 256 random bits, so its hash needs no salt and no slowness: it cannot be guessed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import access_records, times
from storage.engine import Statement
from storage.errors import UnknownAccess
from storage.roles import Caller, Role
from storage.schema import KEYS, SESSIONS, USERS

KEY_PREFIX = "padk_"
SESSION_PREFIX = "pads_"
SESSION_LIFE = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Key:
    """One key as listed; the key itself is known to its holder alone."""

    id: str
    label: str
    role: str
    created_at: str
    revoked_at: str | None


def hashed(token: str) -> str:
    """Return the hash a token is stored under."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_key(
    connection: Connection, role: Role, label: str, by: str = "storage.keys"
) -> tuple[str, str]:
    """Make a key, recorded as made by ``by``; return its id and the key, never shown again."""
    token = KEY_PREFIX + secrets.token_urlsafe(32)
    key_id = f"key_{secrets.token_hex(6)}"
    at = times.text(times.now())
    said = {"id": key_id, "hash": hashed(token), "label": label, "role": role.value}
    connection.execute(insert(KEYS).values({**said, "created_at": at}))
    access_records.keep(connection, "key_created", at, by, said)
    return key_id, token


def list_keys(connection: Connection) -> list[Key]:
    """Return every key, oldest first."""
    columns = (KEYS.c.id, KEYS.c.label, KEYS.c.role, KEYS.c.created_at, KEYS.c.revoked_at)
    return [Key(*row) for row in connection.execute(select(*columns).order_by(KEYS.c.created_at))]


def revoke_key(connection: Connection, key_id: str, by: str = "storage.keys") -> None:
    """End a key at once; recorded. Raises ``UnknownAccess`` when none of this id is in force."""
    at = times.text(times.now())
    statement = update(KEYS).where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None))
    if connection.execute(statement.values(revoked_at=at)).rowcount == 0:
        msg = f"No key {key_id} is in force. List them: python -m storage.access list"
        raise UnknownAccess(msg)
    access_records.keep(connection, "key_revoked", at, by, {"id": key_id})


def open_session(connection: Connection, user_name: str) -> tuple[str, datetime]:
    """Start a session of ``user_name``; return its token and when it ends."""
    token = SESSION_PREFIX + secrets.token_urlsafe(32)
    start = times.now()
    row = {
        "hash": hashed(token),
        "user_name": user_name,
        "created_at": times.text(start),
        "expires_at": times.text(start + SESSION_LIFE),
    }
    connection.execute(insert(SESSIONS).values(row))
    return token, start + SESSION_LIFE


def end_session(connection: Connection, token_hash: str) -> None:
    """End a session at once; nothing happens when it has ended already."""
    statement = update(SESSIONS).where(SESSIONS.c.hash == token_hash, SESSIONS.c.ended_at.is_(None))
    connection.execute(statement.values(ended_at=times.text(times.now())))


_KEY_IN_FORCE = Statement(
    select(KEYS.c.id, KEYS.c.role).where(
        KEYS.c.hash == bindparam("token"), KEYS.c.revoked_at.is_(None)
    )
)
_SESSION_IN_FORCE = Statement(
    select(USERS.c.name, USERS.c.role)
    .join(SESSIONS, USERS.c.name == SESSIONS.c.user_name)
    .where(
        SESSIONS.c.hash == bindparam("token"),
        SESSIONS.c.ended_at.is_(None),
        SESSIONS.c.expires_at > bindparam("now"),
        USERS.c.disabled_at.is_(None),
    )
)


def callers(connection: Connection, tokens: Sequence[str]) -> list[Caller | None]:
    """Return who holds each token, ``None`` where it is not in force."""
    found = {token: _caller(connection, token) for token in set(tokens)}
    return [found[token] for token in tokens]


def _caller(connection: Connection, token: str) -> Caller | None:
    token_hash = hashed(token)
    is_person = token.startswith(SESSION_PREFIX)
    if is_person:
        parameters = {"token": token_hash, "now": times.text(times.now())}
        rows = _SESSION_IN_FORCE.rows(connection, parameters)
    else:
        rows = _KEY_IN_FORCE.rows(connection, {"token": token_hash})
    if not rows:
        return None
    name, role = rows[0]
    return Caller(name, Role(role), token_hash, is_person)
