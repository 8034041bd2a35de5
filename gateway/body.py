"""Reading a body strictly: JSON only, small only, nothing ambiguous.

Refused before any model sees it: other media types, more than the limit (counted while it
arrives, whatever its declared length), invalid UTF-8, duplicate keys, NaN, infinities and numbers
that overflow to one, and nesting that is too deep.
"""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.errors import Refused, invalid

LIMIT_BYTES = 64 * 1024
_CLOSE = ((b"connection", b"close"),)

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Model = TypeVar("Model", bound=BaseModel)


async def read_body(receive: Receive, declared: bytes | None, limit: int = LIMIT_BYTES) -> bytes:
    """Read a body of at most ``limit`` bytes; ``Refused`` 413 beyond, 400 when it breaks off."""
    if declared is not None and declared.isdigit() and int(declared[:12]) > limit:
        raise _too_large(limit)
    message = await receive()
    body = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request" and len(body) <= limit:
        return bytes(body)
    return await _rest(receive, message, limit)


async def _rest(receive: Receive, message: Mapping[str, Any], limit: int) -> bytes:
    parts, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise Refused(400, "malformed", "The body broke off.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


def _too_large(limit: int) -> Refused:
    message = f"The body is larger than {limit // 1024} KiB."
    return Refused(413, "too_large", message, headers=_CLOSE)


def must_be_json(content_type: bytes | None) -> None:
    """Raise ``Refused`` 415 unless the body is declared as JSON in UTF-8."""
    if content_type == b"application/json":
        return
    kind, _, rest = (content_type or b"").decode("latin-1").lower().partition(";")
    charset = rest.strip().removeprefix("charset=").strip('"')
    if kind.strip() != "application/json" or charset not in {"", "utf-8"}:
        raise Refused(415, "unsupported_media_type", "Send application/json in UTF-8.")


def parse(body: bytes, model: type[Model]) -> Model:
    """Read ``body`` as ``model``. ``Refused`` 400 when malformed, 422 when a value is refused."""
    must_be_strict_json(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from None


def checked(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Read values that came in another form than JSON. ``Refused`` 422 when one is refused."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise invalid(error) from None


def must_be_strict_json(body: bytes) -> None:
    """Raise ``Refused`` 400 unless ``body`` is JSON that reads in one way only."""
    try:
        _STRICT.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        message = (
            "The body is not strict JSON: UTF-8, no duplicate key, no NaN or infinity, "
            "no lone surrogate, no deep nesting."
        )
        raise Refused(400, "malformed", message) from None


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError
    for name, value in pairs:
        _encodable(name)
        if isinstance(value, str):
            _encodable(value)
    return read


def _encodable(words: str) -> None:
    """Raise ``ValueError`` for a lone surrogate or a NUL: no database and no file holds them."""
    if not words.isascii():
        words.encode("utf-8")
    if "\0" in words:
        raise ValueError


def _not_a_number(_name: str) -> NoReturn:
    raise ValueError


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError
    return number


_STRICT = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_constant=_not_a_number, parse_float=_finite
)
