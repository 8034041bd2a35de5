"""What a caller of the service may be told.

ScoringClientError
├── ServiceUnavailable    no answer, or the service could not record one: try later
│   └── TooManyRequests   come back in ``wait_s`` seconds
└── RequestRefused        ``status`` and ``error`` say why, and which fields
"""

from __future__ import annotations

from scoring.contract import ErrorBody


class ScoringClientError(Exception):
    """Root of the package's errors."""


class ServiceUnavailable(ScoringClientError):
    """The service gave no answer, or could not record one; try later."""


class TooManyRequests(ServiceUnavailable):
    """Too many requests, or too many failed logins; ``wait_s`` says when to come back."""

    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class RequestRefused(ScoringClientError):
    """The service refused the request; ``error`` says why, and which fields."""

    def __init__(self, status: int, error: ErrorBody) -> None:
        named = "; ".join(f"{item.field}: {item.message}" for item in error.fields)
        super().__init__(f"{status} {error.code}: {error.message} {named}".strip())
        self.status = status
        self.error = error
