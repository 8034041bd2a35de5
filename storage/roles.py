"""Who may do what is decided by role; the table of routes and roles is in ``gateway.access``."""

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


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the name of a user or the id of a key, with its role.

    ``token_hash`` tells callers apart (rate limits, repeated requests) without telling the token.
    """

    name: str
    role: Role
    token_hash: str
    is_person: bool
