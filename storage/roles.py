"""Who may do what is decided by role; the table of routes and roles is in ``api.access``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a key or a user stands for."""

    ADVISOR = "advisor"
    API = "api"
    RISK = "risk"
    AUDITOR = "auditor"
    ADMIN = "admin"
    CLIENT = "client"
    """Who opened a link: one client, for their own data. No key and no user has this role."""


STAFF = frozenset(Role) - {Role.CLIENT}
"""The roles a key or a user can have."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the name of a user, the id of a key or of a link, with its role.

    ``token_hash`` tells callers apart (rate limits, repeated requests) without telling the token.
    ``client_id`` is whose link it is; nobody else has one.
    """

    name: str
    role: Role
    token_hash: str
    is_person: bool
    client_id: int | None = None
