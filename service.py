"""The BentoML service: where HTTP, the scorecard and the store are plugged together.

It decides nothing. The routes are declared in ``gateway.table``, the answers are the plain
functions of ``gateway.answers``, the domain is ``scoring`` and the records are ``storage``.

    bentoml serve service.py:Scoring --host 127.0.0.1 --port 3000

Settings come from the environment (``gateway.settings``). Without a registered scorecard the
service says so and does not start.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import bentoml
from bentoml.exceptions import NotFound

from gateway.application import Gateway
from gateway.desk import Desk
from gateway.settings import Settings
from gateway.table import ROUTES
from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard
from storage.store import Store

SETTINGS = Settings.from_environment(os.environ)


def files_of(tag: str) -> Path:
    """Return where a scorecard's files are. Raises ``ModelRejected`` when it is not held."""
    try:
        return Path(bentoml.models.get(tag).path)
    except NotFound:
        msg = f"No scorecard {tag} is registered. Train one: make train"
        raise ModelRejected(msg) from None


DESK = Desk(SETTINGS, files_of)

SWITCH_S = 0.0005
"""How long a thread may hold the interpreter while another waits: the thread that commits must
not wait 5 ms (Python's default) for the one that computes."""


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

    @bentoml.on_deployment
    @staticmethod
    def prepare() -> None:
        """Once, before any worker: the database has its schema, the scorecard may serve."""
        Store.open(SETTINGS.storage).close()
        Scorecard.load(files_of(SETTINGS.model_tag))

    @bentoml.on_startup
    def open(self) -> None:
        """Load the scorecard and connect to the store."""
        sys.setswitchinterval(SWITCH_S)
        DESK.open(str(self.model.tag))

    @bentoml.on_shutdown
    def close(self) -> None:
        """Commit what waits."""
        DESK.close()


Scoring.add_asgi_middleware(Gateway, desk=DESK, routes=ROUTES)


def must_have_a_scorecard() -> None:
    """Say plainly that there is nothing to serve, instead of failing once a worker."""
    try:
        files_of(SETTINGS.model_tag)
    except ModelRejected as error:
        sys.exit(str(error))


must_have_a_scorecard()
