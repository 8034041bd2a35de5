"""The BentoML service: the model's questions, the application beside them, one guard in front.

    bentoml serve service.py:Scoring --host 127.0.0.1 --port 3000

A request goes in, down and out: the guard (``api.guard``) knows who asks and what may be sent, a
method below or a router of ``api.routers`` takes it, ``scoring`` answers, ``storage`` records, and
only then does the answer leave. Settings come from the environment (``api.settings``).
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import bentoml

from api import questions
from api.answering import answered
from api.application import rest_application
from api.context import context_of
from api.guard import Guard
from api.log import keep_values_out
from api.openapi import document
from api.promotion import files_of, first_to_serve, tag_in_full
from api.settings import Settings
from api.succession import Succession
from api.tracing import Traced, TracesRefused, must_be_possible
from api.worker import Worker
from scoring.contract import (
    BatchRequest,
    BatchResponse,
    CompareRequest,
    CompareResponse,
    ExplainRequest,
    ExplainResponse,
    RecourseRequest,
    RecourseResponse,
    ScoreRequest,
    ScoreResponse,
    SimulateRequest,
    SimulateResponse,
)
from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard
from storage.store import Store

SETTINGS = Settings.from_environment(os.environ)
REST = rest_application()
REST.state.document = document

SWITCH_S = 0.0005
"""How long a thread may hold the interpreter while another waits: the thread that commits must
not wait 5 ms (Python's default) for the one that computes."""
COLLECTED = (50_000, 20, 20)
"""How seldom Python looks for garbage, once what lives as long as the worker is set aside: looking
through a loaded scorecard and its memory stopped a worker for 200 ms."""


def guarded(service: bentoml.Service[Any]) -> bentoml.Service[Any]:
    """Put the guard in front of all that answers, and traces, when they are on, in front of it."""
    if SETTINGS.traces:
        service.add_asgi_middleware(Traced, where=SETTINGS.traces)
    service.add_asgi_middleware(Guard, rest=REST, settings=SETTINGS)
    return service


@guarded
@bentoml.asgi_app(REST, path="/")
@bentoml.service(
    name="scoring",
    workers=SETTINGS.workers,
    traffic={"timeout": 10},  # every wait of ours is shorter
    metrics={"enabled": False},  # ours count by operation, not by address
    tracing={"excluded_urls": ".*"},
    logging={"access": {"enabled": False}},
)
class Scoring:
    """Credit scoring that explains itself: one worker, its scorecard and its store."""

    @bentoml.api(route="/score")
    async def score(self, request: ScoreRequest, /, ctx: bentoml.Context) -> ScoreResponse:
        """Probability of default, verdict and assessment id of a client or an application."""
        context = context_of(ctx.request)
        return await answered(ctx, questions.score(self.worker, context, request))

    @bentoml.api(route="/explain")
    async def explain(self, request: ExplainRequest, /, ctx: bentoml.Context) -> ExplainResponse:
        """The same as /score, and why: facts on both sides, and every item where asked for."""
        context = context_of(ctx.request)
        return await answered(ctx, questions.explain(self.worker, context, request))

    @bentoml.api(route="/simulate")
    async def simulate(self, request: SimulateRequest, /, ctx: bentoml.Context) -> SimulateResponse:
        """What changes the client can make would change, without commitment."""
        context = context_of(ctx.request)
        return await answered(ctx, questions.simulate(self.worker, context, request))

    @bentoml.api(route="/recourse")
    async def recourse(self, request: RecourseRequest, /, ctx: bentoml.Context) -> RecourseResponse:
        """What would turn the verdict, and the largest amount that would be granted."""
        context = context_of(ctx.request)
        return await answered(ctx, questions.recourse(self.worker, context, request))

    @bentoml.api(route="/compare")
    async def compare(self, request: CompareRequest, /, ctx: bentoml.Context) -> CompareResponse:
        """Where a client stands among all, granted or similar clients."""
        context = context_of(ctx.request)
        return await answered(ctx, questions.compare(self.worker, context, request))

    @bentoml.api(route="/score_batch")
    async def score_batch(self, request: BatchRequest, /, ctx: bentoml.Context) -> BatchResponse:
        """Many clients at once, answered as JSON or, by ``Accept``, as an Arrow stream."""
        context = context_of(ctx.request)
        accept = ctx.request.headers.get("accept", "")
        return await answered(ctx, questions.score_batch(self.worker, context, request, accept))

    @bentoml.on_deployment
    @staticmethod
    def prepare() -> None:
        """Once, before any worker: the scorecard may serve, the database has its schema."""
        try:
            Scorecard.load(files_of(first_to_serve(SETTINGS.model_tag)))
            Store.open(SETTINGS.storage).close()
            if SETTINGS.traces:
                must_be_possible(SETTINGS.traces)
        except (ModelRejected, TracesRefused) as error:
            sys.exit(str(error))

    @bentoml.on_startup
    def open(self) -> None:
        """Load the scorecard, connect to the store, and watch for a successor."""
        keep_values_out()
        sys.setswitchinterval(SWITCH_S)
        self.worker = Worker.open(SETTINGS, files_of, first_to_serve(SETTINGS.model_tag))
        REST.state.worker = self.worker
        self.succession = Succession(
            self.worker.assessor,
            self.worker.store,
            files_of,
            lambda: tag_in_full(SETTINGS.model_tag),
            SETTINGS.succession_every_s,
        )
        gc.freeze()
        gc.set_threshold(*COLLECTED)
        self.succession.start()

    @bentoml.on_shutdown
    def close(self) -> None:
        """Commit what waits."""
        self.succession.stop()
        self.worker.close()
