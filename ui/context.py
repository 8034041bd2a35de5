"""What every screen shares: the service, the open sessions, the currency; and who is asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from api.client import ScoringClient
from ui.errors import NotAllowed, SessionExpired
from ui.format import Format
from ui.service import ScoringService
from ui.session import COOKIE, Session, Sessions
from ui.words import Language, words_in

Answer = TypeVar("Answer")
ADVISORS = frozenset({"advisor"})
"""Roles that open the advisor's desk."""


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of one running app; lives as long as it."""

    service: ScoringService
    sessions: Sessions
    currency: str

    def format_in(self, language: Language) -> Format:
        """Return how values are written in ``language``."""
        return Format(words_in(language), self.currency)

    def advisor(self, cookies: dict[str, str]) -> Session:
        """Return the advisor who asks; ``SessionExpired`` or ``NotAllowed`` otherwise."""
        session = self.sessions.find(cookies.get(COOKIE))
        if session is None:
            raise SessionExpired("nobody is signed in")
        if session.role not in ADVISORS:
            raise NotAllowed("this role does not open the advisor's desk")
        return session

    def ask(self, cookies: dict[str, str], call: Callable[[ScoringClient], Answer]) -> Answer:
        """Ask the service as the advisor who asks. Raises the errors of ``ui.errors``."""
        return self.service.ask(self.advisor(cookies).token, call)
