"""Structured log lines: one JSON object a line, with the request's id and no client's value.

An unexpected error is logged by its type and the places it passed through. Its message is left
out: it may quote what was sent.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import orjson

LOG = logging.getLogger("scoring.gateway")


def failure(request_id: str, route: str, error: BaseException) -> None:
    """Log an unexpected error."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:]]
    LOG.error(_line(request_id, route, type=type(error).__name__, places=places))


def refusal(request_id: str, route: str, status: int, code: str) -> None:
    """Log a refusal that somebody should know about: the service's own fault."""
    LOG.warning(_line(request_id, route, status=status, code=code))


def answered(request_id: str, route: str, status: int, milliseconds: float) -> None:
    """Log one answer (off by default)."""
    LOG.info(_line(request_id, route, status=status, milliseconds=round(milliseconds, 2)))


def _line(request_id: str, route: str, **said: object) -> str:
    return orjson.dumps({"request_id": request_id, "route": route, **said}).decode()
