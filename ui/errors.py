"""Everything that can go wrong between the app and the service.

::

    ServiceError
    ├── ServiceDown        no answer, or the service says it cannot answer
    ├── SessionExpired     the service no longer knows this session
    ├── NotAllowed         the session's role may not do this
    ├── WrongCredentials   name and password do not match
    ├── TooManyAttempts    the service asks to wait before trying again
    ├── UnknownClient      no client has this number
    ├── Conflict           something else was recorded in the meantime
    └── Refused            the service understood what was sent and refused it
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


class Conflict(ServiceError):
    """Something else was recorded in the meantime: open the case again."""


class Refused(ServiceError):
    """The service refused what was sent: check it.

    ``said`` is what the credit policy finds to correct, in the language asked for (French where
    a question names none); it is empty when the contract refuses: its words are for programs.
    """

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said
