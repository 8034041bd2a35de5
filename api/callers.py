"""Who asks: the holder of a key, of a session or of a link."""

from __future__ import annotations

from contextlib import suppress

from storage.direct import Direct, Elsewhere
from storage.keys import KEY_PREFIX, SESSION_PREFIX
from storage.roles import Caller
from storage.store import Store

READ_DIRECTLY = (KEY_PREFIX, SESSION_PREFIX)
"""Tokens that one look-up by key recognises."""


class Callers:
    """Recognises tokens; remembers none, so that a key revoked is refused at the next call."""

    def __init__(self, store: Store, direct: Direct) -> None:
        self._store = store
        self._direct = direct

    async def find(self, token: str) -> Caller | None:
        """Return who holds ``token``, ``None`` when it is not in force."""
        if token.startswith(READ_DIRECTLY):
            with suppress(Elsewhere):
                return self._direct.caller(token)
        return await self._store.caller(token)
