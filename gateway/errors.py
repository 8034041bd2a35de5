"""Refusals: every error that leaves the service, in its one shape.

``{"error": {"code", "message", "fields"}}`` with the right status. A message says what to do next
and never repeats a value that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from gateway.asked import Answer
from scoring.contract import ErrorBody, ErrorResponse, FieldError
from scoring.errors import ModelRejected
from storage.errors import (
    AlreadyRecorded,
    LockedOut,
    NotAllowed,
    SecretUnusable,
    StoreUnavailable,
    UnknownClient,
    UnknownRecord,
)


class Refused(Exception):
    """A request that gets an error for its answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        fields: Sequence[FieldError] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.fields = list(fields)
        self.headers = tuple(headers)

    def answer(self) -> Answer:
        """Write the refusal."""
        error = ErrorBody(code=self.code, message=self.message, fields=self.fields)
        body = ErrorResponse(error=error).model_dump_json().encode()
        return Answer(body, status=self.status, headers=self.headers)


STATUSES: dict[int, str] = {
    400: "The body or a parameter is not well-formed.",
    401: "No valid key or session was sent.",
    403: "The role of this key or session may not do this.",
    404: "Nothing has this address or this number.",
    405: "This address exists, with another method.",
    409: "The request contradicts what is recorded.",
    413: "The body is larger than 64 KiB (128 KiB for a batch).",
    415: "The body is not application/json.",
    422: "A value is missing, unknown or out of its limits; `fields` names it.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "The service failed; nothing was recorded.",
    503: "The service cannot record an answer now; nothing was recorded.",
}
"""Every status an error can have, in words; the OpenAPI document lists them."""

CODES: dict[int, str] = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "unknown",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}
"""The code a program reads for each status; a locked name is ``locked_out`` (429)."""

_RETRY = ((b"retry-after", b"1"),)


def refusal(error: Exception) -> Refused:
    """Translate an error of ours; anything else becomes a 500 that says nothing of its cause."""
    match error:
        case Refused():
            return error
        case UnknownClient() | UnknownRecord():
            return Refused(404, "unknown", str(error))
        case AlreadyRecorded():
            return Refused(409, "conflict", str(error))
        case LockedOut():
            wait = (b"retry-after", str(error.wait_s).encode())
            return Refused(429, "locked_out", str(error), headers=(wait,))
        case NotAllowed():
            return Refused(401, "unauthorized", str(error), headers=(CHALLENGE,))
        case StoreUnavailable() | ModelRejected() | SecretUnusable():
            message = "The service cannot answer now; nothing was recorded. Try again."
            return Refused(503, "unavailable", message, headers=_RETRY)
        case _:
            return Refused(500, "internal", "The service failed. Quote the X-Request-ID header.")


CHALLENGE = (b"www-authenticate", b"Bearer")


def invalid(error: ValidationError) -> Refused:
    """Name each refused field and the remedy, never the value."""
    fields = [
        FieldError(field=_named(item["loc"]), message=item["msg"])
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    message = "Some fields are missing, unknown or out of their limits."
    return Refused(422, "invalid", message, fields=fields[:50])


def _named(place: Sequence[str | int]) -> str:
    """Write where a field is; a name that is no plain name is not repeated."""
    parts = (part if isinstance(part, int) or _plain(part) else "?" for part in place)
    return ".".join(str(part) for part in parts) or "body"


def _plain(name: str) -> bool:
    return len(name) <= 60 and name.isascii() and name.replace("-", "_").isidentifier()
