"""What a route is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import records, times
from storage.records import Entry
from storage.roles import Caller
from storage.snapshots import Snapshot

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

    def entry(
        self,
        kind: str,
        content: Mapping[str, Any],
        client_id: int | None,
        *,
        about: str | None = None,
        snapshot: Snapshot | None = None,
        snapshot_is_stored: bool = False,
        id: str = "",
        at: str = "",
    ) -> Entry:
        """Return the record of what this request does: by whom, and when (now, unless said).

        Its content names the request; its id is new, unless one was needed before.
        """
        return Entry(
            kind=kind,
            content={**content, "request_id": self.request_id},
            actor=self.by.name,
            role=self.by.role.value,
            client_id=client_id,
            about=about,
            snapshot=snapshot,
            snapshot_is_stored=snapshot_is_stored,
            id=id or records.new_id(kind),
            at=at or times.text(times.now()),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, written."""

    body: bytes
    status: int = 200
    media: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()
