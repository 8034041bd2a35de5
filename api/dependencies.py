"""What FastAPI hands to a route: the worker, the request's context, and parts of the address."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import BeforeValidator

from api.context import RequestContext, context_of
from api.worker import Worker
from scoring.contract import MAX_ID, RECORD_ID

_NUMBER = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)


async def _worker(request: Request) -> Worker:
    worker: Worker = request.app.state.worker
    return worker


async def _context(request: Request) -> RequestContext:
    return context_of(request)


def _digits(written: object) -> object:
    """Take digits alone: pydantic would read ``1_0`` and ``1.0`` as numbers too."""
    return written if isinstance(written, str) and _NUMBER.fullmatch(written) else ""


AWorker = Annotated[Worker, Depends(_worker)]
AContext = Annotated[RequestContext, Depends(_context)]
ClientNumber = Annotated[
    int, BeforeValidator(_digits), Path(ge=1, le=MAX_ID, description="the client's number")
]
RecordNumber = Annotated[
    str, Path(description="the record's id", json_schema_extra={"pattern": RECORD_ID})
]
"""An id as it was answered; one of another form is unknown (404), not malformed."""
