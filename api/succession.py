"""The promoted scorecard takes over from the served one, without a restart or an error.

A worker looks every few seconds which scorecard its tag stands for. A newcomer is first tried in
a process of its own; refused, it is said once in the log and the old one keeps serving. A request
under way ends with the scorecard it began with.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from api import fairness_gate, trial
from api.assessor import Assessor, Models
from scoring.errors import ModelRejected
from scoring.gate import may_take_over
from scoring.scorecard import Scorecard
from storage import promotions
from storage.engine import writing
from storage.store import Store

LOG = logging.getLogger("scoring.api")

Promoted = Callable[[], str]
"""The tag of the scorecard that should serve. Raises ``ModelRejected`` when there is none."""


class Succession:
    """Watches for a newcomer, in a thread, for the life of a worker."""

    def __init__(
        self,
        assessor: Assessor,
        store: Store,
        models: Models,
        promoted: Promoted,
        every_s: float,
    ) -> None:
        self._assessor = assessor
        self._store = store
        self._models = models
        self._promoted = promoted
        self._every_s = every_s
        self._noted: str | None = None
        self._refused: tuple[str, str | None] | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="succession", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._note_serving()
        say_warnings(self._assessor.served.tag)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._ending.set()

    def _watch(self) -> None:
        while not self._ending.wait(self._every_s):
            try:
                self.look()
            except Exception as error:
                LOG.error("the succession of scorecards: %s", type(error).__name__)

    def look(self) -> None:
        """Serve the promoted scorecard unless it serves already or was refused."""
        self._note_serving()
        try:
            tag = self._promoted()
        except ModelRejected:
            return
        tried = (tag, fairness_gate.signed())  # refused, it is tried again under another waiver
        if tag == self._assessor.served.tag or tried == self._refused:
            return
        try:
            _must_be_let_in(tag, self._assessor.served.tag)
            folder = self._models(tag)
            trial.must_pass(folder)
            newcomer = Scorecard.load(folder)
        except ModelRejected as error:
            self._refused = tried
            LOG.error("%s may not serve, %s stays: %s", tag, self._assessor.served.tag, error)
            return
        self._assessor.serve(replace(self._assessor.served, scorecard=newcomer, tag=tag))
        self._refused = None
        LOG.warning("%s serves from now on", tag)
        self._note_serving()
        say_warnings(tag)

    def _note_serving(self) -> None:
        """Record once which scorecard serves: it is the one to go back to after the next."""
        tag = self._assessor.served.tag
        if tag != self._noted:
            with writing(self._store.engine) as connection:
                promotions.note_serving(connection, tag)
            self._store.anchor_tail()
            self._noted = tag


def _must_be_let_in(tag: str, serving: str) -> None:
    """Raise ``ModelRejected`` when the fairness gate keeps ``tag`` from replacing ``serving``."""
    waived = fairness_gate.waiver() is not None
    if not may_take_over(fairness_gate.gate_of(tag), fairness_gate.gate_of(serving), waived=waived):
        fairness_gate.must_be_open(tag)


def say_warnings(tag: str) -> None:
    """Say in the log what whoever watches should know about the scorecard that serves."""
    for warning in fairness_gate.warnings_about(tag):
        LOG.warning("%s: %s", tag, warning)
