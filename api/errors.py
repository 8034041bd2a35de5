"""Refusals: every error that leaves the service, as an RFC 9457 problem document.

``application/problem+json`` with ``type``, ``title``, ``status``, ``detail``, ``code`` and, where
parts of the request are refused, ``errors``: one entry a cause, each with a JSON Pointer into what
was sent, a code and a message. Words say what to do next and never repeat a value that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Response

from scoring.contract import Problem, ProblemItem
from scoring.errors import ModelRejected
from storage.errors import (
    AlreadyRecorded,
    NotAllowed,
    Recorded,
    SecretUnusable,
    StorageError,
    StoreUnavailable,
    UnknownClient,
    UnknownRecord,
)

PROBLEM = "application/problem+json"
TYPE = "/docs.json#/components/responses/{status}"
"""Where a kind of problem is described, as the address that ``type`` asks for."""
MOST_ITEMS = 50
CHALLENGE = {"www-authenticate": "Bearer"}
SOON = {"retry-after": "1"}


class Refused(Exception):
    """A request that gets an error for its answer."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[ProblemItem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)[:MOST_ITEMS]
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Write the refusal."""
        problem = Problem(
            type=TYPE.format(status=self.status),
            title=TITLES[self.status],
            status=self.status,
            detail=self.detail,
            code=self.code,
            errors=self.errors,
        )
        return Response(problem.model_dump_json(), self.status, self.headers, PROBLEM)


TITLES: dict[int, str] = {
    400: "The request is not well-formed.",
    401: "No valid key or session was sent.",
    403: "The role of this key or session may not do this.",
    404: "Nothing has this address or this number.",
    405: "This address exists, with another method.",
    406: "The answer has none of the forms asked for.",
    409: "The request contradicts what is recorded.",
    412: "What is to be replaced has changed.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A value is missing, unknown or out of its limits.",
    428: "Say which version is to be replaced.",
    429: "Too many requests.",
    500: "The service failed.",
    503: "The service cannot answer now.",
}
"""Every status an error can have, in words that do not change from one occurrence to another."""

CODES: dict[int, str] = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "unknown",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "changed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    428: "version_required",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}
"""The code a program reads for each status; a slowed login is ``slow_down`` (429), a batch that
waits for another one is ``busy`` (503)."""

FAILED = "The service failed. Quote the X-Request-ID header."
UNAVAILABLE = (
    "The service cannot answer now; {recorded}. Send the same request again: with the same "
    "Idempotency-Key nothing is recorded twice."
)
"""``recorded`` says what became of what was to be recorded."""


def refusal(error: BaseException) -> Refused:
    """Translate an error of ours; anything else becomes a 500 that says nothing of its cause."""
    match error:
        case Refused():
            return error
        case UnknownClient() | UnknownRecord():
            return Refused(404, "unknown", str(error))
        case AlreadyRecorded():
            return Refused(409, "conflict", str(error))
        case NotAllowed():
            return Refused(401, "unauthorized", str(error), headers=CHALLENGE)
        case StoreUnavailable():
            return _unavailable(error.recorded)
        case ModelRejected() | SecretUnusable():
            return _unavailable(Recorded.NOTHING)
        case TimeoutError():
            return _unavailable(Recorded.UNKNOWN)
        case _:
            return Refused(500, "internal", FAILED)


def _unavailable(recorded: Recorded) -> Refused:
    return Refused(503, "unavailable", UNAVAILABLE.format(recorded=recorded), headers=SOON)


OURS = (Refused, StorageError, ModelRejected)
"""What is raised on purpose below the routes."""

Place = Sequence[str | int]


def invalid(found: Iterable[Mapping[str, object]], sent: Any = None) -> Refused:
    """Name each refused part of a request and the remedy, never the value.

    ``found`` are pydantic's errors (``loc``, ``type``, ``msg``), ``sent`` the JSON they are about.
    Several readings that all failed are one cause: the pointer ends where the sent JSON does.
    """
    items: dict[str, ProblemItem] = {}
    for one in found:
        place, kind = one["loc"], str(one["type"])
        assert isinstance(place, Sequence)
        pointer = _pointer(_held(place, sent, kind))
        code, message = _worded(kind, str(one["msg"]))
        if pointer in items and items[pointer].message != message:
            code, message = "wrong_type", "None of the kinds of value this may be."
        items[pointer] = ProblemItem(pointer=pointer, code=code, message=message)
    detail = "Some values are missing, unknown or out of their limits: see errors."
    return Refused(422, "invalid", detail, errors=list(items.values()))


def _held(place: Place, sent: Any, kind: str) -> Place:
    """Return as much of ``place`` as was sent: what follows names one of several readings."""
    if sent is None or kind in {"missing", "extra_forbidden"}:
        return place
    for depth, part in enumerate(place):
        try:
            sent = sent[part]
        except (KeyError, IndexError, TypeError):
            return place[:depth]
    return place


def _pointer(place: Place) -> str:
    """Write where a value is; a name that is no plain name is not repeated."""
    parts = (part if isinstance(part, int) or is_plain(part) else "?" for part in place)
    return "".join(f"/{part}" for part in parts)


def is_plain(name: str) -> bool:
    """Tell whether a name may be repeated: it could be a field's, and is nobody's words."""
    return len(name) <= 60 and name.isascii() and name.replace("-", "_").isidentifier()


def _worded(kind: str, words: str) -> tuple[str, str]:
    """Return the code and the message for one of pydantic's kinds of errors."""
    if kind in _KINDS:
        return _KINDS[kind]
    code = "out_of_limits" if kind.startswith(_LIMITS) else "wrong_type"
    if kind in {"value_error", "assertion_error"}:
        words = words.partition(", ")[2]
        return "invalid", words[:1].upper() + words[1:] + "."
    said = words
    for start in ("Input should ", "String should ", "List should ", "Value should "):
        said = said.removeprefix(start)
    said = re.split(", (?:unable|got|not) ", said)[0]
    return code, f"It must {said}." if said != words else f"{words}."


_LIMITS = ("greater_than", "less_than", "too_", "string_too_", "string_pattern", "literal", "enum")
_KINDS = {
    "missing": ("required", "It is required."),
    "extra_forbidden": ("unknown_field", "Nothing of this name is taken here."),
    "model_type": ("wrong_type", "It must be an object."),
    "model_attributes_type": ("wrong_type", "It must be an object."),
    "dict_type": ("wrong_type", "It must be an object."),
    "int_type": ("wrong_type", "It must be a whole number."),
    "int_parsing": ("wrong_type", "It must be a whole number."),
    "int_from_float": ("wrong_type", "It must be a whole number."),
    "int_parsing_size": ("out_of_limits", "It is too large."),
    "float_type": ("wrong_type", "It must be a number."),
    "float_parsing": ("wrong_type", "It must be a number."),
    "finite_number": ("out_of_limits", "It must be a finite number."),
    "string_type": ("wrong_type", "It must be text."),
    "list_type": ("wrong_type", "It must be a list."),
    "bool_type": ("wrong_type", "It must be true or false."),
}
"""Pydantic's kinds of errors that have words of ours; the others keep the limit they state."""
