"""The BentoML service: where HTTP, the scorecard and the store are plugged together.

It decides nothing. The routes are declared in ``gateway.table``, the answers are the plain
functions of ``gateway.answers``, the domain is ``scoring`` and the records are ``storage``.

    bentoml serve service.py:Scoring --host 127.0.0.1 --port 3000

Settings come from the environment (``gateway.settings``). Without a registered scorecard the
service says so and does not start.
"""

from __future__ import annotations

import gc
import os
import sys

import bentoml

from gateway.application import Gateway
from gateway.desk import Desk
from gateway.promotion import files_of, first_to_serve, tag_in_full
from gateway.settings import Settings
from gateway.succession import Succession
from gateway.table import ROUTES
from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard
from storage.store import Store

SETTINGS = Settings.from_environment(os.environ)
DESK = Desk(SETTINGS, files_of)
SUCCESSION = Succession(
    DESK, files_of, lambda: tag_in_full(SETTINGS.model_tag), SETTINGS.succession_every_s
)

SWITCH_S = 0.0005
"""How long a thread may hold the interpreter while another waits: the thread that commits must
not wait 5 ms (Python's default) for the one that computes."""
COLLECTED = (50_000, 20, 20)
"""How seldom Python looks for garbage, once what lives as long as the worker is set aside: looking
through a loaded scorecard and its memory stopped a worker for 200 ms."""


@bentoml.service(
    name="scoring",
    workers=SETTINGS.workers,
    traffic={"timeout": 10},  # every wait of ours is shorter
    metrics={"enabled": False},  # ours count by route name, not by address
    tracing={"excluded_urls": ".*"},
    logging={"access": {"enabled": False}},
)
class Scoring:
    """One worker: the verified scorecard and the store, behind the gateway."""

    model = bentoml.models.BentoModel(SETTINGS.model_tag)
    """What ``bentoml build`` puts into the box."""

    @bentoml.on_deployment
    @staticmethod
    def prepare() -> None:
        """Once, before any worker: the database has its schema, the scorecard may serve."""
        Store.open(SETTINGS.storage).close()
        Scorecard.load(files_of(first_to_serve(SETTINGS.model_tag)))

    @bentoml.on_startup
    def open(self) -> None:
        """Load the scorecard, connect to the store, and watch for a successor."""
        sys.setswitchinterval(SWITCH_S)
        DESK.open(first_to_serve(SETTINGS.model_tag))
        gc.freeze()
        gc.set_threshold(*COLLECTED)
        SUCCESSION.start()

    @bentoml.on_shutdown
    def close(self) -> None:
        """Commit what waits."""
        SUCCESSION.stop()
        DESK.close()


if SETTINGS.traces:
    from gateway.tracing import Traced, TracesRefused, must_be_possible

    try:
        must_be_possible(SETTINGS.traces)
    except TracesRefused as error:
        sys.exit(str(error))
    Scoring.add_asgi_middleware(Traced, where=SETTINGS.traces, routes=ROUTES)

Scoring.add_asgi_middleware(Gateway, desk=DESK, routes=ROUTES)


def must_have_a_scorecard() -> None:
    """Say plainly that there is nothing to serve, instead of failing once a worker."""
    try:
        files_of(SETTINGS.model_tag)
    except ModelRejected as error:
        sys.exit(str(error))


must_have_a_scorecard()
