"""Structured log lines: one JSON object a line, with the request's id and no client's value.

An unexpected error is logged by its type and the places it passed through. Its message is left
out: it may quote what was sent.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import orjson

LOG = logging.getLogger("scoring.api")


def failure(request_id: str, route: str, error: BaseException) -> None:
    """Log an unexpected error."""
    LOG.error(_line(request_id, route, type=type(error).__name__, places=_places(error)))


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:]]


class WithoutValues(logging.Filter):
    """Takes the text of an exception out of a log line of a library: it may quote what was sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, with the exception's type and places alone."""
        error = record.exc_info and record.exc_info[1]
        if error:
            record.exc_info = record.exc_text = None
            record.msg = f"{record.getMessage()}: {type(error).__name__} {_places(error)}"
            record.args = ()
        return True


def keep_values_out() -> None:
    """Have every line that BentoML and the server log go through ``WithoutValues``."""
    for name in ("", "bentoml", "uvicorn", "uvicorn.error"):
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(WithoutValues())


def refusal(request_id: str, route: str, status: int) -> None:
    """Log a refusal that somebody should know about: the service's own fault."""
    LOG.warning(_line(request_id, route, status=status))


def answered(request_id: str, route: str, status: int, milliseconds: float) -> None:
    """Log one answer (off by default)."""
    LOG.info(_line(request_id, route, status=status, milliseconds=round(milliseconds, 2)))


def _line(request_id: str, route: str, **said: object) -> str:
    return orjson.dumps({"request_id": request_id, "route": route, **said}).decode()
