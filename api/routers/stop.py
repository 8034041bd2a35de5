"""The stop switch, as the risk team turns it and everybody sees it."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from api import stop
from api.dependencies import AContext, AWorker
from scoring.contract import StopRequest, StopState

routes = APIRouter(tags=["stop switch"])


@routes.get("/stop", operation_id="stop_state")
def state(worker: AWorker) -> StopState:
    """Whether proposals are suspended, since when, by whom and why."""
    return stop.read(worker.store)


@routes.put("/stop", operation_id="turn_stop", response_model=StopState)
async def turn(worker: AWorker, context: AContext, request: StopRequest) -> Response:
    """Suspend every proposal, or take them up again; answered once every worker does so."""
    content = stop.content_of(stopped=request.stopped, motive=request.motive)
    entry = context.entry(stop.KIND, content, None, about=stop.KIND)
    answer = await worker.recorder.answer(context, entry, stop.as_answer(entry))
    await asyncio.sleep(stop.TAKEN_UP_S)
    return answer
