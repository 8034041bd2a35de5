"""Who is asked about: a client the store knows, an application that was sent, or both."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from storage.clients import StoredClient
from storage.direct import Direct, Elsewhere
from storage.errors import UnknownClient
from storage.snapshots import Snapshot
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked about: the client's number if known, and the snapshot to assess."""

    client_id: int | None
    snapshot: Snapshot
    is_stored: bool


class Clients:
    """Reads clients; remembers none, so that a correction counts from the next call on."""

    def __init__(self, store: Store, direct: Direct) -> None:
        self._store = store
        self._direct = direct

    async def find(self, client_id: int) -> StoredClient | None:
        """Return a client, ``None`` when none has this number. Raises ``StoreUnavailable``."""
        with suppress(Elsewhere):
            return self._direct.client(client_id)
        return await self._store.find_client(client_id)

    async def get(self, client_id: int) -> StoredClient:
        """Return a client. Raises ``UnknownClient``, ``StoreUnavailable``."""
        found = await self.find(client_id)
        if found is None:
            msg = "No client has this number."
            raise UnknownClient(msg)
        return found

    async def subject(
        self, client_id: int | None, application: Mapping[str, Any] | None
    ) -> Subject:
        """Return who is asked about. An application given replaces the one held, not the history.

        A client number that is not known is taken as a new applicant when an application (plain
        names, what is known) comes with it. Raises ``UnknownClient`` otherwise.
        """
        if application is None:
            assert client_id is not None, "the contract asks for one or the other"
            client = await self.get(client_id)
            return Subject(client_id, client.snapshot, is_stored=True)
        known = None if client_id is None else await self.find(client_id)
        held = known.snapshot if known else Snapshot.of({})
        snapshot = held.with_application(application)
        return Subject(client_id, snapshot, is_stored=False)
