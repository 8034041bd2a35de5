"""Reading a body strictly: JSON only, small only, nothing ambiguous.

Refused before any model sees it: other media types, more than the limit (counted while it
arrives, whatever its declared length), invalid UTF-8, duplicate keys, NaN, infinities and numbers
that overflow to one, lone surrogates, NUL, and nesting that is too deep. The refusal says where.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from typing import Any, NoReturn

from api.access import BODY_BYTES
from api.errors import Refused, is_plain
from scoring.contract import ProblemItem

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


async def read_body(receive: Receive, declared: bytes | None, limit: int = BODY_BYTES) -> bytes:
    """Read a body of at most ``limit`` bytes; ``Refused`` 413 beyond, 400 when it breaks off."""
    if declared is not None and declared.isdigit() and int(declared[:12]) > limit:
        raise _too_large(limit)
    message = await receive()
    body = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request" and len(body) <= limit:
        return bytes(body)
    return await _rest(receive, message, limit)


async def _rest(receive: Receive, message: Message, limit: int) -> bytes:
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
    detail = f"The body is larger than {limit // 1024} KiB."
    return Refused(413, "too_large", detail, headers={"connection": "close"})


def must_be_json(content_type: bytes | None) -> None:
    """Raise ``Refused`` 415 unless the body is declared as JSON in UTF-8."""
    if content_type == b"application/json":
        return
    kind, _, rest = (content_type or b"").decode("latin-1").lower().partition(";")
    charset = rest.strip().removeprefix("charset=").strip('"')
    if kind.strip() != "application/json" or charset not in {"", "utf-8"}:
        raise Refused(415, "unsupported_media_type", "Send application/json in UTF-8.")


def parse(body: bytes) -> Any:
    """Return what ``body`` says. ``Refused`` 400 unless it is JSON that reads in one way only."""
    try:
        return _STRICT.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _refused(*_fault(body, error)) from None


def canonical_hash(said: Any) -> str:
    """Return the SHA-256 of JSON written in one way only: names sorted, no space."""
    written = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError
    for name, value in pairs:
        _must_be_storable(name)
        if isinstance(value, str):
            _must_be_storable(value)
    return read


def _must_be_storable(words: str) -> None:
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

# What follows runs for refused bodies alone: it finds what was wrong, and where.

Fault = tuple[str, str, int, str]
"""Code, message, place in the text, and the text as far as it could be read."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|-?Infinity|NaN|-?\d[\d.eE+-]*')


def _fault(body: bytes, error: Exception) -> Fault:
    if isinstance(error, UnicodeDecodeError):
        read = body[: error.start].decode("utf-8")
        return "encoding", "It is not UTF-8.", len(read), read
    text = body.decode("utf-8")
    if isinstance(error, RecursionError):
        return "nesting", "It is nested too deeply.", 0, text
    if isinstance(error, json.JSONDecodeError):
        return "syntax", "It is not JSON.", error.pos, text
    for place, fault in _ambiguities(text):
        return *fault, place, text
    return "syntax", "A number has too many digits.", 0, text


def _ambiguities(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield where JSON that is well-formed cannot be read in one way, and why."""
    names: list[set[str]] = []
    tokens = list(_TOKEN.finditer(text))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        written = token[0]
        if written in "{[":
            names.append(set())
        elif written in "}]":
            names.pop()
        elif written.startswith('"'):
            word = json.loads(written)
            if not _is_storable(word):
                yield token.start(), ("text", "A text holds a NUL or half a character.")
            if following is not None and following[0] == ":":
                if word in names[-1]:
                    told = f'The name "{word}"' if is_plain(word) else "A name"
                    yield token.start(), ("duplicate_name", f"{told} comes twice in one object.")
                names[-1].add(word)
        elif written[-1] in "yN" or (written[0] in "-0123456789" and not _is_finite(written)):
            yield token.start(), ("not_finite", "A number is not finite, or too large.")


def _is_storable(words: str) -> bool:
    try:
        _must_be_storable(words)
    except ValueError:
        return False
    return True


def _is_finite(digits: str) -> bool:
    return math.isfinite(float(digits))


def _refused(code: str, message: str, place: int, text: str) -> Refused:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    detail = f"The body is not strict JSON, at line {line}, column {column}: {message}"
    item = ProblemItem(pointer="", code=code, message=message)
    return Refused(400, "malformed", detail, errors=[item])
