"""What is known of a request once it passed the guard: who asks, and what a repeat is known by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from storage import records, times
from storage.records import Entry
from storage.roles import Caller
from storage.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request that passed the guard; lives as long as it.

    ``answer_key`` is the hash that a repeat is known by, ``None`` when the request did not ask to
    be known; ``body_hash`` is that of the body's canonical JSON. ``caller`` is ``None`` for the
    open operations alone. ``address`` is where the request came from.
    """

    request_id: str
    operation: str
    caller: Caller | None = None
    answer_key: str | None = None
    body_hash: str = ""
    address: str = ""

    @property
    def by(self) -> Caller:
        """Who asks; every operation but the open ones has a caller."""
        assert self.caller is not None, "the operation is not open"
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


def context_of(request: Request) -> RequestContext:
    """Return what the guard found out about ``request``."""
    context: RequestContext = request.state.context
    return context
