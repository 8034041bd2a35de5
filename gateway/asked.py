"""What a route is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.roles import Caller

JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that passed every guard. ``body`` is the route's model, validated."""

    request_id: str
    body: Any = None
    caller: Caller | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Any = None
    answer_key: str | None = None
    body_hash: str = ""
    raw: bytes = b""

    @property
    def by(self) -> Caller:
        """Who asks; every route but the open ones has a caller."""
        assert self.caller is not None, "the route is not open"
        return self.caller


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, written."""

    body: bytes
    status: int = 200
    media: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()
