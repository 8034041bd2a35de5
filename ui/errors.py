"""Everything that can go wrong between the app and the service.

::

    ServiceError
    ├── ServiceDown        no answer, or the service says it cannot answer
    ├── SessionExpired     the service no longer knows this session
    ├── NotAllowed         the session's role may not do this
    ├── WrongCredentials   name and password do not match
    ├── TooManyAttempts    the service asks to wait before trying again
    ├── UnknownClient      no client has this number
    └── Refused            the service understood and refused; carries its own words
"""

from __future__ import annotations


class ServiceError(Exception):
    """The service did not give the answer that was asked."""


class ServiceDown(ServiceError):
    """Nobody answered in time, or the answer could not be trusted: show no verdict, try later."""


class SessionExpired(ServiceError):
    """The session has ended: sign in again."""


class NotAllowed(ServiceError):
    """The role does not allow it: ask an administrator."""


class WrongCredentials(ServiceError):
    """The name and the password do not match: type them again."""


class TooManyAttempts(ServiceError):
    """Too many attempts: wait ``seconds`` before the next one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class UnknownClient(ServiceError):
    """No client has this number: check it."""


class Refused(ServiceError):
    """The service refused the request; ``message`` is what it says to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
