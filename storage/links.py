"""Links a client is given: signed, expiring, revocable. Each opens one client's own data.

A token is ``padl_`` and 57 bytes in URL-safe base64: the id of the link's record (12), the
client's number (8), when it ends (5, seconds since 1970) and the HMAC-SHA256 of those (32) under
the server's secret. It is not stored. A link and its revocation are records of the book.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from storage import records, times
from storage.errors import SecretUnusable
from storage.keys import hashed
from storage.roles import Caller, Role

PREFIX = "padl_"
SECRET_BYTES = 32
_TOKEN = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{76}})", re.ASCII)
_SAID = 25


@dataclass(frozen=True, slots=True)
class Link:
    """One link: the id of its record, whose data it opens, and when it ends (UTC, in seconds)."""

    id: str
    client_id: int
    expires_at: datetime


def seal(secret: bytes, link: Link) -> str:
    """Return the token of ``link``, which is shown once."""
    number = bytes.fromhex(link.id.removeprefix("lnk_"))
    ends = int(link.expires_at.timestamp()).to_bytes(5)
    said = number + link.client_id.to_bytes(8) + ends
    return PREFIX + base64.urlsafe_b64encode(said + _signature(secret, said)).decode()


def opened(secret: bytes, token: str) -> Link | None:
    """Return the link of a token; ``None`` when it is altered or not ours."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    raw = base64.urlsafe_b64decode(match.group(1))
    said, signature = raw[:_SAID], raw[_SAID:]
    if not hmac.compare_digest(signature, _signature(secret, said)):
        return None
    ends = datetime.fromtimestamp(int.from_bytes(said[20:]), UTC)
    return Link(f"lnk_{said[:12].hex()}", int.from_bytes(said[12:20]), ends)


def caller(connection: Connection, secret: bytes, token: str) -> Caller | None:
    """Return who holds ``token``: a client; ``None`` when it is altered, over or revoked."""
    link = opened(secret, token)
    if link is None or link.expires_at <= times.now():
        return None
    record = records.by_id(connection, link.id)
    if record is None or (record.kind, record.client_id) != ("link", link.client_id):
        return None
    if not record.content:  # purged: its time is long over
        return None
    if records.about(connection, link.id, "link_revoked"):
        return None
    return Caller(link.id, Role.CLIENT, hashed(token), is_person=True, client_id=link.client_id)


def _signature(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, b"client link\0" + said, hashlib.sha256)


def secret_of(path: Path) -> bytes:
    """Read the server's secret; make it, readable by its owner alone, when there is none.

    Raises ``SecretUnusable`` when it cannot be made or read, is too short, or others can read it.
    """
    try:
        if not path.exists():
            _make(path)
        mode, secret = stat.S_IMODE(path.stat().st_mode), path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be made or read: {error.strerror}"
        raise SecretUnusable(msg) from None
    if mode & 0o077:
        msg = f"{path} can be read by others: chmod 600 {path}"
        raise SecretUnusable(msg)
    if len(secret) < SECRET_BYTES:
        msg = f"{path} is no secret of {SECRET_BYTES} bytes: remove it, links will be made anew"
        raise SecretUnusable(msg)
    return secret


def _make(path: Path) -> None:
    """Write a new secret in one move; when another worker was faster, its secret stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
    try:
        path.hardlink_to(written)
    except FileExistsError:
        return
    finally:
        written.unlink()
