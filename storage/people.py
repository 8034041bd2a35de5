"""People who log in, with argon2 passwords. Whoever takes logins slows down those that fail."""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, insert, select, update

from storage import access_records, times
from storage.engine import reading, writing
from storage.errors import NotAllowed, UnknownAccess
from storage.keys import hashed, open_session
from storage.roles import Role
from storage.schema import USERS

PASSWORD_LENGTH = 12
"""Shortest password accepted."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's argon2id setting: about 20 ms and 19 MiB a try."""
_NOBODY = _HASHER.hash("the time a wrong name takes must not tell it is wrong")
_WRONG = "The name or the password is not valid."


@dataclass(frozen=True, slots=True)
class Session:
    """A login: the token to send as Bearer, the person's role, and when it ends (ISO UTC)."""

    token: str
    role: Role
    expires_at: str


@dataclass(frozen=True, slots=True)
class User:
    """One person as listed."""

    name: str
    role: str
    created_at: str
    disabled_at: str | None


def create_user(
    connection: Connection, name: str, role: Role, password: str, by: str = "storage.people"
) -> None:
    """Add a person, or give an existing one this role and password; recorded.

    Raises ``ValueError`` when the password is shorter than ``PASSWORD_LENGTH``.
    """
    if len(password) < PASSWORD_LENGTH:
        msg = f"The password needs at least {PASSWORD_LENGTH} characters."
        raise ValueError(msg)
    at = times.text(times.now())
    stored = _HASHER.hash(password)
    values = {
        "role": role.value,
        "password": stored,
        "disabled_at": None,
        "failures": 0,
        "locked_until": None,
    }
    changed = connection.execute(update(USERS).where(USERS.c.name == name).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(USERS).values({**values, "name": name, "created_at": at}))
    said = {"name": name, "role": role.value, "password_hash": hashed(stored)}
    access_records.keep(connection, "user_set", at, by, said)


def list_users(connection: Connection) -> list[User]:
    """Return every person, by name."""
    columns = (USERS.c.name, USERS.c.role, USERS.c.created_at, USERS.c.disabled_at)
    return [User(*row) for row in connection.execute(select(*columns).order_by(USERS.c.name))]


def disable_user(connection: Connection, name: str, by: str = "storage.people") -> None:
    """Refuse a person from now on, open sessions included; recorded. Raises ``UnknownAccess``."""
    at = times.text(times.now())
    statement = update(USERS).where(USERS.c.name == name, USERS.c.disabled_at.is_(None))
    if connection.execute(statement.values(disabled_at=at)).rowcount == 0:
        msg = f"No user {name} is in force. List them: python -m storage.access list"
        raise UnknownAccess(msg)
    access_records.keep(connection, "user_disabled", at, by, {"name": name})


def log_in(engine: Engine, name: str, password: str) -> Session:
    """Check a person's password and open a session.

    Raises ``NotAllowed`` for a wrong name or password (same words, same time).
    """
    with reading(engine) as connection:
        row = connection.execute(select(USERS).where(USERS.c.name == name)).one_or_none()
    known = row is not None and row.disabled_at is None
    if not _matches(row.password if row else _NOBODY, password) or not known:
        raise NotAllowed(_WRONG)
    assert row is not None
    with writing(engine) as connection:
        token, ends = open_session(connection, name)
    return Session(token, Role(row.role), times.text(ends))


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
