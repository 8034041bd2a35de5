"""Who is signed in: the service's token stays here, the browser only holds a random number."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

COOKIE = "session"
MOST_SESSIONS = 1_000
"""Beyond that the oldest session is closed: a flood of logins must not fill the memory."""
LAST_ANSWERS_S = 20.0
"""How long the screens still answer once the service has ended a session."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in person; lives from login to logout or ``expires_at`` (UTC)."""

    token: str = field(repr=False)
    name: str
    role: str
    expires_at: datetime

    def has_expired(self, now: datetime) -> bool:
        """Say whether the session has ended at ``now`` (UTC)."""
        return now >= self.expires_at


class Sessions:
    """The open sessions of one app, by the number in the browser's cookie; in memory only."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, session: Session) -> str:
        """Keep ``session`` and return the unguessable number that names it."""
        number = secrets.token_urlsafe(32)
        with self._lock:
            self._drop_expired()
            while len(self._open) >= MOST_SESSIONS:
                self._open.pop(next(iter(self._open)))
            self._open[number] = session
        return number

    def find(self, number: str | None) -> Session | None:
        """Return the open session of that number, ``None`` when unknown, ended or absent."""
        if number is None:
            return None
        with self._lock:
            self._drop_expired()
            return self._open.get(number)

    def close(self, number: str | None) -> Session | None:
        """Forget the session of that number and return it, if there was one."""
        if number is None:
            return None
        with self._lock:
            return self._open.pop(number, None)

    def end_soon(self, number: str | None, within_s: float = LAST_ANSWERS_S) -> None:
        """Let the session end within seconds: what is being answered still reaches the screen."""
        if number is None:
            return
        end = datetime.now(UTC) + timedelta(seconds=within_s)
        with self._lock:
            session = self._open.get(number)
            if session is not None and session.expires_at > end:
                self._open[number] = replace(session, expires_at=end)

    def _drop_expired(self) -> None:
        now = datetime.now(UTC)
        for number in [n for n, session in self._open.items() if session.has_expired(now)]:
            del self._open[number]
